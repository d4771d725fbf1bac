//! A change takes effect: items in place of items, and where that begins a period, the period.

use super::{facts, give_back, metered};
use crate::db::Conn;
use crate::error::{Error, Result};
use crate::ids::{AddonId, PriceId};
use crate::mail::MailKind;
use crate::scope::Scope;
use crate::store;
use crate::store::changes::{Addon, ChangeState, PlanChange};
use crate::store::events::Actor;
use crate::store::subscriptions::Subscription;
use crate::usecase::bill::items::{Sold, items};
use crate::usecase::{advance, bill, dun, record, schedule};
use domain::Instant;
use domain::event::{EventKind, Reason, Why};
use domain::subscription::change::pending::{
    PendingChange, PendingOutcome, at_period_start as decide_at_start,
};
use domain::subscription::change::target::Wanted;
use domain::subscription::item::{Item, ItemRole};
use domain::subscription::pause::moved;
use domain::subscription::state::SubscriptionStatus;
use domain::tax::TaxRate;
use domain::tax::decide::{TaxDecision, Treatment};

/// The kind of event that says so.
pub(super) const CHANGED: EventKind = EventKind::SubscriptionChanged;
/// The kind of event that says that it comes later.
pub(super) const SCHEDULED: EventKind = EventKind::SubscriptionChangeScheduled;
/// The kind of event that says that a scheduled change will not come.
pub(super) const REVOKED: EventKind = EventKind::SubscriptionChangeRevoked;

/// Tax plays no part in what is allowed.
pub(crate) const TAX_DOES_NOT_MATTER: TaxDecision =
    TaxDecision { treatment: Treatment::None, rate: TaxRate::ZERO };

/// Puts items in place of those a subscription has.
pub(super) fn put_items(
    tx: &mut Conn,
    scope: &Scope,
    sub: &mut Subscription,
    target: &[Wanted],
) -> Result<()> {
    let had = store::changes::addons(tx, scope.id(), &sub.id)?;
    let mut addons = Vec::new();
    for wanted in target {
        let price_id = PriceId::from(wanted.price.as_str());
        match wanted.role {
            ItemRole::Plan => (sub.price_id, sub.quantity) = (price_id, wanted.quantity),
            ItemRole::Addon => {
                let before = had.iter().find(|addon| addon.price_id == price_id);
                addons.push(Addon {
                    id: before.map_or_else(AddonId::mint, |addon| addon.id.clone()),
                    tenant_id: scope.id().clone(),
                    subscription_id: sub.id.clone(),
                    price_id,
                    quantity: wanted.quantity,
                    created_at: before.map_or(scope.now.billing, |addon| addon.created_at),
                });
            }
        }
    }
    store::changes::replace_addons(tx, scope.id(), &sub.id, &addons)
}

/// Begins a period of the plan that a subscription now has, at the instant that its change was quoted for.
pub(super) fn begin_period(tx: &mut Conn, scope: &Scope, sub: &mut Subscription, at: Instant) -> Result<()> {
    let (price, _) = store::catalog::price(tx, scope.id(), &sub.price_id)?;
    let (schedule, period) = schedule::facts(tx, scope, sub)?.restarted(price.interval(), at);
    if sub.status == SubscriptionStatus::Trialing {
        sub.status = SubscriptionStatus::Active;
        sub.trial_end = Some(at);
    }
    sub.anchor_local = schedule.anchor.local;
    sub.anchor_index = schedule.anchor_index;
    sub.period_index = schedule.anchor_index;
    sub.current_period_start = period.start;
    sub.current_period_end = period.end;
    move_pause(tx, scope, sub)?;
    // What was redeemed since it was quoted, is for the next.
    bill::use_discounts(tx, scope, sub, at)
}

/// A planned pause waits for the end of the period that was just paid for.
fn move_pause(tx: &mut Conn, scope: &Scope, sub: &mut Subscription) -> Result<()> {
    let before = (sub.pause_at, sub.resume_at);
    (sub.pause_at, sub.resume_at) = moved(before, sub.current_period_end);
    if (sub.pause_at, sub.resume_at) == before {
        return Ok(());
    }
    let kind = match sub.pause_at {
        Some(_) => EventKind::SubscriptionPauseScheduled,
        None => EventKind::SubscriptionPauseRevoked,
    };
    record::subscription(tx, scope, sub, kind, &Actor::Worker, Some(&Why::Changed.into()))
}

/// Carries out what was paid for, or costs nothing now.
pub(super) fn apply(
    tx: &mut Conn,
    scope: &Scope,
    sub: &mut Subscription,
    change: &PlanChange,
    actor: &Actor,
) -> Result<()> {
    put_in_place(tx, scope, sub, change, actor)?;
    recorded(tx, scope, sub, actor)
}

