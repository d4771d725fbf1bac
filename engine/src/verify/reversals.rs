//! Lines that give back a part of an earlier line, as changes of plan make them: together with credit notes never more
//! than was billed.

use super::pages::{ROWS, each};
use super::{Finding, FindingKind};
use crate::db::Conn;
use crate::db::schema::{credit_note_line, invoice_line};
use crate::error::Result;
use crate::ids::LineId;
use crate::scope::Scope;
use crate::store;
use crate::store::invoices::InvoiceLine;
use crate::store::pending_lines::PendingLine;
use diesel::prelude::*;
use domain::invoice::state::InvoiceStatus;
use domain::tax::TaxBehaviour;

pub(super) fn check(conn: &mut Conn, scope: &Scope) -> Result<Vec<Finding>> {
    let page = |conn: &mut Conn, after: &String| {
        Ok(invoice_line::table
            .filter(invoice_line::tenant_id.eq(scope.id()).and(invoice_line::reverses_line_id.gt(after)))
            .order(invoice_line::reverses_line_id)
            .limit(ROWS)
            .select(invoice_line::reverses_line_id.assume_not_null())
            .distinct()
            .load(conn)?)
    };
    let mut findings = Vec::new();
    each(conn, String::new(), page, ToString::to_string, |conn, named: LineId| {
        let waited = store::pending_lines::named(conn, scope.id(), &named)?;
        let id =
            waited.as_ref().and_then(|line| line.invoice_line_id.clone()).unwrap_or_else(|| named.clone());
        let Some(line) = store::billed::line(conn, scope.id(), &id)? else {
            findings.extend(match waited {
                Some(line) => of_waiting(conn, scope, &named, &line)?,
                None => {
                    Some(Finding::new(FindingKind::Credit, named, "a line that is not there is given back"))
                }
            });
            return Ok(());
        };
        let billed = i128::from(line.amount) - i128::from(line.discount);
        let back = given_back(conn, scope, &id)? + credited(conn, scope, &line)?;
        let withdrawn =
            store::invoices::get(conn, scope.id(), &line.invoice_id)?.status == InvoiceStatus::Void;
        if withdrawn && back > 0 {
            let text = format!("{back} was given back of line {}, which bills nothing", line.position);
            findings.push(Finding::new(FindingKind::Credit, line.invoice_id, text));
        } else if back > billed {
            let text = format!("{back} was given back of line {}, which billed {billed}", line.position);
            findings.push(Finding::new(FindingKind::Credit, line.invoice_id, text));
        }
        Ok(())
    })?;
    Ok(findings)
}

/// What was given back before it is billed at all.
fn of_waiting(conn: &mut Conn, scope: &Scope, named: &LineId, line: &PendingLine) -> Result<Option<Finding>> {
    let billed = i128::from(line.quantity) * i128::from(line.unit_amount) - i128::from(line.discount);
    let back = given_back(conn, scope, named)?;
    let text = format!("{back} was given back of a line that waits to bill {billed}");
    Ok((back > billed).then(|| Finding::new(FindingKind::Credit, named, text)))
}

/// By lines of invoices that were not withdrawn, as prices are: with tax or without. What credit notes have taken back
/// of those gives nothing back any more.
fn given_back(conn: &mut Conn, scope: &Scope, id: &LineId) -> Result<i128> {
    let mut back = 0;
    for (_, line) in store::reversals::billed(conn, scope.id(), std::slice::from_ref(id))? {
        back += i128::from(line.discount) - i128::from(line.amount) + credited(conn, scope, &line)?;
    }
    Ok(back)
}

/// By credit notes, counted in the same way.
fn credited(conn: &mut Conn, scope: &Scope, line: &InvoiceLine) -> Result<i128> {
    let lines: Vec<(i64, i64)> = credit_note_line::table
        .filter(
            credit_note_line::tenant_id.eq(scope.id()).and(credit_note_line::invoice_line_id.eq(&line.id)),
        )
        .select((credit_note_line::net, credit_note_line::tax))
        .load(conn)?;
    let amount = |(net, tax): (i64, i64)| match line.tax_behaviour {
        TaxBehaviour::Inclusive => i128::from(net) + i128::from(tax),
        TaxBehaviour::Exclusive => i128::from(net),
    };
    Ok(lines.into_iter().map(amount).sum())
}
