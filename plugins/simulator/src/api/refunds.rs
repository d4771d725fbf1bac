//! Refunds: give back all or part of a charge, never more than was taken.

use super::charges::{lookup_is_on, page};
use super::{Answer, Call, Desk, bad_request, not_found};
use crate::book::{ChargeStatus, Dispute, Entry, Refund};
use serde::Deserialize;
use serde_json::json;
use std::collections::HashMap;

#[derive(Deserialize)]
struct NewRefund {
    charge: String,
    amount: i64,
    reference: String,
}

pub(super) fn create(desk: &mut Desk<'_>, call: &Call) -> Result<Answer, Answer> {
    let wanted: NewRefund = call.read()?;
    let charge = desk.book.charges.get(&wanted.charge).ok_or_else(|| not_found("unknown_charge"))?;
    if charge.status != ChargeStatus::Succeeded {
        return Err(bad_request("charge_not_refundable", "Only a charge that succeeded can be refunded."));
    }
    if wanted.amount <= 0 {
        return Err(bad_request("invalid_amount", "amount must be at least one minor unit."));
    }
    if wanted.amount > charge.amount - desk.book.refunded(&charge.id) {
        return Err(bad_request("over_refund", "This is more than is left of the charge."));
    }
    let refund = Refund {
        id: desk.ids.next("re_"),
        status: "succeeded".to_owned(),
        charge: wanted.charge,
        amount: wanted.amount,
        currency: charge.currency.clone(),
        reference: wanted.reference,
        key: call.key.clone(),
        created: desk.now,
    };
    Ok(Answer::ok(json!(refund)).with([Entry::Refund(refund)]))
}

/// By key or reference, newest first.
pub(super) fn list(desk: &Desk<'_>, query: &HashMap<String, String>) -> Result<Answer, Answer> {
    lookup_is_on(desk)?;
    let (key, reference) = (query.get("key"), query.get("reference"));
    if key.is_none() && reference.is_none() {
        return Err(bad_request("missing_question", "Ask by key or reference."));
    }
    let wanted = |refund: &&Refund| {
        key.is_none_or(|key| refund.key.as_ref() == Some(key))
            && reference.is_none_or(|reference| refund.reference == *reference)
            && refund.created.saturating_add(desk.mode.lookup_lag_s) <= desk.now
    };
    Ok(page(desk.book.refunds.values().rev().filter(wanted).map(|refund| json!(refund)).collect(), None))
}

/// A refund that somebody of the business makes at the service itself: under no key.
pub(crate) fn by_hand(desk: &mut Desk<'_>, id: &str, amount: i64) -> Answer {
    let Some(charge) = desk.book.charges.get(id) else { return not_found("unknown_charge") };
    let refund = Refund {
        id: desk.ids.next("re_"),
        status: "succeeded".to_owned(),
        charge: charge.id.clone(),
        amount,
        currency: charge.currency.clone(),
        reference: String::new(),
        key: None,
        created: desk.now,
    };
    Answer::ok(json!(refund)).with([Entry::Refund(refund)])
}

/// A bank takes a charge back for its customer.
pub(crate) fn dispute(desk: &mut Desk<'_>, id: &str, amount: i64) -> Answer {
    let Some(charge) = desk.book.charges.get(id) else { return not_found("unknown_charge") };
    let dispute = Dispute {
        id: desk.ids.next("dp_"),
        charge: charge.id.clone(),
        amount,
        currency: charge.currency.clone(),
        reason: "fraudulent".to_owned(),
        created: desk.now,
    };
    Answer::ok(json!(dispute)).with([Entry::Dispute(dispute)])
}
