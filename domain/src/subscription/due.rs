//! What a subscription needs now.

use super::state::SubscriptionStatus;
use crate::Instant;
use crate::period::{Anchor, Interval, Period, Schedule};
use crate::words;
use chrono::TimeDelta;

/// Hours for which a first payment may stay open.
pub const INCOMPLETE_HOURS: i64 = 23;

/// What decides about a subscription's next step. All instants are billing time.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SubscriptionFacts {
    /// Where it stands.
    pub status: SubscriptionStatus,
    /// When it was created.
    pub created_at: Instant,
    /// How its periods are counted.
    pub schedule: Schedule,
    /// Index of the current period.
    pub period_index: i64,
    /// End of the current period; of the trial while trialing.
    pub current_period_end: Instant,
    /// End of the trial, where there is or was one.
    pub trial_end: Option<Instant>,
    /// When it ends by request.
    pub cancel_at: Option<Instant>,
    /// Only the business may undo that.
    pub cancel_locked: bool,
    /// Until when it has been agreed to run.
    pub contract_until: Option<Instant>,
    /// When it pauses: the end of the period in which that was asked for.
    pub pause_at: Option<Instant>,
    /// When it goes on by itself.
    pub resume_at: Option<Instant>,
    /// There is a payment method that can be charged.
    pub has_method: bool,
    /// End of the earliest period whose invoice is still unpaid.
    pub oldest_unpaid_period_end: Option<Instant>,
    /// Several periods went by unseen and an operator has yet to decide about them; none opens until then.
    pub awaits_review: bool,
}

impl SubscriptionFacts {
    /// Periods of `interval` counted anew from `at`, and the first of them. Their indexes go on from the current one,
    /// so that none comes twice.
    pub fn restarted(&self, interval: Interval, at: Instant) -> (Schedule, Period) {
        let anchor = Anchor::at(at, self.schedule.anchor.zone);
        let schedule = Schedule { anchor, interval, anchor_index: self.period_index + 1 };
        // The anchor of an hour that is shown twice reads as the first; the period begins at `at` all the same.
        let period = Period { start: at, ..schedule.period(schedule.anchor_index) };
        (schedule, period)
    }
}

/// What falls due.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Due {
    /// Nothing yet.
    Nothing,
    /// The scheduled cancellation has come: end it. No invoice, no charge.
    End,
    /// The paid period is over and a pause begins: no invoice, no charge.
    Pause,
    /// The pause is over: a new period begins now, see [`super::pause::decide_resume`].
    Resume,
    /// The trial is over: start the first paid period, or hold it for want of a method.
    TrialEnds {
        /// A payment method is there.
        has_method: bool,
        /// Further periods that have begun since, see [`catch_up`].
        missed: u32,
    },
    /// Open the next period.
    Renew {
        /// Index of the period to open.
        period_index: i64,
        /// Further periods that have begun since, see [`catch_up`].
        missed: u32,
    },
    /// The first payment never came.
    Expire,
}

/// What a subscription needs at `now`. An end that has come goes before everything else, even before older
/// periods that nobody has opened; then the trial, then the pause, then the period. A pending change comes with
/// the period, so it gives way to both.
pub fn due(sub: &SubscriptionFacts, now: Instant) -> Due {
    if end_of(sub).is_some_and(|end| end <= now) {
        return Due::End;
    }
    match by_status(sub) {
        Some((at, Due::Renew { period_index, .. })) if at <= now => {
            Due::Renew { period_index, missed: begun_since(sub, period_index, now) }
        }
        Some((at, Due::TrialEnds { has_method, .. })) if at <= now => {
            Due::TrialEnds { has_method, missed: begun_since(sub, sub.schedule.anchor_index, now) }
        }
        Some((at, due)) if at <= now => due,
        _ => Due::Nothing,
    }
}

/// Periods that have begun after this one.
fn begun_since(sub: &SubscriptionFacts, period_index: i64, now: Instant) -> u32 {
    let begun = sub.schedule.index_at(now).saturating_sub(period_index).max(0);
    u32::try_from(begun).unwrap_or(u32::MAX)
}

