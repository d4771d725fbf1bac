//! Whether a change is possible, when it takes effect, and what it adds to an invoice.

use super::behaviour::{ChangeBehaviour, ChangePolicy};
use super::direction::{ChangeKind, classify};
use super::prorate::{BilledSpan, ChangeLine, Measure, charge, credits};
use super::target::{ChangeRefusal, Offer, check_target};
use crate::Instant;
use crate::catalog::Membership;
use crate::discount::{Coupon, Redemption};
use crate::money::MoneyError;
use crate::period::{Interval, Period, Schedule};
use crate::subscription::due::SubscriptionFacts;
use crate::subscription::item::{Item, Slot, period_amounts};
use crate::subscription::state::SubscriptionStatus;
use crate::subscription::trial;
use std::collections::BTreeSet;

/// What decides about a change. All instants are billing time.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ChangeFacts {
    /// Id of the subscription.
    pub subscription: String,
    /// Where it stands.
    pub sub: SubscriptionFacts,
    /// Start of the current period; of the trial while trialing.
    pub period_start: Instant,
    /// An attempt for one of its invoices may yet take money.
    pub attempt_open: bool,
    /// What it consists of now.
    pub items: Vec<Item>,
    /// Where its plan is offered.
    pub membership: Option<Membership>,
    /// Coupons on it that are not over, in the order in which they apply.
    pub discounts: Vec<Redemption>,
    /// What is billed, or waits for the next invoice, and reaches past now.
    pub spans: Vec<BilledSpan>,
    /// The customer's credit in its currency, in minor units.
    pub balance: i64,
}

impl ChangeFacts {
    /// The period that runs.
    pub fn period(&self) -> Period {
        Period { start: self.period_start, end: self.sub.current_period_end }
    }

    /// Coupons that hold for the running period.
    fn coupons_now(&self) -> Vec<Coupon> {
        self.discounts.iter().filter_map(Redemption::in_running_period).collect()
    }

    /// Coupons that hold for the period after the next `skip` ones.
    pub(super) fn coupons_after(&self, skip: usize) -> Vec<Coupon> {
        let later = |redemption: &Redemption| {
            (0..skip).try_fold(*redemption, |left, _| left.after_next_period())?.in_next_period()
        };
        self.discounts.iter().filter_map(later).collect()
    }
}

/// When a change takes effect.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Effect {
    /// At once; its lines, if any, wait for the next invoice.
    AtOnce,
    /// As soon as its lines are paid, or at once if nothing is due. The period goes on.
    OncePaid,
    /// As soon as its lines are paid, or at once if nothing is due. A period begins at the change's instant.
    NewPeriodOncePaid {
        /// How periods are counted from then on.
        schedule: Schedule,
        /// The first of them.
        period: Period,
    },
    /// At once; the trial goes on until then, and nothing is billed.
    InTrial {
        /// End of the trial from now on.
        trial_end: Instant,
    },
    /// With the period that begins then.
    Later(Instant),
}

/// What a change comes to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Change {
    /// The instant it is computed for.
    pub at: Instant,
    /// Which way it goes.
    pub kind: ChangeKind,
    /// How it is billed; changes during a trial are not.
    pub behaviour: ChangeBehaviour,
    /// When it takes effect.
    pub effect: Effect,
    /// What the subscription then consists of.
    pub items: Vec<Item>,
    /// Credits, then charges.
    pub lines: Vec<ChangeLine>,
    /// Credits of what is not paid yet: taken off its invoices when the change takes effect, so that nobody gets back
    /// what they never paid.
    pub offsets: Vec<ChangeLine>,
}

