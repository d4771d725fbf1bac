//! The invoice as a document: what it says, and its HTML for the PDF.
//!
//! It carries the particulars of Directive 2006/112/EC, Article 226: number, dates, names and addresses, VAT ids,
//! taxable amount, rate and tax of every rate, and the reason when no tax is charged.

mod sheets;

use crate::page::{Method, Period};
use crate::theme::{self, Rgb};
use crate::{Arg, Lang, Renderer, TemplateError};
use chrono::NaiveDate;
use domain::currency::Currency;
use domain::invoice::assemble::TaxGroup;
use domain::money::Money;
use domain::tax::{TaxBehaviour, TaxRate};
use serde::Serialize;
use sheets::Sheet;

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
#[derive(Debug, Clone, Serialize)]
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
#[derive(Debug, Clone, Serialize)]
pub struct InvoicePayment {
    /// Day.
    pub on: NaiveDate,
    /// With what, where that is known.
    pub method: Option<Method>,
}

/// The invoice as HTML, one `<section>` for each sheet of paper.
pub fn invoice_html(renderer: &Renderer, invoice: &InvoiceDocument) -> Result<String, TemplateError> {
    let vat_id =
        |id: &String| renderer.message(invoice.lang, "document-vat-id", &[("id", Arg::Text(id.clone()))]);
    let vat_id = invoice.seller.vat_id.as_ref().map(vat_id).transpose()?;
    renderer.template(
        "invoice/invoice.html",
        invoice.lang,
        &View::of(invoice, legal(&invoice.seller, vat_id)),
    )
}

/// What the template sees.
#[derive(Serialize)]
struct View<'a> {
    fonts: &'static str,
    brand: &'a str,
    accent: String,
    on_accent: String,
    number: &'a str,
    issued_on: NaiveDate,
    due_on: Option<NaiveDate>,
    service: Option<Period>,
    seller: &'a Seller,
    buyer: BuyerView<'a>,
    taxed: bool,
    sheets: Vec<Sheet<'a>>,
    sums: Vec<Sum>,
    total: Money,
    due: Money,
    owing: bool,
    payment: Option<&'a InvoicePayment>,
    reverse_charge: bool,
    notes: &'a [String],
    legal: String,
}

#[derive(Serialize)]
struct BuyerView<'a> {
    names: Vec<&'a str>,
    address: &'a [String],
    country: &'a str,
    vat_id: Option<&'a str>,
}

/// A row of the totals.
#[derive(Serialize)]
struct Sum {
    label: &'static str,
    amount: Money,
    rate: Option<String>,
    taxable: Option<Money>,
    strong: bool,
    rule: bool,
}

impl<'a> View<'a> {
    fn of(invoice: &'a InvoiceDocument, legal: String) -> Self {
        let colors = theme::derive(invoice.color).light;
        let sums = sums(invoice);
        let buyer = &invoice.buyer;
        let names =
            [&buyer.company, &buyer.name].into_iter().map(String::as_str).filter(|name| !name.is_empty());
        Self {
            fonts: fonts(invoice.lang),
            brand: &invoice.brand,
            accent: theme::hex(colors.accent),
            on_accent: theme::hex(colors.on_accent),
            number: &invoice.number,
            issued_on: invoice.issued_on,
            due_on: invoice.due_on,
            service: invoice.service,
            seller: &invoice.seller,
            buyer: BuyerView {
                names: names.collect(),
                address: &buyer.address,
                country: &buyer.country,
                vat_id: buyer.vat_id.as_deref(),
            },
            taxed: !invoice.taxes.is_empty(),
            sheets: sheets::of(invoice, sums.len()),
            sums,
            total: Money::new(invoice.total, invoice.currency),
            due: Money::new(invoice.amount_due, invoice.currency),
            owing: invoice.amount_due > 0,
            payment: invoice.payment.as_ref(),
            reverse_charge: invoice.reverse_charge,
            notes: &invoice.notes,
            legal,
        }
    }
}

impl Sum {
    fn new(label: &'static str, minor: i64, currency: Currency) -> Self {
        let amount = Money::new(minor, currency);
        Self { label, amount, rate: None, taxable: None, strong: false, rule: false }
    }
}

/// The totals, from the sum of the lines to what is still owed.
fn sums(invoice: &InvoiceDocument) -> Vec<Sum> {
    let sum = |label, minor| Sum::new(label, minor, invoice.currency);
    let tax = |label, group: &TaxGroup| Sum {
        rate: Some(group.rate.to_string()),
        taxable: Some(Money::new(group.taxable, invoice.currency)),
        ..sum(label, group.tax)
    };
    let total = Sum { strong: true, rule: true, ..sum("document-total", invoice.total) };

    let mut sums = vec![sum("document-subtotal", invoice.subtotal)];
    if invoice.discount != 0 {
        sums.push(sum("document-discount", -invoice.discount));
    }
    match invoice.behaviour {
        TaxBehaviour::Exclusive => {
            sums.extend(invoice.taxes.iter().map(|group| tax("document-tax", group)));
            sums.push(total);
        }
        TaxBehaviour::Inclusive => {
            sums.push(total);
            sums.extend(invoice.taxes.iter().map(|group| tax("document-tax-included", group)));
        }
    }
    for (label, minor) in
        [("document-credit", invoice.credit_applied), ("document-paid", invoice.amount_paid)]
    {
        if minor != 0 {
            sums.push(sum(label, -minor));
        }
    }
    if invoice.amount_due != invoice.total {
        sums.push(Sum { strong: true, rule: true, ..sum("document-owed", invoice.amount_due) });
    }
    sums
}

/// The seller in one line, for the foot of every sheet.
fn legal(seller: &Seller, vat_id: Option<String>) -> String {
    let parts = std::iter::once(&seller.name)
        .chain(&seller.address)
        .chain(&seller.registration)
        .chain(&vat_id)
        .chain(&seller.email)
        .chain(&seller.website);
    parts.map(String::as_str).collect::<Vec<_>>().join(" · ")
}

/// Chinese, Japanese and Korean write the same characters in different shapes: the language decides which font is
/// asked first.
fn fonts(lang: Lang) -> &'static str {
    match lang.code() {
        "ja" => ", \"Noto Sans CJK JP\", \"Noto Sans CJK SC\"",
        "ko" => ", \"Noto Sans CJK KR\", \"Noto Sans CJK JP\", \"Noto Sans CJK SC\"",
        _ => ", \"Noto Sans CJK SC\", \"Noto Sans CJK JP\"",
    }
}
