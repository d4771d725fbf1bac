//! All credit notes of an invoice together: never more than was billed, line by line and in total.

use super::pages::{ROWS, each};
use super::{Finding, FindingKind};
use crate::db::Conn;
use crate::db::schema::credit_note;
use crate::error::Result;
use crate::ids::InvoiceId;
use crate::scope::Scope;
use crate::store;
use crate::store::credit_notes::{CreditNote, CreditNoteLine};
use crate::store::invoices::{Invoice, InvoiceLine};
use diesel::prelude::*;
use std::collections::BTreeMap;

pub(super) fn check(conn: &mut Conn, scope: &Scope) -> Result<Vec<Finding>> {
    let page = |conn: &mut Conn, after: &String| {
        Ok(credit_note::table
            .filter(credit_note::tenant_id.eq(scope.id()).and(credit_note::invoice_id.gt(after)))
            .order(credit_note::invoice_id)
            .limit(ROWS)
            .select(credit_note::invoice_id)
            .distinct()
            .load(conn)?)
    };
    let mut findings = Vec::new();
    each(conn, String::new(), page, ToString::to_string, |conn, id: InvoiceId| {
        let invoice = store::invoices::get(conn, scope.id(), &id)?;
        let billed = store::invoices::lines(conn, scope.id(), &id)?;
        let notes = store::credit_notes::of_invoice(conn, scope.id(), &id)?;
        let mut credited = Vec::new();
        for note in &notes {
            let lines = store::credit_notes::lines(conn, scope.id(), &note.id)?;
            let wrong = wrong_note(&invoice, note, &lines);
            findings.extend(wrong.map(|text| Finding::new(FindingKind::Credit, &note.id, text)));
            credited.extend(lines);
        }
        let wrong = [wrong_totals(&invoice, &notes), wrong_lines(&billed, &credited)];
        let wrong = wrong.into_iter().flatten();
        findings.extend(wrong.map(|text| Finding::new(FindingKind::Credit, &id, text)));
        Ok(())
    })?;
    Ok(findings)
}

fn sum(amounts: impl Iterator<Item = i64>) -> i128 {
    amounts.map(i128::from).sum()
}

/// A note by itself: its lines make its totals, and the total went somewhere.
fn wrong_note(invoice: &Invoice, note: &CreditNote, lines: &[CreditNoteLine]) -> Option<&'static str> {
    let split = [note.to_offset, note.to_balance, note.to_refund];
    let (net, tax) = (sum(lines.iter().map(|line| line.net)), sum(lines.iter().map(|line| line.tax)));
    if note.customer_id != invoice.customer_id || note.currency != invoice.currency {
        Some("it is for another customer or currency than its invoice")
    } else if (net, tax) != (i128::from(note.net), i128::from(note.tax)) {
        Some("its lines do not add up to it")
    } else if net + tax != i128::from(note.total) {
        Some("net and tax do not add up to its total")
    } else if split.iter().any(|part| *part < 0) || sum(split.into_iter()) != i128::from(note.total) {
        Some("what went to the balance, back, and against what was due does not add up to its total")
    } else {
        None
    }
}

fn wrong_totals(invoice: &Invoice, notes: &[CreditNote]) -> Option<String> {
    let total = sum(notes.iter().map(|note| note.total));
    let offset = sum(notes.iter().map(|note| note.to_offset));
    if total > i128::from(invoice.total) {
        Some(format!("{total} was credited of {}", invoice.total))
    } else if offset != i128::from(invoice.amount_credited) {
        Some(format!("{} was set off, its credit notes say {offset}", invoice.amount_credited))
    } else {
        None
    }
}

/// What is credited of a line has its sign, its rate, and never more than its amounts.
fn wrong_lines(billed: &[InvoiceLine], credited: &[CreditNoteLine]) -> Option<String> {
    let mut left: BTreeMap<&str, (i128, i128)> = BTreeMap::new();
    for line in billed {
        left.insert(line.id.as_str(), (i128::from(line.net), i128::from(line.tax)));
    }
    for line in credited {
        let rate =
            billed.iter().find(|billed| billed.id == line.invoice_line_id).map(|billed| billed.tax_rate);
        let Some(left) = left.get_mut(line.invoice_line_id.as_str()) else {
            return Some(format!("{} credits a line of another invoice", line.id));
        };
        if rate != Some(line.tax_rate) {
            return Some(format!("{} credits another rate of tax than was billed", line.id));
        }
        left.0 -= i128::from(line.net);
        left.1 -= i128::from(line.tax);
    }
    let over = |billed: i64, left: i128| left * i128::from(billed.signum()) < 0 || (billed == 0 && left != 0);
    let beyond = billed.iter().find(|line| {
        left.get(line.id.as_str()).is_some_and(|(net, tax)| over(line.net, *net) || over(line.tax, *tax))
    });
    beyond.map(|line| format!("more was credited of line {} than was billed", line.position))
}
