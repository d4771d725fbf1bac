//! Money in minor units, one rounding rule, and allocation that loses nothing.

use crate::currency::Currency;
use std::fmt;

/// An amount in minor units (cents, yen, fils) of one currency. Negative amounts are credits.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, serde::Serialize, serde::Deserialize)]
pub struct Money {
    /// Minor units.
    pub minor: i64,
    /// ISO 4217 currency.
    pub currency: Currency,
}

/// Why an amount could not be computed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum MoneyError {
    /// Two amounts of different currencies met.
    #[error("amounts in {0} and {1} cannot be added")]
    CurrencyMismatch(Currency, Currency),
    /// The result does not fit into 64 bits.
    #[error("the amount is out of range")]
    OutOfRange,
}

impl Money {
    /// `minor` units of `currency`.
    pub const fn new(minor: i64, currency: Currency) -> Self {
        Self { minor, currency }
    }

    /// Nothing, in `currency`.
    pub const fn zero(currency: Currency) -> Self {
        Self::new(0, currency)
    }

    /// The sum of two amounts of one currency.
    pub fn plus(self, other: Self) -> Result<Self, MoneyError> {
        if self.currency != other.currency {
            return Err(MoneyError::CurrencyMismatch(self.currency, other.currency));
        }
        self.minor.checked_add(other.minor).map(|m| Self::new(m, self.currency)).ok_or(MoneyError::OutOfRange)
    }
}

impl fmt::Display for Money {
    /// Plain and unambiguous, for logs and the command line: `EUR 12.50`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let digits = usize::from(self.currency.exponent());
        let sign = if self.minor < 0 { "-" } else { "" };
        let scale = 10_u64.pow(u32::from(self.currency.exponent()));
        let (whole, part) = (self.minor.unsigned_abs() / scale, self.minor.unsigned_abs() % scale);
        if digits == 0 {
            write!(f, "{} {sign}{whole}", self.currency)
        } else {
            write!(f, "{} {sign}{whole}.{part:0digits$}", self.currency)
        }
    }
}

/// `numerator / denominator`, half away from zero: the only rounding rule for money.
///
/// The denominator must be positive. Multiply first, divide once.
pub fn round_div(numerator: i128, denominator: i128) -> Result<i64, MoneyError> {
    debug_assert!(denominator > 0, "denominators are positive by construction");
    let magnitude =
        (2 * numerator.unsigned_abs() + denominator.unsigned_abs()) / (2 * denominator.unsigned_abs());
    let magnitude = i128::try_from(magnitude).map_err(|_| MoneyError::OutOfRange)?;
    i64::try_from(numerator.signum() * magnitude).map_err(|_| MoneyError::OutOfRange)
}

/// Splits `total` in proportion to `weights` by largest remainder; ties go to the earlier share. The shares
/// always add up to `total`. Equal shares when all weights are zero.
pub fn allocate(total: i64, weights: &[i64]) -> Vec<i64> {
    if weights.is_empty() {
        return Vec::new();
    }
    let weights: Vec<i128> = weights.iter().map(|w| i128::from(*w).abs()).collect();
    let sum: i128 = weights.iter().sum();
    let (weights, sum) =
        if sum == 0 { (vec![1; weights.len()], weights.len() as i128) } else { (weights, sum) };
    let sign = i128::from(total.signum());
    let magnitude = i128::from(total).abs();

    let mut shares: Vec<i128> = weights.iter().map(|w| magnitude * w / sum).collect();
    let mut order: Vec<usize> = (0..weights.len()).collect();
    order.sort_by_key(|&i| (std::cmp::Reverse(magnitude * weights[i] % sum), i));
    let left = magnitude - shares.iter().sum::<i128>();
    for &i in order.iter().take(usize::try_from(left).unwrap_or(0)) {
        shares[i] += 1;
    }
    // Each share is at most |total|, so it fits.
    shares.into_iter().map(|s| i64::try_from(sign * s).unwrap_or(total)).collect()
}