/// Why there is no change.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ChangeError {
    /// A rule forbids it.
    #[error(transparent)]
    Refused(#[from] ChangeRefusal),
    /// An amount does not fit.
    #[error(transparent)]
    Money(#[from] MoneyError),
}

/// Decides about a change to `target` at `at`.
///
/// A trial goes on with the trial length of the new plan, counted from its start; if that is over, so is the trial,
/// and the first period begins at full price. Nothing is prorated then.
pub fn decide_change(
    facts: &ChangeFacts,
    target: &[Offer],
    policy: &ChangePolicy,
    at: Instant,
) -> Result<Change, ChangeError> {
    check_subscription(facts, at)?;
    check_target(&facts.items, facts.membership.as_ref(), target)?;
    let items: Vec<Item> = target.iter().map(|offer| offer.item.clone()).collect();
    let kind = classify(&facts.items, &items)?;
    let (behaviour, effect) = if facts.sub.status == SubscriptionStatus::Trialing {
        in_trial(facts, target, at)
    } else {
        let behaviour = policy.behaviour(kind);
        (behaviour, in_period(facts, behaviour, kind, &items, at))
    };
    let measure = Measure { unit: policy.granularity, zone: facts.sub.schedule.anchor.zone };
    let lines = match (behaviour, &effect) {
        (ChangeBehaviour::None, _) | (_, Effect::InTrial { .. } | Effect::Later(_)) => Vec::new(),
        (ChangeBehaviour::Reset, Effect::NewPeriodOncePaid { period, .. }) => {
            full_period(facts, &items, *period, measure)?
        }
        (_, Effect::NewPeriodOncePaid { period, .. }) => {
            let mut lines = credits(&facts.spans, facts.period_start, at, measure)?;
            lines.extend(full_period(facts, &items, *period, measure)?);
            lines
        }
        (_, Effect::AtOnce | Effect::OncePaid) => within_period(facts, &items, at, measure)?,
    };
    let (offsets, lines) = lines.into_iter().partition(|line| is_of_unpaid(facts, line));
    Ok(Change { at, kind, behaviour, effect, items, lines, offsets })
}

fn is_of_unpaid(facts: &ChangeFacts, line: &ChangeLine) -> bool {
    facts.spans.iter().any(|span| span.unpaid && line.reverses.as_ref() == Some(&span.line))
}

/// Whether a subscription stands so that it can be changed at all.
pub fn check_standing(sub: &SubscriptionFacts) -> Result<(), ChangeRefusal> {
    use SubscriptionStatus::*;
    match sub.status {
        Cancelled | Expired => return Err(ChangeRefusal::Ended),
        OnHold => return Err(ChangeRefusal::OnHold),
        Incomplete | Paused | Error => return Err(ChangeRefusal::NotRunning),
        Trialing | Active | PastDue => {}
    }
    if sub.cancel_at.is_some() { Err(ChangeRefusal::Cancelling) } else { Ok(()) }
}

fn check_subscription(facts: &ChangeFacts, at: Instant) -> Result<(), ChangeRefusal> {
    check_standing(&facts.sub)?;
    if facts.attempt_open {
        return Err(ChangeRefusal::AttemptOpen);
    }
    let period = facts.period();
    if at < period.start || period.end <= at { Err(ChangeRefusal::BetweenPeriods) } else { Ok(()) }
}

/// A trial takes its new length from the plan's price; other changes leave it alone.
fn in_trial(facts: &ChangeFacts, target: &[Offer], at: Instant) -> (ChangeBehaviour, Effect) {
    let plan = target.iter().find(|offer| offer.item.slot() == Slot::Plan);
    let newly = plan.filter(|offer| !facts.items.iter().any(|item| item.price == offer.item.price));
    let trial_end = newly.map_or(facts.sub.current_period_end, |offer| {
        trial::end_of_trial(facts.period_start, offer.trial_days)
    });
    if at < trial_end {
        return (ChangeBehaviour::None, Effect::InTrial { trial_end });
    }
    let interval = plan.map_or(facts.sub.schedule.interval, |offer| offer.item.interval);
    (ChangeBehaviour::NowInvoice, new_period(facts, interval, at))
}

fn in_period(
    facts: &ChangeFacts,
    behaviour: ChangeBehaviour,
    kind: ChangeKind,
    items: &[Item],
    at: Instant,
) -> Effect {
    let interval = items.first().map_or(facts.sub.schedule.interval, |item| item.interval);
    match behaviour {
        ChangeBehaviour::NowInvoice if kind.interval_changes => new_period(facts, interval, at),
        ChangeBehaviour::NowInvoice => Effect::OncePaid,
        ChangeBehaviour::NowNextInvoice | ChangeBehaviour::None => Effect::AtOnce,
        ChangeBehaviour::AtPeriodEnd => Effect::Later(facts.sub.current_period_end),
        ChangeBehaviour::Reset => new_period(facts, interval, at),
    }
}

/// Periods counted anew from `at`.
fn new_period(facts: &ChangeFacts, interval: Interval, at: Instant) -> Effect {
    let (schedule, period) = facts.sub.restarted(interval, at);
    Effect::NewPeriodOncePaid { schedule, period }
}

fn full_period(
    facts: &ChangeFacts,
    items: &[Item],
    period: Period,
    measure: Measure,
) -> Result<Vec<ChangeLine>, MoneyError> {
    let full = period_amounts(items, &facts.coupons_after(0))?;
    let charges =
        items.iter().zip(full).map(|(item, full)| charge(item, full, period, period.start, measure));
    charges.filter_map(Result::transpose).collect()
}

/// Credits and charges for the rest of the running period. An item that costs what it did is left alone.
fn within_period(
    facts: &ChangeFacts,
    items: &[Item],
    at: Instant,
    measure: Measure,
) -> Result<Vec<ChangeLine>, MoneyError> {
    let coupons = facts.coupons_now();
    let old = period_amounts(&facts.items, &coupons)?;
    let new = period_amounts(items, &coupons)?;
    let stays = |item: &Item, full| {
        facts.items.iter().zip(&old).any(|(before, cost)| before.is_same_as(item) && *cost == full)
    };
    let kept: BTreeSet<Slot> = items
        .iter()
        .zip(&new)
        .filter(|(item, full)| stays(item, **full))
        .map(|(item, _)| item.slot())
        .collect();
    let touched: BTreeSet<Slot> =
        facts.items.iter().chain(items).map(Item::slot).filter(|slot| !kept.contains(slot)).collect();

    let of_touched = facts.spans.iter().filter(|span| touched.contains(&span.slot));
    let mut lines = credits(of_touched, facts.period_start, at, measure)?;
    for (item, full) in items.iter().zip(new).filter(|(item, _)| touched.contains(&item.slot())) {
        lines.extend(charge(item, full, facts.period(), at, measure)?);
    }
    Ok(lines)
}
