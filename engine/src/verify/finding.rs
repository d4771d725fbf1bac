//! What a check has found.

use domain::words;
use std::fmt;

words! {
    /// What does not hold.
    FindingKind {
        /// A row points to something of another customer.
        Owner = "owner",
        /// A line is not what its formula comes to.
        Formula = "formula",
        /// Tax or totals are not what the lines come to.
        Amounts = "amounts",
        /// The stored facts do not lead to the stored tax.
        TaxEvidence = "tax_evidence",
        /// What is due and the status disagree, or a balance leaves open what it could pay.
        Standing = "standing",
        /// A series has a gap, a double, or a date that goes back.
        Series = "series",
        /// A document was changed, removed or moved after it was finalised.
        Chain = "chain",
        /// The entries of a transaction do not add up to zero.
        Unbalanced = "unbalanced",
        /// A customer's account is not what the documents come to.
        Account = "account",
        /// More is given back than was billed, or a credit note does not add up.
        Credit = "credit",
        /// A charge and its posting disagree.
        Capture = "capture",
        /// An invoice says it was paid otherwise than the postings.
        AmountPaid = "amount_paid",
        /// More is paid back than was taken, or than was posted.
        Refund = "refund",
        /// An attempt is under way that must not be.
        OpenAttempt = "open_attempt",
        /// An attempt is under way that nobody will look at again.
        Stuck = "stuck",
        /// A submission was repeated when its key no longer protected it.
        Resent = "resent",
        /// A period was billed twice, or out of order.
        Period = "period",
        /// Usage was taken in that nothing will bill.
        Usage = "usage",
        /// A subscription has half ended, or was charged by itself after its end.
        Ended = "ended",
        /// A subscription in force for which nothing will ever be due.
        Forgotten = "forgotten",
        /// A dunning case goes on without a reason.
        Dunning = "dunning",
        /// A license key outlives its subscription, or is used on more devices than it gives.
        License = "license",
        /// A mail exists twice.
        Mail = "mail",
        /// A provider tells of a payment that is not known here.
        Unmatched = "unmatched",
        /// Events are missing or doubled.
        Event = "event",
    }
}

impl FindingKind {
    /// Its number in the fault model, where it is one of those invariants.
    pub const fn invariant(self) -> Option<&'static str> {
        match self {
            Self::Unbalanced | Self::Capture | Self::AmountPaid => Some("I4"),
            Self::OpenAttempt => Some("I5"),
            Self::Period => Some("I6"),
            Self::Event => Some("I7"),
            Self::Stuck => Some("I8"),
            Self::Owner => Some("I9"),
            Self::Refund => Some("I10"),
            Self::Ended => Some("I12"),
            Self::Resent => Some("I13"),
            Self::Series => Some("I15"),
            Self::Mail => Some("I16"),
            Self::Formula
            | Self::Amounts
            | Self::TaxEvidence
            | Self::Standing
            | Self::Chain
            | Self::Account
            | Self::Usage
            | Self::Credit
            | Self::Dunning
            | Self::License
            | Self::Unmatched
            | Self::Forgotten => None,
        }
    }
}

/// Something that does not hold. Names ids and amounts, no personal data.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// What.
    pub kind: FindingKind,
    /// Id of the row it is about.
    pub subject: String,
    /// One sentence for an operator.
    pub text: String,
}

impl Finding {
    /// A finding about a row.
    pub(super) fn new(kind: FindingKind, subject: impl fmt::Display, text: impl fmt::Display) -> Self {
        Self { kind, subject: subject.to_string(), text: text.to_string() }
    }
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { kind, subject, text } = self;
        write!(f, "{:3}  {kind:12}  {subject}: {text}", kind.invariant().unwrap_or(""))
    }
}
