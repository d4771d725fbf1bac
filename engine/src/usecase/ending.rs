//! The end of a subscription, and what it leaves behind.

use super::pay_from_balance::pay_from_balance;
use super::{advance, bill, change, collect, dun, record, schedule, settle, unused, void};
use crate::db::Conn;
use crate::error::Result;
use crate::mail::{MailFacts, MailKind};
use crate::scope::Scope;
use crate::store;
use crate::store::events::Actor;
use crate::store::invoices::Invoice;
use crate::store::subscriptions::Subscription;
use domain::Instant;
use domain::dunning::CaseOutcome;
use domain::event::{EventKind, Reason, Why};
use domain::invoice::state::{BillingReason, InvoiceStatus, may_void};
use domain::money::Money;
use domain::payment::protocol::withdrawn;
use domain::payment::state::{AttemptState, OutcomeSource};
use domain::period::Period;
use domain::subscription::ending::{EndingPolicy, GivenBack, OpenInvoices};
use domain::subscription::state::SubscriptionStatus;

/// Ends a subscription that its customer or the business has cancelled, by the business's rules for what it leaves
/// behind. Time is unused from `since` on, a moment that was shown before, else from its end. Answers with what
/// comes back.
pub(super) fn cancelled(
    tx: &mut Conn,
    scope: &Scope,
    sub: &mut Subscription,
    actor: &Actor,
    why: Option<&Reason>,
    since: Option<Instant>,
) -> Result<GivenBack> {
    finish(tx, scope, sub, scope.settings.ending, actor, why, since)
}

/// Ends a subscription for good, for a cause with rules of its own: dunning, a refund, a dispute, a trial without a
/// method.
pub(super) fn end(
    tx: &mut Conn,
    scope: &Scope,
    sub: &mut Subscription,
    actor: &Actor,
    why: Option<&Reason>,
) -> Result<()> {
    finish(tx, scope, sub, EndingPolicy::NOTHING, actor, why, None).map(drop)
}

fn finish(
    tx: &mut Conn,
    scope: &Scope,
    sub: &mut Subscription,
    policy: EndingPolicy,
    actor: &Actor,
    why: Option<&Reason>,
    since: Option<Instant>,
) -> Result<GivenBack> {
    let (price, _) = store::catalog::price(tx, scope.id(), &sub.price_id)?;
    if sub.has_ended() {
        return Ok(GivenBack::nothing(price.currency));
    }
    let ended_at = sub.cancel_at.map_or(scope.now.billing, |at| at.min(scope.now.billing));
    let last = Period { start: sub.current_period_start, end: ended_at };
    let never_began = sub.status == SubscriptionStatus::Incomplete;
    let policy = policy.of(sub.status);
    (sub.unused_time, sub.open_invoices) = (policy.unused_time, policy.open_invoices);
    sub.status = SubscriptionStatus::Cancelled;
    sub.ended_at = Some(ended_at);
    sub.hold_reason = None;
    if !sub.is_collected() {
        stop_collection(tx, scope, sub)?;
    }
    if never_began {
        withdraw_all(tx, scope, sub, Why::Cancelled)?;
    }
    change::ended(tx, scope, sub, actor)?;
    // What a credit note settles looks at how it stands.
    store::subscriptions::update(tx, scope.id(), sub)?;
    let given_back = follow_rules(tx, scope, sub, since.unwrap_or(ended_at), actor)?;
    let rest = if never_began { None } else { bill::invoice_rest(tx, scope, sub, last, actor)? };
    record::subscription(tx, scope, sub, EventKind::SubscriptionCancelled, actor, why)?;
    schedule::save(tx, scope, sub)?;
    tell(tx, scope, sub, rest, why, given_back)?;
    balance_pays(tx, scope, sub)?;
    Ok(given_back)
}

/// Does to what a subscription leaves behind what it has ended by. Invoices with a payment under way are left for when
/// that is known.
fn follow_rules(
    tx: &mut Conn,
    scope: &Scope,
    sub: &Subscription,
    since: Instant,
    actor: &Actor,
) -> Result<GivenBack> {
    let lets_go = sub.open_invoices == OpenInvoices::Void;
    if lets_go {
        for invoice in left_open(tx, scope, sub)? {
            if void::is_untouched(tx, scope, &invoice)? {
                void::let_go(tx, scope, invoice, actor)?;
            }
        }
    }
    let given_back = unused::give_back(tx, scope, sub, since, actor)?;
    if lets_go {
        for invoice in left_open(tx, scope, sub)? {
            void::let_go(tx, scope, invoice, actor)?;
        }
    }
    Ok(given_back)
}

