//! Finding out what became of an attempt. Never gives up: asking a person is an addition, not an end.

use super::protocol::{AttemptFacts, Change, Settlement, is_wanted, may_submit};
use super::state::{AttemptState, Purpose};
use crate::Instant;
use crate::provider::Capabilities;
use chrono::TimeDelta;

/// Seconds between one check and the next; the last repeats for ever.
const BACKOFF_S: [i64; 7] = [10, 60, 5 * 60, 30 * 60, 2 * 3_600, 6 * 3_600, 12 * 3_600];

/// Two final lookups must lie so far apart.
const ABSENT_FOR: TimeDelta = TimeDelta::hours(1);

/// When to look again after `check_count` checks: 10 s, 1 min, 5 min, 30 min, 2 h, 6 h, then every 12 h.
pub fn next_check(check_count: u32, now: Instant) -> Instant {
    now + step_of(&BACKOFF_S, check_count)
}

/// Seconds from an attempt that never reached the provider to the next; the last repeats.
const AFTER_ERROR_S: [i64; 5] = [5 * 60, 15 * 60, 3_600, 4 * 3_600, 24 * 3_600];

/// When to open a new attempt after so many in a row ended as `error`: 5 min, 15 min, 1 h, 4 h, then daily.
/// Does not count against the dunning policy.
pub fn retry_after_error(errors_in_a_row: u32, now: Instant) -> Instant {
    now + step_of(&AFTER_ERROR_S, errors_in_a_row.saturating_sub(1))
}

fn step_of(seconds: &[i64], step: u32) -> TimeDelta {
    let step = usize::try_from(step).unwrap_or(usize::MAX).min(seconds.len() - 1);
    TimeDelta::seconds(seconds[step])
}

/// What to do about an open attempt.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Resolution {
    /// Nothing: it has ended.
    Nothing,
    /// It was never sent and is still wanted: submit it.
    SubmitFirst,
    /// It was never sent and nobody wants it any more: cancel it here, the provider knows nothing of it.
    CancelUnsent,
    /// Ask the provider what became of it; then [`super::protocol::learn`] or [`after_not_found`].
    Lookup,
    /// Send the same key again.
    Resend,
    /// The customer did not confirm in time, or a person gives it up: cancel it at the provider, whose answer must be
    /// definite before the invoice is free again.
    CancelAtProvider,
    /// Nothing can be asked: a person (or a webhook) has to tell.
    Review,
    /// Look again then.
    Wait(Instant),
}

/// Decides what to do about an attempt that nobody is working on.
pub fn resolve(attempt: &AttemptFacts, caps: &Capabilities, now: Instant) -> Resolution {
    use AttemptState::*;
    if attempt.state == Created {
        return if is_wanted(attempt) { Resolution::SubmitFirst } else { Resolution::CancelUnsent };
    }
    if !attempt.state.is_open() {
        return Resolution::Nothing;
    }
    if let Some(later) = attempt.next_check_at.filter(|at| *at > now) {
        return Resolution::Wait(later);
    }
    let unconfirmed =
        attempt.state == RequiresAction && attempt.action_expires_at.is_some_and(|at| at <= now);
    let given_up = attempt.withdrawn && matches!(attempt.state, RequiresAction | Pending);
    if (unconfirmed || given_up) && caps.cancel {
        return Resolution::CancelAtProvider;
    }
    if can_look_up(attempt, caps) {
        return Resolution::Lookup;
    }
    let in_doubt = unconfirmed || matches!(attempt.state, Submitted | Unknown);
    if may_submit(attempt, now) {
        Resolution::Resend
    } else if in_doubt && !attempt.in_review {
        Resolution::Review
    } else {
        Resolution::Wait(next_check(attempt.check_count, now))
    }
}

/// Whether a person may have the provider asked to give up an attempt: a charge that it has accepted.
pub fn may_withdraw(state: AttemptState, purpose: Purpose) -> bool {
    purpose == Purpose::Charge && matches!(state, AttemptState::RequiresAction | AttemptState::Pending)
}

fn can_look_up(attempt: &AttemptFacts, caps: &Capabilities) -> bool {
    caps.lookup.as_ref().is_some_and(|lookup| lookup.by_reference || attempt.provider_ref.is_some())
}

/// What follows when a lookup found nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Absent {
    /// Send the same key again: the only safe answer while the provider remembers it.
    Resend,
    /// It never happened: [`never_executed`] ends the attempt and frees the invoice.
    FreeSlot,
    /// It may yet turn up.
    Wait {
        /// Look again then.
        until: Instant,
        /// Store it: since when final lookups have found nothing.
        absent_since: Option<Instant>,
    },
}

/// Decides what a lookup means that found nothing. "Not found" is "not charged" only after two such answers
/// an hour apart, both from when nothing of ours can be in flight or hidden by lag any more.
pub fn after_not_found(attempt: &AttemptFacts, caps: &Capabilities, now: Instant) -> Absent {
    let check = next_check(attempt.check_count, now);
    let (AttemptState::Submitted | AttemptState::Unknown, Some(windows)) = (attempt.state, attempt.windows)
    else {
        // The provider has accepted it, so it is there; or it was never sent.
        return Absent::Wait { until: check, absent_since: attempt.absent_since };
    };
    if caps.idempotency.is_some() && may_submit(attempt, now) {
        return Absent::Resend;
    }
    if now < windows.lookup_final_after {
        return Absent::Wait { until: check.min(windows.lookup_final_after), absent_since: None };
    }
    match attempt.absent_since {
        Some(since) if now - since >= ABSENT_FOR => Absent::FreeSlot,
        Some(since) => Absent::Wait { until: since + ABSENT_FOR, absent_since: Some(since) },
        None => Absent::Wait { until: now + ABSENT_FOR, absent_since: Some(now) },
    }
}

/// The end of an attempt of which [`after_not_found`] showed that it never took effect.
pub fn never_executed(attempt: &AttemptFacts) -> Settlement {
    match attempt.state {
        AttemptState::Submitted | AttemptState::Unknown => Settlement::Change(Change {
            raw_status: Some("not executed".to_owned()),
            unproven_submissions: 0,
            ..Change::to(AttemptState::Error, attempt)
        }),
        _ => Settlement::Unchanged,
    }
}
