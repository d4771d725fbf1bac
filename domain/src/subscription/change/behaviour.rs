//! When a change takes effect, and how it is billed.

use super::direction::{ChangeKind, Direction};
use super::prorate::Granularity;
use crate::words;
use serde::{Deserialize, Serialize};

words! {
    /// When a change takes effect, and how it is billed.
    ChangeBehaviour {
        /// Credit and charge for the rest of the period on an invoice now; takes effect once that is paid.
        NowInvoice = "now_invoice",
        /// Takes effect now; credit and charge go on the next invoice.
        NowNextInvoice = "now_next_invoice",
        /// Takes effect with the next period; until then it can be undone.
        AtPeriodEnd = "at_period_end",
        /// A new period at full price begins now, once that is paid; the rest of the old one is forfeited.
        Reset = "reset",
        /// Takes effect now and is charged from the next period on.
        None = "none",
    }
}

words! {
    /// Where what a change gives back goes, where that is more than it costs.
    ChangeCredit {
        /// Into the customer's balance.
        Balance = "balance",
        /// Back to where it came from, as far as it came from a payment.
        Refund = "refund",
    }
}

/// A business's policy for changes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct ChangePolicy {
    /// To something dearer, or more.
    pub upgrade: ChangeBehaviour,
    /// To something cheaper, or less.
    pub downgrade: ChangeBehaviour,
    /// To something at the same price.
    pub lateral: ChangeBehaviour,
    /// What parts of a period are counted in.
    pub granularity: Granularity,
    /// Where what a change gives back beyond what it costs goes.
    pub credit: ChangeCredit,
}

impl Default for ChangePolicy {
    /// More at once, less and other at the end of the period.
    fn default() -> Self {
        Self {
            upgrade: ChangeBehaviour::NowInvoice,
            downgrade: ChangeBehaviour::AtPeriodEnd,
            lateral: ChangeBehaviour::AtPeriodEnd,
            granularity: Granularity::Second,
            credit: ChangeCredit::Balance,
        }
    }
}

impl ChangePolicy {
    /// What holds for a change. Another interval means other periods, so it is always invoiced now and anchored
    /// anew.
    pub fn behaviour(&self, kind: ChangeKind) -> ChangeBehaviour {
        if kind.interval_changes {
            return ChangeBehaviour::NowInvoice;
        }
        match kind.direction {
            Direction::Upgrade => self.upgrade,
            Direction::Downgrade => self.downgrade,
            Direction::Lateral => self.lateral,
        }
    }
}
