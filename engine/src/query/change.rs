//! What a customer can change about a subscription, and what is going to change.

use super::portal::Subscribed;
use crate::db::Conn;
use crate::error::{Error, Result};
use crate::scope::Scope;
use crate::store;
use crate::store::catalog::{Price, Product};
use crate::store::subscriptions::Subscription;
use crate::usecase::bill::items::{Sold, item, items};
use crate::usecase::change::{Part, TAX_DOES_NOT_MATTER, parts, pending};
use crate::usecase::schedule;
use domain::Instant;
use domain::catalog::ProductKind;
use domain::money::Money;
use domain::period::Interval;
use domain::subscription::change::decide::check_standing;
use domain::subscription::change::direction::{Direction, classify};
use domain::subscription::change::target::Wanted;
use domain::subscription::item::{Item, ItemRole};

/// A change that comes with the next period.
#[derive(Debug, Clone)]
pub struct Scheduled {
    /// When, billing time.
    pub at: Instant,
    /// What the subscription then consists of, the plan first.
    pub parts: Vec<Part>,
    /// What all of it costs an interval in advance, without tax on top and before coupons.
    pub amount: Money,
    /// How often it is then charged.
    pub interval: Interval,
}

/// What there is to choose from.
#[derive(Debug, Clone)]
pub struct Choices {
    /// Plans, in the order in which they are offered; the current one among them.
    pub plans: Vec<PlanChoice>,
    /// Add-ons.
    pub addons: Vec<AddonChoice>,
}

/// A plan.
#[derive(Debug, Clone)]
pub struct PlanChoice {
    /// What it costs.
    pub price: Price,
    /// What it is.
    pub product: Product,
    /// Which way a change to it goes; none for the current one.
    pub direction: Option<Direction>,
}

/// An add-on.
#[derive(Debug, Clone)]
pub struct AddonChoice {
    /// What it costs.
    pub price: Price,
    /// What it is.
    pub product: Product,
    /// How many the subscription has.
    pub quantity: i64,
}

/// The scheduled change of a subscription, if it has one.
pub fn scheduled(conn: &mut Conn, scope: &Scope, sub: &Subscription) -> Result<Option<Scheduled>> {
    let open = store::changes::open_of(conn, scope.id(), &sub.id)?;
    let Some(change) = open.as_ref().map(pending).transpose()?.flatten() else { return Ok(None) };
    let prices = change.target.iter().map(|wanted| priced(conn, scope, wanted));
    let prices: Vec<(Price, i64)> = prices.collect::<Result<_>>()?;
    let Some((plan, _)) = prices.first() else { return Ok(None) };
    let (currency, interval) = (plan.currency, plan.interval());
    let sum = prices.iter().try_fold(0_i64, |sum, (_, cost)| sum.checked_add(*cost));
    Ok(Some(Scheduled {
        at: change.apply_at,
        parts: parts(conn, scope, &change.target)?,
        amount: Money::new(sum.ok_or_else(|| Error::bug("amount out of range"))?, currency),
        interval,
    }))
}

/// A part's price, and what so many of it cost in advance.
fn priced(conn: &mut Conn, scope: &Scope, wanted: &Wanted) -> Result<(Price, i64)> {
    let (price, product) = store::catalog::price(conn, scope.id(), &wanted.price.as_str().into())?;
    let part = item(wanted.role, &price, &product, wanted.quantity, &TAX_DOES_NOT_MATTER)?;
    let cost = part.quantity.checked_mul(part.unit_in_advance());
    Ok((price, cost.ok_or_else(|| Error::bug("amount out of range"))?))
}

/// What a subscription consists of now, the plan first.
pub fn parts_of(conn: &mut Conn, scope: &Scope, sub: &Subscription) -> Result<Vec<Part>> {
    let sold = items(conn, scope, sub, &TAX_DOES_NOT_MATTER)?;
    Ok(sold
        .into_iter()
        .map(|sold| Part { product: sold.product.name, quantity: sold.item.quantity })
        .collect())
}

/// Whether a customer finds anything to change about it now.
pub fn can_change(conn: &mut Conn, scope: &Scope, found: &Subscribed) -> Result<bool> {
    if !scope.settings.portal.plan_changes {
        return Ok(false);
    }
    if check_standing(&schedule::facts(conn, scope, &found.sub)?).is_err() {
        return Ok(false);
    }
    let choices = choices(conn, scope, found)?;
    let (quantity, price) = (found.sub.quantity, &found.price);
    let is_fixed = price.quantity_min >= quantity && price.quantity_max.is_some_and(|most| most <= quantity);
    Ok(!is_fixed || choices.plans.len() > 1 || !choices.addons.is_empty())
}

/// What a subscription can be changed to, in its currency: the prices of its plan and of the plans beside it, its
/// add-ons, and those that are offered at its interval. The rules of a change decide again when one is chosen.
pub fn choices(conn: &mut Conn, scope: &Scope, found: &Subscribed) -> Result<Choices> {
    let sold = items(conn, scope, &found.sub, &TAX_DOES_NOT_MATTER)?;
    let (of, collection) = (&found.product.id, found.product.collection_id.as_ref());
    let mut offered = store::catalog::offered_beside(conn, scope.id(), of, collection)?;
    offered.retain(|(price, product)| {
        price.currency == found.price.currency && product.kind == ProductKind::Subscription
    });
    let (mut offered, beside): (Vec<_>, Vec<_>) = offered
        .into_iter()
        .partition(|(_, product)| product.sold_as == ItemRole::Plan || product.id == found.product.id);
    if !offered.iter().any(|(price, _)| price.id == found.price.id) {
        offered.insert(0, (found.price.clone(), found.product.clone()));
    }
    let plan = |(price, product): (Price, Product)| {
        let direction = (price.id != found.price.id).then(|| direction_to(&sold, &price, &product));
        Ok(PlanChoice { direction: direction.transpose()?, price, product })
    };
    let has = |product: &Product| sold[1..].iter().any(|sold| sold.product.id == product.id);
    let mut addons: Vec<AddonChoice> = sold[1..].iter().map(addon).collect();
    for (price, product) in beside {
        if price.interval() == found.price.interval() && !has(&product) {
            addons.push(AddonChoice { price, product, quantity: 0 });
        }
    }
    Ok(Choices { plans: offered.into_iter().map(plan).collect::<Result<_>>()?, addons })
}

fn addon(sold: &Sold) -> AddonChoice {
    let Sold { item, price, product } = sold.clone();
    AddonChoice { price, product, quantity: item.quantity }
}

/// Which way the same subscription goes to another plan.
fn direction_to(sold: &[Sold], price: &Price, product: &Product) -> Result<Direction> {
    let from: Vec<Item> = sold.iter().map(|sold| sold.item.clone()).collect();
    let mut to = from.clone();
    to[0] = item(ItemRole::Plan, price, product, from[0].quantity, &TAX_DOES_NOT_MATTER)?;
    Ok(classify(&from, &to).map_err(Error::bug)?.direction)
}
