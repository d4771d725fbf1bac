//! What is sold: kinds of products, how many of them, and prices made comparable.

use crate::period::{Interval, IntervalUnit};
use crate::words;
use serde::{Deserialize, Serialize};
use std::cmp::Ordering;

words! {
    /// How a product is sold.
    ProductKind {
        /// Again and again, in advance.
        Subscription = "subscription",
        /// By what was counted, when a period is over.
        Usage = "usage",
        /// Once.
        OneTime = "one_time",
    }
}

impl ProductKind {
    /// Whether a subscription can consist of it.
    pub const fn recurs(self) -> bool {
        !matches!(self, Self::OneTime)
    }

    /// Whether a period of it is paid when the period begins.
    pub const fn is_paid_in_advance(self) -> bool {
        !matches!(self, Self::Usage)
    }
}

/// How many pieces of a price may be bought.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct QuantityBounds {
    /// Fewest pieces; less than one counts as one.
    pub min: i64,
    /// Most pieces.
    pub max: Option<i64>,
}

/// Why a quantity is refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum QuantityError {
    /// Fewer than there must be.
    #[error("{quantity} is less than {min}")]
    TooFew {
        /// What was asked for.
        quantity: i64,
        /// Fewest pieces.
        min: i64,
    },
    /// More than there may be.
    #[error("{quantity} is more than {max}")]
    TooMany {
        /// What was asked for.
        quantity: i64,
        /// Most pieces.
        max: i64,
    },
}

impl Default for QuantityBounds {
    /// One or more.
    fn default() -> Self {
        Self { min: 1, max: None }
    }
}

impl QuantityBounds {
    /// Whether `quantity` pieces may be bought.
    pub fn check(&self, quantity: i64) -> Result<(), QuantityError> {
        let min = self.min.max(1);
        match self.max {
            _ if quantity < min => Err(QuantityError::TooFew { quantity, min }),
            Some(max) if quantity > max => Err(QuantityError::TooMany { quantity, max }),
            _ => Ok(()),
        }
    }
}

/// Place in a product collection. Customers change plans only inside one; sorted, memberships show the order in
/// which its plans are offered.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Membership {
    /// Which collection.
    pub collection: String,
    /// Position in it; higher is bigger.
    pub rank: i32,
}

impl Membership {
    /// Whether both belong to one collection.
    pub fn is_beside(&self, other: &Self) -> bool {
        self.collection == other.collection
    }
}

/// An amount per interval, comparable with amounts per other intervals: what a Gregorian year of 365.2425 days
/// costs, as an exact ratio. For comparing only; nothing is ever charged by it.
#[derive(Debug, Clone, Copy)]
pub struct YearlyCost {
    minor: i128,
    interval_s: i128,
}

/// 365.2425 days.
const YEAR_S: i128 = 31_556_952;

impl YearlyCost {
    /// `minor` units every `interval`.
    pub fn new(minor: i64, interval: Interval) -> Self {
        let unit_s = match interval.unit {
            IntervalUnit::Day => 86_400,
            IntervalUnit::Week => 604_800,
            IntervalUnit::Month => YEAR_S / 12,
            IntervalUnit::Year => YEAR_S,
        };
        Self { minor: i128::from(minor), interval_s: unit_s * i128::from(interval.count.max(1)) }
    }
}

impl Ord for YearlyCost {
    /// By cross multiplication: 64 bits times the seconds of 2^32 years stay below 2^127.
    fn cmp(&self, other: &Self) -> Ordering {
        (self.minor * other.interval_s).cmp(&(other.minor * self.interval_s))
    }
}

impl PartialOrd for YearlyCost {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl PartialEq for YearlyCost {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other) == Ordering::Equal
    }
}

impl Eq for YearlyCost {}