/// When [`due`] will first answer something, as long as nobody touches the subscription.
pub fn next_due_at(sub: &SubscriptionFacts) -> Option<Instant> {
    let step = by_status(sub).map(|(at, _)| at);
    [end_of(sub), step].into_iter().flatten().min()
}

/// The scheduled end of what has not ended.
fn end_of(sub: &SubscriptionFacts) -> Option<Instant> {
    sub.cancel_at.filter(|_| sub.status.is_live())
}

/// The next step that is not the end, and when it falls due.
fn by_status(sub: &SubscriptionFacts) -> Option<(Instant, Due)> {
    use SubscriptionStatus::*;
    match sub.status {
        Incomplete => Some((sub.created_at + TimeDelta::hours(INCOMPLETE_HOURS), Due::Expire)),
        Trialing => {
            let at = sub.trial_end.unwrap_or(sub.current_period_end);
            Some((at, Due::TrialEnds { has_method: sub.has_method, missed: 0 }))
        }
        Active if pauses(sub) => sub.pause_at.map(|at| (at, Due::Pause)),
        Active | PastDue if opens_periods(sub) => {
            let period_index = sub.period_index + 1;
            Some((sub.current_period_end, Due::Renew { period_index, missed: 0 }))
        }
        // Nothing begins anew that is going to end.
        Paused if sub.cancel_at.is_none() => sub.resume_at.map(|at| (at, Due::Resume)),
        Active | PastDue | OnHold | Paused | Error | Cancelled | Expired => None,
    }
}

/// Whether a pause comes before the next period.
fn pauses(sub: &SubscriptionFacts) -> bool {
    sub.pause_at.is_some_and(|at| at <= sub.current_period_end)
}

/// A past-due subscription opens no further period once an unpaid invoice's own period is over: debt does
/// not pile up while payment is being chased. One that is to pause opens none either; it pauses when it has paid.
fn opens_periods(sub: &SubscriptionFacts) -> bool {
    let owes_a_period = sub.oldest_unpaid_period_end.is_some_and(|end| end <= sub.current_period_end);
    let piles_up = sub.status == SubscriptionStatus::PastDue && owes_a_period;
    !(sub.awaits_review || piles_up || pauses(sub))
}

/// Failures in a row at one boundary after which a subscription is parked: seen by a person, never skipped silently.
pub const PARK_AFTER_FAILURES: i32 = 10;

/// The status in which a parked subscription comes back; none if it is not parked.
pub fn unparked(sub: &SubscriptionFacts) -> Option<SubscriptionStatus> {
    (sub.status == SubscriptionStatus::Error).then(|| {
        if sub.trial_end == Some(sub.current_period_end) {
            SubscriptionStatus::Trialing
        } else if sub.oldest_unpaid_period_end.is_some() {
            SubscriptionStatus::PastDue
        } else {
            SubscriptionStatus::Active
        }
    })
}

words! {
    /// What to do when several period ends went by unseen, for example while the machine was off.
    CatchUp {
        /// Open one period, then leave the rest to an operator. The default.
        OneThenReview = "one_then_review",
        /// Open them all, one after another.
        All = "all",
        /// Let those that are over go unbilled and open the one that runs now.
        SkipToCurrent = "skip_to_current",
    }
}

/// How to catch up.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CatchUpPlan {
    /// Periods to leave out before opening one.
    pub skip: u32,
    /// After that one, wait for an operator.
    pub then_review: bool,
}

/// Decides how to catch up when `boundaries_passed` period ends have come (1 in a usual renewal, `missed + 1`
/// in general).
pub fn catch_up(policy: CatchUp, boundaries_passed: u32) -> CatchUpPlan {
    let late = boundaries_passed > 1;
    match policy {
        CatchUp::OneThenReview => CatchUpPlan { skip: 0, then_review: late },
        CatchUp::All => CatchUpPlan { skip: 0, then_review: false },
        CatchUp::SkipToCurrent => {
            CatchUpPlan { skip: boundaries_passed.saturating_sub(1), then_review: false }
        }
    }
}
