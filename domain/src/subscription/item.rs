//! What a subscription consists of: one plan, and add-ons.

use crate::catalog::ProductKind;
use crate::currency::Currency;
use crate::discount::{Coupon, discounts};
use crate::money::MoneyError;
use crate::period::Interval;
use crate::tax::{TaxBehaviour, TaxRate};
use crate::words;
use serde::{Deserialize, Serialize};

words! {
    /// The part an item plays.
    ItemRole {
        /// What the subscription is to; there is one.
        Plan = "plan",
        /// Beside it; each product at most once.
        Addon = "addon",
    }
}

/// A place that one item after another can take: plans replace each other, an add-on replaces itself.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Slot {
    /// The plan's.
    Plan,
    /// That of the add-on product with this id.
    Addon(String),
}

/// A price of a subscription, and how many of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Item {
    /// Plan or add-on.
    pub role: ItemRole,
    /// Id of the product.
    pub product: String,
    /// Id of the price.
    pub price: String,
    /// How the product is sold.
    pub kind: ProductKind,
    /// How many.
    pub quantity: i64,
    /// Minor units per piece and interval.
    pub unit_amount: i64,
    /// Currency of the amount.
    pub currency: Currency,
    /// How often it is charged.
    pub interval: Interval,
    /// Rate of tax that holds today.
    pub tax_rate: TaxRate,
    /// Whether the amount contains the tax.
    pub tax_behaviour: TaxBehaviour,
}

impl Item {
    /// Its place in the subscription.
    pub fn slot(&self) -> Slot {
        match self.role {
            ItemRole::Plan => Slot::Plan,
            ItemRole::Addon => Slot::Addon(self.product.clone()),
        }
    }

    /// Minor units per piece that a period costs in advance; nothing for usage.
    pub fn unit_in_advance(&self) -> i64 {
        if self.kind.is_paid_in_advance() { self.unit_amount } else { 0 }
    }

    /// Whether a change to items of these prices ends what is counted for this one: it is billed by usage, and leaves
    /// or gets another price.
    pub fn stops_counting(&self, prices: &[&str]) -> bool {
        self.kind == ProductKind::Usage && !prices.contains(&self.price.as_str())
    }

    /// Whether both are so many of the same price.
    pub fn is_same_as(&self, other: &Self) -> bool {
        (self.role, &self.price, self.quantity) == (other.role, &other.price, other.quantity)
    }
}

/// What an item costs in advance for a whole period, in minor units.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PeriodAmount {
    /// Quantity times unit amount.
    pub amount: i64,
    /// Taken off it.
    pub discount: i64,
}

impl PeriodAmount {
    /// What is left.
    pub const fn net_of_discount(self) -> i64 {
        self.amount - self.discount
    }
}

/// What each item costs in advance for a whole period under these coupons, in the order of the items.
///
/// # Errors
/// Only if an amount does not fit into 64 bits.
pub fn period_amounts(items: &[Item], coupons: &[Coupon]) -> Result<Vec<PeriodAmount>, MoneyError> {
    let Some(first) = items.first() else { return Ok(Vec::new()) };
    let amount =
        |item: &Item| item.quantity.checked_mul(item.unit_in_advance()).ok_or(MoneyError::OutOfRange);
    let amounts = items.iter().map(amount).collect::<Result<Vec<_>, _>>()?;
    let taken = discounts(coupons, &amounts, first.currency)?;
    Ok(amounts.into_iter().zip(taken).map(|(amount, discount)| PeriodAmount { amount, discount }).collect())
}
