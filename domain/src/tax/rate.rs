//! Tax rates and the two formulas.

use crate::money::{MoneyError, round_div};
use crate::words;
use serde::{Deserialize, Serialize};
use std::fmt;
use std::str::FromStr;

words! {
    /// Whether a price contains its tax.
    TaxBehaviour {
        /// The price is what the customer pays.
        Inclusive = "inclusive",
        /// Tax comes on top.
        Exclusive = "exclusive",
    }
}

/// Millionths in one: 100 %.
const WHOLE: u32 = 1_000_000;

/// A tax rate in millionths: 190 000 is 19 %. Reads and writes as a decimal in per cent: `19`, `5.5`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct TaxRate(pub u32);

/// Not a rate: a decimal from 0 to 100 per cent, at most four digits after the point.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0:?} is not a tax rate in per cent, such as 19 or 5.5")]
pub struct BadTaxRate(pub String);

impl TaxRate {
    /// No tax.
    pub const ZERO: Self = Self(0);

    /// The tax of `amount` minor units.
    ///
    /// Exclusive: `round(net * r / 10^6)` on top of the net. Inclusive: `round(gross * r / (10^6 + r))`
    /// contained in the gross.
    pub fn tax_of(self, amount: i128, behaviour: TaxBehaviour) -> Result<i64, MoneyError> {
        let numerator = amount.checked_mul(i128::from(self.0)).ok_or(MoneyError::OutOfRange)?;
        round_div(numerator, self.denominator(behaviour))
    }

    /// What a taxed amount is divided by, after it was multiplied by the rate.
    pub(crate) fn denominator(self, behaviour: TaxBehaviour) -> i128 {
        match behaviour {
            TaxBehaviour::Exclusive => i128::from(WHOLE),
            TaxBehaviour::Inclusive => i128::from(WHOLE) + i128::from(self.0),
        }
    }
}

impl FromStr for TaxRate {
    type Err = BadTaxRate;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let bad = || BadTaxRate(text.to_owned());
        let (whole, part) = text.split_once('.').unwrap_or((text, "0"));
        let digits = |s: &str| !s.is_empty() && s.bytes().all(|b| b.is_ascii_digit());
        if !digits(whole) || !digits(part) || part.len() > 4 {
            return Err(bad());
        }
        let percent: u32 = whole.parse().map_err(|_| bad())?;
        let fraction: u32 = format!("{part:0<4}").parse().map_err(|_| bad())?;
        percent
            .checked_mul(10_000)
            .and_then(|rate| rate.checked_add(fraction))
            .filter(|rate| *rate <= WHOLE)
            .map(Self)
            .ok_or_else(bad)
    }
}

impl fmt::Display for TaxRate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (whole, part) = (self.0 / 10_000, format!("{:04}", self.0 % 10_000));
        match part.trim_end_matches('0') {
            "" => f.pad(&whole.to_string()),
            digits => f.pad(&format!("{whole}.{digits}")),
        }
    }
}
