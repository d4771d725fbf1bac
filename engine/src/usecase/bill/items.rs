//! What a subscription consists of, as the rules of billing see it.

use crate::db::Conn;
use crate::error::Result;
use crate::scope::Scope;
use crate::store;
use crate::store::catalog::{Price, Product};
use crate::store::discounts::Discount;
use crate::store::subscriptions::Subscription;
use domain::discount::Redemption;
use domain::subscription::item::{Item, ItemRole};
use domain::tax::decide::TaxDecision;

/// An item with the rows that it comes from.
#[derive(Debug, Clone)]
pub struct Sold {
    /// As the rules see it.
    pub item: Item,
    /// What it costs.
    pub price: Price,
    /// What it is.
    pub product: Product,
}

/// An item of a subscription at a price, taxed as was decided for its customer.
pub fn item(
    role: ItemRole,
    price: &Price,
    product: &Product,
    quantity: i64,
    tax: &TaxDecision,
) -> Result<Item> {
    Ok(Item {
        role,
        product: product.id.to_string(),
        price: price.id.to_string(),
        kind: product.kind,
        quantity,
        unit_amount: price.unit_amount,
        currency: price.currency,
        interval: price.interval(),
        tax_rate: tax.rate_of(product.own_rate()?),
        tax_behaviour: price.tax_behaviour,
    })
}

/// What a subscription consists of now: its plan, then its add-ons.
pub fn items(conn: &mut Conn, scope: &Scope, sub: &Subscription, tax: &TaxDecision) -> Result<Vec<Sold>> {
    let (price, product) = store::catalog::price(conn, scope.id(), &sub.price_id)?;
    let plan = item(ItemRole::Plan, &price, &product, sub.quantity, tax)?;
    let mut items = vec![Sold { item: plan, price, product }];
    for addon in store::changes::addons(conn, scope.id(), &sub.id)? {
        let (price, product) = store::catalog::price(conn, scope.id(), &addon.price_id)?;
        let item = item(ItemRole::Addon, &price, &product, addon.quantity, tax)?;
        items.push(Sold { item, price, product });
    }
    Ok(items)
}

/// The coupons that a subscription has redeemed and that are not over, in the order in which they apply.
pub fn redemptions(conn: &mut Conn, scope: &Scope, sub: &Subscription) -> Result<Vec<Redemption>> {
    store::discounts::live_of(conn, scope.id(), &sub.id)?.iter().map(Discount::redemption).collect()
}
