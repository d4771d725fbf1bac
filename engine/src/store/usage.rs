//! Meters and what was counted on them.

use crate::db::Conn;
use crate::db::schema::{meter, usage_event};
use crate::error::Result;
use crate::ids::{InvoiceId, MeterId, PendingLineId, SubscriptionId, TenantId, UsageId};
use diesel::prelude::*;
use domain::Instant;

/// Something that is counted and billed afterwards.
#[derive(Debug, Clone, Queryable, Selectable, Insertable)]
#[diesel(table_name = meter)]
pub struct Meter {
    /// Its id.
    pub id: MeterId,
    /// The business.
    pub tenant_id: TenantId,
    /// The business's own name for it, unique.
    pub code: String,
    /// Shown to customers.
    pub name: String,
    /// How values become one: a word of `domain::usage`.
    pub aggregation: String,
    /// Wall time.
    pub created_at: Instant,
}

/// Something counted.
#[derive(Debug, Clone, Queryable, Selectable, Insertable)]
#[diesel(table_name = usage_event)]
pub struct UsageEvent {
    /// Its id.
    pub id: UsageId,
    /// The business.
    pub tenant_id: TenantId,
    /// For which subscription.
    pub subscription_id: SubscriptionId,
    /// On which meter.
    pub meter_id: MeterId,
    /// The sender's; the same key twice counts once.
    pub event_key: String,
    /// A decimal, or what `unique_count` counts.
    pub value: String,
    /// When it was used, billing time.
    pub occurred_at: Instant,
    /// When we were told, billing time.
    pub received_at: Instant,
    /// The invoice that has counted it.
    pub invoice_id: Option<InvoiceId>,
    /// The waiting line that has counted it.
    pub pending_line_id: Option<PendingLineId>,
}

impl UsageEvent {
    /// As the rules of usage see it.
    pub fn as_event(&self) -> domain::usage::UsageEvent {
        domain::usage::UsageEvent {
            key: self.event_key.clone(),
            value: self.value.clone(),
            occurred_at: self.occurred_at,
            received_at: self.received_at,
            counted: self.invoice_id.is_some() || self.pending_line_id.is_some(),
        }
    }
}

/// One meter.
pub fn meter(conn: &mut Conn, tenant_id: &TenantId, id: &MeterId) -> Result<Meter> {
    Ok(meter::table
        .filter(meter::tenant_id.eq(tenant_id).and(meter::id.eq(id)))
        .select(Meter::as_select())
        .get_result(conn)?)
}

/// A meter by the business's own name.
pub fn meter_by_code(conn: &mut Conn, tenant_id: &TenantId, code: &str) -> Result<Option<Meter>> {
    Ok(meter::table
        .filter(meter::tenant_id.eq(tenant_id).and(meter::code.eq(code)))
        .select(Meter::as_select())
        .get_result(conn)
        .optional()?)
}

/// Adds a meter. The same code twice is a conflict.
pub fn insert_meter(conn: &mut Conn, row: &Meter) -> Result<()> {
    diesel::insert_into(meter::table).values(row.clone()).execute(conn)?;
    Ok(())
}

/// The event with a sender's key, if it was told before.
pub fn by_key(conn: &mut Conn, tenant_id: &TenantId, of: &MeterId, key: &str) -> Result<Option<UsageEvent>> {
    Ok(usage_event::table
        .filter(usage_event::tenant_id.eq(tenant_id).and(usage_event::meter_id.eq(of)))
        .filter(usage_event::event_key.eq(key))
        .select(UsageEvent::as_select())
        .get_result(conn)
        .optional()?)
}

/// Adds an event. The same key twice is a conflict.
pub fn insert(conn: &mut Conn, row: &UsageEvent) -> Result<()> {
    diesel::insert_into(usage_event::table).values(row.clone()).execute(conn)?;
    Ok(())
}

/// What no waiting line and no invoice but `freed` ones has counted yet and was used before `until`, by the time of use.
pub fn uncounted(
    conn: &mut Conn,
    tenant_id: &TenantId,
    of: &SubscriptionId,
    on: &MeterId,
    until: Instant,
    freed: &[InvoiceId],
) -> Result<Vec<UsageEvent>> {
    Ok(usage_event::table
        .filter(usage_event::tenant_id.eq(tenant_id).and(usage_event::subscription_id.eq(of)))
        .filter(usage_event::meter_id.eq(on))
        .filter(usage_event::invoice_id.is_null().or(usage_event::invoice_id.eq_any(freed)))
        .filter(usage_event::pending_line_id.is_null())
        .filter(usage_event::occurred_at.lt(until))
        .order((usage_event::occurred_at, usage_event::id))
        .select(UsageEvent::as_select())
        .load(conn)?)
}

/// What an invoice has counted, by the time of use.
pub fn counted_by(conn: &mut Conn, tenant_id: &TenantId, by: &InvoiceId) -> Result<Vec<UsageEvent>> {
    Ok(usage_event::table
        .filter(usage_event::tenant_id.eq(tenant_id).and(usage_event::invoice_id.eq(by)))
        .order((usage_event::occurred_at, usage_event::id))
        .select(UsageEvent::as_select())
        .load(conn)?)
}

/// Forgets that an invoice has counted, for it was withdrawn.
pub fn uncount(conn: &mut Conn, tenant_id: &TenantId, by: &InvoiceId) -> Result<()> {
    let counted =
        usage_event::table.filter(usage_event::tenant_id.eq(tenant_id).and(usage_event::invoice_id.eq(by)));
    diesel::update(counted).set(usage_event::invoice_id.eq(None::<InvoiceId>)).execute(conn)?;
    Ok(())
}

/// Marks events as counted by a line that waits for its invoice.
pub fn count_waiting(
    conn: &mut Conn,
    tenant_id: &TenantId,
    events: &[UsageId],
    by: &PendingLineId,
) -> Result<()> {
    for id in events {
        let this =
            usage_event::table.filter(usage_event::tenant_id.eq(tenant_id).and(usage_event::id.eq(id)));
        diesel::update(this).set(usage_event::pending_line_id.eq(by)).execute(conn)?;
    }
    Ok(())
}

/// Marks events as counted by an invoice.
pub fn count(conn: &mut Conn, tenant_id: &TenantId, events: &[UsageId], by: &InvoiceId) -> Result<()> {
    for id in events {
        let this =
            usage_event::table.filter(usage_event::tenant_id.eq(tenant_id).and(usage_event::id.eq(id)));
        diesel::update(this).set(usage_event::invoice_id.eq(by)).execute(conn)?;
    }
    Ok(())
}
