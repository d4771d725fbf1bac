//! What handlers answer with: pages in their shell, redirects, notices.

use crate::app::App;
use crate::cookies::Jar;
use crate::failure::{Answer, Failure};
use crate::sections;
use crate::visit::{SignedIn, Visit};
use actix_web::HttpResponse;
use actix_web::cookie::time::Duration;
use actix_web::http::StatusCode;
use actix_web::http::header::{self, HeaderName, HeaderValue};
use engine::store::tenants::TenantMode;
use templates::flash::Flash;
use templates::page::{Brand, Page, Shell, TestMode};
use templates::{Lang, TemplateError};

/// How long a notice waits for the next page: as long as a test clock may need to get there.
const FLASH_LASTS: Duration = Duration::minutes(10);

/// Seconds between looks at something that is under way.
pub(crate) const LOOK_AGAIN_S: u32 = 1;

impl Visit {
    /// A page.
    pub(crate) fn page<P: Page>(&self, page: &P) -> Answer {
        self.page_with(StatusCode::OK, page)
    }

    /// A page with a status of its own: 422 for a form shown again.
    pub(crate) fn page_with<P: Page>(&self, status: StatusCode, page: &P) -> Answer {
        let shell = self.shell();
        let html = self.app.renderer.page(&shell, page)?;
        let mut response = html_response(status, html);
        if shell.flash.is_some() {
            response.add_cookie(&Jar::Flash.gone(self.plain)).map_err(engine::Error::bug)?;
        }
        if self.clock_is_moving() && self.customer().is_some() && status == StatusCode::OK {
            return Ok(refresh(response, LOOK_AGAIN_S));
        }
        Ok(response)
    }

    /// Leads on to another page of ours.
    pub(crate) fn to(&self, path: &str) -> Answer {
        see_other(path)
    }

    /// Leads on to another page of ours, which says what was done.
    pub(crate) fn to_with(&self, path: &str, flash: &Flash) -> Answer {
        let sealed = Jar::Flash.seal(&self.app.engine.keys, &self.tenant.id, flash)?;
        let mut response = see_other(path)?;
        let cookie = Jar::Flash.cookie(self.plain, sealed, FLASH_LASTS);
        response.add_cookie(&cookie).map_err(engine::Error::bug)?;
        Ok(response)
    }

    /// The clock of a test business is on its way.
    pub(crate) fn clock_is_moving(&self) -> bool {
        self.tenant.clock_target.is_some()
    }

    /// What surrounds a page of this business.
    pub(crate) fn shell(&self) -> Shell {
        let (identity, seller) = (&self.settings.identity, &self.settings.seller);
        let customer = self.customer();
        let text = |address: &Option<engine::settings::WebAddress>| address.as_ref().map(ToString::to_string);
        Shell {
            brand: Brand {
                name: identity.name.to_string(),
                logo_url: None,
                website_url: text(&seller.website),
                support_url: text(&seller.support_url),
                terms_url: text(&seller.terms_url),
                privacy_url: text(&seller.privacy_url),
            },
            lang: self.lang,
            languages: languages(&self.app, &identity.locales),
            sections: customer.map(|_| sections::menu(&self.settings)).unwrap_or_default(),
            current: self.section,
            csrf: self.form_token.masked().to_owned(),
            flash: self.flash.clone().filter(|flash| self.may_show(flash)),
            customer: customer.map(
                |who| {
                    if who.name.is_empty() { who.email.clone() } else { who.name.clone() }
                },
            ),
            theme_url: self.app.themes.of(&self.settings.theme).url.clone(),
            test_mode: (self.tenant.mode == TenantMode::Test).then(|| TestMode {
                today: self.today(),
                clock_controls: customer.is_some() && !self.clock_is_moving(),
                mailbox_url: self.app.mailbox_url.clone(),
            }),
            path: self.path.clone(),
        }
    }

    /// That the clock has arrived is said when it has.
    fn may_show(&self, flash: &Flash) -> bool {
        !(self.clock_is_moving() && matches!(flash, Flash::ClockAdvanced { .. }))
    }
}

impl SignedIn {
    /// A page whose form may end in a redirect to the provider: browsers check `form-action` on redirects, too.
    pub(crate) async fn page_to_provider<P: Page>(&self, status: StatusCode, page: &P) -> Answer {
        let accounts = self.read(|conn, scope, _| engine::store::methods::accounts(conn, scope.id())).await?;
        let mut response = self.page_with(status, page)?;
        let policy =
            crate::middleware::headers::policy(&crate::providers::redirect_origins(&self.app, &accounts));
        let value = HeaderValue::from_str(&policy).map_err(engine::Error::bug)?;
        response.headers_mut().insert(header::CONTENT_SECURITY_POLICY, value);
        Ok(response)
    }
}

/// The languages a business offers, as far as there are catalogues.
pub(crate) fn languages(app: &App, wanted: &[engine::settings::Locale]) -> Vec<Lang> {
    let known = app.renderer.languages();
    let offered = wanted.iter().filter_map(|locale| Lang::parse(locale.as_str()));
    offered.filter(|lang| known.contains(lang)).collect()
}

/// A page of the portal's own, for hosts without a business and failures before one is known.
pub(crate) fn neutral_page<P: Page>(app: &App, lang: Lang, status: StatusCode, page: &P) -> Answer {
    let shell = Shell {
        brand: Brand {
            name: String::new(),
            logo_url: None,
            website_url: None,
            support_url: None,
            terms_url: None,
            privacy_url: None,
        },
        lang,
        languages: vec![lang],
        sections: Vec::new(),
        current: None,
        csrf: String::new(),
        flash: None,
        customer: None,
        theme_url: app.themes.neutral().url.clone(),
        test_mode: None,
        path: "/".to_owned(),
    };
    let html = app.renderer.page(&shell, page).map_err(|error: TemplateError| Failure::from(error))?;
    Ok(html_response(status, html))
}

/// Lets the browser ask for the same page again after so many seconds, without script.
pub(crate) fn refresh(mut response: HttpResponse, seconds: u32) -> HttpResponse {
    response.headers_mut().insert(HeaderName::from_static("refresh"), seconds.into());
    response
}

/// 303 to `location`: a path of ours, or a provider's page.
pub(crate) fn see_other(location: &str) -> Answer {
    let location = HeaderValue::from_str(location).map_err(|_| Failure::Invalid)?;
    Ok(HttpResponse::SeeOther().insert_header((header::LOCATION, location)).finish())
}

fn html_response(status: StatusCode, html: String) -> HttpResponse {
    HttpResponse::build(status).content_type("text/html; charset=utf-8").body(html)
}
