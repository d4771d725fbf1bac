//! Documents as the hash chain of their series sees them.

use crate::error::{Error, Result};
use crate::store::credit_notes::{CreditNote, CreditNoteLine};
use crate::store::invoices::{Invoice, InvoiceLine};
use crate::store::receipts::Receipt;
use chrono::NaiveDate;
use domain::Instant;
use domain::invoice::chain::{ChainHash, FinalisedDocument, FinalisedLine, next_hash};
use domain::invoice::number::SeriesKind;
use domain::tax::{TaxBehaviour, TaxRate};

/// The hash before a document, from what is stored.
pub fn previous(stored: Option<&str>) -> Result<ChainHash> {
    stored.map_or(Ok(ChainHash::START), |text| text.parse().map_err(Error::bug))
}

/// The hash of a document that follows `previous`.
pub fn hash(previous: ChainHash, document: &FinalisedDocument) -> ChainHash {
    next_hash(previous, &document.canonical_bytes())
}

/// A finalised invoice. One without a number is our mistake.
pub fn of_invoice(invoice: &Invoice, lines: &[InvoiceLine]) -> Result<FinalisedDocument> {
    let missing = || Error::bug(format!("{} has no number", invoice.id));
    let (number, series) = invoice.number.clone().zip(invoice.series_id.as_ref()).ok_or_else(missing)?;
    let (seq, issue_date): (i64, NaiveDate) = invoice.seq.zip(invoice.issue_date).ok_or_else(missing)?;
    Ok(FinalisedDocument {
        kind: SeriesKind::Invoice.to_string(),
        id: invoice.id.to_string(),
        series: series.to_string(),
        seq,
        number,
        issue_date,
        about: None,
        reason: invoice.reason.to_string(),
        customer: invoice.customer_id.to_string(),
        currency: invoice.currency,
        seller: invoice.seller.clone(),
        buyer: invoice.buyer.clone(),
        locale: invoice.locale.clone(),
        tax_decision: invoice.tax_decision.clone(),
        subtotal: invoice.subtotal,
        discount: invoice.discount,
        tax: invoice.tax,
        total: invoice.total,
        lines: lines.iter().map(invoice_line).collect::<Result<_>>()?,
    })
}

fn invoice_line(line: &InvoiceLine) -> Result<FinalisedLine> {
    let seconds = |at: Option<Instant>| at.map(|at| at.and_utc().timestamp());
    Ok(FinalisedLine {
        description: line.description.clone(),
        quantity: line.quantity,
        unit_amount: line.unit_amount,
        amount: line.amount,
        discount: line.discount,
        tax_rate: TaxRate(u32::try_from(line.tax_rate).map_err(Error::bug)?),
        tax_behaviour: line.tax_behaviour,
        net: line.net,
        tax: line.tax,
        service_start: seconds(line.service_start),
        service_end: seconds(line.service_end),
        formula: line.formula.clone(),
    })
}

/// A credit note. Its lines are amounts without tax, however the invoice's were.
pub fn of_credit_note(note: &CreditNote, lines: &[CreditNoteLine]) -> Result<FinalisedDocument> {
    Ok(FinalisedDocument {
        kind: SeriesKind::CreditNote.to_string(),
        id: note.id.to_string(),
        series: note.series_id.to_string(),
        seq: note.seq,
        number: note.number.clone(),
        issue_date: note.issue_date,
        about: Some(note.invoice_id.to_string()),
        reason: note.reason.clone(),
        customer: note.customer_id.to_string(),
        currency: note.currency,
        seller: note.seller.clone(),
        buyer: note.buyer.clone(),
        locale: note.locale.clone(),
        tax_decision: None,
        subtotal: note.net,
        discount: 0,
        tax: note.tax,
        total: note.total,
        lines: lines.iter().map(credit_line).collect::<Result<_>>()?,
    })
}

/// A receipt. It names the charge as its reason, and states no tax and no lines.
pub fn of_receipt(receipt: &Receipt) -> FinalisedDocument {
    FinalisedDocument {
        kind: SeriesKind::Receipt.to_string(),
        id: receipt.id.to_string(),
        series: receipt.series_id.to_string(),
        seq: receipt.seq,
        number: receipt.number.clone(),
        issue_date: receipt.issue_date,
        about: Some(receipt.invoice_id.to_string()),
        reason: receipt.payment_attempt_id.to_string(),
        customer: receipt.customer_id.to_string(),
        currency: receipt.currency,
        seller: receipt.seller.clone(),
        buyer: receipt.buyer.clone(),
        locale: receipt.locale.clone(),
        tax_decision: None,
        subtotal: receipt.amount,
        discount: 0,
        tax: 0,
        total: receipt.amount,
        lines: Vec::new(),
    }
}

fn credit_line(line: &CreditNoteLine) -> Result<FinalisedLine> {
    Ok(FinalisedLine {
        description: line.description.clone(),
        quantity: 1,
        unit_amount: line.net,
        amount: line.net,
        discount: 0,
        tax_rate: TaxRate(u32::try_from(line.tax_rate).map_err(Error::bug)?),
        tax_behaviour: TaxBehaviour::Exclusive,
        net: line.net,
        tax: line.tax,
        service_start: None,
        service_end: None,
        formula: None,
    })
}
