//! Coupons: setting one up, redeeming it on a subscription, and taking it back from sale.

use super::{record, schedule};
use crate::db::Conn;
use crate::error::{Error, Result};
use crate::ids::{CouponId, DiscountId, SubscriptionId, TenantId};
use crate::scope::{Engine, Scope};
use crate::store;
use crate::store::discounts::{Coupon, Discount};
use crate::store::events::Actor;
use domain::Instant;
use domain::discount;
use domain::event::{EventKind, Reason};

/// A coupon to set up.
#[derive(Debug, Clone)]
pub struct NewCoupon {
    /// What customers type.
    pub code: String,
    /// What it takes off, and for how long.
    pub terms: discount::Coupon,
    /// Last moment to redeem it, billing time.
    pub redeem_by: Option<Instant>,
}

/// Sets up a coupon.
///
/// # Errors
/// `Refused` with `bad_coupon`, or `code_taken` when another has its code.
pub fn create(engine: &Engine, tenant_id: &TenantId, new: NewCoupon) -> Result<CouponId> {
    new.terms.check().map_err(|error| Error::refused("bad_coupon", error.to_string()))?;
    engine.write(tenant_id, move |tx, scope| {
        if store::discounts::coupon_by_code(tx, scope.id(), &new.code)?.is_some() {
            return Err(Error::refused("code_taken", format!("there is a coupon {:?} already", new.code)));
        }
        let row = Coupon {
            id: CouponId::mint(),
            tenant_id: scope.id().clone(),
            code: new.code,
            terms: serde_json::to_string(&new.terms).map_err(Error::bug)?,
            redeem_by: new.redeem_by,
            archived_at: None,
            created_at: scope.now.wall,
        };
        store::discounts::insert_coupon(tx, &row)?;
        Ok(row.id)
    })
}

/// Lets nobody redeem a coupon any more. Who has redeemed it keeps what it takes off. Its code stays taken.
///
/// # Errors
/// `Refused` with `unknown_coupon`.
pub fn archive(engine: &Engine, tenant_id: &TenantId, code: &str) -> Result<()> {
    let code = code.to_owned();
    engine.write(tenant_id, move |tx, scope| {
        let coupon = named(tx, scope, &code)?;
        store::discounts::archive_coupon(tx, scope.id(), &coupon.id, scope.now.billing)
    })
}

fn named(conn: &mut Conn, scope: &Scope, code: &str) -> Result<Coupon> {
    store::discounts::coupon_by_code(conn, scope.id(), code)?
        .ok_or_else(|| Error::refused("unknown_coupon", format!("no coupon is called {code:?}")))
}

/// Redeems a coupon on a subscription, once: it takes something off from the next period on.
///
/// # Errors
/// `Refused` with `unknown_coupon`, `coupon_over`, `coupon_redeemed` or `already_ended`.
pub fn redeem(
    engine: &Engine,
    tenant_id: &TenantId,
    id: &SubscriptionId,
    code: &str,
    actor: &Actor,
) -> Result<DiscountId> {
    let (id, code, actor) = (id.clone(), code.to_owned(), actor.clone());
    engine.write(tenant_id, move |tx, scope| {
        let mut sub = scope.locked_subscription(tx, &id)?;
        if sub.has_ended() {
            return Err(Error::refused("already_ended", "the subscription has ended"));
        }
        let coupon = named(tx, scope, &code)?;
        if !coupon.can_be_redeemed(scope.now.billing) {
            return Err(Error::refused("coupon_over", "this coupon cannot be redeemed any more"));
        }
        if store::discounts::has_redeemed(tx, scope.id(), &sub.id, &coupon.id)? {
            return Err(Error::refused("coupon_redeemed", "this subscription has had this coupon"));
        }
        let row = Discount {
            id: DiscountId::mint(),
            tenant_id: scope.id().clone(),
            subscription_id: sub.id.clone(),
            coupon_id: coupon.id,
            terms: coupon.terms,
            periods_used: 0,
            ended_at: None,
            created_at: scope.now.billing,
            last_period: None,
        };
        store::discounts::insert(tx, &row)?;
        record::subscription(
            tx,
            scope,
            &mut sub,
            EventKind::SubscriptionDiscountChanged,
            &actor,
            Some(&Reason::Text(code)),
        )?;
        schedule::save(tx, scope, &mut sub)?;
        Ok(row.id)
    })
}
