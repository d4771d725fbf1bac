//! What a subscription has been billed for its running period, and what was taken back of it.

use crate::db::Conn;
use crate::db::schema::{credit_note, credit_note_line, invoice, invoice_line, pending_line};
use crate::error::Result;
use crate::ids::{LineId, SubscriptionId, TenantId};
use crate::store::credit_notes::{CreditNote, CreditNoteLine};
use crate::store::invoices::InvoiceLine;
use crate::store::pending_lines::PendingLine;
use diesel::prelude::*;
use domain::Instant;
use domain::invoice::state::InvoiceStatus;

/// Lines of a subscription's invoices for service that reaches past `after`, oldest first. What is void or not
/// yet finalised bills nothing.
pub fn lines(
    conn: &mut Conn,
    tenant_id: &TenantId,
    of: &SubscriptionId,
    after: Instant,
) -> Result<Vec<InvoiceLine>> {
    let bills_nothing = [InvoiceStatus::Draft.as_str(), InvoiceStatus::Void.as_str()];
    Ok(invoice_line::table
        .inner_join(invoice::table.on(invoice::id.eq(invoice_line::invoice_id)))
        .filter(invoice::tenant_id.eq(tenant_id).and(invoice::subscription_id.eq(of)))
        .filter(invoice::status.ne_all(bills_nothing))
        .filter(invoice_line::service_end.gt(after))
        .order(invoice_line::id)
        .select(InvoiceLine::as_select())
        .load(conn)?)
}

/// Lines of a subscription that wait for its next invoice or have waited, for service that reaches past `after`.
pub fn pending(
    conn: &mut Conn,
    tenant_id: &TenantId,
    of: &SubscriptionId,
    after: Instant,
) -> Result<Vec<PendingLine>> {
    Ok(pending_line::table
        .filter(pending_line::tenant_id.eq(tenant_id).and(pending_line::subscription_id.eq(of)))
        .filter(pending_line::service_end.gt(after))
        .order(pending_line::id)
        .select(PendingLine::as_select())
        .load(conn)?)
}

/// A line of an invoice, if there is one of this id.
pub fn line(conn: &mut Conn, tenant_id: &TenantId, id: &LineId) -> Result<Option<InvoiceLine>> {
    Ok(invoice_line::table
        .filter(invoice_line::tenant_id.eq(tenant_id).and(invoice_line::id.eq(id)))
        .select(InvoiceLine::as_select())
        .get_result(conn)
        .optional()?)
}

/// What credit notes have given back of a line, and the notes.
pub fn credited(
    conn: &mut Conn,
    tenant_id: &TenantId,
    of: &LineId,
) -> Result<Vec<(CreditNoteLine, CreditNote)>> {
    Ok(credit_note_line::table
        .inner_join(credit_note::table.on(credit_note::id.eq(credit_note_line::credit_note_id)))
        .filter(credit_note_line::tenant_id.eq(tenant_id).and(credit_note_line::invoice_line_id.eq(of)))
        .select((CreditNoteLine::as_select(), CreditNote::as_select()))
        .load(conn)?)
}
