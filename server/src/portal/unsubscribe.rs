//! `/unsubscribe/{token}`: ends news and offers by mail, without signing in. Its POST needs no form of ours: mail programs
//! send it, too (RFC 8058), and the token proves enough.

use crate::failure::Answer;
use crate::visit::Visit;
use actix_web::web;
use engine::store::customers::Customer;
use engine::usecase::unsubscribe;
use templates::page::Unsubscribe;

/// Where such links begin.
pub(crate) const LINKS: &str = "/unsubscribe/";

/// `GET /unsubscribe/{token}`: mail scanners open links, so looking changes nothing.
pub(crate) async fn look(visit: Visit, token: web::Path<String>) -> Answer {
    let customer = visit.act(move |engine, tenant| unsubscribe::look(engine, tenant, &token)).await?;
    show(&visit, customer, false)
}

/// `POST /unsubscribe/{token}`
pub(crate) async fn end(visit: Visit, token: web::Path<String>) -> Answer {
    let customer = visit.act(move |engine, tenant| unsubscribe::unsubscribe(engine, tenant, &token)).await?;
    show(&visit, customer, true)
}

fn show(visit: &Visit, customer: Customer, done: bool) -> Answer {
    let action = visit.path.split('?').next().unwrap_or_default().to_owned();
    visit.page(&Unsubscribe { action, email: customer.email, done })
}
