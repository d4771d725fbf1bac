//! Quantities and prices with digits after the point, without rounding.

use serde::{Deserialize, Serialize};
use std::fmt;
use std::str::FromStr;

/// Millionths in one.
pub(super) const WHOLE: i128 = 1_000_000;
/// Digits before the point that a written number may have.
const MOST_DIGITS: usize = 18;
/// Digits after it.
const SCALE: usize = 6;

/// A number that is not negative, with at most six digits after the point: how much was used, or the price of one
/// unit in minor units. A whole number of millionths, so sums are exact. Reads and writes as `12` or `0.25`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Default, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Decimal(u128);

/// Not such a number.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0:?} is not a number such as 12 or 0.25, with at most six digits after the point")]
pub struct BadDecimal(pub String);

impl Decimal {
    /// Nothing.
    pub const ZERO: Self = Self(0);

    /// So many whole ones.
    pub const fn whole(count: u64) -> Self {
        Self(count as u128 * WHOLE.unsigned_abs())
    }

    /// In millionths.
    pub const fn millionths(self) -> u128 {
        self.0
    }

    /// The sum. Saturates, far beyond any quantity that can be written.
    pub const fn plus(self, other: Self) -> Self {
        Self(self.0.saturating_add(other.0))
    }

    /// What is left when `other` is taken off; nothing if that is more.
    pub const fn minus(self, other: Self) -> Self {
        Self(self.0.saturating_sub(other.0))
    }
}

impl FromStr for Decimal {
    type Err = BadDecimal;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let bad = || BadDecimal(text.to_owned());
        let (whole, part) = text.split_once('.').unwrap_or((text, "0"));
        let digits = |s: &str, most| (1..=most).contains(&s.len()) && s.bytes().all(|b| b.is_ascii_digit());
        if !digits(whole, MOST_DIGITS) || !digits(part, SCALE) {
            return Err(bad());
        }
        format!("{whole}{part:0<SCALE$}").parse().map(Self).map_err(|_| bad())
    }
}

impl fmt::Display for Decimal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let one = WHOLE.unsigned_abs();
        let (whole, part) = (self.0 / one, format!("{:0SCALE$}", self.0 % one));
        match part.trim_end_matches('0') {
            "" => f.pad(&whole.to_string()),
            digits => f.pad(&format!("{whole}.{digits}")),
        }
    }
}

impl TryFrom<String> for Decimal {
    type Error = BadDecimal;
    fn try_from(text: String) -> Result<Self, Self::Error> {
        text.parse()
    }
}

impl From<Decimal> for String {
    fn from(number: Decimal) -> Self {
        number.to_string()
    }
}
