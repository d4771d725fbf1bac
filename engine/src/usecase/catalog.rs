//! What an operator brings in: products, prices, customers and provider accounts.

use super::edit_customer;
use crate::db::Conn;
use crate::error::{Error, Result};
use crate::ids::{AccountId, CollectionId, CustomerId, MeterId, PriceId, ProductId, TenantId};
use crate::scope::{Engine, Scope};
use crate::settings::Secret;
use crate::store;
use crate::store::catalog::{Collection, Price, Product};
use crate::store::customers::Customer;
use crate::store::events::Actor;
use crate::store::methods::ProviderAccount;
use crate::vault::{self, Place};
use domain::catalog::{ProductKind, QuantityBounds};
use domain::currency::Currency;
use domain::event::EventKind;
use domain::invoice::number::CustomerCode;
use domain::period::Interval;
use domain::sale::{Offered, SaleRefusal};
use domain::subscription::item::ItemRole;
use domain::tax::TaxRate;
use domain::usage::rating::Rating;
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
    /// They have agreed to news and offers by mail.
    pub marketing: bool,
    /// How numbers of documents name them, where they do; one is made up when it is needed.
    pub code: Option<CustomerCode>,
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

/// How a price is offered beyond its amount.
#[derive(Debug, Clone, Default)]
pub struct PriceTerms {
    /// Position in its product's collection; higher is bigger.
    pub rank: i32,
    /// How many there may be.
    pub quantity: QuantityBounds,
    /// Of a product that is sold by usage: the meter's code, and what its quantity costs.
    pub usage: Option<(String, Rating)>,
}

/// Adds a product that is sold again and again, in advance. The same code twice is a conflict.
pub fn add_product(engine: &Engine, tenant_id: &TenantId, new: NewProduct) -> Result<ProductId> {
    add_product_of(engine, tenant_id, new, ProductKind::Subscription)
}

