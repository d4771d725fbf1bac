//! Whether a provider account is out of order, judged by the calls that were made anyway. No call is ever held back by
//! it: what it holds back is dunning, so that an outage costs no customer a retry or a subscription.

use crate::Instant;
use crate::provider::{CallError, Report};
use chrono::TimeDelta;

/// Calls in a row without an answer that open the circuit.
pub const OPENS_AFTER: i32 = 5;

/// Hours after the last of them for which it stays open. Whatever still waits for the provider asks at least once a
/// day, so an outage that goes on keeps it open; where nobody asks, it closes by itself.
pub const OPEN_HOURS: i64 = 26;

/// The last calls of a provider account. Wall time.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Circuit {
    /// Calls without an answer since the last that had one.
    pub failed_calls: i32,
    /// When the last of these was.
    pub last_failed_at: Option<Instant>,
}

impl Circuit {
    /// Takes in a call. One answer closes the circuit, whatever it says.
    pub fn after_call(self, answered: bool, now: Instant) -> Self {
        if answered {
            Self::default()
        } else {
            Self { failed_calls: self.failed_calls.saturating_add(1), last_failed_at: Some(now) }
        }
    }

    /// Whether the account counts as out of order.
    pub fn is_open(&self, now: Instant) -> bool {
        let lasts = self.last_failed_at.is_some_and(|at| now < at + TimeDelta::hours(OPEN_HOURS));
        self.failed_calls >= OPENS_AFTER && lasts
    }
}

/// Whether the provider answered a call as one that works. A refusal of this one request is an answer; silence,
/// nonsense, "later" and "I do not know you" are none.
pub fn answered<T>(report: &Report<T>) -> bool {
    match &report.result {
        Ok(_) | Err(CallError::IdempotencyConflict(_) | CallError::Unsupported) => true,
        Err(CallError::NotExecuted(_)) => {
            report.evidence.exchanges.last().is_some_and(|exchange| exchange.status.is_some())
        }
        Err(CallError::Unknown(_) | CallError::RateLimited(_) | CallError::Misconfigured(_)) => false,
    }
}
