//! Writes the receipt of a charge that has paid an invoice: numbered and chained in a series of its own.

use super::bill::{chain, series};
use super::document;
use crate::db::Conn;
use crate::error::Result;
use crate::ids::ReceiptId;
use crate::scope::Scope;
use crate::store;
use crate::store::attempts::Attempt;
use crate::store::invoices::Invoice;
use crate::store::receipts::Receipt;
use domain::invoice::number::SeriesKind;
use domain::money::Money;

/// Writes the receipt over what a charge took, once, and asks for its document.
pub(crate) fn issue(
    tx: &mut Conn,
    scope: &Scope,
    invoice: &Invoice,
    attempt: &Attempt,
    taken: Money,
) -> Result<Receipt> {
    let number = series::take(tx, scope, SeriesKind::Receipt, &invoice.customer_id)?;
    let mut receipt = Receipt {
        id: ReceiptId::mint(),
        tenant_id: scope.id().clone(),
        customer_id: invoice.customer_id.clone(),
        invoice_id: invoice.id.clone(),
        payment_attempt_id: attempt.id.clone(),
        series_id: number.place.series.clone(),
        seq: number.place.seq,
        number: number.number,
        issue_date: number.issued,
        currency: taken.currency,
        amount: taken.minor,
        seller: invoice.seller.clone(),
        buyer: invoice.buyer.clone(),
        locale: invoice.locale.clone(),
        prev_hash: number.place.last_hash.clone(),
        hash: String::new(),
        created_at: scope.now.billing,
    };
    receipt.hash = series::link(tx, scope, &number.place, &chain::of_receipt(&receipt))?;
    store::receipts::insert(tx, &receipt)?;
    document::request_receipt(tx, scope, &receipt)?;
    Ok(receipt)
}
