//! Mailed links: `/auth/{token}` from sign-in mails, `/r/{token}` from receipts, notices and the business.
//!
//! Mail scanners open links, some run scripts. So looking changes nothing, and only a press signs in.

use super::login;
use crate::failure::Answer;
use crate::visit::Visit;
use actix_web::http::StatusCode;
use actix_web::web;
use engine::usecase::sign_in::{self, Entered, Link};
use serde::Deserialize;
use templates::page::{CodeError, CodeField, Confirm, LinkExpired};

#[derive(Deserialize)]
pub(crate) struct Press {
    #[serde(default)]
    code: String,
}

/// `GET /auth/{token}`, `GET /r/{token}`
pub(crate) async fn look(visit: Visit, token: web::Path<String>) -> Answer {
    match find(&visit, token.into_inner()).await? {
        Link::Dead { email } => dead(&visit, email),
        Link::Press(customer) | Link::Code(customer) if is_here(&visit, &customer.id) => visit.to("/"),
        Link::Press(customer) => confirm(&visit, StatusCode::OK, customer.email, None),
        Link::Code(customer) => confirm(&visit, StatusCode::OK, customer.email, Some(CodeField::default())),
    }
}

/// `POST /auth/{token}`, `POST /r/{token}`
pub(crate) async fn enter(visit: Visit, token: web::Path<String>, form: web::Form<Press>) -> Answer {
    let token = token.into_inner();
    let code: String = form.code.chars().filter(char::is_ascii_digit).collect();
    let link = find(&visit, token.clone()).await?;
    if let (Link::Code(customer), true) = (&link, code.is_empty()) {
        return refused(&visit, customer.email.clone(), CodeError::Empty);
    }
    if let Link::Dead { email } = link {
        return dead(&visit, email);
    }
    let (nonce, agent) = (visit.nonce.clone(), super::device::name(&visit.user_agent));
    let press = visit.act(move |engine, tenant| {
        let code = Some(code.as_str()).filter(|code| !code.is_empty());
        sign_in::enter(engine, tenant, &token, Some(&nonce), code, &agent)
    });
    match (press.await?, link) {
        (Entered::Session { token, return_path }, _) => login::begin(&visit, token, return_path).await,
        (Entered::WrongCode { tries_left }, Link::Press(customer) | Link::Code(customer)) => {
            refused(&visit, customer.email, CodeError::Wrong { left: tries_left })
        }
        (Entered::WrongCode { .. }, Link::Dead { email }) | (Entered::Dead { email }, _) => {
            dead(&visit, email)
        }
    }
}

async fn find(visit: &Visit, token: String) -> Result<Link, crate::failure::Failure> {
    let nonce = visit.nonce.clone();
    visit.act(move |engine, tenant| sign_in::look(engine, tenant, &token, Some(&nonce))).await
}

fn is_here(visit: &Visit, id: &engine::ids::CustomerId) -> bool {
    visit.customer().is_some_and(|customer| &customer.id == id)
}

fn confirm(visit: &Visit, status: StatusCode, email: String, code: Option<CodeField>) -> Answer {
    let other = visit.customer().map(|customer| customer.email.clone());
    visit.page_with(
        status,
        &Confirm {
            action: visit.path.split('?').next().unwrap_or_default().to_owned(),
            other: other.filter(|other| *other != email),
            email,
            code,
            remember_days: None,
        },
    )
}

fn refused(visit: &Visit, email: String, error: CodeError) -> Answer {
    confirm(visit, StatusCode::UNPROCESSABLE_ENTITY, email, Some(CodeField { error: Some(error) }))
}

fn dead(visit: &Visit, email: Option<String>) -> Answer {
    let email = email.unwrap_or_default();
    visit.page_with(StatusCode::GONE, &LinkExpired { email })
}
