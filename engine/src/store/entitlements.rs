//! What products give to those who have them: features and license keys.

use crate::db::Conn;
use crate::db::schema::{benefit, license_activation, license_key, price, subscription_addon};
use crate::error::Result;
use crate::ids::{ActivationId, BenefitId, CustomerId, LicenseId, ProductId, SubscriptionId, TenantId};
use crate::store::subscriptions::Subscription;
use diesel::prelude::*;
use domain::Instant;
use domain::entitlement::BenefitKind;
use domain::event::Why;

/// What a product gives.
#[derive(Debug, Clone, Queryable, Selectable, Insertable)]
#[diesel(table_name = benefit)]
pub struct Benefit {
    /// Its id.
    pub id: BenefitId,
    /// The business.
    pub tenant_id: TenantId,
    /// What gives it.
    pub product_id: ProductId,
    /// The business's own name for it, unique in the product.
    pub code: String,
    /// Shown to customers.
    pub name: String,
    /// What kind.
    #[diesel(deserialize_as = String, serialize_as = String)]
    pub kind: BenefitKind,
    /// License keys: devices at once; none for any number.
    pub activations: Option<i32>,
    /// Wall time.
    pub created_at: Instant,
}

impl Benefit {
    /// License keys: devices at once; none for any number.
    pub fn limit(&self) -> Option<u32> {
        self.activations.map(i32::unsigned_abs)
    }
}

/// A license key.
#[derive(Debug, Clone, Queryable, Selectable, Insertable, AsChangeset)]
#[diesel(table_name = license_key, treat_none_as_null = true)]
pub struct LicenseKey {
    /// Its id.
    pub id: LicenseId,
    /// The business.
    #[diesel(skip_update)]
    pub tenant_id: TenantId,
    /// Whose.
    #[diesel(skip_update)]
    pub customer_id: CustomerId,
    /// Of which subscription.
    #[diesel(skip_update)]
    pub subscription_id: SubscriptionId,
    /// Which benefit.
    pub benefit_id: BenefitId,
    /// The key.
    #[diesel(skip_update)]
    pub key_text: String,
    /// Since when it is worth nothing, billing time.
    pub revoked_at: Option<Instant>,
    /// Why.
    pub revoked_why: Option<String>,
    /// Billing time.
    #[diesel(skip_update)]
    pub created_at: Instant,
}

impl LicenseKey {
    /// A person took it away.
    pub fn revoked_by_hand(&self) -> bool {
        self.revoked_at.is_some() && self.revoked_why.as_deref() == Some(Why::ByHand.as_str())
    }
}

/// A device that uses a license key.
#[derive(Debug, Clone, Queryable, Selectable, Insertable, AsChangeset)]
#[diesel(table_name = license_activation, treat_none_as_null = true)]
pub struct Activation {
    /// Its id.
    pub id: ActivationId,
    /// The business.
    #[diesel(skip_update)]
    pub tenant_id: TenantId,
    /// Which key.
    #[diesel(skip_update)]
    pub license_key_id: LicenseId,
    /// What the device calls itself.
    #[diesel(skip_update)]
    pub label: String,
    /// Since when it does not use it any more, billing time.
    pub deactivated_at: Option<Instant>,
    /// Billing time.
    #[diesel(skip_update)]
    pub created_at: Instant,
}

/// The benefits of a product, oldest first.
pub fn benefits(conn: &mut Conn, tenant_id: &TenantId, of: &ProductId) -> Result<Vec<Benefit>> {
    Ok(benefit::table
        .filter(benefit::tenant_id.eq(tenant_id).and(benefit::product_id.eq(of)))
        .order(benefit::id)
        .select(Benefit::as_select())
        .load(conn)?)
}

