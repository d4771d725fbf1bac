//! Trials: how long they are, giving more of one, and ending one early.

use super::due::SubscriptionFacts;
use super::state::SubscriptionStatus;
use crate::Instant;
use crate::period::{Anchor, Period, Schedule};
use chrono::TimeDelta;

/// When a trial of so many days of 24 hours ends.
pub fn end_of_trial(start: Instant, days: u32) -> Instant {
    start.checked_add_signed(TimeDelta::days(i64::from(days))).unwrap_or(Instant::MAX)
}

/// Why a trial stays as it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum TrialRefusal {
    /// There is none.
    #[error("the subscription is not in a trial")]
    NotTrialing,
    /// Its end is scheduled, without a charge; nothing may turn it into a paid period.
    #[error("the subscription is going to end")]
    Cancelling,
    /// A trial is extended to a moment after its end.
    #[error("the trial would not become longer")]
    NotLonger,
}

/// A trial with a new end.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ExtendedTrial {
    /// Its end.
    pub trial_end: Instant,
    /// Where its paid periods are counted from.
    pub anchor: Anchor,
}

/// Decides about a longer trial.
pub fn decide_extend(
    sub: &SubscriptionFacts,
    until: Instant,
    now: Instant,
) -> Result<ExtendedTrial, TrialRefusal> {
    check(sub)?;
    if until <= now || until <= sub.trial_end.unwrap_or(sub.current_period_end) {
        return Err(TrialRefusal::NotLonger);
    }
    Ok(ExtendedTrial { trial_end: until, anchor: Anchor::at(until, sub.schedule.anchor.zone) })
}

/// A trial that is over; what follows is what follows at the end of any trial.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct EndedTrial {
    /// How its paid periods are counted.
    pub schedule: Schedule,
    /// The first of them.
    pub period: Period,
    /// There is a payment method that can be charged.
    pub has_method: bool,
}

/// Decides about ending a trial now, whoever wants it: the first period begins and is charged.
pub fn decide_end(sub: &SubscriptionFacts, now: Instant) -> Result<EndedTrial, TrialRefusal> {
    check(sub)?;
    let (schedule, period) = sub.restarted(sub.schedule.interval, now);
    Ok(EndedTrial { schedule, period, has_method: sub.has_method })
}

fn check(sub: &SubscriptionFacts) -> Result<(), TrialRefusal> {
    match sub.status {
        SubscriptionStatus::Trialing if sub.cancel_at.is_some() => Err(TrialRefusal::Cancelling),
        SubscriptionStatus::Trialing => Ok(()),
        _ => Err(TrialRefusal::NotTrialing),
    }
}
