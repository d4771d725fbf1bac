//! Customers and their billing addresses.

use crate::db::Conn;
use crate::db::schema::{billing_address, customer};
use crate::error::Result;
use crate::ids::{AddressId, CustomerId, MethodId, TenantId};
use diesel::prelude::*;
use domain::Instant;

/// A customer of a business.
#[derive(Debug, Clone, Queryable, Selectable, Insertable, AsChangeset)]
#[diesel(table_name = customer, treat_none_as_null = true)]
pub struct Customer {
    /// Its id.
    pub id: CustomerId,
    /// The business.
    #[diesel(skip_update)]
    pub tenant_id: TenantId,
    /// Lower case; unique in the business.
    pub email: String,
    /// A person's name.
    pub name: String,
    /// The company bought for.
    pub company: Option<String>,
    /// For the business to call.
    pub phone: Option<String>,
    /// As printed on invoices.
    pub vat_id: Option<String>,
    /// BCP 47 language, when chosen.
    pub locale: Option<String>,
    /// IANA zone, when it differs from the business's.
    pub timezone: Option<String>,
    /// Charged unless a subscription names another.
    pub default_payment_method_id: Option<MethodId>,
    /// Wall time.
    #[diesel(skip_update)]
    pub created_at: Instant,
    /// Wall time.
    pub updated_at: Instant,
    /// Pays no tax, whatever else holds.
    pub tax_exempt: bool,
    /// Own rate in millionths, instead of the business's.
    pub tax_rate: Option<i64>,
    /// What was found out about the VAT id (JSON of `domain::tax`).
    pub vat_check: Option<String>,
    /// Since when they want news and offers by mail, wall time.
    pub marketing_opt_in_at: Option<Instant>,
    /// How numbers of documents name the customer; unique in the business.
    pub code: Option<String>,
    /// When to ask VIES about the VAT id, wall time.
    pub ask_vies_at: Option<Instant>,
}

/// An address that invoices can carry.
#[derive(Debug, Clone, Queryable, Selectable, Insertable, AsChangeset)]
#[diesel(table_name = billing_address, treat_none_as_null = true)]
pub struct BillingAddress {
    /// Its id.
    pub id: AddressId,
    /// The business.
    #[diesel(skip_update)]
    pub tenant_id: TenantId,
    /// Whose it is.
    #[diesel(skip_update)]
    pub customer_id: CustomerId,
    /// Name on the invoice.
    pub name: String,
    /// Company on the invoice.
    pub company: Option<String>,
    /// Street and number.
    pub line1: String,
    /// More of it.
    pub line2: Option<String>,
    /// Postal code.
    pub postal_code: String,
    /// City.
    pub city: String,
    /// State, province, prefecture.
    pub region: Option<String>,
    /// ISO 3166-1 alpha-2.
    pub country: String,
    /// Printed on new invoices.
    pub is_default: bool,
    /// Wall time.
    #[diesel(skip_update)]
    pub created_at: Instant,
    /// Wall time.
    pub updated_at: Instant,
}

/// One customer.
pub fn get(conn: &mut Conn, tenant_id: &TenantId, id: &CustomerId) -> Result<Customer> {
    Ok(customer::table
        .filter(customer::tenant_id.eq(tenant_id).and(customer::id.eq(id)))
        .select(Customer::as_select())
        .get_result(conn)?)
}

/// The customer with this address (lower case), if any.
pub fn by_email(conn: &mut Conn, tenant_id: &TenantId, email: &str) -> Result<Option<Customer>> {
    Ok(customer::table
        .filter(customer::tenant_id.eq(tenant_id).and(customer::email.eq(email)))
        .select(Customer::as_select())
        .get_result(conn)
        .optional()?)
}

/// Whether a customer has this code.
pub fn has_code(conn: &mut Conn, tenant_id: &TenantId, code: &str) -> Result<bool> {
    let with_it = customer::table.filter(customer::tenant_id.eq(tenant_id).and(customer::code.eq(code)));
    Ok(diesel::select(diesel::dsl::exists(with_it)).get_result(conn)?)
}

