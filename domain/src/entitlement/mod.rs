//! What a subscription entitles to: benefits of its product while it runs or is in grace.

pub mod license;

use crate::Instant;
use crate::subscription::state::SubscriptionStatus;
use crate::words;
use chrono::TimeDelta;

words! {
    /// What a product gives.
    BenefitKind {
        /// A feature by name, for the business's own software to look up.
        Feature = "feature",
        /// A license key.
        LicenseKey = "license_key",
    }
}

/// What decides about access. Billing time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct AccessFacts {
    /// Where the subscription stands.
    pub status: SubscriptionStatus,
    /// Since when a payment is missing; kept while it is on hold for that.
    pub past_due_since: Option<Instant>,
    /// How long access outlasts a missing payment; apart from the status, which says so at once.
    pub grace: TimeDelta,
}

/// Whether there is access.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Access {
    /// There is.
    Granted,
    /// There is, until then, although a payment is missing.
    Grace(Instant),
    /// There is none.
    Withheld,
}

impl Access {
    /// There is access.
    pub const fn is_open(self) -> bool {
        !matches!(self, Self::Withheld)
    }
}

/// Whether a subscription gives access at `now`.
///
/// One that is parked for an operator keeps it: the fault is ours. One that waits for its first payment has none
/// yet, and a trial that ended without a method has no missing payment and so no grace.
pub fn access(facts: &AccessFacts, now: Instant) -> Access {
    use SubscriptionStatus::*;
    match facts.status {
        Trialing | Active | Error => Access::Granted,
        PastDue | OnHold => match grace_until(facts) {
            Some(until) if now < until => Access::Grace(until),
            _ => Access::Withheld,
        },
        Incomplete | Paused | Cancelled | Expired => Access::Withheld,
    }
}

fn grace_until(facts: &AccessFacts) -> Option<Instant> {
    facts.past_due_since.map(|since| since + facts.grace)
}
