//! Products and their prices.

use crate::db::Conn;
use crate::db::schema::{price, product, product_collection};
use crate::error::{Error, Result};
use crate::ids::{CollectionId, MeterId, PriceId, ProductId, TenantId};
use diesel::prelude::*;
use domain::Instant;
use domain::catalog::ProductKind;
use domain::currency::Currency;
use domain::money::Money;
use domain::period::{Interval, IntervalUnit};
use domain::subscription::item::ItemRole;
use domain::tax::{TaxBehaviour, TaxRate};

/// Something that is sold.
#[derive(Debug, Clone, Queryable, Selectable, Insertable)]
#[diesel(table_name = product)]
pub struct Product {
    /// Its id.
    pub id: ProductId,
    /// The business.
    pub tenant_id: TenantId,
    /// The business's own name for it, unique.
    pub code: String,
    /// Shown to customers.
    pub name: String,
    /// One sentence for customers.
    pub description: String,
    /// Wall time.
    pub created_at: Instant,
    /// How it is sold.
    #[diesel(deserialize_as = String, serialize_as = String)]
    pub kind: ProductKind,
    /// Plans among which a customer may change.
    pub collection_id: Option<CollectionId>,
    /// Since when it is no longer sold.
    pub archived_at: Option<Instant>,
    /// Its own rate of tax in millionths, instead of the business's.
    pub tax_rate: Option<i64>,
    /// As what it is offered in its collection.
    #[diesel(deserialize_as = String, serialize_as = String)]
    pub sold_as: ItemRole,
}

impl Product {
    /// Its own rate of tax, instead of the business's.
    pub fn own_rate(&self) -> Result<Option<TaxRate>> {
        self.tax_rate.map(|rate| u32::try_from(rate).map(TaxRate).map_err(Error::bug)).transpose()
    }
}

/// What a product costs per interval. Never changed; a new price is a new row.
#[derive(Debug, Clone, Queryable, Selectable, Insertable)]
#[diesel(table_name = price)]
pub struct Price {
    /// Its id.
    pub id: PriceId,
    /// The business.
    pub tenant_id: TenantId,
    /// What it is a price of.
    pub product_id: ProductId,
    /// The business's own name for it, unique.
    pub code: String,
    /// Currency of the amount.
    #[diesel(deserialize_as = String, serialize_as = String)]
    pub currency: Currency,
    /// Minor units per piece and interval.
    pub unit_amount: i64,
    /// Unit of the interval.
    #[diesel(deserialize_as = String, serialize_as = String)]
    pub interval_unit: IntervalUnit,
    /// How many units make an interval.
    pub interval_count: i32,
    /// Days of trial for a first subscription; 0 for none.
    pub trial_days: i32,
    /// Whether the amount contains the tax.
    #[diesel(deserialize_as = String, serialize_as = String)]
    pub tax_behaviour: TaxBehaviour,
    /// Wall time.
    pub created_at: Instant,
    /// Position in its collection; higher is bigger.
    pub plan_rank: i32,
    /// Fewest pieces.
    pub quantity_min: i64,
    /// Most pieces.
    pub quantity_max: Option<i64>,
    /// What is counted, for usage.
    pub meter_id: Option<MeterId>,
    /// How usage is rated (JSON of `domain::usage`).
    pub rating: Option<String>,
    /// Since when it is no longer sold.
    pub archived_at: Option<Instant>,
}

impl Price {
    /// The amount for one piece.
    pub fn unit(&self) -> Money {
        Money::new(self.unit_amount, self.currency)
    }

    /// How often it is charged.
    pub fn interval(&self) -> Interval {
        Interval { unit: self.interval_unit, count: self.interval_count.unsigned_abs() }
    }
}

/// Plans among which a customer may change.
#[derive(Debug, Clone, Queryable, Selectable, Insertable)]
#[diesel(table_name = product_collection)]
pub struct Collection {
    /// Its id.
    pub id: CollectionId,
    /// The business.
    pub tenant_id: TenantId,
    /// The business's own name for it, unique.
    pub code: String,
    /// What it is called.
    pub name: String,
    /// Wall time.
    pub created_at: Instant,
}

/// A price together with its product.
pub fn price(conn: &mut Conn, tenant_id: &TenantId, id: &PriceId) -> Result<(Price, Product)> {
    Ok(price::table
        .inner_join(product::table.on(product::id.eq(price::product_id)))
        .filter(price::tenant_id.eq(tenant_id).and(price::id.eq(id)))
        .select((Price::as_select(), Product::as_select()))
        .get_result(conn)?)
}

