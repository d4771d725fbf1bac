//! The change that waits for the end of the period: one at most, visible, and undone until its moment.

use super::target::{ChangeRefusal, Offer, Wanted, check_target};
use crate::Instant;
use crate::catalog::Membership;
use crate::subscription::due::SubscriptionFacts;
use crate::subscription::item::Item;
use serde::{Deserialize, Serialize};

/// A change that waits. A new one takes its place; a cancellation drops it; a pause lets it wait for the first
/// period after it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PendingChange {
    /// What to change to.
    pub target: Vec<Wanted>,
    /// It applies to the first period that begins then or later.
    pub apply_at: Instant,
}

/// Why a pending change cannot be undone.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum UndoRefusal {
    /// None is pending.
    #[error("no change is pending")]
    NothingPending,
    /// It has taken effect, or its moment has come.
    #[error("the change has taken effect")]
    TooLate,
}

/// Decides about undoing a pending change: possible until a period begins with it.
pub fn decide_undo(
    sub: &SubscriptionFacts,
    pending: Option<&PendingChange>,
    now: Instant,
) -> Result<(), UndoRefusal> {
    let pending = pending.ok_or(UndoRefusal::NothingPending)?;
    let begins = sub.status.renews() && pending.apply_at <= now;
    if begins || !sub.status.is_live() { Err(UndoRefusal::TooLate) } else { Ok(()) }
}

/// What becomes of a pending change when a period begins.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum PendingOutcome {
    /// It is for a later one.
    Waits,
    /// The period begins with these items.
    Applies(Vec<Item>),
    /// It is no longer possible: drop it, tell the customer, and renew as before.
    Dropped(ChangeRefusal),
}

/// Decides about a pending change when a period begins. `target` is what the catalogue offers by then, for every
/// item that still is there.
pub fn at_period_start(
    pending: &PendingChange,
    current: &[Item],
    membership: Option<&Membership>,
    target: &[Offer],
    period_start: Instant,
) -> PendingOutcome {
    if period_start < pending.apply_at {
        return PendingOutcome::Waits;
    }
    let gone = pending.target.iter().find(|wanted| !target.iter().any(|offer| offer.wanted() == **wanted));
    if let Some(wanted) = gone {
        return PendingOutcome::Dropped(ChangeRefusal::Archived(wanted.price.clone()));
    }
    match check_target(current, membership, target) {
        Ok(()) => PendingOutcome::Applies(target.iter().map(|offer| offer.item.clone()).collect()),
        Err(refusal) => PendingOutcome::Dropped(refusal),
    }
}