/// What the plan and the add-ons of a subscription give, oldest first.
pub fn given_by(conn: &mut Conn, tenant_id: &TenantId, of: &Subscription) -> Result<Vec<Benefit>> {
    let addons = subscription_addon::table
        .filter(subscription_addon::tenant_id.eq(tenant_id))
        .filter(subscription_addon::subscription_id.eq(&of.id))
        .select(subscription_addon::price_id);
    let products = price::table
        .filter(price::tenant_id.eq(tenant_id).and(price::id.eq(&of.price_id).or(price::id.eq_any(addons))))
        .select(price::product_id);
    Ok(benefit::table
        .filter(benefit::tenant_id.eq(tenant_id).and(benefit::product_id.eq_any(products)))
        .order(benefit::id)
        .select(Benefit::as_select())
        .load(conn)?)
}

/// One benefit.
pub fn benefit(conn: &mut Conn, tenant_id: &TenantId, id: &BenefitId) -> Result<Benefit> {
    Ok(benefit::table
        .filter(benefit::tenant_id.eq(tenant_id).and(benefit::id.eq(id)))
        .select(Benefit::as_select())
        .get_result(conn)?)
}

/// One license key of a customer.
pub fn key_of_customer(
    conn: &mut Conn,
    tenant_id: &TenantId,
    owner: &CustomerId,
    id: &LicenseId,
) -> Result<LicenseKey> {
    Ok(license_key::table
        .filter(license_key::tenant_id.eq(tenant_id).and(license_key::customer_id.eq(owner)))
        .filter(license_key::id.eq(id))
        .select(LicenseKey::as_select())
        .get_result(conn)?)
}

/// Adds a benefit. The same code twice in a product is a conflict.
pub fn insert_benefit(conn: &mut Conn, row: &Benefit) -> Result<()> {
    diesel::insert_into(benefit::table).values(row.clone()).execute(conn)?;
    Ok(())
}

/// The license keys of a subscription, oldest first, revoked ones too.
pub fn keys_of(conn: &mut Conn, tenant_id: &TenantId, of: &SubscriptionId) -> Result<Vec<LicenseKey>> {
    Ok(license_key::table
        .filter(license_key::tenant_id.eq(tenant_id).and(license_key::subscription_id.eq(of)))
        .order(license_key::id)
        .select(LicenseKey::as_select())
        .load(conn)?)
}

/// A license key by its text.
pub fn key_by_text(conn: &mut Conn, tenant_id: &TenantId, text: &str) -> Result<Option<LicenseKey>> {
    Ok(license_key::table
        .filter(license_key::tenant_id.eq(tenant_id).and(license_key::key_text.eq(text)))
        .select(LicenseKey::as_select())
        .get_result(conn)
        .optional()?)
}

/// Adds a license key.
pub fn insert_key(conn: &mut Conn, row: &LicenseKey) -> Result<()> {
    diesel::insert_into(license_key::table).values(row.clone()).execute(conn)?;
    Ok(())
}

/// Saves a license key.
pub fn update_key(conn: &mut Conn, tenant_id: &TenantId, row: &LicenseKey) -> Result<()> {
    let this =
        license_key::table.filter(license_key::tenant_id.eq(tenant_id).and(license_key::id.eq(&row.id)));
    diesel::update(this).set(row.clone()).execute(conn)?;
    Ok(())
}

/// The devices that use a key now.
pub fn activations(conn: &mut Conn, tenant_id: &TenantId, of: &LicenseId) -> Result<Vec<Activation>> {
    Ok(license_activation::table
        .filter(license_activation::tenant_id.eq(tenant_id).and(license_activation::license_key_id.eq(of)))
        .filter(license_activation::deactivated_at.is_null())
        .order(license_activation::id)
        .select(Activation::as_select())
        .load(conn)?)
}

/// Adds a device. The same one twice is a conflict.
pub fn insert_activation(conn: &mut Conn, row: &Activation) -> Result<()> {
    diesel::insert_into(license_activation::table).values(row.clone()).execute(conn)?;
    Ok(())
}

/// Saves a device.
pub fn update_activation(conn: &mut Conn, tenant_id: &TenantId, row: &Activation) -> Result<()> {
    let this = license_activation::table
        .filter(license_activation::tenant_id.eq(tenant_id).and(license_activation::id.eq(&row.id)));
    diesel::update(this).set(row.clone()).execute(conn)?;
    Ok(())
}
