//! Charges: take money from a saved card, ask what became of it, cancel what is still open.

use super::{Answer, Call, Desk, PAGE, bad_request, check_return_url, not_found, refusal};
use crate::book::{Charge, ChargeStatus, Decline, Entry, Method};
use crate::cards::{ChargeOutcome, decline_words};
use crate::faults::{Fault, Trick};
use domain::currency::Currency;
use serde::Deserialize;
use serde_json::{Value, json};
use std::collections::HashMap;

/// Seconds for which the bank's page of a charge works.
const ACTION_LIFETIME_S: u64 = 24 * 3600;

#[derive(Deserialize)]
struct NewCharge {
    amount: i64,
    currency: String,
    method: String,
    customer: Option<String>,
    reference: String,
    #[serde(default)]
    off_session: bool,
    return_url: Option<String>,
}

impl NewCharge {
    /// The method to charge, if everything asked for makes sense.
    fn check<'a>(&mut self, desk: &Desk<'a>) -> Result<&'a Method, Answer> {
        if self.amount <= 0 {
            return Err(bad_request("invalid_amount", "amount must be at least one minor unit."));
        }
        let currency: Currency = self
            .currency
            .parse()
            .map_err(|_| bad_request("invalid_currency", "currency must be an ISO 4217 code."))?;
        self.currency = currency.code().to_owned();
        if self.reference.is_empty() {
            return Err(bad_request("missing_reference", "reference must not be empty."));
        }
        if let Some(url) = &self.return_url {
            check_return_url(url)?;
        }
        let method = desk.book.usable_method(&self.method).ok_or_else(|| not_found("unknown_method"))?;
        match &self.customer {
            Some(customer) if *customer != method.customer => {
                Err(bad_request("customer_mismatch", "The method belongs to another customer."))
            }
            _ => Ok(method),
        }
    }
}

pub(super) fn create(desk: &mut Desk<'_>, call: &Call, fault: Fault) -> Result<Answer, Answer> {
    let mut wanted: NewCharge = call.read()?;
    let method = wanted.check(desk)?;
    let outcome = fault.outcome().unwrap_or_else(|| method.card.behaviour.charge());
    let (status, decline) = match outcome {
        ChargeOutcome::Succeeded => (ChargeStatus::Succeeded, None),
        ChargeOutcome::Pending => (ChargeStatus::Pending, None),
        ChargeOutcome::RequiresAction => (ChargeStatus::RequiresAction, None),
        ChargeOutcome::Declined(kind) => {
            (ChargeStatus::Failed, Some(Decline { code: decline_words(kind).0.to_owned(), kind }))
        }
    };
    let (amount, currency) = match fault.trick {
        Some(Trick::WrongAmount) => (wanted.amount.saturating_add(1), wanted.currency),
        Some(Trick::WrongCurrency) => (wanted.amount, other_currency(&wanted.currency)),
        _ => (wanted.amount, wanted.currency),
    };
    let charge = Charge {
        id: desk.ids.next("ch_"),
        status,
        amount,
        currency,
        reference: wanted.reference,
        key: call.key.clone(),
        method: method.id.clone(),
        customer: method.customer.clone(),
        off_session: wanted.off_session,
        return_url: wanted.return_url,
        expires_at: (status == ChargeStatus::RequiresAction).then_some(desk.now + ACTION_LIFETIME_S),
        created: desk.now,
        decline,
    };
    Ok(outcome_answer(desk, &charge).with([Entry::Charge(charge)]))
}

fn outcome_answer(desk: &Desk<'_>, charge: &Charge) -> Answer {
    let Some(decline) = &charge.decline else {
        return Answer::ok(charge.view(desk.base));
    };
    let message = decline_words(decline.kind).1;
    let body = json!({
        "error": { "code": decline.code, "message": message, "kind": decline.kind, "charge": charge.id }
    });
    Answer { status: 402, ..Answer::ok(body) }
}

fn other_currency(currency: &str) -> String {
    if currency == "USD" { "EUR" } else { "USD" }.to_owned()
}