/// The items of a change, and the period that begins with it. What was used before is billed by what counted it.
pub(super) fn put_in_place(
    tx: &mut Conn,
    scope: &Scope,
    sub: &mut Subscription,
    change: &PlanChange,
    actor: &Actor,
) -> Result<()> {
    give_back::set_off(tx, scope, sub, change, actor)?;
    let target = target_of(change)?;
    metered::settle(tx, scope, sub, &target, change.apply_at.is_some())?;
    put_items(tx, scope, sub, &target)?;
    match change.apply_at {
        Some(at) => begin_period(tx, scope, sub, at),
        None => Ok(()),
    }
}

/// Says that a change has taken effect, and saves the subscription.
pub(super) fn recorded(tx: &mut Conn, scope: &Scope, sub: &mut Subscription, actor: &Actor) -> Result<()> {
    record::subscription(tx, scope, sub, CHANGED, actor, None)?;
    schedule::save(tx, scope, sub)
}

/// A period begins: the change that waits for it is applied, or dropped if it is no longer possible. The bill of
/// the period is computed before; the caller saves the subscription.
pub(crate) fn at_period_start(
    tx: &mut Conn,
    scope: &Scope,
    sub: &mut Subscription,
    start: Instant,
) -> Result<()> {
    let sold = items(tx, scope, sub, &TAX_DOES_NOT_MATTER)?;
    let Some((mut change, outcome)) = outcome_at(tx, scope, sub, &sold, start)? else { return Ok(()) };
    match outcome {
        PendingOutcome::Waits => Ok(()),
        PendingOutcome::Applies(_) => {
            put_items(tx, scope, sub, &target_of(&change)?)?;
            close(tx, scope, &mut change, ChangeState::Applied)?;
            record::subscription(tx, scope, sub, CHANGED, &Actor::Worker, None)
        }
        PendingOutcome::Dropped(refusal) => {
            close(tx, scope, &mut change, ChangeState::Dropped)?;
            let why = Reason::ChangeRefused(refusal);
            record::subscription(tx, scope, sub, REVOKED, &Actor::Worker, Some(&why))?;
            let facts = dun::facts_of(tx, scope, sub, None)?;
            advance::tell(tx, scope, sub, MailKind::ChangeDropped, facts)
        }
    }
}

/// What a subscription consists of in a period that begins then, if a scheduled change makes that something else.
pub(crate) fn items_from(
    conn: &mut Conn,
    scope: &Scope,
    sub: &Subscription,
    sold: &[Sold],
    start: Instant,
) -> Result<Option<Vec<Sold>>> {
    let Some((_, PendingOutcome::Applies(items))) = outcome_at(conn, scope, sub, sold, start)? else {
        return Ok(None);
    };
    let sold = |item: Item| {
        let (price, product) = store::catalog::price(conn, scope.id(), &PriceId::from(item.price.as_str()))?;
        Ok(Sold { item, price, product })
    };
    items.into_iter().map(sold).collect::<Result<_>>().map(Some)
}

/// What becomes of the scheduled change when a period begins.
fn outcome_at(
    conn: &mut Conn,
    scope: &Scope,
    sub: &Subscription,
    sold: &[Sold],
    start: Instant,
) -> Result<Option<(PlanChange, PendingOutcome)>> {
    let Some(change) = store::changes::open_of(conn, scope.id(), &sub.id)? else { return Ok(None) };
    let Some(pending) = pending(&change)? else { return Ok(None) };
    let membership = facts::membership(&sold[0].price, &sold[0].product);
    let current: Vec<Item> = sold.iter().map(|sold| sold.item.clone()).collect();
    let offers = facts::offers(conn, scope, sub, &pending.target)?;
    let outcome = decide_at_start(&pending, &current, membership.as_ref(), &offers, start);
    Ok(Some((change, outcome)))
}

/// What a scheduled change waits to do; none for one that is being paid.
pub(crate) fn pending(change: &PlanChange) -> Result<Option<PendingChange>> {
    let Some(apply_at) = change.apply_at.filter(|_| change.state == ChangeState::Scheduled) else {
        return Ok(None);
    };
    Ok(Some(PendingChange { target: target_of(change)?, apply_at }))
}

/// What a change leads to.
pub(crate) fn target_of(change: &PlanChange) -> Result<Vec<Wanted>> {
    serde_json::from_str(&change.target).map_err(Error::bug)
}

/// Writes down how a change ended.
pub(super) fn close(tx: &mut Conn, scope: &Scope, change: &mut PlanChange, state: ChangeState) -> Result<()> {
    change.state = state;
    change.closed_at = Some(scope.now.billing);
    store::changes::update(tx, scope.id(), change)
}
