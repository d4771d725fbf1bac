//! A subscription goes on, since nothing is owed any more that it waited for.

use super::{advance, collect, dun, reactivate, record, schedule};
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
use domain::invoice::state::BillingReason;
use domain::subscription::hold::{
    AfterPayment, PaymentNews, PaymentStanding, Reactivation, after_payment, decide_reactivation,
};
use domain::subscription::state::SubscriptionStatus;

/// Nothing is owed on an invoice any more: a subscription that waited for that goes on.
pub(super) fn subscription_goes_on(
    tx: &mut Conn,
    scope: &Scope,
    invoice: &Invoice,
    actor: &Actor,
) -> Result<()> {
    let Some(id) = &invoice.subscription_id else { return Ok(()) };
    let sub = &mut store::subscriptions::get(tx, scope.id(), id)?;
    let all_paid = store::invoices::open_of(tx, scope.id(), &sub.id)?.is_empty();
    let kind = match sub.status {
        SubscriptionStatus::Incomplete => EventKind::SubscriptionActivated,
        SubscriptionStatus::PastDue if all_paid => EventKind::SubscriptionRecovered,
        SubscriptionStatus::OnHold => {
            return after_news(tx, scope, sub, invoice, PaymentStanding::Succeeded, actor);
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

/// A charge was accepted and settles later: by setting, that is enough to bring a subscription back from hold.
pub(super) fn money_on_its_way(tx: &mut Conn, scope: &Scope, attempt: &Attempt) -> Result<()> {
    let invoice = store::invoices::get(tx, scope.id(), &attempt.invoice_id)?;
    let Some(id) = &invoice.subscription_id else { return Ok(()) };
    let mut sub = store::subscriptions::get(tx, scope.id(), id)?;
    if sub.status != SubscriptionStatus::OnHold {
        return Ok(());
    }
    after_news(tx, scope, &mut sub, &invoice, PaymentStanding::Pending, &Actor::Provider)
}

/// What news of a payment mean for a subscription on hold.
fn after_news(
    tx: &mut Conn,
    scope: &Scope,
    sub: &mut Subscription,
    invoice: &Invoice,
    standing: PaymentStanding,
    actor: &Actor,
) -> Result<()> {
    let mut other_dues = 0;
    for other in store::invoices::open_of(tx, scope.id(), &sub.id)? {
        if other.id != invoice.id {
            other_dues += other.due()?.minor;
        }
    }
    let news = PaymentNews { of_this_subscription: true, standing, other_dues };
    match after_payment(&news, scope.settings.billing.reactivate_on_pending) {
        AfterPayment::Stay { .. } => schedule::save(tx, scope, sub),
        AfterPayment::Reactivate { .. } => {
            dun::close(tx, scope, &invoice.id, CaseOutcome::Recovered)?;
            let new = lapsed(tx, scope, sub, invoice, actor)?;
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
fn lapsed(
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
    hold.open_invoices = vec![reactivate::open_invoice(paid)?];
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
