//! Invoices, credit notes and receipts as documents: what they say, and their HTML for the PDF.
//!
//! An invoice carries the particulars of Directive 2006/112/EC, Article 226: number, dates, names and addresses,
//! VAT ids, taxable amount, rate and tax of every rate, and the reason when no tax is charged. A credit note
//! amends one and names it without doubt (Article 219). A receipt confirms a payment and states no tax.

mod credit_note;
mod lines;
mod receipt;
mod sheets;
mod view;
mod words;

pub use credit_note::{CreditNoteDocument, CreditedLine, credit_note_html};
pub use receipt::{ReceiptDocument, receipt_html};

use crate::page::{Method, Period};
use crate::theme::Rgb;
use crate::{Arg, Lang, Renderer, TemplateError};
use chrono::NaiveDate;
use domain::currency::Currency;
use domain::invoice::assemble::TaxGroup;
use domain::money::Money;
use domain::tax::{TaxBehaviour, TaxRate};
use view::{Cell, Content, Fact, Row, Sum};
use words::Words;

/// Everything an invoice says. Amounts are minor units of `currency`; days are those of the seller's place.
#[derive(Debug, Clone)]
pub struct InvoiceDocument {
    /// Language of the document.
    pub lang: Lang,
    /// Name of the business as customers know it, at the top.
    pub brand: String,
    /// Its colour.
    pub color: Rgb,
    /// Sequential number.
    pub number: String,
    /// Date of issue.
    pub issued_on: NaiveDate,
    /// Day payment is due.
    pub due_on: Option<NaiveDate>,
    /// Days of service the invoice as a whole is for.
    pub service: Option<Period>,
    /// Who sells.
    pub seller: Seller,
    /// Who buys.
    pub buyer: Buyer,
    /// Of every amount.
    pub currency: Currency,
    /// Whether unit amounts, line amounts and the subtotal contain tax.
    pub behaviour: TaxBehaviour,
    /// What was sold.
    pub lines: Vec<InvoiceLine>,
    /// Sum of the lines, before discounts.
    pub subtotal: i64,
    /// Taken off; zero when nothing is.
    pub discount: i64,
    /// Taxable amount and tax of every rate; empty when the seller charges no tax at all.
    pub taxes: Vec<TaxGroup>,
    /// What the invoice comes to.
    pub total: i64,
    /// Paid from the customer's balance.
    pub credit_applied: i64,
    /// Paid otherwise.
    pub amount_paid: i64,
    /// Still owed.
    pub amount_due: i64,
    /// The payment that settled it.
    pub payment: Option<InvoicePayment>,
    /// The buyer owes the tax: printed in the words the law asks for.
    pub reverse_charge: bool,
    /// Other remarks, for example the reason of an exemption; one paragraph each, short.
    pub notes: Vec<String>,
}

/// The seller, as registered.
#[derive(Debug, Clone)]
pub struct Seller {
    /// Registered name.
    pub name: String,
    /// Street, postal code, city and so on, one line each, without the country.
    pub address: Vec<String>,
    /// ISO 3166-1 code.
    pub country: String,
    /// VAT identification number.
    pub vat_id: Option<String>,
    /// Entry in a commercial register.
    pub registration: Option<String>,
    /// For questions.
    pub email: Option<String>,
    /// Web site.
    pub website: Option<String>,
}

/// The buyer, as of the day of issue.
#[derive(Debug, Clone)]
pub struct Buyer {
    /// Person.
    pub name: String,
    /// Company, or empty.
    pub company: String,
    /// Street, postal code, city and so on, one line each, without the country.
    pub address: Vec<String>,
    /// ISO 3166-1 code.
    pub country: String,
    /// VAT identification number.
    pub vat_id: Option<String>,
}

/// A line of an invoice.
#[derive(Debug, Clone)]
pub struct InvoiceLine {
    /// What it is, in one line of text.
    pub description: String,
    /// Days of service.
    pub period: Option<Period>,
    /// How many.
    pub quantity: i64,
    /// Price of one.
    pub unit_amount: i64,
    /// Quantity times unit amount, before discounts.
    pub amount: i64,
    /// Rate of tax.
    pub tax_rate: TaxRate,
}

/// How an invoice was paid.
#[derive(Debug, Clone)]
pub struct InvoicePayment {
    /// Day.
    pub on: NaiveDate,
    /// With what, where that is known.
    pub method: Option<Method>,
}

/// The invoice as HTML, one `<section>` for each sheet of paper.
///
/// # Errors
/// When the language or currency cannot be written.
pub fn invoice_html(renderer: &Renderer, invoice: &InvoiceDocument) -> Result<String, TemplateError> {
    let words = Words { renderer, lang: invoice.lang };
    let content = Content {
        title: words.label("document-invoice")?,
        facts: facts(&words, invoice)?,
        headline: headline(&words, invoice)?,
        intro: Vec::new(),
        columns: columns(&words, invoice)?,
        rows: rows(&words, invoice)?,
        sums: sums(&words, invoice)?,
        settled: invoice.payment.iter().map(|payment| words.paid(payment)).collect::<Result<_, _>>()?,
        notes: remarks(&words, invoice)?,
    };
    view::html(renderer, invoice, &invoice.number, content)
}

/// Number and dates. Each has the day it is about: issue, payment due, service.
fn facts(words: &Words<'_>, invoice: &InvoiceDocument) -> Result<Vec<Fact>, TemplateError> {
    let mut facts = vec![
        words.fact("document-number", invoice.number.clone(), 25)?.on_every_sheet(),
        words.fact("document-issued", words.date(invoice.issued_on)?, 22)?.on_every_sheet(),
    ];
    if let Some(day) = invoice.due_on {
        facts.push(words.fact("document-due", words.date(day)?, 22)?);
    }
    if let Some(service) = &invoice.service {
        facts.push(words.fact("document-service", words.period(service)?, 31)?);
    }
    Ok(facts)
}

