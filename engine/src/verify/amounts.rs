//! Every invoice's amounts, computed again from its stored inputs alone.

use super::pages::Extent;
use super::{Finding, FindingKind, pages};
use crate::db::Conn;
use crate::error::Result;
use crate::scope::Scope;
use crate::store;
use crate::store::invoices::{Invoice, InvoiceLine};
use domain::invoice::assemble::{Assembled, LineInput, assemble};
use domain::invoice::formula::LineFormula;
use domain::tax::TaxRate;
use domain::tax::decide::TaxEvidence;

pub(super) fn check(conn: &mut Conn, scope: &Scope, extent: Extent) -> Result<Vec<Finding>> {
    let mut findings = Vec::new();
    pages::invoices(conn, scope, extent, |conn, invoice| {
        let lines = store::invoices::lines(conn, scope.id(), &invoice.id)?;
        let wrong = lines.iter().filter_map(wrong_formula);
        findings.extend(wrong.map(|text| Finding::new(FindingKind::Formula, &invoice.id, text)));
        findings.extend(
            wrong_amounts(&invoice, &lines).map(|text| Finding::new(FindingKind::Amounts, &invoice.id, text)),
        );
        if !evidence_holds(&invoice) {
            let text = "the stored facts do not lead to the tax that was decided";
            findings.push(Finding::new(FindingKind::TaxEvidence, &invoice.id, text));
        }
        Ok(())
    })?;
    Ok(findings)
}

/// Lines from before formulas were stored have none.
fn wrong_formula(line: &InvoiceLine) -> Option<String> {
    let position = line.position;
    let Ok(formula) = serde_json::from_str::<LineFormula>(line.formula.as_deref()?) else {
        return Some(format!("line {position} has a formula that cannot be read"));
    };
    let Ok(right) = formula.recompute() else {
        return Some(format!("the formula of line {position} is out of range"));
    };
    let found = (line.amount, line.discount);
    let right = (right.amount, right.discount);
    (right != found).then(|| {
        format!(
            "the formula of line {position} comes to {} less {}, the line to {} less {}",
            right.0, right.1, found.0, found.1
        )
    })
}

fn wrong_amounts(invoice: &Invoice, lines: &[InvoiceLine]) -> Option<String> {
    let Some(right) = assembled(lines) else {
        return Some("a line cannot be computed".to_owned());
    };
    for (line, right) in lines.iter().zip(&right.lines) {
        let found = (line.amount, line.discount, line.net, line.tax);
        let right = (right.amount, right.discount, right.net, right.tax);
        if found != right {
            return Some(format!(
                "line {} has amount, discount, net and tax {found:?}, and its inputs come to {right:?}",
                line.position
            ));
        }
    }
    let found = (invoice.subtotal, invoice.discount, invoice.tax, invoice.total);
    let right = (right.subtotal, right.discount, right.tax, right.total);
    (found != right)
        .then(|| format!("subtotal, discount, tax and total are {found:?}, and the lines come to {right:?}"))
}

fn assembled(lines: &[InvoiceLine]) -> Option<Assembled> {
    let input = |line: &InvoiceLine| {
        Some(LineInput {
            quantity: line.quantity,
            unit_amount: line.unit_amount,
            discount: line.discount,
            tax_rate: TaxRate(u32::try_from(line.tax_rate).ok()?),
            behaviour: line.tax_behaviour,
        })
    };
    assemble(&lines.iter().map(input).collect::<Option<Vec<_>>>()?).ok()
}

/// Invoices from before decisions were stored have none.
fn evidence_holds(invoice: &Invoice) -> bool {
    let stored = invoice.tax_decision.as_deref().map(serde_json::from_str::<TaxEvidence>);
    stored.is_none_or(|evidence| evidence.is_ok_and(|evidence| evidence.holds()))
}