/// Adds a product of a kind. The same code twice is a conflict.
pub fn add_product_of(
    engine: &Engine,
    tenant_id: &TenantId,
    new: NewProduct,
    kind: ProductKind,
) -> Result<ProductId> {
    engine.write(tenant_id, move |tx, scope| {
        let row = Product {
            id: ProductId::mint(),
            tenant_id: scope.id().clone(),
            code: new.code,
            name: new.name,
            description: new.description,
            created_at: scope.now.wall,
            kind,
            collection_id: None,
            sold_as: ItemRole::Plan,
            archived_at: None,
            tax_rate: None,
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
    add_price_on(engine, tenant_id, new, PriceTerms::default())
}

/// Adds a price that is offered on these terms. The same code twice is a conflict.
///
/// # Errors
/// `Refused` with `unknown_product`, `unknown_meter`, `bad_price` or `bad_rating`.
pub fn add_price_on(
    engine: &Engine,
    tenant_id: &TenantId,
    new: NewPrice,
    terms: PriceTerms,
) -> Result<PriceId> {
    engine.write(tenant_id, move |tx, scope| {
        let product = product_called(tx, scope, &new.product_code)?;
        if new.unit_amount < 0 || new.interval.count == 0 {
            return Err(Error::refused("bad_price", "amount and interval must be positive"));
        }
        if (product.kind == ProductKind::Usage) != terms.usage.is_some() {
            return Err(Error::refused("bad_price", "what is sold by usage, and nothing else, has a meter"));
        }
        let usage = terms.usage.map(|usage| metered(tx, scope, usage)).transpose()?;
        let (meter_id, rating) = usage.unzip();
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
            plan_rank: terms.rank,
            quantity_min: terms.quantity.min,
            quantity_max: terms.quantity.max,
            meter_id,
            rating,
            archived_at: None,
        };
        store::catalog::insert_price(tx, &row)?;
        Ok(row.id)
    })
}

/// The meter and the rating (JSON) of a price by usage.
fn metered(tx: &mut Conn, scope: &Scope, (code, rating): (String, Rating)) -> Result<(MeterId, String)> {
    rating.check().map_err(|error| Error::refused("bad_rating", error.to_string()))?;
    let meter = store::usage::meter_by_code(tx, scope.id(), &code)?;
    let meter =
        meter.ok_or_else(|| Error::refused("unknown_meter", format!("no meter is called {code:?}")))?;
    Ok((meter.id, serde_json::to_string(&rating).map_err(Error::bug)?))
}

fn product_called(tx: &mut Conn, scope: &Scope, code: &str) -> Result<Product> {
    store::catalog::product_by_code(tx, scope.id(), code)?
        .ok_or_else(|| Error::refused("unknown_product", format!("no product is called {code:?}")))
}

/// What is sold under a price's code, and how.
pub(super) fn offered(conn: &mut Conn, scope: &Scope, code: &str) -> Result<(Price, Product, Offered)> {
    let found = store::catalog::price_called(conn, scope.id(), code)?;
    let (price, product) =
        found.ok_or_else(|| Error::refused("unknown_price", format!("no price is called {code:?}")))?;
    let offered = Offered {
        kind: product.kind,
        sold_as: product.sold_as,
        archived: price.archived_at.is_some() || product.archived_at.is_some(),
        bounds: QuantityBounds { min: price.quantity_min, max: price.quantity_max },
    };
    Ok((price, product, offered))
}

/// Why something is not sold, as the engine says it.
pub(super) fn refusal(why: SaleRefusal) -> Error {
    Error::refused(why.code(), why.to_string())
}

/// Adds a collection: customers change among the plans in it, and add what is in it. The same code twice is a
/// conflict.
pub fn add_collection(engine: &Engine, tenant_id: &TenantId, code: &str, name: &str) -> Result<CollectionId> {
    let (code, name) = (code.to_owned(), name.to_owned());
    engine.write(tenant_id, move |tx, scope| {
        let id = CollectionId::mint();
        let tenant_id = scope.id().clone();
        let row = Collection { id: id.clone(), tenant_id, code, name, created_at: scope.now.wall };
        store::catalog::insert_collection(tx, &row)?;
        Ok(id)
    })
}

/// Puts a product into a collection, by their codes: as a plan among which customers change, or as an add-on.
///
/// # Errors
/// `Refused` with `unknown_product` or `unknown_collection`.
pub fn offer_in(
    engine: &Engine,
    tenant_id: &TenantId,
    product: &str,
    collection: &str,
    sold_as: ItemRole,
) -> Result<()> {
    let (product, collection) = (product.to_owned(), collection.to_owned());
    engine.write(tenant_id, move |tx, scope| {
        let product = product_called(tx, scope, &product)?;
        let found = store::catalog::collection_by_code(tx, scope.id(), &collection)?;
        let found = found.ok_or_else(|| {
            Error::refused("unknown_collection", format!("no collection is called {collection:?}"))
        })?;
        store::catalog::put_in_collection(tx, scope.id(), &product.id, &found.id, sold_as)
    })
}

/// Gives a product a rate of tax of its own, or takes it away. Documents and lines that exist stay as they are.
///
/// # Errors
/// `Refused` with `unknown_product`.
pub fn set_product_tax(
    engine: &Engine,
    tenant_id: &TenantId,
    code: &str,
    rate: Option<TaxRate>,
) -> Result<()> {
    let code = code.to_owned();
    engine.write(tenant_id, move |tx, scope| {
        let product = product_called(tx, scope, &code)?;
        store::catalog::set_product_tax(tx, scope.id(), &product.id, rate.map(|rate| i64::from(rate.0)))
    })
}

/// Sells a product no longer. Who has it keeps it.
///
/// # Errors
/// `Refused` with `unknown_product`.
pub fn archive_product(engine: &Engine, tenant_id: &TenantId, code: &str) -> Result<()> {
    let code = code.to_owned();
    engine.write(tenant_id, move |tx, scope| {
        let product = product_called(tx, scope, &code)?;
        store::catalog::archive_product(tx, scope.id(), &product.id, scope.now.billing)
    })
}

/// Sells at a price no longer. Who pays it goes on paying it.
///
/// # Errors
/// `Refused` with `unknown_price`.
pub fn archive_price(engine: &Engine, tenant_id: &TenantId, code: &str) -> Result<()> {
    let code = code.to_owned();
    engine.write(tenant_id, move |tx, scope| {
        let price = store::catalog::price_by_code(tx, scope.id(), &code)?
            .ok_or_else(|| Error::refused("unknown_price", format!("no price is called {code:?}")))?;
        store::catalog::archive_price(tx, scope.id(), &price.id, scope.now.billing)
    })
}

/// Adds a customer. The same address or code twice is a conflict.
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
            marketing_opt_in_at: new.marketing.then_some(scope.now.wall),
            code: new.code.map(|code| code.to_string()),
            ask_vies_at: None,
        };
        store::customers::insert(tx, &row)?;
        edit_customer::event(tx, scope, &row, EventKind::CustomerCreated, &Actor::Operator, None)?;
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
            allow_unsafe: false,
            id,
        };
        store::methods::insert_account(tx, &row)?;
        Ok(row.id)
    })
}

/// Says whether an account is charged without a person though its provider has neither idempotency nor lookup (class D
/// of `docs/charging.md`). What waits for a person is then charged, too.
pub fn allow_unsafe(engine: &Engine, tenant_id: &TenantId, id: &AccountId, allow: bool) -> Result<()> {
    let id = id.clone();
    engine.write(tenant_id, move |tx, scope| {
        store::methods::account(tx, scope.id(), &id)?;
        store::methods::allow_unsafe(tx, scope.id(), &id, allow)
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
