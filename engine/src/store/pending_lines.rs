//! Lines that wait for the next invoice of their subscription.

use crate::db::Conn;
use crate::db::schema::pending_line;
use crate::error::Result;
use crate::ids::{CustomerId, LineId, PendingLineId, PriceId, SubscriptionId, TenantId};
use diesel::prelude::*;
use domain::Instant;
use domain::tax::TaxBehaviour;

/// A line that waits. Amounts are minor units of the subscription's currency.
#[derive(Debug, Clone, Queryable, Selectable, Insertable)]
#[diesel(table_name = pending_line)]
pub struct PendingLine {
    /// Its id.
    pub id: PendingLineId,
    /// The business.
    pub tenant_id: TenantId,
    /// Who pays.
    pub customer_id: CustomerId,
    /// On whose next invoice it goes.
    pub subscription_id: SubscriptionId,
    /// The price it follows.
    pub price_id: Option<PriceId>,
    /// As printed.
    pub description: String,
    /// How many.
    pub quantity: i64,
    /// For one; negative for a credit.
    pub unit_amount: i64,
    /// Taken off.
    pub discount: i64,
    /// Millionths.
    pub tax_rate: i64,
    /// Whether the amount contains the tax.
    #[diesel(deserialize_as = String, serialize_as = String)]
    pub tax_behaviour: TaxBehaviour,
    /// Start of the service, billing time.
    pub service_start: Option<Instant>,
    /// End of the service, billing time.
    pub service_end: Option<Instant>,
    /// "Why this amount?" (JSON of `domain::invoice::formula`).
    pub formula: String,
    /// The billed line that this one gives back a part of.
    pub reverses_line_id: Option<LineId>,
    /// The line it became.
    pub invoice_line_id: Option<LineId>,
    /// Billing time.
    pub created_at: Instant,
}

/// What waits for a subscription's next invoice, oldest first, with what was billed by `freed` lines.
pub fn waiting(
    conn: &mut Conn,
    tenant_id: &TenantId,
    of: &SubscriptionId,
    freed: &[LineId],
) -> Result<Vec<PendingLine>> {
    Ok(pending_line::table
        .filter(pending_line::tenant_id.eq(tenant_id).and(pending_line::subscription_id.eq(of)))
        .filter(pending_line::invoice_line_id.is_null().or(pending_line::invoice_line_id.eq_any(freed)))
        .order(pending_line::id)
        .select(PendingLine::as_select())
        .load(conn)?)
}

/// Lets the lines that an invoice had taken up wait again, for it was withdrawn.
pub fn release(conn: &mut Conn, tenant_id: &TenantId, billed_as: &[LineId]) -> Result<()> {
    let taken = pending_line::table
        .filter(pending_line::tenant_id.eq(tenant_id).and(pending_line::invoice_line_id.eq_any(billed_as)));
    diesel::update(taken).set(pending_line::invoice_line_id.eq(None::<LineId>)).execute(conn)?;
    Ok(())
}

/// Adds a line.
pub fn insert(conn: &mut Conn, row: &PendingLine) -> Result<()> {
    diesel::insert_into(pending_line::table).values(row.clone()).execute(conn)?;
    Ok(())
}

/// The line that waits or has waited under a name, if there is one.
pub fn named(conn: &mut Conn, tenant_id: &TenantId, name: &LineId) -> Result<Option<PendingLine>> {
    Ok(pending_line::table
        .filter(pending_line::tenant_id.eq(tenant_id).and(pending_line::id.eq(name.as_str())))
        .select(PendingLine::as_select())
        .get_result(conn)
        .optional()?)
}

/// Marks a line as billed.
pub fn bill(conn: &mut Conn, tenant_id: &TenantId, id: &PendingLineId, by: &LineId) -> Result<()> {
    diesel::update(
        pending_line::table.filter(pending_line::tenant_id.eq(tenant_id).and(pending_line::id.eq(id))),
    )
    .set(pending_line::invoice_line_id.eq(by))
    .execute(conn)?;
    Ok(())
}
