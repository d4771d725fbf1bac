//! Saved cards.

use super::{Answer, Call, Desk, bad_request, not_found};
use crate::book::{Entry, Method};
use crate::cards::{self, Behaviour, Card, CardError, Expiry};
use domain::provider::DeclineKind;
use serde::Deserialize;
use serde_json::json;

#[derive(Deserialize)]
struct NewMethod {
    number: String,
    exp_month: u8,
    exp_year: u16,
    customer: Option<String>,
}

/// Imports a card without a browser, as a migration from another provider does.
pub(super) fn create(desk: &mut Desk<'_>, call: &Call) -> Result<Answer, Answer> {
    let wanted: NewMethod = call.read()?;
    let refuse = |error: CardError| bad_request(error.code(), &error.to_string());
    let card = cards::find(&wanted.number).map_err(refuse)?;
    let expiry = Expiry::new(wanted.exp_year, wanted.exp_month).and_then(|expiry| expiry.check(desk.month()));
    let expiry = expiry.map_err(refuse)?;
    if card.behaviour == Behaviour::RefusedAtSetup {
        let (code, message) = cards::decline_words(DeclineKind::Soft);
        let body = json!({ "error": { "code": code, "message": message, "kind": DeclineKind::Soft } });
        return Err(Answer { status: 402, ..Answer::ok(body) });
    }
    let method = save(desk, card.saved(expiry), wanted.customer);
    Ok(Answer::ok(method.view()).with([Entry::Method(method)]))
}

/// A new method for a card, of this customer or a new one.
pub(crate) fn save(desk: &mut Desk<'_>, card: Card, customer: Option<String>) -> Method {
    Method {
        id: desk.ids.next("pm_"),
        customer: customer.filter(|id| !id.is_empty()).unwrap_or_else(|| desk.ids.next("cus_sim_")),
        card,
        detached: false,
        created: desk.now,
    }
}

pub(super) fn show(desk: &Desk<'_>, id: &str) -> Result<Answer, Answer> {
    let method = desk.book.usable_method(id).ok_or_else(|| not_found("unknown_method"))?;
    Ok(Answer::ok(method.view()))
}

/// Repeating it changes nothing more.
pub(super) fn detach(desk: &Desk<'_>, id: &str) -> Result<Answer, Answer> {
    let method = desk.book.methods.get(id).ok_or_else(|| not_found("unknown_method"))?;
    let answer = Answer::ok(method.view());
    if method.detached {
        return Ok(answer);
    }
    Ok(answer.with([Entry::Method(Method { detached: true, ..method.clone() })]))
}

/// Puts another test card behind a saved method; its expiry stays.
pub(crate) fn swap(desk: &Desk<'_>, id: &str, number: &str) -> Answer {
    let Some(method) = desk.book.methods.get(id) else {
        return not_found("unknown_method");
    };
    let card = match cards::find(number) {
        Ok(card) => card.saved(Expiry { year: method.card.exp_year, month: method.card.exp_month }),
        Err(error) => return bad_request(error.code(), &error.to_string()),
    };
    let swapped = Method { card, ..method.clone() };
    Answer::ok(swapped.view()).with([Entry::Method(swapped)])
}
