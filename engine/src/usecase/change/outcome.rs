//! What becomes of an open change: its invoice was paid or not, its subscription ends, another one takes its place.

use super::apply::{self, REVOKED, SCHEDULED, close};
use crate::db::Conn;
use crate::error::Result;
use crate::ids::SubscriptionId;
use crate::scope::Scope;
use crate::store;
use crate::store::attempts::Attempt;
use crate::store::changes::{ChangeState, PlanChange};
use crate::store::events::Actor;
use crate::store::invoices::Invoice;
use crate::store::subscriptions::Subscription;
use crate::usecase::{record, settle, void};
use domain::event::{Reason, Why};
use domain::invoice::state::{BillingReason, may_void};
use domain::payment::protocol::withdrawn;
use domain::payment::state::{AttemptState, OutcomeSource};

/// An invoice was paid: the change that waited for that takes effect. One whose subscription has ended meanwhile
/// does not; what becomes of the money, [`late_money`](crate::usecase::late_money) knows.
pub(crate) fn paid(tx: &mut Conn, scope: &Scope, invoice: &Invoice) -> Result<()> {
    let Some(mut change) = being_paid(tx, scope, invoice)? else { return Ok(()) };
    let mut sub = store::subscriptions::get(tx, scope.id(), &change.subscription_id)?;
    if sub.has_ended() {
        close(tx, scope, &mut change, ChangeState::Dropped)?;
        record::subscription(tx, scope, &mut sub, REVOKED, &Actor::Provider, Some(&Why::EndedBefore.into()))?;
        return store::subscriptions::update(tx, scope.id(), &sub);
    }
    close(tx, scope, &mut change, ChangeState::Applied)?;
    // What ends with what is paid for ends with what has just been paid for.
    let ends_with_period = sub.cancel_at == Some(sub.current_period_end);
    apply::put_in_place(tx, scope, &mut sub, &change, &Actor::Provider)?;
    if ends_with_period {
        sub.cancel_at = Some(sub.current_period_end);
    }
    apply::recorded(tx, scope, &mut sub, &Actor::Provider)
}

/// A charge came to nothing. If it was for a change, that is off: its invoice is withdrawn, the subscription is as
/// it was, and nobody chases the money. Answers whether it was.
pub(crate) fn payment_failed(tx: &mut Conn, scope: &Scope, attempt: &Attempt) -> Result<bool> {
    let invoice = store::invoices::get(tx, scope.id(), &attempt.invoice_id)?;
    let Some(mut change) = being_paid(tx, scope, &invoice)? else { return Ok(false) };
    close(tx, scope, &mut change, ChangeState::Failed)?;
    withdraw_invoice(tx, scope, invoice)?;
    restore(tx, scope, &change)?;
    Ok(true)
}

/// What was scheduled before the change that has failed comes after all, if it still can.
fn restore(tx: &mut Conn, scope: &Scope, failed: &PlanChange) -> Result<()> {
    let mut sub = store::subscriptions::get(tx, scope.id(), &failed.subscription_id)?;
    let changes = store::changes::all_of(tx, scope.id(), &sub.id)?;
    // The period waits with its end for what is being paid.
    let gave_way = |change: &PlanChange| {
        (change.state, change.closed_at) == (ChangeState::Undone, Some(failed.created_at))
            && change.apply_at.is_some_and(|at| at >= sub.current_period_end)
    };
    let Some(mut change) = changes.into_iter().rev().find(gave_way) else { return Ok(()) };
    if sub.has_ended() || sub.cancel_at.is_some() {
        return Ok(());
    }
    change.state = ChangeState::Scheduled;
    change.closed_at = None;
    store::changes::update(tx, scope.id(), &change)?;
    record::subscription(tx, scope, &mut sub, SCHEDULED, &Actor::Provider, None)?;
    store::subscriptions::update(tx, scope.id(), &sub)
}

