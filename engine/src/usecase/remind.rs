//! Mails that nobody asked for: what is charged soon, a card that expires, a word after a customer has left. Planned by
//! `domain::reminder`; a subscription carries the moment at which the worker looks for the next.

use super::bill::next_charge;
use super::{dun, schedule};
use crate::db::Conn;
use crate::error::{Error, Result};
use crate::ids::{CustomerId, SubscriptionId, TenantId};
use crate::mail::{self, MailFacts, MailKind, NewMail};
use crate::scope::{Engine, Scope};
use crate::store;
use crate::store::events::Actor;
use crate::store::mails::Mail;
use crate::store::subscriptions::Subscription;
use domain::Instant;
use domain::event::EventKind;
use domain::period::Schedule;
use domain::reminder::{self, CardFacts, Planned, RenewalFacts, WinBackFacts, WinBackMail, card_expires_at};
use domain::subscription::state::SubscriptionStatus;

/// How a plan is looked at.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Look {
    /// For when to look again: all that may still turn out so does.
    Ahead,
    /// For what to say: as things stand.
    Now,
}

/// Queues the mails of a subscription whose moment has come, each once, and notes when to look again.
pub fn remind(engine: &Engine, tenant_id: &TenantId, id: &SubscriptionId) -> Result<()> {
    let id = id.clone();
    engine.write(tenant_id, move |tx, scope| {
        let mut sub = scope.locked_subscription(tx, &id)?;
        for plan in plans(tx, scope, &sub, Look::Now)? {
            if plan.is_due(scope.now.billing) {
                tell(tx, scope, &sub, plan)?;
            }
        }
        // What was due has had its say, also where there was nothing to say.
        let later = |plan: &Planned<MailKind>| plan.due_at > scope.now.billing;
        sub.remind_at =
            plans(tx, scope, &sub, Look::Ahead)?.iter().filter(|p| later(p)).map(|p| p.due_at).min();
        store::subscriptions::update(tx, scope.id(), &sub)
    })
}

/// Subscriptions to look at for a reminder.
pub fn find_due(engine: &Engine, tenant_id: &TenantId, limit: i64) -> Result<Vec<SubscriptionId>> {
    engine.read(tenant_id, |conn, scope| {
        store::subscriptions::to_remind(conn, scope.id(), scope.now.billing, limit)
    })
}

/// Whether a queued mail still says what is so: a reminder that waited too long, or that something has overtaken, does
/// not. Mails of other kinds state what has happened, which stays true.
pub fn still_holds(conn: &mut Conn, scope: &Scope, row: &Mail) -> Result<bool> {
    let kind: MailKind = row.kind.parse().map_err(Error::bug)?;
    if !kind.is_planned() {
        return Ok(true);
    }
    let facts: MailFacts = serde_json::from_str(&row.data).map_err(Error::bug)?;
    let id = facts.subscription_id.ok_or_else(|| Error::bug("a reminder without its subscription"))?;
    let sub = store::subscriptions::get(conn, scope.id(), &id)?;
    let same = |plan: &Planned<MailKind>| plan.kind == kind && plan.dedupe_key == row.dedupe_key;
    let plans = plans(conn, scope, &sub, Look::Now)?;
    Ok(plans.iter().any(|plan| same(plan) && plan.is_due(scope.now.billing)))
}

/// When the worker has to look for a reminder of a subscription as it stands now.
pub(super) fn next_at(conn: &mut Conn, scope: &Scope, sub: &Subscription) -> Result<Option<Instant>> {
    let mut next = None;
    for plan in plans(conn, scope, sub, Look::Ahead)? {
        let over = plan.until <= scope.now.billing;
        if !over && !store::mails::exists(conn, scope.id(), &plan.dedupe_key)? {
            next = [next, Some(plan.due_at)].into_iter().flatten().min();
        }
    }
    Ok(next)
}

/// Another card pays: plans the reminders of a customer's subscriptions again.
pub(super) fn plan_again(tx: &mut Conn, scope: &Scope, owner: &CustomerId) -> Result<()> {
    for mut sub in store::subscriptions::list(tx, scope.id(), owner)? {
        if !sub.has_ended() {
            sub.remind_at = next_at(tx, scope, &sub)?;
            store::subscriptions::update(tx, scope.id(), &sub)?;
        }
    }
    Ok(())
}

fn tell(tx: &mut Conn, scope: &Scope, sub: &Subscription, plan: Planned<MailKind>) -> Result<()> {
    let customer = store::customers::get(tx, scope.id(), &sub.customer_id)?;
    let method = schedule::effective_method(tx, scope, sub, &customer)?;
    let offers = plan.kind == MailKind::WinBackOffer;
    let facts = MailFacts {
        // When it ended, or when money moves.
        date: Some(scope.date_of(sub.ended_at.unwrap_or(plan.until))),
        method_id: method.map(|method| method.id),
        coupon: scope.settings.win_back.coupon.clone().filter(|_| offers),
        ..dun::facts_of(tx, scope, sub, None)?
    };
    let new = NewMail { to: &customer, kind: plan.kind, dedupe_key: plan.dedupe_key, facts };
    mail::queue(tx, scope, new)
}

