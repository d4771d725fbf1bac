//! States of a subscription.

use crate::words;

words! {
    /// Where a subscription stands. A scheduled cancellation is a date, not a status.
    SubscriptionStatus {
        /// Waits for its first payment.
        Incomplete = "incomplete",
        /// In its free trial.
        Trialing = "trialing",
        /// Running.
        Active = "active",
        /// Running, with a payment that failed.
        PastDue = "past_due",
        /// Stopped for want of payment; can come back.
        OnHold = "on_hold",
        /// Stopped on request; can come back.
        Paused = "paused",
        /// Ended.
        Cancelled = "cancelled",
        /// Ended before its first payment.
        Expired = "expired",
        /// Parked for an operator after repeated technical failure.
        Error = "error",
    }
}

/// States in which a subscription may be created.
pub const INITIAL: &[SubscriptionStatus] =
    &[SubscriptionStatus::Incomplete, SubscriptionStatus::Trialing, SubscriptionStatus::Active];

/// Every change of status there is. A renewal changes no status, so no state leads to itself. What has boundaries
/// to cross can be parked, and comes back as what it was. A disputed payment puts on hold what runs.
pub const TRANSITIONS: &[(SubscriptionStatus, &[SubscriptionStatus])] = {
    use SubscriptionStatus::*;
    &[
        (Incomplete, &[Active, Cancelled, Expired]),
        (Trialing, &[Active, OnHold, Cancelled, Error]),
        (Active, &[PastDue, OnHold, Paused, Cancelled, Error]),
        (PastDue, &[Active, OnHold, Cancelled, Error]),
        (OnHold, &[Active, Cancelled]),
        (Paused, &[Active, Cancelled]),
        (Cancelled, &[]),
        (Expired, &[]),
        (Error, &[Trialing, Active, PastDue, OnHold, Cancelled]),
    ]
};

/// Whether a subscription may go from one status to another.
pub fn may(from: SubscriptionStatus, to: SubscriptionStatus) -> bool {
    TRANSITIONS.iter().any(|(state, next)| *state == from && next.contains(&to))
}

impl SubscriptionStatus {
    /// Has not ended.
    pub const fn is_live(self) -> bool {
        !matches!(self, Self::Cancelled | Self::Expired)
    }

    /// Opens periods when they fall due.
    pub const fn renews(self) -> bool {
        matches!(self, Self::Trialing | Self::Active | Self::PastDue)
    }
}
