//! What decides about a change: the subscription as it stands, and what the catalogue offers.

use super::spans;
use crate::db::Conn;
use crate::error::Result;
use crate::ids::PriceId;
use crate::scope::Scope;
use crate::store;
use crate::store::catalog::{Price, Product};
use crate::store::subscriptions::Subscription;
use crate::usecase::bill::items::{item, items, redemptions};
use crate::usecase::bill::tax;
use crate::usecase::schedule;
use domain::catalog::{Membership, QuantityBounds};
use domain::subscription::change::decide::ChangeFacts;
use domain::subscription::change::target::{Offer, Wanted};

/// Loads what decides about a change of a subscription.
pub(super) fn load(conn: &mut Conn, scope: &Scope, sub: &Subscription) -> Result<ChangeFacts> {
    let tax = tax::of_customer(conn, scope, &sub.customer_id)?;
    let sold = items(conn, scope, sub, &tax)?;
    let plan = &sold[0];
    let mut attempt_open = false;
    for invoice in store::invoices::open_of(conn, scope.id(), &sub.id)? {
        attempt_open |= store::attempts::open_of(conn, scope.id(), &invoice.id)?.is_some();
    }
    Ok(ChangeFacts {
        subscription: sub.id.to_string(),
        sub: schedule::facts(conn, scope, sub)?,
        period_start: sub.current_period_start,
        attempt_open,
        membership: membership(&plan.price, &plan.product),
        discounts: redemptions(conn, scope, sub)?,
        spans: spans::of(conn, scope, sub)?,
        balance: store::ledger::balance(conn, scope.id(), &sub.customer_id, plan.price.currency)?,
        items: sold.into_iter().map(|sold| sold.item).collect(),
    })
}

/// What the catalogue offers of what is wanted.
pub(super) fn offers(
    conn: &mut Conn,
    scope: &Scope,
    sub: &Subscription,
    target: &[Wanted],
) -> Result<Vec<Offer>> {
    let tax = tax::of_customer(conn, scope, &sub.customer_id)?;
    let offer = |wanted: &Wanted| {
        let id = PriceId::from(wanted.price.as_str());
        let (price, product) = store::catalog::price(conn, scope.id(), &id)?;
        Ok(Offer {
            item: item(wanted.role, &price, &product, wanted.quantity, &tax)?,
            bounds: QuantityBounds { min: price.quantity_min, max: price.quantity_max },
            membership: membership(&price, &product),
            sold_as: product.sold_as,
            archived: price.archived_at.is_some() || product.archived_at.is_some(),
            trial_days: price.trial_days.unsigned_abs(),
        })
    };
    target.iter().map(offer).collect()
}

/// Where a product is offered at a price.
pub(super) fn membership(price: &Price, product: &Product) -> Option<Membership> {
    let collection = product.collection_id.as_ref()?;
    Some(Membership { collection: collection.to_string(), rank: price.plan_rank })
}
