//! What is due on an invoice, and what its status says of that.

use super::pages::Extent;
use super::{Finding, FindingKind, pages};
use crate::db::Conn;
use crate::error::Result;
use crate::scope::Scope;
use crate::store::invoices::Invoice;
use domain::invoice::state::InvoiceStatus;

pub(super) fn check(conn: &mut Conn, scope: &Scope, extent: Extent) -> Result<Vec<Finding>> {
    let mut findings = Vec::new();
    pages::invoices(conn, scope, extent, |_, invoice| {
        findings.extend(wrong(&invoice).map(|text| Finding::new(FindingKind::Standing, &invoice.id, text)));
        Ok(())
    })?;
    Ok(findings)
}

/// Paid is what has nothing due, be it that the next invoice collects it, or that too much was paid; the rest goes to
/// the balance. A bank may take back what was paid.
fn wrong(invoice: &Invoice) -> Option<String> {
    let Ok(due) = invoice.due() else {
        return Some("what is due cannot be computed".to_owned());
    };
    let agrees = match invoice.status {
        InvoiceStatus::Draft | InvoiceStatus::Void => true,
        InvoiceStatus::Open | InvoiceStatus::Uncollectible => due.minor > 0,
        InvoiceStatus::Paid => due.minor <= 0 || invoice.disputed_since.is_some(),
    };
    if !agrees {
        return Some(format!("it is {} with {due} due", invoice.status));
    }
    (invoice.status == InvoiceStatus::Paid && invoice.paid_at.is_none())
        .then(|| "it is paid, and nobody knows since when".to_owned())
}
