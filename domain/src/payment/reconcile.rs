//! A provider's list of charges and refunds beside our own.

use super::key::idempotency_key;
use super::protocol::{AttemptFacts, Settlement, learn};
use super::state::{AttemptState, Purpose};
use crate::money::Money;
use crate::provider::{Listed, Movement, Outcome};

/// Attempts for one thing of which the key is tried. More are more than dunning makes in its longest case.
const MOST_TRIES: u32 = 200;

/// What a listed movement says of an attempt of ours.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Comparison {
    /// What we know, or less.
    Agrees,
    /// Something that we did not know.
    News(Settlement),
    /// We have written down otherwise, and one of us is wrong: for a person.
    Differs,
}

/// Compares an attempt over `asked` with what the provider lists under its key.
pub fn compare(attempt: &AttemptFacts, listed: &Outcome, asked: Money) -> Comparison {
    if attempt.state == AttemptState::Succeeded && contradicts(listed, asked) {
        return Comparison::Differs;
    }
    match learn(attempt, listed, asked) {
        Settlement::Unchanged => Comparison::Agrees,
        news => Comparison::News(news),
    }
}

/// Whether money that we say was taken was not, or otherwise.
fn contradicts(listed: &Outcome, asked: Money) -> bool {
    match listed {
        Outcome::Succeeded(settled) => settled.amount != asked,
        Outcome::Declined(_) | Outcome::Cancelled { .. } => true,
        Outcome::Pending { .. } | Outcome::RequiresAction { .. } => false,
    }
}

/// Charge or refund, in our word.
pub const fn purpose(movement: Movement) -> Purpose {
    match movement {
        Movement::Charge => Purpose::Charge,
        Movement::Refund => Purpose::Refund,
    }
}

/// Whether a business of this installation made a listed movement, though it may not know any more: the key that it
/// carries can be computed from its reference. Others may use the same account.
pub fn is_made_by(instance_id: &str, tenant_id: &str, listed: &Listed) -> bool {
    let (Some(key), Some(reference)) = (&listed.key, &listed.reference) else { return false };
    let of = |seq| idempotency_key(instance_id, tenant_id, purpose(listed.movement), reference, seq);
    reference.starts_with(instance_id) && (1..=MOST_TRIES).any(|seq| of(seq) == *key)
}

/// Whether money moved, or may yet: such a movement must not be made again.
pub const fn may_have_moved(outcome: &Outcome) -> bool {
    match outcome {
        Outcome::Succeeded(_) | Outcome::Pending { .. } | Outcome::RequiresAction { .. } => true,
        Outcome::Declined(_) | Outcome::Cancelled { .. } => false,
    }
}
