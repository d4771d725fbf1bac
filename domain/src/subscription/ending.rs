//! What a subscription leaves behind when it is cancelled: time that was billed and will not be used, and invoices
//! that nobody has paid.

use super::state::SubscriptionStatus;
use crate::currency::Currency;
use crate::invoice::credit_note::{Settlement, Split};
use crate::money::{Money, MoneyError};
use crate::words;
use serde::{Deserialize, Serialize};

words! {
    /// What becomes of time that was billed and will not be used, by setting.
    UnusedTime {
        /// Nothing comes back.
        Lapses = "none",
        /// What was paid for it goes into the customer's balance.
        Credit = "credit",
        /// What was paid for it goes back to where it came from.
        Refund = "refund",
    }
}

impl UnusedTime {
    /// Where what was paid for it goes, if it comes back. What is unpaid comes off its invoice.
    pub const fn settlement(self) -> Option<Settlement> {
        match self {
            Self::Lapses => None,
            Self::Credit => Some(Settlement::Balance),
            Self::Refund => Some(Settlement::Refund),
        }
    }
}

words! {
    /// What becomes of open invoices, by setting.
    OpenInvoices {
        /// They stay open, to be paid by hand: nothing is charged by itself any more.
        Stop = "stop",
        /// They are collected and dunned as before.
        KeepCollecting = "keep_collecting",
        /// What is unpaid of them is let go.
        Void = "void",
    }
}

/// What a business does about a subscription that is cancelled.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct EndingPolicy {
    /// Time that was billed and will not be used.
    pub unused_time: UnusedTime,
    /// Invoices that are open at its end.
    pub open_invoices: OpenInvoices,
}

impl EndingPolicy {
    /// For ends that settle what is unpaid by rules of their own: dunning, a refund, a dispute.
    pub const NOTHING: Self = Self { unused_time: UnusedTime::Lapses, open_invoices: OpenInvoices::Stop };

    /// What it says of a subscription that stands so: what never began leaves nothing behind.
    pub fn of(self, status: SubscriptionStatus) -> Self {
        if status == SubscriptionStatus::Incomplete { Self::NOTHING } else { self }
    }
}

/// What comes back at the end of a subscription, tax included.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct GivenBack {
    currency: Currency,
    split: Split,
}

impl GivenBack {
    /// Nothing so far.
    pub const fn nothing(currency: Currency) -> Self {
        Self { currency, split: Split { offset: 0, balance: 0, refund: 0 } }
    }

    /// Adds what a credit note gives back.
    ///
    /// # Errors
    /// Only if the sum does not fit into 64 bits.
    pub fn add(&mut self, note: Split) -> Result<(), MoneyError> {
        let sum = |one: i64, other: i64| one.checked_add(other).ok_or(MoneyError::OutOfRange);
        self.split = Split {
            offset: sum(self.split.offset, note.offset)?,
            balance: sum(self.split.balance, note.balance)?,
            refund: sum(self.split.refund, note.refund)?,
        };
        Ok(())
    }

    /// What comes off open invoices, if anything does.
    pub fn offset(&self) -> Option<Money> {
        self.money(self.split.offset)
    }

    /// What goes into the customer's balance, if anything does.
    pub fn balance(&self) -> Option<Money> {
        self.money(self.split.balance)
    }

    /// What goes back to where it came from, if anything does.
    pub fn refund(&self) -> Option<Money> {
        self.money(self.split.refund)
    }

    fn money(&self, minor: i64) -> Option<Money> {
        (minor != 0).then(|| Money::new(minor, self.currency))
    }
}
