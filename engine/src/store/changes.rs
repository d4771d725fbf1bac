//! What a subscription consists of beside its plan, and changes of plan that are under way.

use crate::db::Conn;
use crate::db::schema::{plan_change, subscription_addon};
use crate::error::Result;
use crate::ids::{AddonId, ChangeId, CustomerId, InvoiceId, PriceId, SubscriptionId, TenantId};
use diesel::prelude::*;
use domain::Instant;
use domain::words;

words! {
    /// Where a change of plan stands.
    ChangeState {
        /// Takes effect later.
        Scheduled = "scheduled",
        /// Takes effect when its invoice is paid.
        Paying = "paying",
        /// Has taken effect.
        Applied = "applied",
        /// Was taken back by who asked for it.
        Undone = "undone",
        /// Could not take effect any more.
        Dropped = "dropped",
        /// Its payment failed.
        Failed = "failed",
    }
}

/// A change of plan, quantity or add-ons.
#[derive(Debug, Clone, Queryable, Selectable, Insertable, AsChangeset)]
#[diesel(table_name = plan_change, treat_none_as_null = true)]
pub struct PlanChange {
    /// Its id.
    pub id: ChangeId,
    /// The business.
    #[diesel(skip_update)]
    pub tenant_id: TenantId,
    /// Whose.
    #[diesel(skip_update)]
    pub customer_id: CustomerId,
    /// Of which subscription.
    #[diesel(skip_update)]
    pub subscription_id: SubscriptionId,
    /// What it leads to (JSON): all items with their quantities, the plan first.
    pub target: String,
    /// How it takes effect: a word of `domain::subscription::change`.
    pub behaviour: String,
    /// The instant that prices and credits are computed for, billing time.
    pub quoted_at: Instant,
    /// Start of the period that begins with it, billing time: one to come for what is scheduled. None where the
    /// running period goes on.
    pub apply_at: Option<Instant>,
    /// The invoice whose payment it waits for.
    pub invoice_id: Option<InvoiceId>,
    /// Where it stands.
    #[diesel(deserialize_as = String, serialize_as = String)]
    pub state: ChangeState,
    /// Who asked for it.
    pub actor: String,
    /// When it came to its end, billing time.
    pub closed_at: Option<Instant>,
    /// Billing time.
    #[diesel(skip_update)]
    pub created_at: Instant,
    /// What it takes off invoices that are not paid yet, when it takes effect (JSON).
    #[diesel(skip_update)]
    pub offsets: String,
}

/// An add-on of a subscription, billed with its plan.
#[derive(Debug, Clone, Queryable, Selectable, Insertable)]
#[diesel(table_name = subscription_addon)]
pub struct Addon {
    /// Its id.
    pub id: AddonId,
    /// The business.
    pub tenant_id: TenantId,
    /// Of which subscription.
    pub subscription_id: SubscriptionId,
    /// What it costs.
    pub price_id: PriceId,
    /// How many.
    pub quantity: i64,
    /// Billing time.
    pub created_at: Instant,
}

/// The change that is scheduled or being paid, if any.
pub fn open_of(conn: &mut Conn, tenant_id: &TenantId, of: &SubscriptionId) -> Result<Option<PlanChange>> {
    let open = |change: &PlanChange| matches!(change.state, ChangeState::Scheduled | ChangeState::Paying);
    Ok(all_of(conn, tenant_id, of)?.into_iter().find(open))
}

/// The change that an invoice pays for, if any.
pub fn of_invoice(conn: &mut Conn, tenant_id: &TenantId, of: &InvoiceId) -> Result<Option<PlanChange>> {
    Ok(plan_change::table
        .filter(plan_change::tenant_id.eq(tenant_id).and(plan_change::invoice_id.eq(of)))
        .select(PlanChange::as_select())
        .get_result(conn)
        .optional()?)
}

/// Every change that a subscription has ever been asked for, oldest first.
pub fn all_of(conn: &mut Conn, tenant_id: &TenantId, of: &SubscriptionId) -> Result<Vec<PlanChange>> {
    Ok(plan_change::table
        .filter(plan_change::tenant_id.eq(tenant_id).and(plan_change::subscription_id.eq(of)))
        .order(plan_change::id)
        .select(PlanChange::as_select())
        .load(conn)?)
}

/// Adds a change. A second open one of a subscription is a conflict.
pub fn insert(conn: &mut Conn, row: &PlanChange) -> Result<()> {
    diesel::insert_into(plan_change::table).values(row.clone()).execute(conn)?;
    Ok(())
}

/// Saves a change.
pub fn update(conn: &mut Conn, tenant_id: &TenantId, row: &PlanChange) -> Result<()> {
    let this =
        plan_change::table.filter(plan_change::tenant_id.eq(tenant_id).and(plan_change::id.eq(&row.id)));
    diesel::update(this).set(row.clone()).execute(conn)?;
    Ok(())
}

/// A subscription's add-ons, oldest first.
pub fn addons(conn: &mut Conn, tenant_id: &TenantId, of: &SubscriptionId) -> Result<Vec<Addon>> {
    Ok(subscription_addon::table
        .filter(subscription_addon::tenant_id.eq(tenant_id).and(subscription_addon::subscription_id.eq(of)))
        .order(subscription_addon::id)
        .select(Addon::as_select())
        .load(conn)?)
}

/// Puts a subscription's add-ons in place of those it had.
pub fn replace_addons(
    conn: &mut Conn,
    tenant_id: &TenantId,
    of: &SubscriptionId,
    addons: &[Addon],
) -> Result<()> {
    let mine = subscription_addon::table
        .filter(subscription_addon::tenant_id.eq(tenant_id).and(subscription_addon::subscription_id.eq(of)));
    diesel::delete(mine).execute(conn)?;
    for addon in addons {
        diesel::insert_into(subscription_addon::table).values(addon.clone()).execute(conn)?;
    }
    Ok(())
}
