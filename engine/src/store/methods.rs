//! Provider accounts, saved payment methods and their setting up.

use crate::db::Conn;
use crate::db::schema::{payment_method, payment_setup, provider_account, subscription};
use crate::error::Result;
use crate::ids::{AccountId, CustomerId, MethodId, SetupId, SubscriptionId, TenantId};
use chrono::{Months, NaiveDate, NaiveTime};
use diesel::prelude::*;
use domain::Instant;
use domain::words;

words! {
    /// What a payment method may be used for.
    MethodStatus {
        /// Listed and chargeable.
        Active = "active",
        /// Gone from the list; renewals that are bound to it go on.
        Hidden = "hidden",
        /// Gone from the provider too.
        Detached = "detached",
    }
}

words! {
    /// How far the setting up of a payment method has come.
    SetupStatus {
        /// Written down; the provider has not answered.
        Created = "created",
        /// The customer is on the provider's page.
        Open = "open",
        /// The customer came back; the worker asks the provider.
        Checking = "checking",
        /// The provider verifies an account.
        Verifying = "verifying",
        /// There is a payment method.
        Done = "done",
        /// It came to nothing.
        Failed = "failed",
    }
}

/// A business's account with a provider.
#[derive(Debug, Clone, Queryable, Selectable, Insertable)]
#[diesel(table_name = provider_account)]
pub struct ProviderAccount {
    /// Its id.
    pub id: AccountId,
    /// The business.
    pub tenant_id: TenantId,
    /// The provider's name, as its manifest has it.
    pub provider: String,
    /// The business's own name for it.
    pub name: String,
    /// JSON object of plain settings.
    pub settings: String,
    /// JSON object of sealed secrets.
    pub secrets: String,
    /// JSON array of origins that the operator grants.
    pub grants: String,
    /// New payment methods go here.
    pub is_default: bool,
    /// Wall time.
    pub created_at: Instant,
    /// Charged by itself though its provider has neither idempotency nor lookup.
    pub allow_unsafe: bool,
}

/// A saved payment method.
#[derive(Debug, Clone, Queryable, Selectable, Insertable, AsChangeset)]
#[diesel(table_name = payment_method, treat_none_as_null = true)]
pub struct PaymentMethod {
    /// Its id.
    pub id: MethodId,
    /// The business.
    #[diesel(skip_update)]
    pub tenant_id: TenantId,
    /// Whose it is.
    #[diesel(skip_update)]
    pub customer_id: CustomerId,
    /// Where it is saved.
    pub provider_account_id: AccountId,
    /// What the provider calls it.
    pub provider_ref: String,
    /// What the provider calls its owner.
    pub provider_customer_ref: Option<String>,
    /// `card`, `sepa` ...
    pub kind: String,
    /// `visa` ...
    pub brand: String,
    /// Last digits.
    pub last4: String,
    /// 1 to 12.
    pub exp_month: Option<i32>,
    /// Four digits.
    pub exp_year: Option<i32>,
    /// Equal for the same card.
    pub fingerprint: Option<String>,
    /// What it may be used for.
    #[diesel(deserialize_as = String, serialize_as = String)]
    pub status: MethodStatus,
    /// Wall time.
    #[diesel(skip_update)]
    pub created_at: Instant,
    /// Wall time.
    pub updated_at: Instant,
}

/// The setting up of a payment method on the provider's page.
#[derive(Debug, Clone, Queryable, Selectable, Insertable, AsChangeset)]
#[diesel(table_name = payment_setup, treat_none_as_null = true)]
pub struct PaymentSetup {
    /// Its id, also the reference and key towards the provider.
    pub id: SetupId,
    /// The business.
    #[diesel(skip_update)]
    pub tenant_id: TenantId,
    /// For whom.
    #[diesel(skip_update)]
    pub customer_id: CustomerId,
    /// With which account.
    pub provider_account_id: AccountId,
    /// `card` ...
    pub kind: String,
    /// How far it has come.
    #[diesel(deserialize_as = String, serialize_as = String)]
    pub state: SetupStatus,
    /// What the provider calls it.
    pub provider_ref: Option<String>,
    /// The subscription that will use the method, if it is not for all.
    pub subscription_id: Option<SubscriptionId>,
    /// What came of it.
    pub payment_method_id: Option<MethodId>,
    /// Why nothing came of it, in the provider's words.
    pub failure: Option<String>,
    /// Wall time.
    #[diesel(skip_update)]
    pub created_at: Instant,
    /// Wall time.
    pub updated_at: Instant,
}

