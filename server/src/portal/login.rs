//! Asking for a sign-in link, and leaving. Answers are the same for addresses we know and those we do not.

use crate::answer::see_other;
use crate::cookies::Jar;
use crate::failure::{Answer, Failure};
use crate::middleware::visit::ASKED_LASTS;
use crate::paths::own_path;
use crate::visit::{Visit, Who};
use actix_web::cookie::time::Duration;
use actix_web::http::StatusCode;
use actix_web::http::header::{HeaderName, HeaderValue, RETRY_AFTER};
use actix_web::{HttpRequest, web};
use domain::Instant;
use engine::usecase::sign_in::{self, AskForLink, Asked, parse_email};
use serde::{Deserialize, Serialize};
use templates::flash::Flash;
use templates::page::{LinkSent, SignIn, SignInError};

/// How long the page after asking knows the address.
const SENT_LASTS: Duration = Duration::minutes(30);

/// Seconds until the page offers to send again.
const SEND_AGAIN_S: i64 = 60;

#[derive(Deserialize)]
pub(crate) struct Return {
    r#return: Option<String>,
}

#[derive(Deserialize)]
pub(crate) struct Ask {
    #[serde(default)]
    email: String,
    r#return: Option<String>,
}

/// What the page after asking shows, sealed in a cookie: an address does not belong into a URL.
#[derive(Serialize, Deserialize)]
struct Sent {
    email: String,
    at: Instant,
}

/// `GET /login`
pub(crate) async fn form(visit: Visit, query: web::Query<Return>) -> Answer {
    let return_to = query.r#return.as_deref().and_then(own_path).map(str::to_owned);
    if visit.customer().is_some() {
        return visit.to(return_to.as_deref().unwrap_or("/"));
    }
    visit.page(&SignIn { return_to, ..SignIn::default() })
}

/// `POST /login`
pub(crate) async fn ask(visit: Visit, form: web::Form<Ask>) -> Answer {
    let Ask { email: typed, r#return } = form.into_inner();
    let return_to = r#return.as_deref().and_then(own_path).map(str::to_owned);
    let again = |status, error| {
        visit.page_with(
            status,
            &SignIn { email: typed.trim().to_owned(), error: Some(error), return_to: return_to.clone() },
        )
    };
    if typed.trim().is_empty() {
        return again(StatusCode::UNPROCESSABLE_ENTITY, SignInError::Empty);
    }
    let Ok(email) = parse_email(&typed) else {
        return again(StatusCode::UNPROCESSABLE_ENTITY, SignInError::Malformed);
    };
    let request = AskForLink {
        email: email.clone(),
        nonce: visit.nonce.clone(),
        network: visit.network.clone(),
        return_path: return_to.clone(),
    };
    match visit.act(move |engine, tenant| sign_in::ask(engine, tenant, request)).await? {
        Asked::Wait { minutes } => {
            let minutes = u32::try_from(minutes).unwrap_or(1);
            let mut response = again(StatusCode::TOO_MANY_REQUESTS, SignInError::TooMany { minutes })?;
            response.headers_mut().insert(RETRY_AFTER, minutes.saturating_mul(60).into());
            Ok(response)
        }
        Asked::OnItsWay => {
            let sent = Sent { email, at: visit.wall };
            let sealed = Jar::Sent.seal(&visit.app.engine.keys, &visit.tenant.id, &sent)?;
            let mut response = see_other("/login/sent")?;
            let asked = Jar::Asked.cookie(visit.plain, visit.nonce.clone(), ASKED_LASTS);
            for cookie in [Jar::Sent.cookie(visit.plain, sealed, SENT_LASTS), asked] {
                response.add_cookie(&cookie).map_err(engine::Error::bug)?;
            }
            Ok(response)
        }
    }
}

/// `GET /login/sent`
pub(crate) async fn sent(visit: Visit, request: HttpRequest) -> Answer {
    let Some(sent) = visit.unseal::<Sent>(&request, Jar::Sent) else {
        return visit.to("/login");
    };
    let waited = (visit.wall - sent.at).num_seconds();
    visit.page(&LinkSent {
        email: sent.email,
        valid_minutes: visit.installation.installation.security.login_link_minutes,
        wait_s: u32::try_from(SEND_AGAIN_S - waited).unwrap_or(0),
    })
}

/// `POST /logout`
pub(crate) async fn leave(visit: Visit) -> Answer {
    if let Who::Customer(both) = &visit.who {
        let session = both.0.id.clone();
        visit.act(move |engine, tenant| sign_in::leave(engine, tenant, &session)).await?;
    }
    let mut response = visit.to_with("/login", &Flash::SignedOut)?;
    response.add_cookie(&Jar::Session.gone(visit.plain)).map_err(engine::Error::bug)?;
    // Pages are never stored; this is for what a browser keeps all the same.
    let everything_kept = HeaderValue::from_static("\"cache\"");
    response.headers_mut().insert(HeaderName::from_static("clear-site-data"), everything_kept);
    Ok(response)
}

/// A session that has begun: its cookie, and on to the page asked for. The session before it ends.
pub(super) async fn begin(
    visit: &Visit,
    token: String,
    return_path: Option<String>,
) -> Result<actix_web::HttpResponse, Failure> {
    if let Who::Customer(both) = &visit.who {
        let before = both.0.id.clone();
        visit.act(move |engine, tenant| sign_in::leave(engine, tenant, &before)).await?;
    }
    let mut response = see_other(return_path.as_deref().and_then(own_path).unwrap_or("/"))?;
    let hours = i64::from(visit.installation.installation.security.session_absolute_hours);
    let session = Jar::Session.cookie(visit.plain, token, Duration::hours(hours));
    for cookie in [session, Jar::Sent.gone(visit.plain)] {
        response.add_cookie(&cookie).map_err(engine::Error::bug)?;
    }
    Ok(response)
}
