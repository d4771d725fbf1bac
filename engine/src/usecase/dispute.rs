//! A bank takes a charge back for its customer: what it had paid is owed again, and the business fights for it or
//! not. Nothing is charged for a disputed invoice by itself; its customer may pay it by hand.

use super::goes_on::{Settled, subscription_goes_on};
use super::pay_from_balance::pay_from_balance;
use super::{bill, dun, ending, record, schedule, settle};
use crate::db::Conn;
use crate::error::{Error, Result};
use crate::ids::{AttemptId, DisputeId, TenantId};
use crate::scope::{Engine, Scope};
use crate::store;
use crate::store::attempts::Attempt;
use crate::store::events::{Actor, NewEvent};
use crate::store::invoices::Invoice;
use crate::store::refunds::Dispute;
use domain::dunning::CaseOutcome;
use domain::event::{EventKind, Reason, Why};
use domain::invoice::state::{InvoiceStatus, may};
use domain::ledger;
use domain::money::Money;
use domain::payment::protocol::{Settlement, taken_back, withdrawn};
use domain::payment::refund::{AtDispute, DisputePolicy, DisputeState, at_dispute, on_dispute};
use domain::payment::state::{AttemptState, OutcomeSource, Purpose};
use domain::subscription::hold::{HoldReason, Means};
use domain::subscription::state::SubscriptionStatus;
use serde_json::json;

/// How a dispute ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    /// The bank gave the money back.
    Won,
    /// It is gone.
    Lost,
}

/// Writes down that a bank has taken back what was left of a charge.
///
/// # Errors
/// `Refused` with `not_disputable`: it is no charge that succeeded, or all of it was refunded.
pub fn open_dispute(
    engine: &Engine,
    tenant_id: &TenantId,
    charge: &AttemptId,
    actor: Actor,
) -> Result<DisputeId> {
    let charge = charge.clone();
    engine.write(tenant_id, move |tx, scope| {
        let mut attempt = locked(tx, scope, &charge)?;
        open(tx, scope, &mut attempt, &actor)
    })
}

/// As [`open_dispute`], of a charge whose customer the caller has locked.
pub(super) fn open(tx: &mut Conn, scope: &Scope, attempt: &mut Attempt, actor: &Actor) -> Result<DisputeId> {
    let mut refunds = refunds_of(tx, scope, attempt)?;
    let amount = left_of(attempt, &refunds);
    let settlement = taken_back(&settle::facts_of(tx, scope, attempt)?);
    if settlement == Settlement::Unchanged || amount <= 0 {
        return Err(Error::refused("not_disputable", "this charge cannot be taken back"));
    }
    let source = match actor {
        Actor::Operator => OutcomeSource::Operator,
        Actor::Customer(_) | Actor::Worker | Actor::Provider => OutcomeSource::Webhook,
    };
    settle::apply(tx, scope, attempt, settlement, source)?;
    refunds.iter_mut().try_for_each(|refund| stop(tx, scope, refund))?;
    let dispute = Dispute {
        id: DisputeId::mint(),
        tenant_id: scope.id().clone(),
        attempt_id: attempt.id.clone(),
        amount,
        currency: attempt.currency,
        state: DisputeState::Open,
        opened_at: scope.now.billing,
        closed_at: None,
    };
    store::refunds::insert_dispute(tx, &dispute)?;
    event(tx, scope, EventKind::DisputeOpened, &dispute, actor)?;
    let invoice = take_back(tx, scope, attempt, amount, actor)?;
    follow_policy(tx, scope, &invoice, actor)?;
    Ok(dispute.id)
}

/// The refunds of a charge, oldest first.
pub(super) fn refunds_of(conn: &mut Conn, scope: &Scope, charge: &Attempt) -> Result<Vec<Attempt>> {
    let mut refunds = store::attempts::refunds_of_invoice(conn, scope.id(), &charge.invoice_id)?;
    refunds.retain(|refund| refund.refund_of.as_ref() == Some(&charge.id));
    Ok(refunds)
}

/// What its refunds have left of a charge, in minor units.
pub(super) fn left_of(charge: &Attempt, refunds: &[Attempt]) -> i64 {
    let gone = refunds.iter().filter(|refund| refund.state == AttemptState::Succeeded);
    charge.amount - gone.map(|refund| refund.amount).sum::<i64>()
}

/// Writes down how the dispute of a charge ended.
///
/// # Errors
/// `Refused` with `no_dispute`: there is none, or it has ended.
pub fn close_dispute(
    engine: &Engine,
    tenant_id: &TenantId,
    charge: &AttemptId,
    verdict: Verdict,
    actor: Actor,
) -> Result<()> {
    let charge = charge.clone();
    engine.write(tenant_id, move |tx, scope| {
        let attempt = locked(tx, scope, &charge)?;
        let found = store::refunds::dispute_of(tx, scope.id(), &charge)?;
        let Some(mut dispute) = found.filter(|dispute| dispute.state == DisputeState::Open) else {
            return Err(Error::refused("no_dispute", "no dispute of this charge is open"));
        };
        let (state, kind) = match verdict {
            Verdict::Won => (DisputeState::Won, EventKind::DisputeWon),
            Verdict::Lost => (DisputeState::Lost, EventKind::DisputeLost),
        };
        dispute.state = state;
        dispute.closed_at = Some(scope.now.billing);
        store::refunds::update_dispute(tx, scope.id(), &dispute)?;
        event(tx, scope, kind, &dispute, &actor)?;
        match verdict {
            Verdict::Won => give_back(tx, scope, &attempt, dispute.amount, &actor),
            Verdict::Lost => Ok(()),
        }
    })
}