/// Customers about whose VAT id VIES is to be asked, those who wait longest first.
pub fn to_ask_vies(
    conn: &mut Conn,
    tenant_id: &TenantId,
    now: Instant,
    limit: i64,
) -> Result<Vec<CustomerId>> {
    Ok(customer::table
        .filter(customer::tenant_id.eq(tenant_id).and(customer::ask_vies_at.le(now)))
        .order(customer::ask_vies_at)
        .limit(limit)
        .select(customer::id)
        .load(conn)?)
}

/// All customers, oldest first.
pub fn all(conn: &mut Conn, tenant_id: &TenantId) -> Result<Vec<Customer>> {
    Ok(customer::table
        .filter(customer::tenant_id.eq(tenant_id))
        .order(customer::id)
        .select(Customer::as_select())
        .load(conn)?)
}

/// Adds a customer.
pub fn insert(conn: &mut Conn, row: &Customer) -> Result<()> {
    diesel::insert_into(customer::table).values(row.clone()).execute(conn)?;
    Ok(())
}

/// Saves a customer.
pub fn update(conn: &mut Conn, tenant_id: &TenantId, row: &Customer) -> Result<()> {
    diesel::update(customer::table.filter(customer::tenant_id.eq(tenant_id).and(customer::id.eq(&row.id))))
        .set(row.clone())
        .execute(conn)?;
    Ok(())
}

/// A customer's addresses, the default first, then oldest first.
pub fn addresses(conn: &mut Conn, tenant_id: &TenantId, owner: &CustomerId) -> Result<Vec<BillingAddress>> {
    Ok(billing_address::table
        .filter(billing_address::tenant_id.eq(tenant_id).and(billing_address::customer_id.eq(owner)))
        .order((billing_address::is_default.desc(), billing_address::id))
        .select(BillingAddress::as_select())
        .load(conn)?)
}

/// One address of a customer.
pub fn address(
    conn: &mut Conn,
    tenant_id: &TenantId,
    owner: &CustomerId,
    id: &AddressId,
) -> Result<BillingAddress> {
    Ok(billing_address::table
        .filter(billing_address::tenant_id.eq(tenant_id).and(billing_address::customer_id.eq(owner)))
        .filter(billing_address::id.eq(id))
        .select(BillingAddress::as_select())
        .get_result(conn)?)
}

/// Adds an address.
pub fn insert_address(conn: &mut Conn, row: &BillingAddress) -> Result<()> {
    diesel::insert_into(billing_address::table).values(row.clone()).execute(conn)?;
    Ok(())
}

/// Saves an address.
pub fn update_address(conn: &mut Conn, tenant_id: &TenantId, row: &BillingAddress) -> Result<()> {
    let this = billing_address::table
        .filter(billing_address::tenant_id.eq(tenant_id).and(billing_address::id.eq(&row.id)));
    diesel::update(this).set(row.clone()).execute(conn)?;
    Ok(())
}

/// Takes the default mark off all addresses of a customer.
pub fn clear_default_address(conn: &mut Conn, tenant_id: &TenantId, owner: &CustomerId) -> Result<()> {
    let all = billing_address::table
        .filter(billing_address::tenant_id.eq(tenant_id).and(billing_address::customer_id.eq(owner)));
    diesel::update(all).set(billing_address::is_default.eq(false)).execute(conn)?;
    Ok(())
}

/// Removes an address; documents keep their own copy.
pub fn delete_address(conn: &mut Conn, tenant_id: &TenantId, id: &AddressId) -> Result<()> {
    let this = billing_address::table
        .filter(billing_address::tenant_id.eq(tenant_id).and(billing_address::id.eq(id)));
    diesel::delete(this).execute(conn)?;
    Ok(())
}
