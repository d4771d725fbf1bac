//! What a person has found out about an attempt of which nobody else can tell what became.

use super::protocol::{AttemptFacts, Change, Settlement, learn};
use super::resolve::never_executed;
use super::state::AttemptState;
use crate::Instant;
use crate::money::Money;
use crate::provider::{Decline, DeclineKind, Outcome, Settled};

/// What a person has found out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Finding {
    /// The money moved, in full.
    Moved {
        /// What the provider calls it.
        provider_ref: String,
    },
    /// It did not, and will not.
    NotMoved,
}

/// Why a finding is not taken in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum FindingRefusal {
    /// Nobody was asked yet.
    #[error("what became of it is still being found out")]
    StillAsked,
    /// The provider has accepted it. Only the provider can give it up.
    #[error("the provider has accepted it and may take the money yet")]
    OnItsWay,
    /// A request of ours may take effect until then, so nobody can know that it did not.
    #[error("it may yet take effect, until {0} UTC")]
    TooEarly(Instant),
    /// It has ended, and not otherwise.
    #[error("what became of it is known")]
    Known,
    /// Providers' references are 1 to 255 printable ASCII characters.
    #[error("this is no provider's reference")]
    NoReference,
}

impl FindingRefusal {
    /// A stable word for machines.
    pub const fn code(self) -> &'static str {
        match self {
            Self::StillAsked | Self::OnItsWay => "payment_open",
            Self::TooEarly(_) => "too_early",
            Self::Known => "already_settled",
            Self::NoReference => "bad_reference",
        }
    }
}

/// Takes in what a person has found out about an attempt over `asked`, once one was called for. That money moved
/// after all is a truth at any time, and of what is pending a bank statement may know first. That it did not is believed
/// only when nothing of ours can be on its way any more; what was never sent then wants its customer.
///
/// # Errors
/// Why the finding is not taken in.
pub fn found(
    attempt: &AttemptFacts,
    finding: &Finding,
    asked: Money,
    now: Instant,
) -> Result<Settlement, FindingRefusal> {
    use AttemptState::{Created, Pending, RequiresAction, Submitted, Unknown};
    if attempt.state.is_open() && !attempt.in_review {
        match (attempt.state, finding) {
            (Pending, Finding::Moved { .. }) => {}
            (Pending, Finding::NotMoved) => return Err(FindingRefusal::OnItsWay),
            _ => return Err(FindingRefusal::StillAsked),
        }
    }
    let settlement = match finding {
        Finding::Moved { provider_ref } => moved(attempt, provider_ref, asked)?,
        Finding::NotMoved => match (attempt.state, attempt.windows) {
            (Created, _) => never_sent(attempt),
            (Submitted | Unknown, Some(limits)) if now < limits.lookup_final_after => {
                return Err(FindingRefusal::TooEarly(limits.lookup_final_after));
            }
            (Submitted | Unknown, _) => never_executed(attempt),
            (RequiresAction | Pending, _) => {
                learn(attempt, &Outcome::Cancelled { provider_ref: None }, asked)
            }
            _ => return Err(FindingRefusal::Known),
        },
    };
    if settlement == Settlement::Unchanged { Err(FindingRefusal::Known) } else { Ok(settlement) }
}

fn moved(attempt: &AttemptFacts, provider_ref: &str, asked: Money) -> Result<Settlement, FindingRefusal> {
    if matches!(attempt.state, AttemptState::Succeeded | AttemptState::Reversed) {
        return Err(FindingRefusal::Known);
    }
    let settled = Settled {
        provider_ref: provider_ref.to_owned(),
        amount: asked,
        raw_status: "found by a person".to_owned(),
    };
    match learn(attempt, &Outcome::Succeeded(settled), asked) {
        Settlement::Change(change) if change.provider_ref.is_none() => Err(FindingRefusal::NoReference),
        Settlement::Change(change) if attempt.state == AttemptState::Pending => {
            Ok(Settlement::Change(as_accepted(change, attempt)))
        }
        settlement => Ok(settlement),
    }
}

/// What the provider has accepted keeps the name it gave: refunds and its later word go by that. What the bank calls it
/// is noted beside it.
fn as_accepted(change: Change, attempt: &AttemptFacts) -> Change {
    let Some(known) = attempt.provider_ref.clone() else { return change };
    let by_bank = change.provider_ref.unwrap_or_default();
    Change { raw_status: Some(format!("found by a person: {by_bank}")), provider_ref: Some(known), ..change }
}

/// A refusal that no repetition without the customer changes: another automatic charge would wait for a person again.
fn never_sent(attempt: &AttemptFacts) -> Settlement {
    let decline = Decline {
        kind: DeclineKind::AuthenticationRequired,
        code: "not_charged".to_owned(),
        provider_ref: None,
    };
    Settlement::Change(Change { decline: Some(decline), ..Change::to(AttemptState::Failed, attempt) })
}
