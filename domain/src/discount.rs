//! Coupons: what they take off, from which lines, and for how long.
//!
//! A discount is computed on what a whole period costs; parts of a period carry their part of it.

use crate::currency::Currency;
use crate::money::{Money, MoneyError, allocate, round_div};
use serde::{Deserialize, Serialize};

/// Millionths in one: 100 %.
const WHOLE: u32 = 1_000_000;

/// What a coupon grants.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Coupon {
    /// What it takes off.
    pub off: Off,
    /// For how long.
    pub lasts: Lasts,
}

/// What a coupon takes off each period.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Off {
    /// A part of every line, in millionths: 200 000 is 20 %.
    Percent(u32),
    /// An amount of the whole, in its own currency only.
    Amount(Money),
}

/// For how many periods a coupon lasts. Only periods that are billed with it count.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Lasts {
    /// One period.
    Once,
    /// So many periods.
    Periods(u32),
    /// As long as the subscription.
    Forever,
}

/// Why a coupon cannot be set up.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum CouponError {
    /// Not between nothing and everything.
    #[error("a coupon takes more than 0 and at most 100 per cent off")]
    Percent,
    /// Nothing, or less.
    #[error("a coupon takes an amount above zero off")]
    Amount,
    /// No period at all.
    #[error("a coupon lasts for one period at least")]
    Periods,
}

impl Coupon {
    /// Whether it takes anything off at all, and never more than everything.
    pub fn check(&self) -> Result<(), CouponError> {
        match (self.off, self.lasts) {
            (Off::Percent(millionths), _) if !(1..=WHOLE).contains(&millionths) => Err(CouponError::Percent),
            (Off::Amount(amount), _) if amount.minor <= 0 => Err(CouponError::Amount),
            (_, Lasts::Periods(0)) => Err(CouponError::Periods),
            _ => Ok(()),
        }
    }

    /// What it takes off each line, in minor units: never more than the line, and nothing off credits.
    ///
    /// A percentage is rounded line by line, so that a line's discount does not depend on its neighbours. An
    /// amount is shared out in proportion to the lines, and takes nothing in a currency that is not its own.
    fn off_lines(&self, amounts: &[i64], currency: Currency) -> Result<Vec<i64>, MoneyError> {
        let open: Vec<i64> = amounts.iter().map(|amount| (*amount).max(0)).collect();
        match self.off {
            Off::Percent(millionths) => {
                let rate = i128::from(millionths.min(WHOLE));
                open.iter().map(|line| round_div(i128::from(*line) * rate, i128::from(WHOLE))).collect()
            }
            Off::Amount(amount) if amount.currency == currency => {
                let total = open.iter().map(|line| i128::from(*line)).sum::<i128>();
                let taken = total.min(i128::from(amount.minor.max(0)));
                Ok(allocate(i64::try_from(taken).map_err(|_| MoneyError::OutOfRange)?, &open))
            }
            Off::Amount(_) => Ok(vec![0; amounts.len()]),
        }
    }
}

/// What coupons take off each line together: each takes from what those before it have left.
///
/// # Errors
/// Only if an amount does not fit into 64 bits.
pub fn discounts(coupons: &[Coupon], amounts: &[i64], currency: Currency) -> Result<Vec<i64>, MoneyError> {
    let mut left = amounts.to_vec();
    for coupon in coupons {
        let taken = coupon.off_lines(&left, currency)?;
        left.iter_mut().zip(taken).for_each(|(line, off)| *line -= off);
    }
    Ok(amounts.iter().zip(left).map(|(amount, left)| amount - left).collect())
}

/// A coupon on a subscription.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Redemption {
    /// What it grants, as it was when it was redeemed.
    pub coupon: Coupon,
    /// How many periods it has taken something off, the running one included.
    pub periods_used: u32,
}

impl Redemption {
    /// The coupon, if the running period was opened with it.
    pub fn in_running_period(&self) -> Option<Coupon> {
        (self.periods_used > 0).then_some(self.coupon)
    }

    /// The coupon, if it holds for the next period.
    pub fn in_next_period(&self) -> Option<Coupon> {
        let holds = match self.coupon.lasts {
            Lasts::Once => self.periods_used == 0,
            Lasts::Periods(periods) => self.periods_used < periods,
            Lasts::Forever => true,
        };
        holds.then_some(self.coupon)
    }

    /// The redemption when a period that was opened with it is taken back, or was not billed after all.
    pub fn given_back(self) -> Self {
        Self { periods_used: self.periods_used.saturating_sub(1), ..self }
    }

    /// The redemption after the next period has been opened; none once it is over.
    pub fn after_next_period(self) -> Option<Self> {
        self.in_next_period()?;
        Some(Self { periods_used: self.periods_used.saturating_add(1), ..self })
    }
}

/// What becomes of redemptions when a period is opened whose items cost `amounts` in advance, in the order in which they
/// apply: a period in which one takes nothing off (all is billed by usage, the currency is another, those before it have
/// left nothing) does not count for it. None for what is over.
///
/// # Errors
/// Only if an amount does not fit into 64 bits.
pub fn after_opening(
    redemptions: &[Redemption],
    amounts: &[i64],
    currency: Currency,
) -> Result<Vec<Option<Redemption>>, MoneyError> {
    let mut left = amounts.to_vec();
    let opened = |redemption: &Redemption| {
        let Some(coupon) = redemption.in_next_period() else { return Ok(None) };
        let taken = coupon.off_lines(&left, currency)?;
        left.iter_mut().zip(&taken).for_each(|(line, off)| *line -= off);
        let counts = taken.iter().any(|off| *off != 0);
        Ok(if counts { redemption.after_next_period() } else { Some(*redemption) })
    };
    redemptions.iter().map(opened).collect()
}