fn plans(conn: &mut Conn, scope: &Scope, sub: &Subscription, look: Look) -> Result<Vec<Planned<MailKind>>> {
    let plans = match sub.has_ended() {
        true => [after_leaving(conn, scope, sub, look)?, None],
        false => [before_charge(conn, scope, sub, look)?, before_expiry(conn, scope, sub)?],
    };
    Ok(plans.into_iter().flatten().collect())
}

fn before_charge(
    conn: &mut Conn,
    scope: &Scope,
    sub: &Subscription,
    look: Look,
) -> Result<Option<Planned<MailKind>>> {
    let next_amount = match look {
        Look::Now if sub.status.renews() => next_charge(conn, scope, sub)?.minor,
        Look::Now | Look::Ahead => i64::MAX,
    };
    let facts = RenewalFacts {
        id: sub.id.as_str(),
        status: sub.status,
        period_start: sub.current_period_start,
        period_end: sub.current_period_end,
        stops_at: stops_at(sub),
        next_amount,
    };
    Ok(reminder::of_subscription(&facts, &scope.settings.reminders).map(planned))
}

fn before_expiry(conn: &mut Conn, scope: &Scope, sub: &Subscription) -> Result<Option<Planned<MailKind>>> {
    if !matches!(sub.status, SubscriptionStatus::Trialing | SubscriptionStatus::Active) {
        return Ok(None);
    }
    let customer = store::customers::get(conn, scope.id(), &sub.customer_id)?;
    let Some(method) = schedule::effective_method(conn, scope, sub, &customer)? else { return Ok(None) };
    let (Some(exp_year), Some(exp_month)) = (method.exp_year, method.exp_month) else { return Ok(None) };
    let (price, _) = store::catalog::price(conn, scope.id(), &sub.price_id)?;
    let schedule = sub.schedule(&price)?;
    let card = CardFacts {
        id: method.id.as_str(),
        exp_year,
        exp_month: exp_month.unsigned_abs(),
        zone: schedule.anchor.zone,
        next_charge_at: None,
    };
    let next_charge_at = card_expires_at(&card).map(|expiry| charge_from(sub, &schedule, expiry));
    let card = CardFacts {
        next_charge_at: next_charge_at.filter(|at| stops_at(sub).is_none_or(|stop| *at < stop)),
        ..card
    };
    Ok(reminder::of_card(&card, &scope.settings.reminders).map(planned))
}

/// The first charge of a subscription from a moment on.
fn charge_from(sub: &Subscription, schedule: &Schedule, from: Instant) -> Instant {
    if from <= sub.current_period_end {
        return sub.current_period_end;
    }
    let period = schedule.period(schedule.index_at(from));
    if period.start < from { period.end } else { period.start }
}

fn stops_at(sub: &Subscription) -> Option<Instant> {
    [sub.cancel_at, sub.pause_at].into_iter().flatten().min()
}

fn after_leaving(
    conn: &mut Conn,
    scope: &Scope,
    sub: &Subscription,
    look: Look,
) -> Result<Option<Planned<MailKind>>> {
    let Some(ended_at) = sub.ended_at else { return Ok(None) };
    let customer = store::customers::get(conn, scope.id(), &sub.customer_id)?;
    let mut others = store::subscriptions::list(conn, scope.id(), &sub.customer_id)?;
    others.retain(|other| !other.has_ended());
    let facts = WinBackFacts {
        id: sub.id.as_str(),
        ended_at,
        by_customer: left_by_choice(conn, scope, sub)?,
        reason: sub.cancel_reason.as_deref().and_then(|word| word.parse().ok()),
        marketing_opt_in: look == Look::Ahead || customer.marketing_opt_in_at.is_some(),
        stays: look == Look::Now && !others.is_empty(),
    };
    let plan = reminder::win_back(&facts, &scope.settings.win_back.rules());
    let offers = plan.as_ref().is_some_and(|plan| plan.kind == WinBackMail::Offer);
    if offers && look == Look::Now && !coupon_holds(conn, scope)? {
        return Ok(None);
    }
    Ok(plan.map(planned))
}

/// The customer ended it: at once, or by a cancellation that has come to its day.
fn left_by_choice(conn: &mut Conn, scope: &Scope, sub: &Subscription) -> Result<bool> {
    let events = store::events::of(conn, scope.id(), sub.id.as_str())?;
    let last = |kind: EventKind| events.iter().rev().find(|event| event.kind == kind);
    let by_customer = |event: &store::events::Event| matches!(event.actor, Actor::Customer(_));
    let Some(end) = last(EventKind::SubscriptionCancelled) else { return Ok(false) };
    // What ends for want of payment gives another reason than the customer's.
    let as_scheduled = end.reason == sub.cancel_reason;
    let scheduled = last(EventKind::SubscriptionCancellationScheduled);
    Ok(by_customer(end) || (as_scheduled && scheduled.is_some_and(by_customer)))
}

/// The coupon that offers name can be redeemed.
fn coupon_holds(conn: &mut Conn, scope: &Scope) -> Result<bool> {
    let Some(code) = &scope.settings.win_back.coupon else { return Ok(false) };
    let coupon = store::discounts::coupon_by_code(conn, scope.id(), code)?;
    Ok(coupon.is_some_and(|coupon| coupon.can_be_redeemed(scope.now.billing)))
}

fn planned<K>(plan: Planned<K>) -> Planned<MailKind>
where
    MailKind: From<K>,
{
    Planned { kind: plan.kind.into(), due_at: plan.due_at, until: plan.until, dedupe_key: plan.dedupe_key }
}
