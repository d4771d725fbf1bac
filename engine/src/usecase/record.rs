//! Writes down what happened to a subject of billing: its next event, with a snapshot of it after the change.

#[cfg(test)]
mod tests;

use crate::db::Conn;
use crate::error::{Error, Result};
use crate::scope::Scope;
use crate::store;
use crate::store::attempts::Attempt;
use crate::store::credit_notes::CreditNote;
use crate::store::dunning::DunningCase;
use crate::store::events::{Actor, NewEvent};
use crate::store::invoices::Invoice;
use crate::store::subscriptions::Subscription;
use domain::event::{EventKind, Reason, of_invoice};
use domain::invoice::state::InvoiceStatus;
use domain::payment::state::Purpose;
use serde_json::{Value, json};

/// Records a change of a subscription; call it before the subscription is saved, and after its add-ons, coupons and
/// changes are.
pub(crate) fn subscription(
    tx: &mut Conn,
    scope: &Scope,
    sub: &mut Subscription,
    kind: EventKind,
    actor: &Actor,
    reason: Option<&Reason>,
) -> Result<()> {
    sub.event_seq += 1;
    let payload = snapshot(tx, scope, sub)?;
    let id = sub.id.clone();
    let event = NewEvent { subject: id.as_str(), kind, actor, reason, payload };
    store::events::record(tx, scope.id(), event, scope.now.billing)
}

fn snapshot(conn: &mut Conn, scope: &Scope, sub: &Subscription) -> Result<Value> {
    let addons = store::changes::addons(conn, scope.id(), &sub.id)?;
    let addons = addons.iter().map(|addon| json!({ "price": addon.price_id, "quantity": addon.quantity }));
    let coupons = store::discounts::live_of(conn, scope.id(), &sub.id)?;
    let coupons =
        coupons.iter().map(|row| json!({ "coupon": row.coupon_id, "periods_used": row.periods_used }));
    let pending = match store::changes::open_of(conn, scope.id(), &sub.id)? {
        Some(change) => {
            let target: Value = serde_json::from_str(&change.target).map_err(Error::bug)?;
            json!({ "state": change.state, "apply_at": change.apply_at, "invoice": change.invoice_id,
                "target": target })
        }
        None => Value::Null,
    };
    Ok(json!({
        "customer": sub.customer_id, "status": sub.status, "price": sub.price_id, "quantity": sub.quantity,
        "addons": addons.collect::<Value>(), "coupons": coupons.collect::<Value>(), "pending_change": pending,
        "period_index": sub.period_index, "current_period_start": sub.current_period_start,
        "current_period_end": sub.current_period_end, "trial_end": sub.trial_end, "cancel_at": sub.cancel_at,
        "cancel_locked": sub.cancel_locked, "cancel_reason": sub.cancel_reason,
        "cancel_comment": sub.cancel_comment, "contract_until": sub.contract_until, "ended_at": sub.ended_at,
        "pause_at": sub.pause_at, "paused_at": sub.paused_at, "resume_at": sub.resume_at,
        "past_due_since": sub.past_due_since, "review_since": sub.review_since, "hold_reason": sub.hold_reason,
        "payment_method": sub.payment_method_id, "unused_time": sub.unused_time,
        "open_invoices": sub.open_invoices,
    }))
}

/// Records a change of an invoice that had another status, or other amounts, before.
pub(crate) fn invoice(
    tx: &mut Conn,
    scope: &Scope,
    invoice: &Invoice,
    from: InvoiceStatus,
    actor: &Actor,
    reason: Option<&Reason>,
) -> Result<()> {
    let Some(kind) = of_invoice(from, invoice.status) else { return Ok(()) };
    invoice_as(tx, scope, invoice, kind, actor, reason)
}

/// As [`invoice`], where its status alone does not tell what happened.
pub(crate) fn invoice_as(
    tx: &mut Conn,
    scope: &Scope,
    invoice: &Invoice,
    kind: EventKind,
    actor: &Actor,
    reason: Option<&Reason>,
) -> Result<()> {
    let payload = json!({
        "number": invoice.number, "status": invoice.status, "reason": invoice.reason,
        "customer": invoice.customer_id, "subscription": invoice.subscription_id,
        "period_index": invoice.period_index, "period_start": invoice.period_start,
        "period_end": invoice.period_end, "issue_date": invoice.issue_date, "due_at": invoice.due_at,
        "paid_at": invoice.paid_at, "disputed_since": invoice.disputed_since, "currency": invoice.currency,
        "subtotal": invoice.subtotal, "discount": invoice.discount, "tax": invoice.tax, "total": invoice.total,
        "credit_applied": invoice.credit_applied, "carried_forward": invoice.carried_forward,
        "amount_paid": invoice.amount_paid, "amount_credited": invoice.amount_credited,
        "due": invoice.due()?.minor,
    });
    let event = NewEvent { subject: invoice.id.as_str(), kind, actor, reason, payload };
    store::events::record(tx, scope.id(), event, scope.now.billing)
}

/// Records a change of a charge or refund.
pub(crate) fn attempt(
    tx: &mut Conn,
    scope: &Scope,
    attempt: &Attempt,
    kind: EventKind,
    actor: &Actor,
    reason: Option<&Reason>,
) -> Result<()> {
    let mut payload = json!({
        "customer": attempt.customer_id, "invoice": attempt.invoice_id, "amount": attempt.amount,
        "currency": attempt.currency, "state": attempt.state, "trigger": attempt.attempt_trigger,
        "seq": attempt.seq, "payment_method": attempt.payment_method_id, "provider_ref": attempt.provider_ref,
        "decline_kind": attempt.decline_kind, "decline_code": attempt.decline_code,
        "review_since": attempt.review_since,
    });
    if attempt.purpose == Purpose::Refund {
        payload["credit_note"] = json!(attempt.credit_note_id);
        payload["charge"] = json!(attempt.refund_of);
    }
    let event = NewEvent { subject: attempt.id.as_str(), kind, actor, reason, payload };
    store::events::record(tx, scope.id(), event, scope.now.billing)
}

/// Records a change of a credit note, or of where its amount went.
pub(crate) fn credit_note(
    tx: &mut Conn,
    scope: &Scope,
    note: &CreditNote,
    kind: EventKind,
    actor: &Actor,
    reason: Option<&Reason>,
) -> Result<()> {
    let payload = json!({
        "number": note.number, "invoice": note.invoice_id, "reason": note.reason, "currency": note.currency,
        "net": note.net, "tax": note.tax, "total": note.total, "to_offset": note.to_offset,
        "to_balance": note.to_balance, "to_refund": note.to_refund,
    });
    let event = NewEvent { subject: note.id.as_str(), kind, actor, reason, payload };
    store::events::record(tx, scope.id(), event, scope.now.billing)
}

/// Records a change of a case of dunning. Its rules move it, whoever brings the news.
pub(crate) fn dunning(
    tx: &mut Conn,
    scope: &Scope,
    case: &DunningCase,
    kind: EventKind,
    reason: Option<&Reason>,
) -> Result<()> {
    let payload = json!({
        "invoice": case.invoice_id, "subscription": case.subscription_id, "policy_version": case.policy_version,
        "step": case.step, "started_at": case.started_at, "next_at": case.next_at, "outcome": case.outcome,
        "closed_at": case.closed_at, "frozen_since": case.frozen_since, "frozen_us": case.frozen_us,
        "decline": case.decline,
    });
    let event = NewEvent { subject: case.id.as_str(), kind, actor: &Actor::Worker, reason, payload };
    store::events::record(tx, scope.id(), event, scope.now.billing)
}