/// What is sold of a product and of those in a collection, the lowest rank and price first.
pub fn offered_beside(
    conn: &mut Conn,
    tenant_id: &TenantId,
    of: &ProductId,
    collection: Option<&CollectionId>,
) -> Result<Vec<(Price, Product)>> {
    let beside = product::collection_id.is_not_null().and(product::collection_id.eq(collection));
    Ok(price::table
        .inner_join(product::table.on(product::id.eq(price::product_id)))
        .filter(price::tenant_id.eq(tenant_id))
        .filter(product::id.eq(of).or(beside.assume_not_null()))
        .filter(price::archived_at.is_null().and(product::archived_at.is_null()))
        .order((price::plan_rank, price::unit_amount, price::id))
        .select((Price::as_select(), Product::as_select()))
        .load(conn)?)
}

/// A price by the business's own name, together with its product.
pub fn price_called(conn: &mut Conn, tenant_id: &TenantId, code: &str) -> Result<Option<(Price, Product)>> {
    Ok(price::table
        .inner_join(product::table.on(product::id.eq(price::product_id)))
        .filter(price::tenant_id.eq(tenant_id).and(price::code.eq(code)))
        .select((Price::as_select(), Product::as_select()))
        .first(conn)
        .optional()?)
}

/// A price by the business's own name.
pub fn price_by_code(conn: &mut Conn, tenant_id: &TenantId, code: &str) -> Result<Option<Price>> {
    Ok(price::table
        .filter(price::tenant_id.eq(tenant_id).and(price::code.eq(code)))
        .select(Price::as_select())
        .get_result(conn)
        .optional()?)
}

/// A product by the business's own name.
pub fn product_by_code(conn: &mut Conn, tenant_id: &TenantId, code: &str) -> Result<Option<Product>> {
    Ok(product::table
        .filter(product::tenant_id.eq(tenant_id).and(product::code.eq(code)))
        .select(Product::as_select())
        .get_result(conn)
        .optional()?)
}

/// Adds a product.
pub fn insert_product(conn: &mut Conn, row: &Product) -> Result<()> {
    diesel::insert_into(product::table).values(row.clone()).execute(conn)?;
    Ok(())
}

/// Adds a price.
pub fn insert_price(conn: &mut Conn, row: &Price) -> Result<()> {
    diesel::insert_into(price::table).values(row.clone()).execute(conn)?;
    Ok(())
}

/// Adds a collection. The same code twice is a conflict.
pub fn insert_collection(conn: &mut Conn, row: &Collection) -> Result<()> {
    diesel::insert_into(product_collection::table).values(row.clone()).execute(conn)?;
    Ok(())
}

/// A collection by the business's own name.
pub fn collection_by_code(conn: &mut Conn, tenant_id: &TenantId, code: &str) -> Result<Option<Collection>> {
    Ok(product_collection::table
        .filter(product_collection::tenant_id.eq(tenant_id).and(product_collection::code.eq(code)))
        .select(Collection::as_select())
        .get_result(conn)
        .optional()?)
}

/// Puts a product into a collection, as a plan or an add-on.
pub fn put_in_collection(
    conn: &mut Conn,
    tenant_id: &TenantId,
    id: &ProductId,
    collection: &CollectionId,
    sold_as: ItemRole,
) -> Result<()> {
    diesel::update(product::table.filter(product::tenant_id.eq(tenant_id).and(product::id.eq(id))))
        .set((product::collection_id.eq(collection), product::sold_as.eq(sold_as.as_str())))
        .execute(conn)?;
    Ok(())
}

/// Sets a product's own rate of tax (millionths), or takes it away.
pub fn set_product_tax(
    conn: &mut Conn,
    tenant_id: &TenantId,
    id: &ProductId,
    millionths: Option<i64>,
) -> Result<()> {
    diesel::update(product::table.filter(product::tenant_id.eq(tenant_id).and(product::id.eq(id))))
        .set(product::tax_rate.eq(millionths))
        .execute(conn)?;
    Ok(())
}

/// Says since when a product is no longer sold.
pub fn archive_product(conn: &mut Conn, tenant_id: &TenantId, id: &ProductId, since: Instant) -> Result<()> {
    diesel::update(product::table.filter(product::tenant_id.eq(tenant_id).and(product::id.eq(id))))
        .set(product::archived_at.eq(since))
        .execute(conn)?;
    Ok(())
}

/// Says since when a price is no longer sold at.
pub fn archive_price(conn: &mut Conn, tenant_id: &TenantId, id: &PriceId, since: Instant) -> Result<()> {
    diesel::update(price::table.filter(price::tenant_id.eq(tenant_id).and(price::id.eq(id))))
        .set(price::archived_at.eq(since))
        .execute(conn)?;
    Ok(())
}
