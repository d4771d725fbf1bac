//! Dunning: retries, mails and escalation after a failed payment, as one list.
//!
//! [`Policy`] is the list, [`Hours`] say when in the day and week it may act, and [`Pinned`] is both, as a case
//! keeps them from the moment it opens. [`decide`] says what a case needs now, [`timeline`] what a policy will do.

mod case;
mod check;
mod hours;
mod manual;
mod pinned;
mod timeline;

pub use case::{Act, Case, CaseClock, Consequence, Decision, after_refusal, decide};
pub use check::{CARD_NETWORK_DAYS, CARD_NETWORK_RETRIES, PolicyError};
pub use hours::{Hours, HoursError, QuietHours, WeekDay};
pub use manual::{MANUAL_RETRIES_PER_DAY, ManualRefusal, may_retry_by_hand};
pub use pinned::Pinned;
pub use timeline::{Action, Entry, timeline};

use crate::words;
use serde::{Deserialize, Serialize};

words! {
    /// What becomes of a subscription that stays unpaid.
    HoldOrFinal {
        /// It stops and can come back.
        Hold = "hold",
        /// Final: it stays on hold.
        StayOnHold = "stay_on_hold",
        /// Final: it is cancelled.
        Cancel = "cancel",
    }
}

impl HoldOrFinal {
    /// Closes the case.
    pub const fn is_final(self) -> bool {
        !matches!(self, Self::Hold)
    }
}

words! {
    /// What becomes of the invoice at the end of a case.
    UnpaidInvoice {
        /// It stays open and can be paid by hand.
        Leave = "leave",
        /// It is given up.
        Uncollectible = "uncollectible",
        /// A credit note takes all of it back.
        VoidWithCreditNote = "void_with_credit_note",
    }
}

words! {
    /// How a case ended.
    CaseOutcome {
        /// The invoice was paid, or nothing is owed on it any more.
        Recovered = "recovered",
        /// All steps were taken in vain.
        Exhausted = "exhausted",
        /// There was nothing left to chase: withdrawn, given up, disputed, or its subscription ended.
        Cancelled = "cancelled",
    }
}

words! {
    /// A mail of dunning.
    DunningMail {
        /// The payment failed; here is how to pay.
        PaymentFailed = "payment_failed",
        /// It is still unpaid.
        PaymentReminder = "payment_reminder",
        /// The subscription is on hold now.
        OnHold = "on_hold",
        /// The last word.
        FinalNotice = "final_notice",
    }
}

/// A dunning policy. Pinned when a case opens; a changed policy holds for new cases.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Policy {
    /// Grows with every change. [`Pinned::version`] tells contents apart without anybody counting.
    pub version: u32,
    /// By rising offset.
    pub steps: Vec<Step>,
    /// What becomes of the invoice when the final step has failed.
    pub unpaid_invoice: UnpaidInvoice,
}

/// One step of a policy.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Step {
    /// Seconds after the first failure.
    pub offset_s: i64,
    /// Try to charge again.
    pub retry: bool,
    /// Word of the [`DunningMail`] to send when the retry has failed, or at once where there is nothing to retry.
    pub mail: Option<String>,
    /// What follows when the retry fails, or at once where there is nothing to retry.
    pub on_failure: Option<HoldOrFinal>,
}

impl Step {
    /// The mail of this step.
    pub fn mail_kind(&self) -> Option<DunningMail> {
        self.mail.as_deref().and_then(|word| word.parse().ok())
    }
}

const DAY_S: i64 = 86_400;

impl Default for Policy {
    /// Five retries in three weeks, on hold after one.
    fn default() -> Self {
        use HoldOrFinal::*;
        let step = |days: i64, retry, mail: Option<&str>, on_failure| Step {
            offset_s: days * DAY_S,
            retry,
            mail: mail.map(str::to_owned),
            on_failure,
        };
        Self {
            version: 1,
            steps: vec![
                step(0, false, Some("payment_failed"), None),
                step(1, true, None, None),
                step(3, true, None, None),
                step(7, true, Some("on_hold"), Some(Hold)),
                step(14, true, Some("payment_reminder"), None),
                step(21, true, Some("final_notice"), Some(Cancel)),
            ],
            unpaid_invoice: UnpaidInvoice::Uncollectible,
        }
    }
}

impl Policy {
    /// The hardest consequence among the first `taken` steps: what holds now that a retry has failed.
    pub fn escalation(&self, taken: usize) -> Option<HoldOrFinal> {
        self.steps.iter().take(taken).filter_map(|step| step.on_failure).max()
    }
}
