//! Who caused a change, and why: the other two words of an event.

use crate::dunning::CaseOutcome;
use crate::invoice::credit_note::CreditReason;
use crate::provider::DeclineKind;
use crate::subscription::cancel::CancelReason;
use crate::subscription::change::target::ChangeRefusal;
use crate::subscription::hold::HoldReason;
use crate::words;
use std::fmt;

/// Who caused a change.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Actor {
    /// A signed-in customer, by id: `customer:cus_...`.
    Customer(String),
    /// Somebody of the business, or whoever runs the installation: `operator`.
    Operator,
    /// The system, on time: `worker`.
    Worker,
    /// A payment provider's word: `provider`.
    Provider,
}

/// A stored actor that is none.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0:?} is nobody who causes changes")]
pub struct UnknownActor(pub String);

impl fmt::Display for Actor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Customer(id) => write!(f, "customer:{id}"),
            Self::Operator => f.write_str("operator"),
            Self::Worker => f.write_str("worker"),
            Self::Provider => f.write_str("provider"),
        }
    }
}

impl TryFrom<String> for Actor {
    type Error = UnknownActor;

    fn try_from(text: String) -> Result<Self, UnknownActor> {
        match (text.as_str(), text.strip_prefix("customer:")) {
            ("operator", _) => Ok(Self::Operator),
            ("worker", _) => Ok(Self::Worker),
            ("provider", _) => Ok(Self::Provider),
            (_, Some(id)) if !id.is_empty() => Ok(Self::Customer(id.to_owned())),
            _ => Err(UnknownActor(text)),
        }
    }
}

impl From<Actor> for String {
    fn from(actor: Actor) -> Self {
        actor.to_string()
    }
}

words! {
    /// A reason that is ours: no refusal, feedback or outcome says it.
    Why {
        /// What it was for had ended before.
        EndedBefore = "already_ended",
        /// What it was for was cancelled.
        Cancelled = "cancelled",
        /// Its end was scheduled.
        Cancelling = "cancelling",
        /// The charge for a change came to nothing.
        ChangeNotPaid = "change_not_paid",
        /// The plan is another, and does not give it or lead to it any more.
        Changed = "changed",
        /// Another minimum term was agreed.
        Contract = "contract",
        /// A bank took the payment back.
        Disputed = "disputed",
        /// Its subscription ended.
        Ended = "ended",
        /// The first payment did not come in time.
        Expired = "expired",
        /// A person did it by hand and gave no reason.
        ByHand = "by_hand",
        /// The retry never reached the provider.
        NotExecuted = "not_executed",
        /// Its customer chose another payment method.
        OtherMethod = "other_method",
        /// It came back from hold.
        Reactivating = "reactivating",
        /// Its customer got the money back.
        Refunded = "refunded",
        /// The business set its customer's tax or zone.
        Terms = "terms",
        /// Dunning ended without the money.
        Unpaid = "unpaid",
        /// A VAT id was checked.
        VatCheck = "vat_check",
        /// For a person to see to: money seems to have moved twice under one charge.
        MovedTwice = "moved_twice",
        /// For a person: the provider's answer does not fit what was asked.
        Mismatch = "mismatch",
        /// For a person: a refund came to nothing.
        RefundFailed = "refund_failed",
        /// For a person: money went back at the provider that nobody here gave back, and not all that was left.
        WentBack = "went_back",
        /// For a person: the provider cannot promise one effect.
        NoPromise = "no_promise",
        /// For a person: the provider cannot be asked what became of it.
        CannotAsk = "cannot_ask",
        /// For a person: it was paid after the end.
        PaidAfterEnd = "paid_after_end",
        /// For a person: it was paid after its invoice had been withdrawn.
        PaidVoid = "paid_void",
        /// For a person: a refund succeeded after the balance had been given its amount.
        BalanceHadIt = "balance_had_it",
        /// For a person: a refund succeeded after it had been sent again.
        SentAgain = "sent_again",
        /// For a person: the provider does not know a charge or refund that we have written down as succeeded.
        NotThere = "not_there",
        /// Money stands still: the wall clock jumped.
        ClockJumped = "clock_jumped",
        /// Money stands still: the database is damaged.
        Damaged = "damaged",
        /// Money stands still: the provider's list of charges and ours do not agree.
        BooksDiffer = "books_differ",
        /// Money stands still: the data came from elsewhere, and the provider cannot list what it has charged since.
        NotListed = "not_listed",
    }
}

/// Why something changed. Stored as its word or text alone; the kind of the event says which vocabulary it is from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Reason {
    /// How a provider refused.
    Declined(DeclineKind),
    /// What the customer said when cancelling.
    Feedback(CancelReason),
    /// What puts a subscription on hold, or ended it in its place.
    Held(HoldReason),
    /// How a case of dunning ended.
    Dunned(CaseOutcome),
    /// Why a credit note was written.
    Credited(CreditReason),
    /// Why a scheduled change did not come.
    ChangeRefused(ChangeRefusal),
    /// One of ours.
    Because(Why),
    /// A coupon's code, a person's own words, or the message of a fault.
    Text(String),
}

impl fmt::Display for Reason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Declined(kind) => kind.as_str(),
            Self::Feedback(feedback) => feedback.as_str(),
            Self::Held(reason) => reason.as_str(),
            Self::Dunned(outcome) => outcome.as_str(),
            Self::Credited(reason) => reason.as_str(),
            Self::ChangeRefused(refusal) => refusal.code(),
            Self::Because(why) => why.as_str(),
            Self::Text(text) => text,
        })
    }
}

impl From<Why> for Reason {
    fn from(why: Why) -> Self {
        Self::Because(why)
    }
}
