//! Coupons, and which subscriptions have redeemed them.

use crate::db::Conn;
use crate::db::schema::{coupon, subscription_discount};
use crate::error::{Error, Result};
use crate::ids::{CouponId, DiscountId, SubscriptionId, TenantId};
use crate::store::invoices::Invoice;
use diesel::prelude::*;
use domain::Instant;
use domain::discount::Redemption;

/// A coupon.
#[derive(Debug, Clone, Queryable, Selectable, Insertable)]
#[diesel(table_name = coupon)]
pub struct Coupon {
    /// Its id.
    pub id: CouponId,
    /// The business.
    pub tenant_id: TenantId,
    /// What customers type; unique in the business.
    pub code: String,
    /// What it takes off and for how long (JSON of `domain::discount`).
    pub terms: String,
    /// Last moment to redeem it, billing time.
    pub redeem_by: Option<Instant>,
    /// Since when it cannot be redeemed any more.
    pub archived_at: Option<Instant>,
    /// Wall time.
    pub created_at: Instant,
}

impl Coupon {
    /// Whether it can still be redeemed at `now`, billing time.
    pub fn can_be_redeemed(&self, now: Instant) -> bool {
        self.archived_at.is_none() && self.redeem_by.is_none_or(|last| now <= last)
    }
}

/// A coupon that a subscription has redeemed.
#[derive(Debug, Clone, Queryable, Selectable, Insertable, AsChangeset)]
#[diesel(table_name = subscription_discount, treat_none_as_null = true)]
pub struct Discount {
    /// Its id.
    pub id: DiscountId,
    /// The business.
    #[diesel(skip_update)]
    pub tenant_id: TenantId,
    /// By which subscription.
    #[diesel(skip_update)]
    pub subscription_id: SubscriptionId,
    /// Which coupon.
    pub coupon_id: CouponId,
    /// Its terms (JSON) as they stood then.
    pub terms: String,
    /// Periods that it has taken something off.
    pub periods_used: i32,
    /// When it stopped, billing time.
    pub ended_at: Option<Instant>,
    /// Billing time.
    #[diesel(skip_update)]
    pub created_at: Instant,
    /// Index of the last period that it has taken something off.
    pub last_period: Option<i64>,
}

impl Discount {
    /// As the rules see it.
    pub fn redemption(&self) -> Result<Redemption> {
        let coupon = serde_json::from_str(&self.terms).map_err(Error::bug)?;
        Ok(Redemption { coupon, periods_used: self.periods_used.unsigned_abs() })
    }

    /// Whether the last period that it has taken something off is the one that this invoice bills.
    pub fn was_used_by(&self, invoice: &Invoice) -> bool {
        invoice.reason.bills_period()
            && self.last_period.is_some()
            && self.last_period == invoice.period_index
    }
}

/// A coupon by its code.
pub fn coupon_by_code(conn: &mut Conn, tenant_id: &TenantId, code: &str) -> Result<Option<Coupon>> {
    Ok(coupon::table
        .filter(coupon::tenant_id.eq(tenant_id).and(coupon::code.eq(code)))
        .select(Coupon::as_select())
        .get_result(conn)
        .optional()?)
}

/// Adds a coupon. The same code twice is a conflict.
pub fn insert_coupon(conn: &mut Conn, row: &Coupon) -> Result<()> {
    diesel::insert_into(coupon::table).values(row.clone()).execute(conn)?;
    Ok(())
}

/// Says since when a coupon cannot be redeemed any more.
pub fn archive_coupon(conn: &mut Conn, tenant_id: &TenantId, id: &CouponId, since: Instant) -> Result<()> {
    diesel::update(coupon::table.filter(coupon::tenant_id.eq(tenant_id).and(coupon::id.eq(id))))
        .set(coupon::archived_at.eq(since))
        .execute(conn)?;
    Ok(())
}

/// The discounts that a subscription still has, oldest first.
pub fn live_of(conn: &mut Conn, tenant_id: &TenantId, of: &SubscriptionId) -> Result<Vec<Discount>> {
    Ok(subscription_discount::table
        .filter(
            subscription_discount::tenant_id.eq(tenant_id).and(subscription_discount::subscription_id.eq(of)),
        )
        .filter(subscription_discount::ended_at.is_null())
        .order(subscription_discount::id)
        .select(Discount::as_select())
        .load(conn)?)
}

/// Whether a subscription has redeemed a coupon, however long ago.
pub fn has_redeemed(
    conn: &mut Conn,
    tenant_id: &TenantId,
    of: &SubscriptionId,
    coupon: &CouponId,
) -> Result<bool> {
    let redeemed = subscription_discount::table
        .filter(
            subscription_discount::tenant_id.eq(tenant_id).and(subscription_discount::subscription_id.eq(of)),
        )
        .filter(subscription_discount::coupon_id.eq(coupon));
    Ok(diesel::select(diesel::dsl::exists(redeemed)).get_result(conn)?)
}

/// Adds a discount. The same coupon twice for a subscription is a conflict.
pub fn insert(conn: &mut Conn, row: &Discount) -> Result<()> {
    diesel::insert_into(subscription_discount::table).values(row.clone()).execute(conn)?;
    Ok(())
}

/// Saves a discount.
pub fn update(conn: &mut Conn, tenant_id: &TenantId, row: &Discount) -> Result<()> {
    let this = subscription_discount::table
        .filter(subscription_discount::tenant_id.eq(tenant_id).and(subscription_discount::id.eq(&row.id)));
    diesel::update(this).set(row.clone()).execute(conn)?;
    Ok(())
}
