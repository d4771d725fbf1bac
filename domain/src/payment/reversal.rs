//! Money that went back at the provider without our asking: what an event that tells of it comes to.

use super::state::AttemptState;
use crate::money::Money;

/// What to do about a reversal.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reverse {
    /// The charge has not taken its money yet, or a refund of ours may be what is told of: look again later.
    Wait,
    /// It is known.
    Known,
    /// All that was left of the charge is gone.
    TakeBack,
    /// A part is gone, or more than there was, or another currency: only a person knows what that was.
    AskAPerson,
}

/// Decides about a reversal of `claimed`, where `left` is what refunds have left of the charge. `refunding` says that a
/// refund of ours is under way of which the provider has given no reference: the reversal may be that one.
pub fn weigh(charge: AttemptState, left: Money, claimed: Money, refunding: bool) -> Reverse {
    match charge {
        AttemptState::Reversed => Reverse::Known,
        AttemptState::Succeeded if refunding => Reverse::Wait,
        AttemptState::Succeeded if left == claimed && claimed.minor > 0 => Reverse::TakeBack,
        AttemptState::Succeeded => Reverse::AskAPerson,
        // Success may follow every other state, and events come in any order.
        _ => Reverse::Wait,
    }
}
