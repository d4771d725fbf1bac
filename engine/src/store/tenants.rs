//! Businesses, their hosts, and the installation they live in.

use crate::db::Conn;
use crate::db::schema::{installation, tenant, tenant_host};
use crate::error::Result;
use crate::ids::TenantId;
use diesel::prelude::*;
use domain::Instant;
use domain::words;

words! {
    /// Whether a business moves real money.
    TenantMode {
        /// Real customers and money.
        Live = "live",
        /// Data of its own, and a clock that can be moved.
        Test = "test",
    }
}

/// A business.
#[derive(Debug, Clone, Queryable, Selectable, Insertable)]
#[diesel(table_name = tenant)]
pub struct Tenant {
    /// Its id.
    pub id: TenantId,
    /// The name of its settings file.
    pub slug: String,
    /// Name shown to customers.
    pub name: String,
    /// Live or test.
    #[diesel(deserialize_as = String, serialize_as = String)]
    pub mode: TenantMode,
    /// ISO 3166-1 alpha-2.
    pub country: String,
    /// Default currency.
    pub currency: String,
    /// IANA zone.
    pub timezone: String,
    /// Microseconds by which billing time runs ahead of wall time; zero for live businesses.
    pub clock_offset_us: i64,
    /// Billing time that the test clock is moving towards.
    pub clock_target: Option<Instant>,
    /// Wall time.
    pub created_at: Instant,
    /// Wall time.
    pub updated_at: Instant,
    /// Since when none of its money moves, wall time.
    pub money_paused_since: Option<Instant>,
    /// Why: a word of [`domain::event::Why`], or an operator's own.
    pub money_paused_why: Option<String>,
}

/// The identity of an installation.
#[derive(Debug, Clone, Queryable, Selectable, Insertable)]
#[diesel(table_name = installation)]
pub struct Installation {
    /// Always `this`.
    pub id: String,
    /// Random; part of every idempotency key.
    pub instance_id: String,
    /// Tells whether the secret key is the one the data was sealed with.
    pub key_fingerprint: String,
    /// Wall time.
    pub created_at: Instant,
    /// How often a worker has said that it lives. 0: the data has no home yet.
    pub beat: i64,
    /// When one did last, wall time.
    pub beat_at: Option<Instant>,
}

/// The installation's identity, if it has been set up.
pub fn installation(conn: &mut Conn) -> Result<Option<Installation>> {
    Ok(installation::table.select(Installation::as_select()).get_result(conn).optional()?)
}

/// Gives the installation its identity.
pub fn insert_installation(conn: &mut Conn, row: Installation) -> Result<()> {
    diesel::insert_into(installation::table).values(row).execute(conn)?;
    Ok(())
}

/// Saves that a worker lives.
pub fn set_beat(conn: &mut Conn, beat: i64, at: Instant) -> Result<()> {
    diesel::update(installation::table)
        .set((installation::beat.eq(beat), installation::beat_at.eq(at)))
        .execute(conn)?;
    Ok(())
}

/// One business.
pub fn get(conn: &mut Conn, tenant_id: &TenantId) -> Result<Tenant> {
    Ok(tenant::table.find(tenant_id).select(Tenant::as_select()).get_result(conn)?)
}

/// The business that answers on a host name (lower case, no port), if any.
pub fn by_host(conn: &mut Conn, host: &str) -> Result<Option<Tenant>> {
    Ok(tenant_host::table
        .inner_join(tenant::table.on(tenant::id.eq(tenant_host::tenant_id)))
        .filter(tenant_host::host.eq(host))
        .select(Tenant::as_select())
        .get_result(conn)
        .optional()?)
}

/// The business whose settings file is called `slug`, if any.
pub fn by_slug(conn: &mut Conn, slug: &str) -> Result<Option<Tenant>> {
    Ok(tenant::table.filter(tenant::slug.eq(slug)).select(Tenant::as_select()).get_result(conn).optional()?)
}

/// All businesses, for sweeps and start-up.
pub fn all(conn: &mut Conn) -> Result<Vec<Tenant>> {
    Ok(tenant::table.order(tenant::id).select(Tenant::as_select()).load(conn)?)
}

/// Adds a business.
pub fn insert(conn: &mut Conn, row: &Tenant) -> Result<()> {
    diesel::insert_into(tenant::table).values(row.clone()).execute(conn)?;
    Ok(())
}

/// Saves what the settings file says of a business. Its clock stays as it is: it may be moving.
pub fn describe(conn: &mut Conn, row: &Tenant) -> Result<()> {
    diesel::update(tenant::table.find(&row.id))
        .set((
            tenant::name.eq(&row.name),
            tenant::country.eq(&row.country),
            tenant::currency.eq(&row.currency),
            tenant::timezone.eq(&row.timezone),
            tenant::updated_at.eq(row.updated_at),
        ))
        .execute(conn)?;
    Ok(())
}

/// Saves the clock of a business, and nothing else of it.
pub fn set_clock(conn: &mut Conn, row: &Tenant) -> Result<()> {
    diesel::update(tenant::table.find(&row.id))
        .set((
            tenant::clock_offset_us.eq(row.clock_offset_us),
            tenant::clock_target.eq(row.clock_target),
            tenant::updated_at.eq(row.updated_at),
        ))
        .execute(conn)?;
    Ok(())
}

/// Saves whether the money of a business stands still, and nothing else of it.
pub fn set_pause(conn: &mut Conn, tenant_id: &TenantId, pause: Option<(Instant, &str)>) -> Result<()> {
    diesel::update(tenant::table.find(tenant_id))
        .set((
            tenant::money_paused_since.eq(pause.map(|(since, _)| since)),
            tenant::money_paused_why.eq(pause.map(|(_, why)| why)),
        ))
        .execute(conn)?;
    Ok(())
}

/// Makes exactly `hosts` lead to this business. A host of another business is a conflict.
pub fn replace_hosts(conn: &mut Conn, tenant_id: &TenantId, hosts: &[String]) -> Result<()> {
    diesel::delete(tenant_host::table.filter(tenant_host::tenant_id.eq(tenant_id))).execute(conn)?;
    for host in hosts {
        diesel::insert_into(tenant_host::table)
            .values((tenant_host::host.eq(host), tenant_host::tenant_id.eq(tenant_id)))
            .execute(conn)?;
    }
    Ok(())
}