/// One provider account.
pub fn account(conn: &mut Conn, tenant_id: &TenantId, id: &AccountId) -> Result<ProviderAccount> {
    Ok(provider_account::table
        .filter(provider_account::tenant_id.eq(tenant_id).and(provider_account::id.eq(id)))
        .select(ProviderAccount::as_select())
        .get_result(conn)?)
}

/// A business's accounts, the default first.
pub fn accounts(conn: &mut Conn, tenant_id: &TenantId) -> Result<Vec<ProviderAccount>> {
    Ok(provider_account::table
        .filter(provider_account::tenant_id.eq(tenant_id))
        .order((provider_account::is_default.desc(), provider_account::id))
        .select(ProviderAccount::as_select())
        .load(conn)?)
}

/// Adds a provider account.
pub fn insert_account(conn: &mut Conn, row: &ProviderAccount) -> Result<()> {
    diesel::insert_into(provider_account::table).values(row.clone()).execute(conn)?;
    Ok(())
}

/// Saves where an account's service answers (the demo's simulator moves between ports).
pub fn update_account_settings(
    conn: &mut Conn,
    tenant_id: &TenantId,
    id: &AccountId,
    settings: &str,
    grants: &str,
) -> Result<()> {
    let this = provider_account::table
        .filter(provider_account::tenant_id.eq(tenant_id).and(provider_account::id.eq(id)));
    diesel::update(this)
        .set((provider_account::settings.eq(settings), provider_account::grants.eq(grants)))
        .execute(conn)?;
    Ok(())
}

/// Says whether an account is charged by itself whose provider promises nothing.
pub fn allow_unsafe(conn: &mut Conn, tenant_id: &TenantId, id: &AccountId, allow: bool) -> Result<()> {
    let this = provider_account::table
        .filter(provider_account::tenant_id.eq(tenant_id).and(provider_account::id.eq(id)));
    diesel::update(this).set(provider_account::allow_unsafe.eq(allow)).execute(conn)?;
    Ok(())
}

/// One payment method, whoever's.
pub fn get(conn: &mut Conn, tenant_id: &TenantId, id: &MethodId) -> Result<PaymentMethod> {
    Ok(payment_method::table
        .filter(payment_method::tenant_id.eq(tenant_id).and(payment_method::id.eq(id)))
        .select(PaymentMethod::as_select())
        .get_result(conn)?)
}

/// A customer's listed payment methods, oldest first.
pub fn active(conn: &mut Conn, tenant_id: &TenantId, owner: &CustomerId) -> Result<Vec<PaymentMethod>> {
    Ok(payment_method::table
        .filter(payment_method::tenant_id.eq(tenant_id).and(payment_method::customer_id.eq(owner)))
        .filter(payment_method::status.eq(MethodStatus::Active.as_str()))
        .order(payment_method::id)
        .select(PaymentMethod::as_select())
        .load(conn)?)
}

/// All payment methods a customer ever had, for names in old payments.
pub fn all(conn: &mut Conn, tenant_id: &TenantId, owner: &CustomerId) -> Result<Vec<PaymentMethod>> {
    Ok(payment_method::table
        .filter(payment_method::tenant_id.eq(tenant_id).and(payment_method::customer_id.eq(owner)))
        .order(payment_method::id)
        .select(PaymentMethod::as_select())
        .load(conn)?)
}

/// The payment method that a provider account knows by `provider_ref`, if it is saved.
pub fn by_ref(
    conn: &mut Conn,
    tenant_id: &TenantId,
    account: &AccountId,
    provider_ref: &str,
) -> Result<Option<PaymentMethod>> {
    Ok(payment_method::table
        .filter(payment_method::tenant_id.eq(tenant_id).and(payment_method::provider_account_id.eq(account)))
        .filter(payment_method::provider_ref.eq(provider_ref))
        .select(PaymentMethod::as_select())
        .get_result(conn)
        .optional()?)
}

/// Adds a payment method.
pub fn insert(conn: &mut Conn, row: &PaymentMethod) -> Result<()> {
    diesel::insert_into(payment_method::table).values(row.clone()).execute(conn)?;
    Ok(())
}