/// By the service's own id, which its caller learned from an answer: no lag, but no lookup no answer.
pub(super) fn show(desk: &Desk<'_>, id: &str) -> Result<Answer, Answer> {
    lookup_is_on(desk)?;
    let charge = desk.book.charges.get(id).ok_or_else(|| not_found("unknown_charge"))?;
    Ok(Answer::ok(charge.view(desk.base)))
}

/// By key or reference, newest first; or all since a moment, oldest first, page by page.
pub(super) fn list(desk: &Desk<'_>, query: &HashMap<String, String>) -> Result<Answer, Answer> {
    lookup_is_on(desk)?;
    let visible = |charge: &&Charge| charge.created.saturating_add(desk.mode.lookup_lag_s) <= desk.now;
    let view = |charge: &Charge| charge.view(desk.base);
    let charges = desk.book.charges.values();
    if let Some(key) = query.get("key") {
        let of_key = charges.rev().filter(|charge| charge.key.as_ref() == Some(key));
        return Ok(page(of_key.filter(visible).map(view).collect(), None));
    }
    if let Some(reference) = query.get("reference") {
        let of_reference = charges.rev().filter(|charge| charge.reference == *reference);
        return Ok(page(of_reference.filter(visible).map(view).collect(), None));
    }
    let since = match query.get("since").map(|since| since.parse::<u64>()) {
        Some(Ok(since)) => since,
        Some(Err(_)) => return Err(bad_request("invalid_since", "since must be seconds since 1970.")),
        None => return Err(bad_request("missing_question", "Ask by key, reference or since.")),
    };
    let cursor = query.get("cursor").map(String::as_str).unwrap_or_default();
    let mut rest =
        charges.filter(|charge| charge.created >= since && charge.id.as_str() > cursor).filter(visible);
    let rows: Vec<&Charge> = rest.by_ref().take(PAGE).collect();
    let next = rest.next().and_then(|_| rows.last()).map(|charge| charge.id.clone());
    Ok(page(rows.into_iter().map(view).collect(), next))
}

pub(super) fn page(data: Vec<Value>, next_cursor: Option<String>) -> Answer {
    Answer::ok(json!({ "data": data, "next_cursor": next_cursor }))
}

/// A service without lookup says so; it must not sound like "not found".
pub(super) fn lookup_is_on(desk: &Desk<'_>) -> Result<(), Answer> {
    if desk.mode.lookup {
        Ok(())
    } else {
        Err(refusal(501, "lookup_unsupported", "This service cannot be asked about the past."))
    }
}

pub(super) fn cancel(desk: &Desk<'_>, id: &str) -> Result<Answer, Answer> {
    let charge = desk.book.charges.get(id).ok_or_else(|| not_found("unknown_charge"))?;
    if charge.status.is_open() {
        let cancelled = Charge { status: ChargeStatus::Cancelled, ..charge.clone() };
        return Ok(Answer::ok(cancelled.view(desk.base)).with([Entry::Charge(cancelled)]));
    }
    let mut answer = refusal(409, "not_cancellable", "The outcome of this charge stands.");
    answer.body = with_error(charge.view(desk.base), &answer.body);
    Err(answer)
}

/// The charge object with an `error` member beside its own.
fn with_error(mut charge: Value, body: &Value) -> Value {
    charge["error"] = body["error"].clone();
    charge
}

/// The bank's late answer to a pending charge, or the customer's to one that asked.
pub(crate) fn settle(desk: &Desk<'_>, id: &str, decline: Option<Decline>) -> Answer {
    let Some(charge) = desk.book.charges.get(id) else {
        return not_found("unknown_charge");
    };
    if !charge.status.is_open() {
        return refusal(409, "already_settled", "The outcome of this charge stands.");
    }
    let status = if decline.is_some() { ChargeStatus::Failed } else { ChargeStatus::Succeeded };
    let settled = Charge { status, decline, ..charge.clone() };
    Answer::ok(settled.view(desk.base)).with([Entry::Charge(settled)])
}
