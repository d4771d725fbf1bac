//! The dials and the oracle: paths that begin with an underscore. A test reads and turns them; the payment
//! API does not know them. They ask for no secret, so the service belongs on loopback only.

use crate::api;
use crate::book::{Charge, Decline};
use crate::cards::{TEST_CARDS, decline_words};
use crate::faults::{Mode, Rule};
use crate::service::Service;
use crate::webhooks::{Dials, Endpoint};
use crate::wire;
use actix_web::web::{Data, Json, Path};
use actix_web::{HttpResponse, Responder};
use domain::provider::DeclineKind;
use serde::Deserialize;
use serde_json::{Value, json};

/// All that happened, in order.
pub(crate) async fn ledger(service: Data<Service>) -> impl Responder {
    let state = service.state();
    let book = &state.book;
    let charges: Vec<Value> =
        book.charges.values().map(|charge: &Charge| charge.view(&service.base)).collect();
    Json(json!({
        "charges": charges,
        "refunds": book.refunds.values().collect::<Vec<_>>(),
        "disputes": book.disputes.values().collect::<Vec<_>>(),
        "methods": book.methods.values().collect::<Vec<_>>(),
        "requests": book.requests,
    }))
}

/// The test cards.
pub(crate) async fn cards() -> impl Responder {
    Json(TEST_CARDS)
}

/// One rule or several.
#[derive(Deserialize)]
#[serde(untagged)]
pub(crate) enum Rules {
    Several(Vec<Rule>),
    One(Rule),
}

/// Adds rules to the script.
pub(crate) async fn add_rules(service: Data<Service>, rules: Json<Rules>) -> impl Responder {
    service.add_rules(match rules.into_inner() {
        Rules::One(rule) => vec![rule],
        Rules::Several(rules) => rules,
    });
    script(service).await
}

/// The rules in force, with how many requests matched each.
pub(crate) async fn script(service: Data<Service>) -> impl Responder {
    Json(json!(service.state().script))
}

/// Back to normal for every request.
pub(crate) async fn clear_script(service: Data<Service>) -> impl Responder {
    service.state().script = crate::faults::Script::default();
    HttpResponse::NoContent()
}

/// The mode in force.
pub(crate) async fn mode(service: Data<Service>) -> impl Responder {
    Json(service.state().mode.clone())
}

/// Sets the mode; what is left out returns to its default.
pub(crate) async fn set_mode(service: Data<Service>, wanted: Json<Mode>) -> impl Responder {
    service.state().mode = wanted.into_inner();
    mode(service).await
}

/// Another card for a saved method.
#[derive(Deserialize)]
pub(crate) struct Swap {
    number: String,
}

/// Puts another test card behind a saved method.
pub(crate) async fn swap_card(service: Data<Service>, id: Path<String>, swap: Json<Swap>) -> HttpResponse {
    change(&service, |desk| api::swap(desk, &id, &swap.number)).await
}

/// The bank's late word on a pending charge.
#[derive(Default, Deserialize)]
pub(crate) struct Settle {
    decline: Option<DeclineKind>,
}

/// Settles a pending charge: it succeeds, unless the body names a decline.
pub(crate) async fn settle(
    service: Data<Service>,
    id: Path<String>,
    settle: Option<Json<Settle>>,
) -> HttpResponse {
    let decline = settle.and_then(|settle| settle.decline);
    let decline = decline.map(|kind| Decline { code: decline_words(kind).0.to_owned(), kind });
    change(&service, |desk| api::settle(desk, &id, decline)).await
}

/// Money that goes back without the API's asking.
#[derive(Deserialize)]
pub(crate) struct GoesBack {
    amount: i64,
}

/// Somebody of the business refunds a charge at the service, by hand.
pub(crate) async fn refund(service: Data<Service>, id: Path<String>, back: Json<GoesBack>) -> HttpResponse {
    change(&service, |desk| api::refund_by_hand(desk, &id, back.amount)).await
}

/// The customer's bank takes a charge back.
pub(crate) async fn dispute(service: Data<Service>, id: Path<String>, back: Json<GoesBack>) -> HttpResponse {
    change(&service, |desk| api::dispute(desk, &id, back.amount)).await
}

/// Endpoints and dials of webhooks, and what is held or under way.
pub(crate) async fn webhooks(service: Data<Service>) -> impl Responder {
    Json(service.state().post.view())
}

/// Sets the dials of webhooks; what is left out returns to its default.
pub(crate) async fn set_webhooks(service: Data<Service>, wanted: Json<Dials>) -> impl Responder {
    service.state().post.dials = wanted.into_inner();
    webhooks(service).await
}

/// Adds or changes who is told.
pub(crate) async fn set_endpoint(
    service: Data<Service>,
    name: Path<String>,
    endpoint: Json<Endpoint>,
) -> impl Responder {
    service.state().post.endpoints.insert(name.into_inner(), endpoint.into_inner());
    webhooks(service).await
}

/// Sends what was held.
pub(crate) async fn release_webhooks(service: Data<Service>) -> impl Responder {
    service.state().post.release();
    webhooks(service).await
}

async fn change(
    service: &Data<Service>,
    decide: impl FnOnce(&mut api::Desk<'_>) -> api::Answer,
) -> HttpResponse {
    let changed = service.change(|desk| {
        let mut answer = decide(desk);
        let entries = std::mem::take(&mut answer.entries);
        (answer, entries)
    });
    let flushed = match changed {
        Ok((answer, length)) => wire::flush(service, length).await.map(|()| answer),
        Err(error) => Err(error),
    };
    match flushed {
        Ok(answer) => wire::json_response(&answer),
        Err(error) => wire::ledger_failed(&error),
    }
}
