//! Lines that give back a part of an earlier line, as changes of plan make them: on later invoices, or waiting for one.
//!
//! A line that waited goes by two names: the one that it waited under, and the one that it is billed under. What gives
//! it back says the one that it had then, and an issued invoice says so for good.

use crate::db::Conn;
use crate::db::schema::{invoice, invoice_line, pending_line};
use crate::error::Result;
use crate::ids::{LineId, TenantId};
use crate::store::invoices::InvoiceLine;
use crate::store::pending_lines::PendingLine;
use diesel::prelude::*;
use domain::invoice::state::InvoiceStatus;
use std::collections::BTreeMap;

/// Those on invoices that were not withdrawn, each with the one of these lines of which it gives back a part.
pub fn billed(conn: &mut Conn, tenant_id: &TenantId, of: &[LineId]) -> Result<Vec<(LineId, InvoiceLine)>> {
    let names = names(conn, tenant_id, of)?;
    let rows: Vec<InvoiceLine> = invoice_line::table
        .inner_join(invoice::table.on(invoice::id.eq(invoice_line::invoice_id)))
        .filter(invoice_line::tenant_id.eq(tenant_id))
        .filter(invoice_line::reverses_line_id.eq_any(names.keys()))
        .filter(invoice::status.ne(InvoiceStatus::Void.as_str()))
        .select(InvoiceLine::as_select())
        .load(conn)?;
    Ok(beside(&names, rows, |row| row.reverses_line_id.as_ref()))
}

/// Those that wait, each with the one of these lines of which it gives back a part.
pub fn waiting(conn: &mut Conn, tenant_id: &TenantId, of: &[LineId]) -> Result<Vec<(LineId, PendingLine)>> {
    let names = names(conn, tenant_id, of)?;
    let rows: Vec<PendingLine> = pending_line::table
        .filter(pending_line::tenant_id.eq(tenant_id))
        .filter(pending_line::reverses_line_id.eq_any(names.keys()))
        .filter(pending_line::invoice_line_id.is_null())
        .select(PendingLine::as_select())
        .load(conn)?;
    Ok(beside(&names, rows, |row| row.reverses_line_id.as_ref()))
}

/// The lines by all of their names.
fn names(conn: &mut Conn, tenant_id: &TenantId, of: &[LineId]) -> Result<BTreeMap<LineId, LineId>> {
    let waited: Vec<(LineId, LineId)> = pending_line::table
        .filter(pending_line::tenant_id.eq(tenant_id).and(pending_line::invoice_line_id.eq_any(of)))
        .select((pending_line::id, pending_line::invoice_line_id.assume_not_null()))
        .load(conn)?;
    Ok(of.iter().map(|id| (id.clone(), id.clone())).chain(waited).collect())
}

fn beside<L>(
    names: &BTreeMap<LineId, LineId>,
    rows: Vec<L>,
    named: impl Fn(&L) -> Option<&LineId>,
) -> Vec<(LineId, L)> {
    let of = |row: &L| named(row).and_then(|name| names.get(name)).cloned();
    rows.into_iter().filter_map(|row| Some((of(&row)?, row))).collect()
}