/// Saves a payment method.
pub fn update(conn: &mut Conn, tenant_id: &TenantId, row: &PaymentMethod) -> Result<()> {
    let this = payment_method::table
        .filter(payment_method::tenant_id.eq(tenant_id).and(payment_method::id.eq(&row.id)));
    diesel::update(this).set(row.clone()).execute(conn)?;
    Ok(())
}

/// Whether a live subscription is bound to this method by name.
pub fn is_bound(conn: &mut Conn, tenant_id: &TenantId, id: &MethodId) -> Result<bool> {
    let bound = subscription::table
        .filter(subscription::tenant_id.eq(tenant_id).and(subscription::payment_method_id.eq(id)))
        .filter(subscription::ended_at.is_null());
    Ok(bound.count().get_result::<i64>(conn)? > 0)
}

/// One setup of a customer.
pub fn setup(conn: &mut Conn, tenant_id: &TenantId, id: &SetupId) -> Result<PaymentSetup> {
    Ok(payment_setup::table
        .filter(payment_setup::tenant_id.eq(tenant_id).and(payment_setup::id.eq(id)))
        .select(PaymentSetup::as_select())
        .get_result(conn)?)
}

/// The setup that a provider account knows by `provider_ref`, if there is one.
pub fn setup_by_ref(
    conn: &mut Conn,
    tenant_id: &TenantId,
    account: &AccountId,
    provider_ref: &str,
) -> Result<Option<PaymentSetup>> {
    Ok(payment_setup::table
        .filter(payment_setup::tenant_id.eq(tenant_id).and(payment_setup::provider_account_id.eq(account)))
        .filter(payment_setup::provider_ref.eq(provider_ref))
        .select(PaymentSetup::as_select())
        .first(conn)
        .optional()?)
}

/// Setups a customer has begun since a moment; a limit counts them.
pub fn setups_since(
    conn: &mut Conn,
    tenant_id: &TenantId,
    owner: &CustomerId,
    since: Instant,
) -> Result<i64> {
    Ok(payment_setup::table
        .filter(payment_setup::tenant_id.eq(tenant_id).and(payment_setup::customer_id.eq(owner)))
        .filter(payment_setup::created_at.ge(since))
        .count()
        .get_result(conn)?)
}

/// Setups that wait for the worker or the provider, for the sweep.
pub fn unfinished_setups(
    conn: &mut Conn,
    tenant_id: &TenantId,
    before: Instant,
) -> Result<Vec<PaymentSetup>> {
    let waiting = [SetupStatus::Checking.as_str(), SetupStatus::Verifying.as_str()];
    Ok(payment_setup::table
        .filter(payment_setup::tenant_id.eq(tenant_id).and(payment_setup::state.eq_any(waiting)))
        .filter(payment_setup::updated_at.lt(before))
        .select(PaymentSetup::as_select())
        .load(conn)?)
}

/// Adds a setup.
pub fn insert_setup(conn: &mut Conn, row: &PaymentSetup) -> Result<()> {
    diesel::insert_into(payment_setup::table).values(row.clone()).execute(conn)?;
    Ok(())
}

/// Saves a setup.
pub fn update_setup(conn: &mut Conn, tenant_id: &TenantId, row: &PaymentSetup) -> Result<()> {
    let this = payment_setup::table
        .filter(payment_setup::tenant_id.eq(tenant_id).and(payment_setup::id.eq(&row.id)));
    diesel::update(this).set(row.clone()).execute(conn)?;
    Ok(())
}

/// The first moment at which each method no longer works, where it says so: the month after the one it expires with.
pub fn expiries(conn: &mut Conn, tenant_id: &TenantId) -> Result<Vec<(MethodId, Instant)>> {
    let all: Vec<(MethodId, Option<i32>, Option<i32>)> = payment_method::table
        .filter(payment_method::tenant_id.eq(tenant_id))
        .select((payment_method::id, payment_method::exp_year, payment_method::exp_month))
        .load(conn)?;
    let over = |(id, year, month): (MethodId, Option<i32>, Option<i32>)| {
        let last = NaiveDate::from_ymd_opt(year?, u32::try_from(month?).ok()?, 1)?;
        Some((id, last.checked_add_months(Months::new(1))?.and_time(NaiveTime::MIN)))
    };
    Ok(all.into_iter().filter_map(over).collect())
}