/// A payment that was under way when a subscription ended is over: what was left for then is done now.
pub(super) fn outcome_known(tx: &mut Conn, scope: &Scope, sub: &Subscription) -> Result<()> {
    let Some(ended_at) = sub.ended_at else { return Ok(()) };
    follow_rules(tx, scope, sub, ended_at, &Actor::Worker)?;
    balance_pays(tx, scope, sub)
}

/// Open invoices that nothing moves. What was used last is owed by any rule, and what a bank took back is a matter of
/// its own.
fn left_open(conn: &mut Conn, scope: &Scope, sub: &Subscription) -> Result<Vec<Invoice>> {
    let mut left = Vec::new();
    for invoice in store::invoices::open_of(conn, scope.id(), &sub.id)? {
        let moving = store::attempts::open_of(conn, scope.id(), &invoice.id)?.is_some();
        if !moving && invoice.reason != BillingReason::Final && invoice.disputed_since.is_none() {
            left.push(invoice);
        }
    }
    Ok(left)
}

/// Says that it has ended, what comes back, and what is still to be paid. A last invoice is charged by itself only where
/// all others still are.
fn tell(
    tx: &mut Conn,
    scope: &Scope,
    sub: &Subscription,
    rest: Option<Invoice>,
    why: Option<&Reason>,
    given_back: GivenBack,
) -> Result<()> {
    let owed = rest.filter(|invoice| invoice.status == InvoiceStatus::Open);
    let mut facts = dun::facts_of(tx, scope, sub, owed.as_ref())?;
    if sub.is_collected() {
        if let Some(invoice) = &owed {
            collect::enqueue(tx, scope, invoice)?;
        }
        facts.amount = still_due(tx, scope, sub)?;
        facts.still_charged = facts.amount.is_some();
    }
    let facts = MailFacts {
        date: sub.ended_at.map(|at| scope.date_of(at)),
        reason: why.filter(|why| **why == advance::WITHOUT_METHOD).map(ToString::to_string),
        given_back: Some(given_back),
        ..facts
    };
    advance::tell(tx, scope, sub, MailKind::Cancelled, facts)
}

/// What is due on all open invoices together, if anything is.
fn still_due(conn: &mut Conn, scope: &Scope, sub: &Subscription) -> Result<Option<Money>> {
    let mut sum: Option<Money> = None;
    for invoice in store::invoices::open_of(conn, scope.id(), &sub.id)? {
        let due = invoice.due()?;
        sum = Some(Money::new(sum.map_or(0, |sum| sum.minor) + due.minor, due.currency));
    }
    Ok(sum)
}

/// What withdrawn invoices had from the balance, and what came back, pays others.
pub(super) fn balance_pays(tx: &mut Conn, scope: &Scope, sub: &Subscription) -> Result<()> {
    let (price, _) = store::catalog::price(tx, scope.id(), &sub.price_id)?;
    pay_from_balance(tx, scope, &sub.customer_id, price.currency, &Actor::Worker)
}

/// Automatic collection ends: open cases are closed, attempts that have not left the house are withdrawn. Open
/// invoices stay open and payable by hand.
pub(super) fn stop_collection(tx: &mut Conn, scope: &Scope, sub: &Subscription) -> Result<()> {
    for invoice in store::invoices::open_of(tx, scope.id(), &sub.id)? {
        dun::close(tx, scope, &invoice.id, CaseOutcome::Cancelled)?;
        if let Some(mut attempt) = store::attempts::open_of(tx, scope.id(), &invoice.id)?
            && attempt.state == AttemptState::Created
            && attempt.attempt_trigger.is_automatic()
        {
            let settlement = withdrawn(&settle::facts_of(tx, scope, &attempt)?);
            settle::apply(tx, scope, &mut attempt, settlement, OutcomeSource::Unsent)?;
        }
    }
    Ok(())
}

/// Withdraws what was asked for a subscription that never began. False while money may be moving for it.
pub(super) fn withdraw_all(tx: &mut Conn, scope: &Scope, sub: &Subscription, why: Why) -> Result<bool> {
    let mut all_still = true;
    for mut invoice in store::invoices::open_of(tx, scope.id(), &sub.id)? {
        let moving = store::attempts::open_of(tx, scope.id(), &invoice.id)?.is_some();
        all_still &= !moving;
        if may_void(invoice.status, invoice.amount_paid, moving) {
            void::withdraw(tx, scope, &mut invoice, &Actor::Worker, Some(&why.into()))?;
        }
    }
    Ok(all_still)
}
