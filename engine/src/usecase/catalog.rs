//! What an operator brings in: products, prices, customers and provider accounts.

use crate::error::{Error, Result};
use crate::ids::{AccountId, CustomerId, PriceId, ProductId, TenantId};
use crate::scope::Engine;
use crate::settings::Secret;
use crate::store;
use crate::store::catalog::{Price, Product};
use crate::store::customers::Customer;
use crate::store::methods::ProviderAccount;
use crate::vault::{self, Place};
use domain::catalog::ProductKind;
use domain::currency::Currency;
use domain::period::Interval;
use std::collections::BTreeMap;

/// A product to add.
#[derive(Debug, Clone)]
pub struct NewProduct {
    /// The business's own name for it.
    pub code: String,
    /// Shown to customers.
    pub name: String,
    /// One sentence.
    pub description: String,
}

/// A price to add.
#[derive(Debug, Clone)]
pub struct NewPrice {
    /// The business's own name for it.
    pub code: String,
    /// The product's.
    pub product_code: String,
    /// Minor units.
    pub unit_amount: i64,
    /// Currency; the business's when not given.
    pub currency: Option<Currency>,
    /// How often.
    pub interval: Interval,
    /// Days of trial.
    pub trial_days: u32,
}

/// A customer to add.
#[derive(Debug, Clone, Default)]
pub struct NewCustomer {
    /// Address for signing in.
    pub email: String,
    /// Name.
    pub name: String,
    /// Company.
    pub company: Option<String>,
    /// BCP 47 language.
    pub locale: Option<String>,
}

/// A provider account to add.
pub struct NewAccount {
    /// The provider's name.
    pub provider: String,
    /// The business's own name for the account.
    pub name: String,
    /// Plain settings.
    pub settings: BTreeMap<String, String>,
    /// Secrets, sealed before they are stored.
    pub secrets: BTreeMap<String, Secret>,
    /// Origins that its component may reach.
    pub grants: Vec<String>,
}

/// A provider account ready for use.
pub struct OpenedAccount {
    /// Plain settings.
    pub settings: BTreeMap<String, String>,
    /// Opened secrets.
    pub secrets: BTreeMap<String, Secret>,
    /// Origins that its component may reach.
    pub grants: Vec<String>,
}

/// Adds a product. The same code twice is a conflict.
pub fn add_product(engine: &Engine, tenant_id: &TenantId, new: NewProduct) -> Result<ProductId> {
    engine.write(tenant_id, move |tx, scope| {
        let row = Product {
            id: ProductId::mint(),
            tenant_id: scope.id().clone(),
            code: new.code,
            name: new.name,
            description: new.description,
            created_at: scope.now.wall,
            kind: ProductKind::Subscription,
            collection_id: None,
            archived_at: None,
        };
        store::catalog::insert_product(tx, &row)?;
        Ok(row.id)
    })
}

/// Adds a price. The same code twice is a conflict.
///
/// # Errors
/// `Refused` with `unknown_product` or `bad_price`.
pub fn add_price(engine: &Engine, tenant_id: &TenantId, new: NewPrice) -> Result<PriceId> {
    engine.write(tenant_id, move |tx, scope| {
        let product =
            store::catalog::product_by_code(tx, scope.id(), &new.product_code)?.ok_or_else(|| {
                Error::refused("unknown_product", format!("no product is called {:?}", new.product_code))
            })?;
        if new.unit_amount < 0 || new.interval.count == 0 {
            return Err(Error::refused("bad_price", "amount and interval must be positive"));
        }
        let row = Price {
            id: PriceId::mint(),
            tenant_id: scope.id().clone(),
            product_id: product.id,
            code: new.code,
            currency: new.currency.unwrap_or(scope.settings.identity.currency),
            unit_amount: new.unit_amount,
            interval_unit: new.interval.unit,
            interval_count: i32::try_from(new.interval.count).map_err(Error::bug)?,
            trial_days: i32::try_from(new.trial_days).map_err(Error::bug)?,
            tax_behaviour: scope.settings.tax.behaviour,
            created_at: scope.now.wall,
            plan_rank: 0,
            quantity_min: 1,
            quantity_max: None,
            meter_id: None,
            rating: None,
            archived_at: None,
        };
        store::catalog::insert_price(tx, &row)?;
        Ok(row.id)
    })
}

/// Adds a customer. The same address twice is a conflict.
pub fn add_customer(engine: &Engine, tenant_id: &TenantId, new: NewCustomer) -> Result<CustomerId> {
    let email = super::sign_in::parse_email(&new.email)?;
    engine.write(tenant_id, move |tx, scope| {
        let row = Customer {
            id: CustomerId::mint(),
            tenant_id: scope.id().clone(),
            email,
            name: new.name,
            company: new.company,
            phone: None,
            vat_id: None,
            locale: new.locale,
            timezone: None,
            default_payment_method_id: None,
            created_at: scope.now.wall,
            updated_at: scope.now.wall,
            tax_exempt: false,
            tax_rate: None,
            vat_check: None,
        };
        store::customers::insert(tx, &row)?;
        Ok(row.id)
    })
}

/// Adds a provider account; the first one is the default.
pub fn add_account(engine: &Engine, tenant_id: &TenantId, new: NewAccount) -> Result<AccountId> {
    engine.write(tenant_id, move |tx, scope| {
        let id = AccountId::mint();
        let mut sealed = BTreeMap::new();
        for (key, secret) in &new.secrets {
            sealed.insert(key.clone(), vault::seal(&scope.keys, place(scope.id(), key, &id), secret)?);
        }
        let row = ProviderAccount {
            tenant_id: scope.id().clone(),
            provider: new.provider,
            name: new.name,
            settings: serde_json::to_string(&new.settings).map_err(Error::bug)?,
            secrets: serde_json::to_string(&sealed).map_err(Error::bug)?,
            grants: serde_json::to_string(&new.grants).map_err(Error::bug)?,
            is_default: store::methods::accounts(tx, scope.id())?.is_empty(),
            created_at: scope.now.wall,
            id,
        };
        store::methods::insert_account(tx, &row)?;
        Ok(row.id)
    })
}

/// Opens an account's secrets for a call.
pub fn open_account(engine: &Engine, row: &ProviderAccount) -> Result<OpenedAccount> {
    let sealed: BTreeMap<String, String> = serde_json::from_str(&row.secrets).map_err(Error::bug)?;
    let mut secrets = BTreeMap::new();
    for (key, value) in &sealed {
        secrets.insert(key.clone(), vault::open(&engine.keys, place(&row.tenant_id, key, &row.id), value)?);
    }
    Ok(OpenedAccount {
        settings: serde_json::from_str(&row.settings).map_err(Error::bug)?,
        secrets,
        grants: serde_json::from_str(&row.grants).map_err(Error::bug)?,
    })
}

fn place<'a>(tenant_id: &'a TenantId, key: &'a str, id: &'a AccountId) -> Place<'a> {
    Place { tenant_id: tenant_id.as_str(), table: "provider_account", column: key, row_id: id.as_str() }
}
