//! Pausing when the period is over, and going on.

use super::due::SubscriptionFacts;
use super::state::SubscriptionStatus;
use crate::Instant;
use crate::period::{Period, Schedule};

/// What a pause comes to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PauseDecision {
    /// It runs until then and pauses; until then that can be undone.
    PauseAt(Instant),
    /// It was going to pause like that anyway: nothing changes.
    Already(Instant),
}

/// Why a subscription cannot be paused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum PauseRefusal {
    /// It has ended.
    #[error("the subscription has ended")]
    Ended,
    /// Only what runs and is paid for can pause.
    #[error("the subscription is not active")]
    NotActive,
    /// Its end is scheduled, which comes first.
    #[error("the subscription is going to end")]
    Cancelling,
    /// It would go on before it has paused.
    #[error("a pause ends after the period that is paid for")]
    ResumesTooEarly,
}

/// Decides about a pause from the end of the period until `resume_at`, or until somebody resumes it.
pub fn decide_pause(
    sub: &SubscriptionFacts,
    resume_at: Option<Instant>,
    now: Instant,
) -> Result<PauseDecision, PauseRefusal> {
    match sub.status {
        SubscriptionStatus::Active => {}
        status if !status.is_live() => return Err(PauseRefusal::Ended),
        _ => return Err(PauseRefusal::NotActive),
    }
    if sub.cancel_at.is_some() {
        return Err(PauseRefusal::Cancelling);
    }
    let pause_at = sub.current_period_end;
    if resume_at.is_some_and(|at| at <= pause_at.max(now)) {
        return Err(PauseRefusal::ResumesTooEarly);
    }
    let unchanged = (sub.pause_at, sub.resume_at) == (Some(pause_at), resume_at);
    Ok(if unchanged { PauseDecision::Already(pause_at) } else { PauseDecision::PauseAt(pause_at) })
}

/// Where a planned pause goes when another period takes the place of the one whose end it waited for: to the end of that,
/// `period_end`, since what is paid for runs on. Answers with when it begins and ends; it is off if it would be over by
/// then.
pub fn moved(
    (pause_at, resume_at): (Option<Instant>, Option<Instant>),
    period_end: Instant,
) -> (Option<Instant>, Option<Instant>) {
    match pause_at {
        Some(_) if resume_at.is_some_and(|at| at <= period_end) => (None, None),
        Some(_) => (Some(period_end), resume_at),
        None => (None, resume_at),
    }
}

/// What resuming comes to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ResumeDecision {
    /// The pause had not begun: it goes on as before.
    GoesOn,
    /// A new period begins now and is invoiced.
    NewPeriod {
        /// How periods are counted from then on.
        schedule: Schedule,
        /// The first of them.
        period: Period,
    },
}

/// Why a subscription cannot be resumed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum ResumeRefusal {
    /// It has ended.
    #[error("the subscription has ended")]
    Ended,
    /// It is not paused, and no pause is scheduled.
    #[error("the subscription is not paused")]
    NotPaused,
    /// Its end is scheduled; no further period begins.
    #[error("the subscription is going to end")]
    Cancelling,
}

/// Decides about ending a pause, or undoing one that has not begun. What went by while paused is never billed: the
/// new period begins at `now`, however late that is.
pub fn decide_resume(sub: &SubscriptionFacts, now: Instant) -> Result<ResumeDecision, ResumeRefusal> {
    match sub.status {
        status if !status.is_live() => Err(ResumeRefusal::Ended),
        SubscriptionStatus::Paused if sub.cancel_at.is_some() => Err(ResumeRefusal::Cancelling),
        SubscriptionStatus::Paused => {
            let (schedule, period) = sub.restarted(sub.schedule.interval, now);
            Ok(ResumeDecision::NewPeriod { schedule, period })
        }
        _ if sub.pause_at.is_some() => Ok(ResumeDecision::GoesOn),
        _ => Err(ResumeRefusal::NotPaused),
    }
}
