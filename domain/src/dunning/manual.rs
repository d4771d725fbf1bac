//! Payments that a customer tries by hand while a case is open. They do not advance its step.

use crate::Instant;
use chrono::TimeDelta;

/// How often a customer may try by hand per invoice within 24 hours, unless a setting says otherwise.
pub const MANUAL_RETRIES_PER_DAY: usize = 5;

/// Why a customer may not try now.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum ManualRefusal {
    /// An attempt on the invoice may yet take money.
    #[error("a payment of this invoice is being checked")]
    AttemptOpen,
    /// Too many tries.
    #[error("too many tries; the next is possible at {again_at}")]
    TooMany {
        /// When the next is possible.
        again_at: Instant,
    },
}

/// Whether a customer may try to pay an invoice at `now`, after the `tries` by hand so far (in any order). All
/// instants are wall time: a limit against abuse does not move with a test clock.
pub fn may_retry_by_hand(
    tries: &[Instant],
    attempt_open: bool,
    limit: usize,
    now: Instant,
) -> Result<(), ManualRefusal> {
    if attempt_open {
        return Err(ManualRefusal::AttemptOpen);
    }
    let day = TimeDelta::days(1);
    let mut recent: Vec<Instant> = tries.iter().copied().filter(|tried| *tried + day > now).collect();
    recent.sort_unstable();
    // The try that has to grow old before there is room for another.
    match recent.len().checked_sub(limit) {
        None => Ok(()),
        Some(surplus) => {
            Err(ManualRefusal::TooMany { again_at: recent.get(surplus).map_or(now, |tried| *tried) + day })
        }
    }
}