fn locked(tx: &mut Conn, scope: &Scope, charge: &AttemptId) -> Result<Attempt> {
    let owner = store::attempts::get(tx, scope.id(), charge)?.customer_id;
    scope.lock(tx, &owner)?;
    let attempt = store::attempts::get(tx, scope.id(), charge)?;
    if attempt.purpose == Purpose::Charge { Ok(attempt) } else { Err(Error::NotFound) }
}

/// The customer does not get the money from the bank and from a refund, as far as that can be helped.
fn stop(tx: &mut Conn, scope: &Scope, refund: &mut Attempt) -> Result<()> {
    match at_dispute(refund.state) {
        AtDispute::Nothing => Ok(()),
        AtDispute::AskAPerson => settle::ask_a_person(tx, scope, refund, Why::Disputed),
        AtDispute::Withdraw => {
            let unsent = withdrawn(&settle::facts_of(tx, scope, refund)?);
            settle::apply(tx, scope, refund, unsent, OutcomeSource::Unsent)
        }
    }
}

/// What the charge had paid is owed again.
fn take_back(tx: &mut Conn, scope: &Scope, attempt: &Attempt, amount: i64, actor: &Actor) -> Result<Invoice> {
    let mut invoice = store::invoices::get(tx, scope.id(), &attempt.invoice_id)?;
    let taken = Money::new(amount, attempt.currency);
    let back = ledger::dispute_opened(&bill::owed(&invoice)?, taken).map_err(Error::bug)?;
    let about = (&invoice.id, Some(&attempt.id));
    store::ledger::post(tx, scope.id(), &invoice.customer_id, about, &back.posting, scope.now.billing)?;
    invoice.amount_paid -= amount;
    invoice.disputed_since = Some(scope.now.billing);
    if invoice.due()?.minor > 0 && may(invoice.status, InvoiceStatus::Open) {
        invoice.status = InvoiceStatus::Open;
        invoice.paid_at = None;
    }
    save(tx, scope, &mut invoice)?;
    if invoice.status == InvoiceStatus::Open {
        record::invoice_as(
            tx,
            scope,
            &invoice,
            EventKind::InvoiceReopened,
            actor,
            Some(&Why::Disputed.into()),
        )?;
    }
    Ok(invoice)
}

/// The money is back. What the customer has paid otherwise in the meantime goes to the balance.
fn give_back(tx: &mut Conn, scope: &Scope, attempt: &Attempt, amount: i64, actor: &Actor) -> Result<()> {
    let mut invoice = store::invoices::get(tx, scope.id(), &attempt.invoice_id)?;
    let returned = Money::new(amount, attempt.currency);
    let received = ledger::dispute_won(&bill::owed(&invoice)?, returned).map_err(Error::bug)?;
    let about = (&invoice.id, Some(&attempt.id));
    store::ledger::post(tx, scope.id(), &invoice.customer_id, about, &received.posting, scope.now.billing)?;
    invoice.amount_paid += amount;
    invoice.disputed_since = None;
    let before = invoice.status;
    let is_paid = invoice.due()?.minor <= 0 && may(before, InvoiceStatus::Paid);
    if is_paid {
        invoice.status = InvoiceStatus::Paid;
        invoice.paid_at = Some(scope.now.billing);
    }
    save(tx, scope, &mut invoice)?;
    record::invoice(tx, scope, &invoice, before, actor, Some(&Why::Disputed.into()))?;
    if is_paid {
        dun::close(tx, scope, &invoice.id, CaseOutcome::Recovered)?;
        let won = Settled { invoice: &invoice, means: Means::Business };
        subscription_goes_on(tx, scope, won, actor)?;
    }
    pay_from_balance(tx, scope, &invoice.customer_id, attempt.currency, actor)
}

fn save(tx: &mut Conn, scope: &Scope, invoice: &mut Invoice) -> Result<()> {
    invoice.updated_at = scope.now.wall;
    store::invoices::update(tx, scope.id(), invoice)
}

/// What the dispute does to the subscription, by setting.
fn follow_policy(tx: &mut Conn, scope: &Scope, invoice: &Invoice, actor: &Actor) -> Result<()> {
    dun::close(tx, scope, &invoice.id, CaseOutcome::Cancelled)?;
    let Some(id) = &invoice.subscription_id else { return Ok(()) };
    let mut sub = store::subscriptions::get(tx, scope.id(), id)?;
    let why = Reason::Held(HoldReason::Disputed);
    match on_dispute(scope.settings.refunds.on_dispute, sub.status) {
        DisputePolicy::Nothing => schedule::save(tx, scope, &mut sub),
        DisputePolicy::Cancel => ending::end(tx, scope, &mut sub, actor, Some(&why)),
        DisputePolicy::Hold => {
            sub.status = SubscriptionStatus::OnHold;
            sub.hold_reason = Some(HoldReason::Disputed.into());
            record::subscription(tx, scope, &mut sub, EventKind::SubscriptionOnHold, actor, Some(&why))?;
            schedule::save(tx, scope, &mut sub)
        }
    }
}

fn event(tx: &mut Conn, scope: &Scope, kind: EventKind, dispute: &Dispute, actor: &Actor) -> Result<()> {
    let payload = json!({ "charge": dispute.attempt_id, "amount": dispute.amount, "currency": dispute.currency,
        "state": dispute.state });
    let event = NewEvent { subject: dispute.id.as_str(), kind, actor, reason: None, payload };
    store::events::record(tx, scope.id(), event, scope.now.billing)
}
