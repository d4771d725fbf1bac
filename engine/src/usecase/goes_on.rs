//! A subscription goes on, since nothing is owed any more that it waited for.

use super::{advance, change, collect, dun, reactivate, record, schedule};
use crate::db::Conn;
use crate::error::Result;
use crate::scope::Scope;
use crate::store;
use crate::store::attempts::Attempt;
use crate::store::events::Actor;
use crate::store::invoices::Invoice;
use crate::store::subscriptions::Subscription;
use domain::dunning::CaseOutcome;
use domain::event::EventKind;
use domain::invoice::state::{BillingReason, InvoiceStatus};
use domain::subscription::hold::{
    AfterPayment, Means, PaymentNews, PaymentStanding, Reactivation, after_payment, decide_reactivation,
};
use domain::subscription::state::SubscriptionStatus;

/// An invoice on which nothing is owed any more, or nothing is waited for.
#[derive(Clone, Copy)]
pub(super) struct Settled<'a> {
    pub(super) invoice: &'a Invoice,
    pub(super) means: Means,
}

/// Nothing is owed on an invoice any more: a subscription that waited for that goes on.
pub(super) fn subscription_goes_on(
    tx: &mut Conn,
    scope: &Scope,
    settled: Settled,
    actor: &Actor,
) -> Result<()> {
    let Settled { invoice, means } = settled;
    let Some(id) = &invoice.subscription_id else { return Ok(()) };
    let sub = &mut store::subscriptions::get(tx, scope.id(), id)?;
    let all_paid = all_paid(tx, scope, sub)?;
    let kind = match sub.status {
        SubscriptionStatus::Incomplete if means.is_money() => EventKind::SubscriptionActivated,
        SubscriptionStatus::PastDue if all_paid => EventKind::SubscriptionRecovered,
        SubscriptionStatus::OnHold => {
            return after_news(tx, scope, sub, settled, PaymentStanding::Succeeded, actor);
        }
        _ => return schedule::save(tx, scope, sub),
    };
    if sub.status == SubscriptionStatus::PastDue {
        skip_to_running(tx, scope, sub)?;
    }
    sub.status = SubscriptionStatus::Active;
    sub.past_due_since = None;
    record::subscription(tx, scope, sub, kind, actor, None)?;
    schedule::save(tx, scope, sub)
}

/// Whether nothing is owed for a subscription. What a bank took back is a matter of its own, and so is a change that is
/// being paid.
fn all_paid(conn: &mut Conn, scope: &Scope, sub: &Subscription) -> Result<bool> {
    for open in store::invoices::open_of(conn, scope.id(), &sub.id)? {
        if open.disputed_since.is_none() && !change::waits_for(conn, scope, &open)? {
            return Ok(false);
        }
    }
    Ok(true)
}

/// A charge was accepted and settles later: by setting, that is enough to bring a subscription back from hold.
pub(super) fn money_on_its_way(tx: &mut Conn, scope: &Scope, attempt: &Attempt) -> Result<()> {
    let invoice = store::invoices::get(tx, scope.id(), &attempt.invoice_id)?;
    let Some(id) = &invoice.subscription_id else { return Ok(()) };
    let mut sub = store::subscriptions::get(tx, scope.id(), id)?;
    if sub.status != SubscriptionStatus::OnHold
        || !reactivate::waits_for(tx, scope, &invoice, invoice.status)?
    {
        return Ok(());
    }
    let on_its_way = Settled { invoice: &invoice, means: Means::Charge };
    after_news(tx, scope, &mut sub, on_its_way, PaymentStanding::Pending, &Actor::Provider)
}

/// What news of a payment mean for a subscription on hold.
fn after_news(
    tx: &mut Conn,
    scope: &Scope,
    sub: &mut Subscription,
    Settled { invoice, means }: Settled,
    standing: PaymentStanding,
    actor: &Actor,
) -> Result<()> {
    let mut other_dues = 0;
    for other in reactivate::dues(tx, scope, sub)? {
        // What was given up is still missing, whoever gave it up.
        if other.id != invoice.id || other.status == InvoiceStatus::Uncollectible {
            other_dues += other.due()?.minor;
        }
    }
    let lapsed = scope.now.billing >= sub.current_period_end;
    let news = PaymentNews { of_this_subscription: true, standing, means, lapsed, other_dues };
    match after_payment(&news, scope.settings.billing.reactivate_on_pending) {
        AfterPayment::Stay { .. } => schedule::save(tx, scope, sub),
        AfterPayment::Reactivate { .. } => {
            dun::close(tx, scope, &invoice.id, CaseOutcome::Recovered)?;
            let new = after_lapse(tx, scope, sub, invoice, actor)?;
            come_back(tx, scope, sub, actor)?;
            new.map_or(Ok(()), |invoice| collect::enqueue(tx, scope, &invoice))
        }
    }
}

/// It is active again; its customer is told.
pub(super) fn come_back(tx: &mut Conn, scope: &Scope, sub: &mut Subscription, actor: &Actor) -> Result<()> {
    sub.status = SubscriptionStatus::Active;
    sub.past_due_since = None;
    sub.hold_reason = None;
    record::subscription(tx, scope, sub, EventKind::SubscriptionReactivated, actor, None)?;
    schedule::save(tx, scope, sub)?;
    advance::tell_reactivated(tx, scope, sub)
}

/// What was owed has been paid as it was, though its period is over: what comes next is as by any other way back. A new
/// start opens its invoice at once; with arrears, the next look opens the period that runs.
fn after_lapse(
    tx: &mut Conn,
    scope: &Scope,
    sub: &mut Subscription,
    paid: &Invoice,
    actor: &Actor,
) -> Result<Option<Invoice>> {
    let now = scope.now.billing;
    if now < sub.current_period_end {
        return Ok(None);
    }
    let (facts, mut hold) = reactivate::facts(tx, scope, sub, &[])?;
    hold.open_invoices = vec![reactivate::open_invoice(paid)];
    match decide_reactivation(&facts, &hold, scope.settings.billing.lapsed, now) {
        Ok(Reactivation::NewPeriod { period_index, schedule, period, .. }) => {
            let next = advance::Next { schedule, period_index, period };
            advance::enter(tx, scope, sub, &next, BillingReason::Cycle, actor).map(Some)
        }
        Ok(Reactivation::Arrears { .. }) => skip_to_running(tx, scope, sub).map(|()| None),
        Ok(Reactivation::Charge(_) | Reactivation::GoOn) | Err(_) => Ok(None),
    }
}

/// Periods that went by while nobody paid are not billed afterwards: the next is the one that runs now.
fn skip_to_running(conn: &mut Conn, scope: &Scope, sub: &mut Subscription) -> Result<()> {
    let (price, _) = store::catalog::price(conn, scope.id(), &sub.price_id)?;
    let schedule = sub.schedule(&price)?;
    let before_current = schedule.index_at(scope.now.billing) - 1;
    if before_current > sub.period_index {
        let period = schedule.period(before_current);
        sub.period_index = before_current;
        sub.current_period_start = period.start;
        sub.current_period_end = period.end;
    }
    Ok(())
}
