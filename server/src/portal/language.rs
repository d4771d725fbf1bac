//! `/language`: the language of the portal, and of a customer's mails.

use crate::answer::{languages, see_other};
use crate::failure::{Answer, Failure};
use crate::paths::own_path;
use crate::visit::Visit;
use actix_web::HttpResponse;
use actix_web::cookie::time::Duration;
use actix_web::cookie::{Cookie, SameSite};
use actix_web::web::{Form, Query};
use engine::usecase::edit_customer::{ProfileEdit, save_profile};
use serde::Deserialize;
use templates::Lang;
use templates::page::ChooseLanguage;

/// Where the choice is kept: the name that the reference portals use.
const COOKIE: &str = "NEXT_LOCALE";

const LASTS: Duration = Duration::days(365);

/// Where to go afterwards.
#[derive(Deserialize)]
pub(crate) struct Back {
    #[serde(rename = "return")]
    to: Option<String>,
}

/// What the form sends.
#[derive(Deserialize)]
pub(crate) struct Choice {
    lang: String,
    #[serde(rename = "return")]
    to: Option<String>,
}

/// `GET /language`
pub(crate) async fn form(visit: Visit, back: Query<Back>) -> Answer {
    visit.page(&ChooseLanguage { return_to: path(back.to.as_deref()).to_owned() })
}

/// `POST /language`: for this browser, and for the customer when one is signed in.
pub(crate) async fn choose(visit: Visit, choice: Form<Choice>) -> Answer {
    let offered = languages(&visit.app, &visit.settings.identity.locales);
    let lang = Lang::parse(&choice.lang).filter(|lang| offered.contains(lang)).ok_or(Failure::Invalid)?;
    if let Some(customer) = visit.customer().cloned() {
        let edit = ProfileEdit {
            name: customer.name,
            phone: customer.phone,
            locale: Some(lang.code().to_owned()),
            marketing: customer.marketing_opt_in_at.is_some(),
        };
        visit.act(move |engine, tenant| save_profile(engine, tenant, &customer.id, edit)).await?;
    }
    remember(see_other(path(choice.to.as_deref()))?, lang, visit.plain)
}

/// Lets the browser remember a language.
pub(crate) fn remember(mut response: HttpResponse, lang: Lang, plain: bool) -> Answer {
    let cookie = Cookie::build(COOKIE, lang.code())
        .path("/")
        .http_only(true)
        .secure(!plain)
        .same_site(SameSite::Lax)
        .max_age(LASTS)
        .finish();
    response.add_cookie(&cookie).map_err(engine::Error::bug)?;
    Ok(response)
}

fn path(wanted: Option<&str>) -> &str {
    wanted.and_then(own_path).unwrap_or("/")
}
