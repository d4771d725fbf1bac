//! From a quantity to an amount of money.

use super::Decimal;
use super::decimal::WHOLE;
use crate::money::{MoneyError, round_div};
use serde::{Deserialize, Serialize};

/// How a quantity is priced. Prices of a unit are in minor units and may have digits after the point: a call for
/// a fiftieth of a cent costs `0.02`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Rating {
    /// Costs nothing, each period.
    #[serde(default)]
    pub included: Decimal,
    /// Graduated: each part of what exceeds `included` costs the price of its own tier.
    pub tiers: Vec<Tier>,
}

/// One step of a graduated price.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Tier {
    /// Last unit of the tier, counted from the first that is not included; the last tier has none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub up_to: Option<Decimal>,
    /// Price of one unit, in minor units.
    pub unit_amount: Decimal,
}

/// Why a rating is refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum RatingError {
    /// Every quantity needs a price.
    #[error("the last tier, and no other, has no up_to")]
    Open,
    /// Tiers must rise.
    #[error("the tiers must rise")]
    Order,
}

/// What a quantity costs, and why.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Rated {
    /// What was used.
    pub quantity: Decimal,
    /// Of that, what costs nothing.
    pub included: Decimal,
    /// What fell into each tier, where anything did.
    pub parts: Vec<RatedPart>,
    /// `round(sum of quantity * unit_amount)` in minor units: rounded once, over all tiers.
    pub amount: i64,
}

/// What fell into one tier.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct RatedPart {
    /// How much.
    pub quantity: Decimal,
    /// Price of one unit, in minor units.
    pub unit_amount: Decimal,
}

impl Rating {
    /// One price for every unit.
    pub fn per_unit(unit_amount: Decimal) -> Self {
        Self { included: Decimal::ZERO, tiers: vec![Tier { up_to: None, unit_amount }] }
    }

    /// Checks that every quantity has one price.
    pub fn check(&self) -> Result<(), RatingError> {
        let last = self.tiers.len();
        let open = self.tiers.iter().enumerate().all(|(i, tier)| tier.up_to.is_none() == (i + 1 == last));
        if last == 0 || !open {
            return Err(RatingError::Open);
        }
        let bounds: Vec<Decimal> = self.tiers.iter().filter_map(|tier| tier.up_to).collect();
        let rises = bounds.windows(2).all(|pair| pair[0] < pair[1]);
        let starts_above_zero = bounds.first().is_none_or(|first| *first > Decimal::ZERO);
        if rises && starts_above_zero { Ok(()) } else { Err(RatingError::Order) }
    }

    /// What `quantity` costs. Fails only if the amount does not fit into 64 bits.
    pub fn rate(&self, quantity: Decimal) -> Result<Rated, MoneyError> {
        let included = quantity.min(self.included);
        let billable = quantity.minus(included);
        let mut below = Decimal::ZERO;
        let mut parts = Vec::new();
        for tier in &self.tiers {
            let reached = tier.up_to.map_or(billable, |up_to| billable.min(up_to));
            let part = RatedPart { quantity: reached.minus(below), unit_amount: tier.unit_amount };
            if part.quantity > Decimal::ZERO {
                parts.push(part);
            }
            below = below.max(reached);
        }
        let amount = amount(&parts)?;
        Ok(Rated { quantity, included, parts, amount })
    }
}

fn amount(parts: &[RatedPart]) -> Result<i64, MoneyError> {
    let exact = parts.iter().try_fold(0_u128, |sum, part| {
        let cost = part.quantity.millionths().checked_mul(part.unit_amount.millionths())?;
        sum.checked_add(cost)
    });
    // Rounding doubles it.
    let exact = exact.and_then(|sum| i128::try_from(sum).ok()).filter(|sum| *sum < i128::MAX / 4);
    round_div(exact.ok_or(MoneyError::OutOfRange)?, WHOLE * WHOLE)
}
