//! Numbers without gaps, dates that never go back.

use super::{Finding, FindingKind};
use crate::db::Conn;
use crate::db::schema::{credit_note, invoice, number_series, receipt};
use crate::error::Result;
use crate::ids::{InvoiceId, SeriesId};
use crate::scope::Scope;
use chrono::NaiveDate;
use diesel::prelude::*;
use domain::invoice::series::{Entry, faults};
use domain::invoice::state::InvoiceStatus;

pub(super) fn check(conn: &mut Conn, scope: &Scope) -> Result<Vec<Finding>> {
    let all: Vec<(SeriesId, i64)> = number_series::table
        .filter(number_series::tenant_id.eq(scope.id()))
        .order(number_series::id)
        .select((number_series::id, number_series::next_seq))
        .load(conn)?;
    let mut findings = unnumbered(conn, scope)?;
    for (series, next_seq) in all {
        let found = faults(entries(conn, scope, &series)?, next_seq);
        findings.extend(found.into_iter().map(|fault| Finding::new(FindingKind::Series, &series, fault)));
    }
    Ok(findings)
}

/// Places and dates alone: a few bytes a document.
fn entries(conn: &mut Conn, scope: &Scope, series: &SeriesId) -> Result<Vec<Entry>> {
    let invoices: Vec<(Option<i64>, Option<NaiveDate>)> = invoice::table
        .filter(invoice::tenant_id.eq(scope.id()).and(invoice::series_id.eq(series)))
        .select((invoice::seq, invoice::issue_date))
        .load(conn)?;
    let notes: Vec<(i64, NaiveDate)> = credit_note::table
        .filter(credit_note::tenant_id.eq(scope.id()).and(credit_note::series_id.eq(series)))
        .select((credit_note::seq, credit_note::issue_date))
        .load(conn)?;
    let receipts: Vec<(i64, NaiveDate)> = receipt::table
        .filter(receipt::tenant_id.eq(scope.id()).and(receipt::series_id.eq(series)))
        .select((receipt::seq, receipt::issue_date))
        .load(conn)?;
    let invoices = invoices.into_iter().filter_map(|(seq, issued)| seq.zip(issued));
    let placed = invoices.chain(notes).chain(receipts);
    Ok(placed.map(|(seq, issued)| Entry { seq, issued }).collect())
}

/// Invoices that are no drafts and still have no place in a series.
fn unnumbered(conn: &mut Conn, scope: &Scope) -> Result<Vec<Finding>> {
    let nowhere = invoice::series_id
        .is_null()
        .or(invoice::seq.is_null())
        .or(invoice::number.is_null())
        .or(invoice::issue_date.is_null());
    let found: Vec<InvoiceId> = invoice::table
        .filter(invoice::tenant_id.eq(scope.id()).and(invoice::status.ne(InvoiceStatus::Draft.as_str())))
        .filter(nowhere)
        .order(invoice::id)
        .select(invoice::id)
        .load(conn)?;
    let text = "it was opened without a place in a series";
    Ok(found.into_iter().map(|id| Finding::new(FindingKind::Series, id, text)).collect())
}
