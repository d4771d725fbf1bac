//! What a customer may change to.

use crate::catalog::{Membership, QuantityBounds, QuantityError};
use crate::subscription::item::{Item, ItemRole, Slot};
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

/// An item of a change's target as it is asked for, carried and stored.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Wanted {
    /// Plan or add-on.
    pub role: ItemRole,
    /// Id of the price.
    pub price: String,
    /// How many.
    pub quantity: i64,
}

/// An item of a change's target as the catalogue offers it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Offer {
    /// The item.
    pub item: Item,
    /// How many there may be.
    pub bounds: QuantityBounds,
    /// Where the product is offered.
    pub membership: Option<Membership>,
    /// As what it is offered.
    pub sold_as: ItemRole,
    /// Whether product or price are no longer sold.
    pub archived: bool,
    /// Days of trial at this price.
    pub trial_days: u32,
}

impl Offer {
    /// What of it is asked for.
    pub fn wanted(&self) -> Wanted {
        let Item { role, price, quantity, .. } = &self.item;
        Wanted { role: *role, price: price.clone(), quantity: *quantity }
    }
}

/// Why a change is refused.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ChangeRefusal {
    /// The subscription has ended.
    #[error("the subscription has ended")]
    Ended,
    /// Its dues come first.
    #[error("the subscription is on hold")]
    OnHold,
    /// It waits for its first payment, is paused or parked.
    #[error("the subscription is not running")]
    NotRunning,
    /// Its end is scheduled.
    #[error("the subscription is going to end")]
    Cancelling,
    /// A payment of it is under way.
    #[error("a payment is under way")]
    AttemptOpen,
    /// Its period is over and the next has not begun yet.
    #[error("the subscription is just being renewed")]
    BetweenPeriods,
    /// There must be one plan.
    #[error("a subscription has one plan")]
    NotOnePlan,
    /// An add-on is there twice.
    #[error("the add-on {0} is there twice")]
    Twice(String),
    /// Things that are sold once are no part of a subscription.
    #[error("the product {0} is sold once")]
    SoldOnce(String),
    /// All items are charged at one interval.
    #[error("the price {0} is charged at another interval")]
    OtherInterval(String),
    /// A subscription keeps its currency.
    #[error("the price {0} is in another currency")]
    OtherCurrency(String),
    /// Plans change inside one collection.
    #[error("the product {0} is not in the plan's collection")]
    OtherCollection(String),
    /// Add-ons are no plans, and plans no add-ons.
    #[error("the product {0} is not offered as that")]
    OtherRole(String),
    /// No longer sold.
    #[error("the price {0} is no longer offered")]
    Archived(String),
    /// Too few or too many.
    #[error("the quantity of {price} is refused: {why}")]
    Quantity {
        /// Id of the price.
        price: String,
        /// What is wrong with it.
        why: QuantityError,
    },
    /// Nothing would change.
    #[error("the subscription is like that already")]
    SameTarget,
}

impl ChangeRefusal {
    /// A stable word for machines.
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Ended => "already_ended",
            Self::OnHold => "on_hold",
            Self::NotRunning => "not_running",
            Self::Cancelling => "cancelling",
            Self::AttemptOpen => "payment_under_way",
            Self::BetweenPeriods => "renewing",
            Self::NotOnePlan => "not_one_plan",
            Self::Twice(_) => "addon_twice",
            Self::SoldOnce(_) => "sold_once",
            Self::OtherInterval(_) => "other_interval",
            Self::OtherCurrency(_) => "other_currency",
            Self::OtherCollection(_) => "other_collection",
            Self::OtherRole(_) => "other_role",
            Self::Archived(_) => "archived",
            Self::Quantity { .. } => "quantity",
            Self::SameTarget => "same_target",
        }
    }
}

/// Checks a target against what the subscription consists of and where its plan is offered. What stays as it is may
/// be archived or out of today's bounds.
pub fn check_target(
    current: &[Item],
    membership: Option<&Membership>,
    target: &[Offer],
) -> Result<(), ChangeRefusal> {
    check_shape(target)?;
    for offer in target {
        check_offer(current, membership, offer, &target[0].item)?;
    }
    let same = |offer: &Offer| current.iter().any(|item| item.is_same_as(&offer.item));
    if target.len() == current.len() && target.iter().all(same) {
        return Err(ChangeRefusal::SameTarget);
    }
    Ok(())
}

fn check_shape(target: &[Offer]) -> Result<(), ChangeRefusal> {
    if target.iter().filter(|offer| offer.item.role == ItemRole::Plan).count() != 1 {
        return Err(ChangeRefusal::NotOnePlan);
    }
    let mut slots = BTreeSet::<Slot>::new();
    match target.iter().find(|offer| !slots.insert(offer.item.slot())) {
        Some(twice) => Err(ChangeRefusal::Twice(twice.item.product.clone())),
        None => Ok(()),
    }
}

fn check_offer(
    current: &[Item],
    membership: Option<&Membership>,
    offer: &Offer,
    first: &Item,
) -> Result<(), ChangeRefusal> {
    let Item { product, price, quantity, interval, currency, .. } = &offer.item;
    if !offer.item.kind.recurs() {
        return Err(ChangeRefusal::SoldOnce(product.clone()));
    }
    if current.iter().any(|item| item.currency != *currency) {
        return Err(ChangeRefusal::OtherCurrency(price.clone()));
    }
    if *interval != first.interval {
        return Err(ChangeRefusal::OtherInterval(price.clone()));
    }
    let known_product = current.iter().any(|item| item.product == *product && item.role == offer.item.role);
    let beside = membership.zip(offer.membership.as_ref()).is_some_and(|(here, there)| here.is_beside(there));
    if !known_product && !beside {
        return Err(ChangeRefusal::OtherCollection(product.clone()));
    }
    if !known_product && offer.sold_as != offer.item.role {
        return Err(ChangeRefusal::OtherRole(product.clone()));
    }
    if offer.archived && !current.iter().any(|item| item.price == *price) {
        return Err(ChangeRefusal::Archived(price.clone()));
    }
    if !current.iter().any(|item| item.is_same_as(&offer.item)) {
        let refused = |why| ChangeRefusal::Quantity { price: price.clone(), why };
        offer.bounds.check(*quantity).map_err(refused)?;
    }
    Ok(())
}
