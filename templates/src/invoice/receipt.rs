//! The receipt: that a payment came in, when, with what, and for which invoice.

use super::view::{self, Cell, Content, Fact, Row, Sum};
use super::words::Words;
use super::{InvoiceDocument, InvoicePayment};
use crate::{Arg, Renderer, TemplateError};
use domain::money::Money;

/// Everything a receipt says.
#[derive(Debug, Clone)]
pub struct ReceiptDocument {
    /// The invoice that was paid, with its amounts as they are after this payment.
    pub invoice: InvoiceDocument,
    /// Number in the series of receipts.
    pub number: String,
    /// When the payment came in, and with what.
    pub payment: InvoicePayment,
    /// Minor units of the invoice's currency.
    pub amount: i64,
}

/// The receipt as HTML, one `<section>`.
///
/// # Errors
/// When the language or currency cannot be written.
pub fn receipt_html(renderer: &Renderer, receipt: &ReceiptDocument) -> Result<String, TemplateError> {
    let words = Words { renderer, lang: receipt.invoice.lang };
    let paid = [
        ("amount", Arg::Money(Money::new(receipt.amount, receipt.invoice.currency))),
        ("date", Arg::Date(receipt.payment.on)),
    ];
    let column = |id, width| Ok::<_, TemplateError>(Cell { text: words.label(id)?, width });
    let content = Content {
        title: words.label("document-receipt")?,
        facts: facts(&words, receipt)?,
        headline: words.say("document-headline-paid", &paid)?,
        intro: Vec::new(),
        columns: vec![column("document-description", WIDTHS[0])?, column("document-amount", WIDTHS[1])?],
        rows: vec![row(&words, &receipt.invoice)?],
        sums: sums(&words, receipt)?,
        settled: vec![words.paid(&receipt.payment)?],
        notes: vec![words.label("document-no-invoice")?],
    };
    view::html(renderer, &receipt.invoice, &receipt.number, content)
}

/// Of description and amount, in per cent.
const WIDTHS: [u8; 2] = [74, 26];

fn facts(words: &Words<'_>, receipt: &ReceiptDocument) -> Result<Vec<Fact>, TemplateError> {
    let mut facts = vec![
        words.fact("document-receipt-number", receipt.number.clone(), 25)?.on_every_sheet(),
        words.fact("document-payment-date", words.date(receipt.payment.on)?, 22)?.on_every_sheet(),
        words.fact("document-number", receipt.invoice.number.clone(), 22)?,
    ];
    if let Some(method) = &receipt.payment.method {
        facts.push(words.fact("document-payment-method", words.method(method)?, 31)?);
    }
    Ok(facts)
}

/// The invoice as a whole.
fn row(words: &Words<'_>, invoice: &InvoiceDocument) -> Result<Row, TemplateError> {
    let name = [("number", Arg::Text(invoice.number.clone())), ("date", Arg::Date(invoice.issued_on))];
    Ok(Row {
        width: WIDTHS[0],
        description: vec![words.say("document-for-invoice", &name)?],
        period: invoice.service.map(|days| words.period(&days)).transpose()?,
        figures: vec![Cell {
            text: words.money(Money::new(invoice.total, invoice.currency))?,
            width: WIDTHS[1],
        }],
    })
}

/// From the invoice's total to what is still owed of it.
fn sums(words: &Words<'_>, receipt: &ReceiptDocument) -> Result<Vec<Sum>, TemplateError> {
    let invoice = &receipt.invoice;
    let money = |minor| Money::new(minor, invoice.currency);
    let earlier = invoice.amount_paid - receipt.amount;
    let mut sums = Vec::new();
    for (id, minor) in [("document-credit", invoice.credit_applied), ("document-paid-earlier", earlier)] {
        if minor != 0 {
            sums.push(words.sum(id, money(-minor))?);
        }
    }
    sums.push(words.sum("document-received", money(receipt.amount))?.strong());
    if invoice.amount_due != 0 {
        sums.push(words.sum("document-owed", money(invoice.amount_due))?);
    }
    Ok(sums)
}
