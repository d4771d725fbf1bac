//! `/profile`: name, phone, language, and where the customer is signed in.

use super::language;
use crate::answer::languages;
use crate::failure::{Answer, Failure};
use crate::visit::SignedIn;
use actix_web::http::StatusCode;
use actix_web::web::Form;
use engine::query::account;
use engine::text::one_line;
use engine::usecase::edit_customer::{ProfileEdit, save_profile};
use engine::usecase::sign_in::leave_elsewhere;
use serde::Deserialize;
use templates::Lang;
use templates::flash::Flash;
use templates::page::{FieldError, Profile, Session};

/// Longest name and phone number, in characters.
const LONGEST_NAME: usize = 200;
const LONGEST_PHONE: usize = 40;

/// Fewest digits of a phone number.
const SHORTEST_PHONE: usize = 5;

/// What the form sends.
#[derive(Deserialize)]
pub(crate) struct Typed {
    #[serde(default)]
    name: String,
    #[serde(default)]
    phone: String,
    /// Absent where the business offers one language only.
    lang: Option<String>,
    /// Checked, or absent.
    marketing: Option<String>,
}

/// `GET /profile`
pub(crate) async fn form(me: SignedIn) -> Answer {
    let typed = Typed {
        name: me.customer.name.clone(),
        phone: me.customer.phone.clone().unwrap_or_default(),
        lang: me.customer.locale.clone(),
        marketing: me.customer.marketing_opt_in_at.map(|_| "1".to_owned()),
    };
    show(&me, StatusCode::OK, typed, Vec::new()).await
}

/// `POST /profile`
pub(crate) async fn save(me: SignedIn, typed: Form<Typed>) -> Answer {
    let typed = typed.into_inner();
    let offered = languages(&me.app, &me.settings.identity.locales);
    let lang = match &typed.lang {
        Some(tag) => Lang::parse(tag).filter(|lang| offered.contains(lang)),
        None => Some(me.lang),
    };
    let errors = typed.errors(lang);
    let (Some(lang), true) = (lang, errors.is_empty()) else {
        return show(&me, StatusCode::UNPROCESSABLE_ENTITY, typed, errors).await;
    };
    let edit = ProfileEdit {
        name: one_line(&typed.name),
        phone: Some(one_line(&typed.phone)).filter(|phone| !phone.is_empty()),
        locale: typed.lang.is_some().then(|| lang.code().to_owned()),
        marketing: typed.marketing.is_some(),
    };
    me.run(move |engine, tenant, owner| save_profile(engine, tenant, owner, edit)).await?;
    let response = me.to_with("/profile", &Flash::ProfileSaved)?;
    if typed.lang.is_some() { language::remember(response, lang, me.plain) } else { Ok(response) }
}

/// `POST /profile/sessions/revoke`
pub(crate) async fn sign_out_elsewhere(me: SignedIn) -> Answer {
    let mine = me.session.clone();
    me.act(move |engine, tenant| leave_elsewhere(engine, tenant, &mine)).await?;
    me.to_with("/profile", &Flash::SessionsRevoked)
}

impl Typed {
    fn errors(&self, lang: Option<Lang>) -> Vec<FieldError> {
        let name = one_line(&self.name);
        let phone = one_line(&self.phone);
        let checks = [
            (name.is_empty(), "name", "error-name"),
            (name.chars().count() > LONGEST_NAME, "name", "error-too-long"),
            (!phone.is_empty() && !is_phone(&phone), "phone", "error-phone"),
            (lang.is_none(), "lang", "error-language"),
        ];
        let wrong = checks.into_iter().filter(|(is_wrong, ..)| *is_wrong);
        wrong
            .map(|(_, field, message)| FieldError { field: field.to_owned(), message: message.to_owned() })
            .collect()
    }
}

fn is_phone(text: &str) -> bool {
    let digits = text.chars().filter(char::is_ascii_digit).count();
    let plain = |c: char| c.is_ascii_digit() || " +-/().".contains(c);
    digits >= SHORTEST_PHONE && text.len() <= LONGEST_PHONE && text.chars().all(plain)
}

async fn show(me: &SignedIn, status: StatusCode, typed: Typed, errors: Vec<FieldError>) -> Answer {
    let sessions = sessions(me).await?;
    let page = Profile {
        name: typed.name,
        email: me.customer.email.clone(),
        phone: typed.phone,
        language: typed.lang.as_deref().and_then(Lang::parse).unwrap_or(me.lang),
        marketing: typed.marketing.is_some(),
        sessions,
        errors,
    };
    me.page_with(status, &page)
}

async fn sessions(me: &SignedIn) -> Result<Vec<Session>, Failure> {
    let mine = me.session.id.clone();
    me.read(move |conn, scope, owner| {
        let devices = account::devices(conn, scope, owner, &mine)?;
        let session = |device: account::Device| Session {
            current: device.id == mine,
            device: device.name,
            since: device.since,
        };
        Ok(devices.into_iter().map(session).collect())
    })
    .await
}

#[cfg(test)]
mod tests {
    use super::is_phone;

    #[test]
    fn phone_numbers_have_digits_and_what_people_put_between_them() {
        for phone in ["+49 30 123456", "(030) 12-34-56", "030/123.456"] {
            assert!(is_phone(phone), "{phone}");
        }
        for other in ["call me", "1234", "+49 30 123456 ext. two", "1".repeat(41).as_str()] {
            assert!(!is_phone(other), "{other}");
        }
    }
}
