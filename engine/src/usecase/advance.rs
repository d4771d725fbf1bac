//! Moves a subscription over whatever boundary it has reached: end, trial end, renewal, expiry.

use super::pay_from_balance::pay_from_balance;
use super::{bill, change, collect, dun, ending, record, schedule};
use crate::crash;
use crate::db::Conn;
use crate::error::{Error, Result};
use crate::ids::{SubscriptionId, TenantId};
use crate::mail::{self, MailFacts, MailKind, NewMail, TRIAL_NO_METHOD};
use crate::scope::{Engine, Scope};
use crate::store;
use crate::store::events::Actor;
use crate::store::invoices::Invoice;
use crate::store::subscriptions::Subscription;
use chrono::TimeDelta;
use domain::event::{EventKind, Reason, Why};
use domain::invoice::state::BillingReason;
use domain::period::{Period, Schedule};
use domain::subscription::due::{Due, catch_up, due};
use domain::subscription::hold::HoldReason;
use domain::subscription::pause::{ResumeDecision, decide_resume};
use domain::subscription::state::{SubscriptionStatus, may};

/// Its trial ended, and there was nothing to charge.
pub(super) static WITHOUT_METHOD: Reason = Reason::Held(HoldReason::TrialNoMethod);

/// What was done with a subscription.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Advanced {
    /// It has not reached a boundary, or waits for money or a person.
    Nothing,
    /// A period was opened and invoiced.
    Renewed,
    /// Its trial became a paid period.
    TrialConverted,
    /// It has stopped: on hold, or paused.
    Held,
    /// It has ended or expired.
    Ended,
}

/// Looks at a subscription and moves it over at most one boundary. Safe to call at any time, any number of
/// times, from anywhere at once. Collection follows in its own transaction.
pub fn advance(engine: &Engine, tenant_id: &TenantId, id: &SubscriptionId) -> Result<Advanced> {
    let id = id.clone();
    let advanced = engine.write(tenant_id, move |tx, scope| {
        let mut sub = scope.locked_subscription(tx, &id)?;
        let facts = schedule::facts(tx, scope, &sub)?;
        let due = due(&facts, scope.now.billing);
        let at_period_end = matches!(due, Due::Renew { .. } | Due::TrialEnds { .. } | Due::Pause);
        if at_period_end && change::is_being_paid(tx, scope, &id)? {
            // What the next period costs, and when it begins, depends on that payment.
            look_again(tx, scope, &mut sub)?;
            return Ok(Advanced::Nothing);
        }
        let advanced = match due {
            Due::Nothing => {
                schedule::save(tx, scope, &mut sub)?;
                Advanced::Nothing
            }
            Due::End => {
                let why = feedback_of(&sub);
                ending::cancelled(tx, scope, &mut sub, &Actor::Worker, why.as_ref(), None)?;
                Advanced::Ended
            }
            Due::Expire => expire(tx, scope, &mut sub)?,
            Due::Pause => pause(tx, scope, &mut sub)?,
            Due::Resume => resume(tx, scope, &mut sub)?,
            Due::TrialEnds { has_method, missed } => {
                end_trial(tx, scope, &mut sub, has_method, missed, &Actor::Worker)?
            }
            Due::Renew { period_index, missed } => renew(tx, scope, &mut sub, period_index, missed)?,
        };
        crash::point("t0.before_commit");
        Ok(advanced)
    })?;
    crash::point("t0.after_commit");
    Ok(advanced)
}

/// A payment under way decides what comes next: look again in an hour.
fn look_again(tx: &mut Conn, scope: &Scope, sub: &mut Subscription) -> Result<()> {
    sub.next_due_at = Some(scope.now.billing + TimeDelta::hours(1));
    store::subscriptions::update(tx, scope.id(), sub)
}

fn renew(tx: &mut Conn, scope: &Scope, sub: &mut Subscription, next: i64, missed: u32) -> Result<Advanced> {
    let (price, _) = store::catalog::price(tx, scope.id(), &sub.price_id)?;
    let plan = catch_up(scope.settings.billing.catch_up, missed.saturating_add(1));
    if plan.then_review {
        sub.review_since = Some(scope.now.billing);
    }
    let period_index = next + i64::from(plan.skip);
    let period = sub.schedule(&price)?.period(period_index);
    let bill = bill::period_bill(tx, scope, sub, period)?;
    change::at_period_start(tx, scope, sub, period.start)?;
    sub.period_index = period_index;
    sub.current_period_start = period.start;
    sub.current_period_end = period.end;
    let invoice = bill::invoice_period(tx, scope, sub, bill, BillingReason::Cycle, &Actor::Worker)?;
    record::subscription(tx, scope, sub, EventKind::SubscriptionRenewed, &Actor::Worker, None)?;
    schedule::save(tx, scope, sub)?;
    collect::enqueue(tx, scope, &invoice)?;
    // It may give back more than it charges.
    pay_from_balance(tx, scope, &sub.customer_id, invoice.currency, &Actor::Worker)?;
    Ok(Advanced::Renewed)
}

