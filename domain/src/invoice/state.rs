//! States of an invoice.

use crate::money::MoneyError;
use crate::words;

words! {
    /// Where an invoice stands. "Processing", "overdue", "partially paid" and the like are derived.
    InvoiceStatus {
        /// Without a number; may still change or be deleted.
        Draft = "draft",
        /// Finalised and owed.
        Open = "open",
        /// Nothing is owed any more.
        Paid = "paid",
        /// Withdrawn; keeps its number.
        Void = "void",
        /// Given up; a late payment is still accepted.
        Uncollectible = "uncollectible",
    }
}

words! {
    /// Why an invoice was made.
    BillingReason {
        /// First period of a subscription.
        Create = "create",
        /// A renewal, or the period with which a subscription comes back from hold or a pause.
        Cycle = "cycle",
        /// First period after a trial.
        TrialEnd = "trial_end",
        /// The rest of a period after a change of plan.
        Change = "change",
        /// What was still to be billed when a subscription ended.
        Final = "final",
        /// By a person.
        Manual = "manual",
    }
}

impl BillingReason {
    /// Whether such an invoice bills a period: at most one that is not void exists per period.
    pub const fn bills_period(self) -> bool {
        matches!(self, Self::Create | Self::Cycle | Self::TrialEnd)
    }
}

/// Every change of status there is. A paid invoice is open again when a bank takes a payment of it back.
pub const TRANSITIONS: &[(InvoiceStatus, &[InvoiceStatus])] = {
    use InvoiceStatus::*;
    &[
        (Draft, &[Open]),
        (Open, &[Paid, Void, Uncollectible]),
        (Paid, &[Open]),
        (Void, &[]),
        (Uncollectible, &[Paid]),
    ]
};

/// Whether an invoice may go from one status to another.
pub fn may(from: InvoiceStatus, to: InvoiceStatus) -> bool {
    TRANSITIONS.iter().any(|(state, next)| *state == from && next.contains(&to))
}

/// Whether an invoice may be withdrawn: open, nothing paid, and no attempt that may yet take money.
pub fn may_void(status: InvoiceStatus, amount_paid: i64, attempt_open: bool) -> bool {
    may(status, InvoiceStatus::Void) && amount_paid == 0 && !attempt_open
}

/// What is still owed, in minor units; negative when too much was paid. `amount_credited` counts credit
/// notes that were set off against the invoice.
pub fn amount_due(
    total: i64,
    credit_applied: i64,
    amount_paid: i64,
    amount_credited: i64,
) -> Result<i64, MoneyError> {
    let taken = [credit_applied, amount_paid, amount_credited].into_iter().map(i128::from).sum::<i128>();
    i64::try_from(i128::from(total) - taken).map_err(|_| MoneyError::OutOfRange)
}