fn headline(words: &Words<'_>, invoice: &InvoiceDocument) -> Result<String, TemplateError> {
    let amount = |minor| ("amount", Arg::Money(Money::new(minor, invoice.currency)));
    match (&invoice.payment, invoice.due_on) {
        (_, Some(day)) if invoice.amount_due > 0 => {
            words.say("document-headline-due", &[amount(invoice.amount_due), ("date", Arg::Date(day))])
        }
        (_, None) if invoice.amount_due > 0 => words.say("document-headline", &[amount(invoice.amount_due)]),
        (Some(payment), _) if invoice.amount_paid > 0 => words
            .say("document-headline-paid", &[amount(invoice.amount_paid), ("date", Arg::Date(payment.on))]),
        _ => words.label("document-headline-nothing"),
    }
}

/// Widths of the table's columns in per cent: description, quantity, unit price, rate of tax where the seller
/// charges any, amount.
fn widths(invoice: &InvoiceDocument) -> [u8; 5] {
    if invoice.taxes.is_empty() { [51, 9, 20, 0, 20] } else { [43, 9, 20, 8, 20] }
}

fn columns(words: &Words<'_>, invoice: &InvoiceDocument) -> Result<Vec<Cell>, TemplateError> {
    let ids = [
        "document-description",
        "document-quantity",
        "document-unit-price",
        "document-vat",
        "document-amount",
    ];
    let cells = ids.into_iter().zip(widths(invoice)).filter(|(_, width)| *width > 0);
    cells.map(|(id, width)| Ok(Cell { text: words.label(id)?, width })).collect()
}

/// The lines. When all are for the days of the whole invoice, these are not repeated.
fn rows(words: &Words<'_>, invoice: &InvoiceDocument) -> Result<Vec<Row>, TemplateError> {
    let days = |period: Option<Period>| period.map(|period| (period.from, period.to));
    let same_days = invoice.lines.iter().all(|line| days(line.period) == days(invoice.service));
    let [description, quantity, unit, rate, amount] = widths(invoice);
    let row = |line: &InvoiceLine| {
        let money = |minor| words.money(Money::new(minor, invoice.currency));
        let figures = [
            Cell { text: words.number(line.quantity)?, width: quantity },
            Cell { text: money(line.unit_amount)?, width: unit },
            Cell { text: words.percent(line.tax_rate)?, width: rate },
            Cell { text: money(line.amount)?, width: amount },
        ];
        Ok(Row {
            width: description,
            description: lines::broken(&line.description, lines::description(description)),
            period: line.period.filter(|_| !same_days).map(|days| words.period(&days)).transpose()?,
            figures: figures.into_iter().filter(|cell| cell.width > 0).collect(),
        })
    };
    invoice.lines.iter().map(row).collect()
}

/// The totals, from the sum of the lines to what is still owed.
fn sums(words: &Words<'_>, invoice: &InvoiceDocument) -> Result<Vec<Sum>, TemplateError> {
    let money = |minor| Money::new(minor, invoice.currency);
    let mut sums = Vec::new();
    if invoice.subtotal != invoice.total || invoice.reverse_charge {
        sums.push(words.sum("document-subtotal", money(invoice.subtotal))?);
    }
    if invoice.discount != 0 {
        sums.push(words.sum("document-discount", money(-invoice.discount))?);
    }
    let total = words.sum("document-total", money(invoice.total))?.strong();
    sums.extend(taxed(words, invoice, &invoice.taxes, total)?);
    if invoice.reverse_charge {
        let none =
            words.say("document-tax-reverse", &[("rate", Arg::Text(words.percent(TaxRate::ZERO)?))])?;
        let before_total = sums.len() - 1;
        sums.insert(before_total, Sum { label: none, amount: words.money(money(0))?, strong: false });
    }
    for (id, minor) in [("document-credit", invoice.credit_applied), ("document-paid", invoice.amount_paid)] {
        if minor != 0 {
            sums.push(words.sum(id, money(-minor))?);
        }
    }
    if invoice.amount_due != invoice.total {
        sums.push(words.sum("document-owed", money(invoice.amount_due))?.strong());
    }
    Ok(sums)
}

/// The tax of every rate, above a total that it adds to and below one that contains it.
fn taxed(
    words: &Words<'_>,
    invoice: &InvoiceDocument,
    taxes: &[TaxGroup],
    total: Sum,
) -> Result<Vec<Sum>, TemplateError> {
    let id = match invoice.behaviour {
        TaxBehaviour::Exclusive => "document-tax",
        TaxBehaviour::Inclusive => "document-tax-included",
    };
    let tax = |group: &TaxGroup| {
        let rate = ("rate", Arg::Text(words.percent(group.rate)?));
        let amount = ("amount", Arg::Money(Money::new(group.taxable, invoice.currency)));
        let label = words.say(id, &[rate, amount])?;
        let amount = words.money(Money::new(group.tax, invoice.currency))?;
        Ok(Sum { label, amount, strong: false })
    };
    let mut sums = taxes.iter().map(tax).collect::<Result<Vec<_>, TemplateError>>()?;
    let position = if invoice.behaviour == TaxBehaviour::Exclusive { sums.len() } else { 0 };
    sums.insert(position, total);
    Ok(sums)
}

/// What the law asks for first, then the others.
fn remarks(words: &Words<'_>, invoice: &InvoiceDocument) -> Result<Vec<String>, TemplateError> {
    let reverse_charge =
        invoice.reverse_charge.then(|| words.label("document-reverse-charge")).transpose()?;
    Ok(reverse_charge.into_iter().chain(invoice.notes.iter().cloned()).collect())
}
