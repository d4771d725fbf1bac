//! Finds out what a request is about: which business by its host, who by the session cookie, which language.

use crate::answer::languages;
use crate::app::App;
use crate::blocking::blocking;
use crate::cookies::Jar;
use crate::failure::Failure;
use crate::form_token::FormToken;
use crate::host::{Host, client, network};
use crate::sections;
use crate::visit::{Facts, Visit, Who};
use actix_web::body::BoxBody;
use actix_web::cookie::time::Duration;
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::http::header;
use actix_web::middleware::Next;
use actix_web::{Error, HttpMessage, HttpRequest, web};
use engine::keys::random_token;
use engine::settings::{Settings, TenantSettings};
use engine::store;
use engine::store::tenants::Tenant;
use engine::usecase::sign_in::authenticate;
use std::sync::Arc;
use templates::Lang;
use templates::lang::{Wishes, negotiate};

/// Longest path and query, in bytes.
const LONGEST_URL: usize = 8 * 1024;

/// How long a browser remembers that it asked for a link; links die sooner.
pub(crate) const ASKED_LASTS: Duration = Duration::days(1);

pub(crate) async fn visit(
    app: web::Data<App>,
    request: ServiceRequest,
    next: Next<BoxBody>,
) -> Result<ServiceResponse<BoxBody>, Error> {
    let visit = match look(app, request.request()).await {
        Ok(visit) => visit,
        Err(failure) => return Ok(request.error_response(failure)),
    };
    request.extensions_mut().insert(visit.clone());
    let mut response = next.call(request).await?;
    if visit.nonce_is_new && visit.customer().is_none() {
        let asked = Jar::Asked.cookie(visit.plain, visit.nonce.clone(), ASKED_LASTS);
        response.response_mut().add_cookie(&asked)?;
    }
    Ok(response)
}

async fn look(app: web::Data<App>, request: &HttpRequest) -> Result<Visit, Failure> {
    let installation = app.engine.settings.current();
    let http = &installation.installation.http;
    let uri = request.uri().path_and_query().map(|uri| uri.as_str()).unwrap_or_default();
    if uri.len() > LONGEST_URL {
        return Err(Failure::TooLarge);
    }
    // No link of ours holds a NUL, and PostgreSQL knows none.
    if uri.contains("%00") {
        return Err(Failure::Invalid);
    }
    let host = Host::of(request, &http.trusted_proxies).ok_or(Failure::NoTenant)?;
    let network = network(client(request, &http.trusted_proxies));
    let plain = http.is_plain();
    let session = Jar::Session.read(request, plain);
    let asked = Jar::Asked.read(request, plain);
    let (tenant, settings, who) = load(&app, &installation, host.name, session.clone()).await?;

    let nonce_is_new = asked.is_none();
    let nonce = asked.map_or_else(random_token, Ok)?;
    let keys = &app.engine.keys;
    let secret = keys.csrf_token(&session.unwrap_or_else(|| format!("browser:{nonce}")));
    let flash = Jar::Flash.read(request, plain);
    let flash = flash.and_then(|sealed| Jar::Flash.open(keys, &tenant.id, &sealed));
    let saved = match &who {
        Who::Customer(both) => both.1.locale.clone(),
        Who::Nobody | Who::Ended => None,
    };
    Ok(Visit::new(Facts {
        lang: language(&app, request, &settings, saved.as_deref()),
        section: sections::of_path(request.match_info().as_str()),
        path: request.uri().path_and_query().map_or_else(|| "/".to_owned(), ToString::to_string),
        user_agent: text_header(request, header::USER_AGENT).unwrap_or_default().to_owned(),
        wall: app.engine.clock.now(),
        app,
        tenant,
        settings,
        installation,
        who,
        nonce,
        nonce_is_new,
        form_token: FormToken::new(secret)?,
        network,
        flash,
        plain,
    }))
}

/// The business, its settings and the customer, in one go.
async fn load(
    app: &App,
    installation: &Arc<Settings>,
    host: String,
    session: Option<String>,
) -> Result<(Tenant, Arc<TenantSettings>, Who), Failure> {
    let engine = app.engine.clone();
    let found = blocking(move || {
        let Some(tenant) = engine.db.read(|conn| store::tenants::by_host(conn, &host))? else {
            return Ok(None);
        };
        let who = match session {
            None => Who::Nobody,
            Some(token) => match authenticate(&engine, &tenant.id, &token)? {
                Some(both) => Who::Customer(Box::new(both)),
                None => Who::Ended,
            },
        };
        Ok(Some((tenant, who)))
    });
    let (tenant, who) = found.await?.ok_or(Failure::NoTenant)?;
    // A business whose file is gone has no portal any more.
    let settings = installation.tenant(&tenant.slug).cloned().ok_or(Failure::NoTenant)?;
    Ok((tenant, settings, who))
}

fn language(app: &App, request: &HttpRequest, settings: &TenantSettings, saved: Option<&str>) -> Lang {
    let cookie = request.cookie("NEXT_LOCALE");
    let wishes = Wishes {
        cookie: cookie.as_ref().map(|cookie| cookie.value()),
        saved,
        accept_language: text_header(request, header::ACCEPT_LANGUAGE),
        business_default: Some(settings.identity.default_locale.as_str()),
    };
    negotiate(&languages(app, &settings.identity.locales), wishes)
}

fn text_header(request: &HttpRequest, name: header::HeaderName) -> Option<&str> {
    request.headers().get(name)?.to_str().ok()
}