/// Whether a change waits for its payment: until that is known, no period begins.
pub(crate) fn is_being_paid(conn: &mut Conn, scope: &Scope, id: &SubscriptionId) -> Result<bool> {
    let open = store::changes::open_of(conn, scope.id(), id)?;
    Ok(open.is_some_and(|change| change.state == ChangeState::Paying))
}

/// A subscription has ended. What was scheduled will not come, nor what waits for a payment, unless that may yet
/// take money.
pub(crate) fn ended(tx: &mut Conn, scope: &Scope, sub: &mut Subscription, actor: &Actor) -> Result<()> {
    drop_scheduled(tx, scope, sub, ChangeState::Dropped, actor, Some(&Why::EndedBefore.into()))?;
    withdraw_unsent(tx, scope, sub)
}

/// The end of a subscription is scheduled, which goes before any change: as [`ended`].
pub(crate) fn cancelling(tx: &mut Conn, scope: &Scope, sub: &mut Subscription, actor: &Actor) -> Result<()> {
    drop_scheduled(tx, scope, sub, ChangeState::Dropped, actor, Some(&Why::Cancelling.into()))?;
    withdraw_unsent(tx, scope, sub)
}

/// Gives up a change that waits for its payment, unless that has left the house.
fn withdraw_unsent(tx: &mut Conn, scope: &Scope, sub: &Subscription) -> Result<()> {
    let Some(mut change) = store::changes::open_of(tx, scope.id(), &sub.id)? else { return Ok(()) };
    let Some(id) = change.invoice_id.clone() else { return Ok(()) };
    let attempt = store::attempts::open_of(tx, scope.id(), &id)?;
    if attempt.as_ref().is_some_and(|attempt| attempt.state != AttemptState::Created) {
        return Ok(());
    }
    // Closed first: the end of its charge brings nothing back that gave way to it.
    close(tx, scope, &mut change, ChangeState::Failed)?;
    if let Some(mut attempt) = attempt {
        let settlement = withdrawn(&settle::facts_of(tx, scope, &attempt)?);
        settle::apply(tx, scope, &mut attempt, settlement, OutcomeSource::Unsent)?;
    }
    let invoice = store::invoices::get(tx, scope.id(), &id)?;
    withdraw_invoice(tx, scope, invoice)
}

/// Ends a scheduled change, if there is one, before its time. The caller saves the subscription.
pub(crate) fn drop_scheduled(
    tx: &mut Conn,
    scope: &Scope,
    sub: &mut Subscription,
    state: ChangeState,
    actor: &Actor,
    why: Option<&Reason>,
) -> Result<()> {
    let open = store::changes::open_of(tx, scope.id(), &sub.id)?;
    let Some(mut change) = open.filter(|change| change.state == ChangeState::Scheduled) else {
        return Ok(());
    };
    close(tx, scope, &mut change, state)?;
    record::subscription(tx, scope, sub, REVOKED, actor, why)
}

/// Whether an invoice is that of a change which waits for its payment: nobody owes it, for without the payment nothing
/// changes.
pub(crate) fn waits_for(conn: &mut Conn, scope: &Scope, invoice: &Invoice) -> Result<bool> {
    Ok(being_paid(conn, scope, invoice)?.is_some())
}

fn being_paid(conn: &mut Conn, scope: &Scope, invoice: &Invoice) -> Result<Option<PlanChange>> {
    if invoice.reason != BillingReason::Change {
        return Ok(None);
    }
    let found = store::changes::of_invoice(conn, scope.id(), &invoice.id)?;
    Ok(found.filter(|change| change.state == ChangeState::Paying))
}

fn withdraw_invoice(tx: &mut Conn, scope: &Scope, mut invoice: Invoice) -> Result<()> {
    if !may_void(invoice.status, invoice.amount_paid, false) {
        return Ok(());
    }
    void::withdraw(tx, scope, &mut invoice, &Actor::Provider, Some(&Why::ChangeNotPaid.into()))
}