fn pause(tx: &mut Conn, scope: &Scope, sub: &mut Subscription) -> Result<Advanced> {
    sub.status = SubscriptionStatus::Paused;
    sub.paused_at = sub.pause_at.take();
    record::subscription(tx, scope, sub, EventKind::SubscriptionPaused, &Actor::Worker, None)?;
    schedule::save(tx, scope, sub)?;
    Ok(Advanced::Held)
}

fn resume(tx: &mut Conn, scope: &Scope, sub: &mut Subscription) -> Result<Advanced> {
    let facts = schedule::facts(tx, scope, sub)?;
    match decide_resume(&facts, scope.now.billing) {
        Ok(ResumeDecision::NewPeriod { schedule, period }) => {
            resume_in(tx, scope, sub, &schedule, period, &Actor::Worker)
        }
        Ok(ResumeDecision::GoesOn) | Err(_) => Ok(Advanced::Nothing),
    }
}

/// Ends a pause with a new period, its invoice and collection.
pub(super) fn resume_in(
    tx: &mut Conn,
    scope: &Scope,
    sub: &mut Subscription,
    schedule: &Schedule,
    period: Period,
    actor: &Actor,
) -> Result<Advanced> {
    sub.status = SubscriptionStatus::Active;
    (sub.paused_at, sub.resume_at) = (None, None);
    let next = Next { schedule: *schedule, period_index: schedule.anchor_index, period };
    let invoice = enter(tx, scope, sub, &next, BillingReason::Cycle, actor)?;
    record::subscription(tx, scope, sub, EventKind::SubscriptionResumed, actor, None)?;
    schedule::save(tx, scope, sub)?;
    collect::enqueue(tx, scope, &invoice)?;
    pay_from_balance(tx, scope, &sub.customer_id, invoice.currency, actor)?;
    Ok(Advanced::Renewed)
}

/// A period that begins now, and how periods are counted from then on.
pub(super) struct Next {
    pub(super) schedule: Schedule,
    pub(super) period_index: i64,
    pub(super) period: Period,
}

/// Moves a subscription into a new period and opens its invoice. The caller records, saves and collects.
pub(super) fn enter(
    tx: &mut Conn,
    scope: &Scope,
    sub: &mut Subscription,
    next: &Next,
    reason: BillingReason,
    actor: &Actor,
) -> Result<Invoice> {
    let Next { schedule, period_index, period } = next;
    let period = *period;
    let bill = bill::period_bill(tx, scope, sub, period)?;
    change::at_period_start(tx, scope, sub, period.start)?;
    sub.anchor_local = schedule.anchor.local;
    sub.anchor_index = schedule.anchor_index;
    sub.period_index = *period_index;
    sub.current_period_start = period.start;
    sub.current_period_end = period.end;
    if sub.pause_at.is_some() {
        // It was to come before this new start.
        (sub.pause_at, sub.resume_at) = (None, None);
        record::subscription(
            tx,
            scope,
            sub,
            EventKind::SubscriptionPauseRevoked,
            actor,
            Some(&Why::Reactivating.into()),
        )?;
    }
    bill::invoice_period(tx, scope, sub, bill, reason, actor)
}

/// A trial is over: the first paid period begins, unless there is no method for what it costs and the settings say
/// otherwise. `missed` further periods have begun since.
pub(super) fn end_trial(
    tx: &mut Conn,
    scope: &Scope,
    sub: &mut Subscription,
    has_method: bool,
    missed: u32,
    actor: &Actor,
) -> Result<Advanced> {
    use crate::settings::words::TrialEndWithoutMethod as Policy;
    let policy = scope.settings.billing.trial_end_without_method;
    let can_begin = has_method || bill::next_charge(tx, scope, sub)?.minor <= 0;
    if !can_begin && policy == Policy::Cancel {
        ending::end(tx, scope, sub, actor, Some(&WITHOUT_METHOD))?;
        return Ok(Advanced::Ended);
    }
    if !can_begin && policy == Policy::OnHold {
        sub.status = SubscriptionStatus::OnHold;
        sub.hold_reason = Some(TRIAL_NO_METHOD.to_owned());
        let (kind, why) = (EventKind::SubscriptionOnHold, Some(&WITHOUT_METHOD));
        record::subscription(tx, scope, sub, kind, actor, why)?;
        schedule::save(tx, scope, sub)?;
        let facts =
            MailFacts { reason: Some(TRIAL_NO_METHOD.to_owned()), ..dun::facts_of(tx, scope, sub, None)? };
        tell(tx, scope, sub, MailKind::OnHold, facts)?;
        return Ok(Advanced::Held);
    }
    open_first_period(tx, scope, sub, missed, actor)?;
    Ok(Advanced::TrialConverted)
}

/// Tells a customer that what was on hold goes on.
pub(super) fn tell_reactivated(tx: &mut Conn, scope: &Scope, sub: &Subscription) -> Result<()> {
    let renews = Some(scope.date_of(sub.current_period_end));
    let facts = MailFacts { date: renews, ..dun::facts_of(tx, scope, sub, None)? };
    tell(tx, scope, sub, MailKind::Reactivated, facts)
}

/// Queues a mail about a change of a subscription that was just recorded.
pub(super) fn tell(
    tx: &mut Conn,
    scope: &Scope,
    sub: &Subscription,
    kind: MailKind,
    facts: MailFacts,
) -> Result<()> {
    let customer = store::customers::get(tx, scope.id(), &sub.customer_id)?;
    let dedupe_key = format!("{}:{kind}:{}", sub.id, sub.event_seq);
    mail::queue(tx, scope, NewMail { to: &customer, kind, dedupe_key, facts })
}

/// Starts the first period after a trial, active, with its invoice and collection. One that nobody has seen end is caught
/// up with as any other.
fn open_first_period(
    tx: &mut Conn,
    scope: &Scope,
    sub: &mut Subscription,
    missed: u32,
    actor: &Actor,
) -> Result<()> {
    let (price, _) = store::catalog::price(tx, scope.id(), &sub.price_id)?;
    let plan = catch_up(scope.settings.billing.catch_up, missed.saturating_add(1));
    if plan.then_review {
        sub.review_since = Some(scope.now.billing);
    }
    let period_index = sub.anchor_index + i64::from(plan.skip);
    let period = sub.schedule(&price)?.period(period_index);
    let bill = bill::period_bill(tx, scope, sub, period)?;
    sub.period_index = period_index;
    sub.status = SubscriptionStatus::Active;
    sub.hold_reason = None;
    sub.current_period_start = period.start;
    sub.current_period_end = period.end;
    let invoice = bill::invoice_period(tx, scope, sub, bill, BillingReason::TrialEnd, actor)?;
    record::subscription(tx, scope, sub, EventKind::SubscriptionTrialEnded, actor, None)?;
    schedule::save(tx, scope, sub)?;
    collect::enqueue(tx, scope, &invoice)
}

/// What a customer said when cancelling.
fn feedback_of(sub: &Subscription) -> Option<Reason> {
    sub.cancel_reason.as_deref()?.parse().ok().map(Reason::Feedback)
}

fn expire(tx: &mut Conn, scope: &Scope, sub: &mut Subscription) -> Result<Advanced> {
    ending::stop_collection(tx, scope, sub)?;
    if !ending::withdraw_all(tx, scope, sub, Why::Expired)? {
        // The outcome decides, and brings us back.
        look_again(tx, scope, sub)?;
        return Ok(Advanced::Nothing);
    }
    sub.status = SubscriptionStatus::Expired;
    sub.ended_at = Some(scope.now.billing);
    record::subscription(tx, scope, sub, EventKind::SubscriptionExpired, &Actor::Worker, None)?;
    schedule::save(tx, scope, sub)?;
    let facts = dun::facts_of(tx, scope, sub, None)?;
    tell(tx, scope, sub, MailKind::FirstPaymentExpired, facts)?;
    ending::balance_pays(tx, scope, sub)?;
    Ok(Advanced::Ended)
}

/// Subscriptions that have reached a boundary, by billing time.
pub fn find_due(engine: &Engine, tenant_id: &TenantId, limit: i64) -> Result<Vec<SubscriptionId>> {
    engine
        .read(tenant_id, |conn, scope| store::subscriptions::due(conn, scope.id(), scope.now.billing, limit))
}

/// Parks a subscription whose boundary failed again and again, so that it is seen and does not hold up others. Answers
/// whether it is parked: what does not run cannot be.
pub fn park(engine: &Engine, tenant_id: &TenantId, id: &SubscriptionId, why: &Error) -> Result<bool> {
    let (id, why) = (id.clone(), Reason::Text(why.to_string()));
    engine.write(tenant_id, move |tx, scope| {
        let mut sub = scope.locked_subscription(tx, &id)?;
        if !may(sub.status, SubscriptionStatus::Error) {
            return Ok(false);
        }
        sub.status = SubscriptionStatus::Error;
        sub.next_due_at = None;
        sub.updated_at = scope.now.wall;
        record::subscription(tx, scope, &mut sub, EventKind::SubscriptionParked, &Actor::Worker, Some(&why))?;
        store::subscriptions::update(tx, scope.id(), &sub)?;
        Ok(true)
    })
}
