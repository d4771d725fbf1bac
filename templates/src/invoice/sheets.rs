//! Which lines stand on which sheet of paper.
//!
//! Heights are estimates in the pixels of `invoice.html` (96 an inch), on the generous side: a sheet that ends
//! early looks fine, one that runs into its foot does not.

use super::{Buyer, InvoiceDocument, InvoiceLine, Seller};
use crate::page::Period;
use domain::money::Money;
use serde::Serialize;

/// Where content ends, above the foot.
const BOTTOM: usize = 1024;
/// Masthead and facts, on every sheet.
const HEAD: usize = 56 + 40 + 36 + 34;
/// Headline of the first sheet, with its margin.
const HEADLINE: usize = 32 + 34;
/// Headings of the table, with its margin.
const HEADINGS: usize = 20 + 24;
/// A line of text of ordinary size, and of small size.
const TEXT: usize = 18;
const SMALL: usize = 16;
/// Padding and hairline of a table row; a row of the totals.
const ROW: usize = 17;
const SUM: usize = 29;
/// The note of payment.
const PAID: usize = 24 + 38;
/// Half-width characters that surely fit into one line: of a description, an address, a remark.
const DESCRIPTION: usize = 36;
const ADDRESS: usize = 40;
const REMARK: usize = 100;

/// One sheet.
#[derive(Serialize)]
pub(super) struct Sheet<'a> {
    first: bool,
    last: bool,
    lines: Vec<Row<'a>>,
}

/// A line as the table shows it.
#[derive(Serialize)]
struct Row<'a> {
    description: &'a str,
    period: Option<Period>,
    quantity: i64,
    unit_amount: Money,
    rate: String,
    amount: Money,
}

/// Spreads the lines over as few sheets as they need. The totals, of `sums` rows, stand on the last one, never
/// without a line above them.
pub(super) fn of<'a>(invoice: &'a InvoiceDocument, sums: usize) -> Vec<Sheet<'a>> {
    let mut breaks: Vec<&[InvoiceLine]> = Vec::new();
    let (mut start, mut used) = (0, first_head(invoice));
    for (index, line) in invoice.lines.iter().enumerate() {
        if index > start && used + height(line) > BOTTOM {
            breaks.push(&invoice.lines[start..index]);
            (start, used) = (index, HEAD + HEADINGS);
        }
        used += height(line);
    }
    let end = invoice.lines.len();
    if used + tail(invoice, sums) > BOTTOM && end > start + 1 {
        breaks.push(&invoice.lines[start..end - 1]);
        start = end - 1;
    }
    breaks.push(&invoice.lines[start..]);

    let last = breaks.len() - 1;
    let sheet = |(index, lines): (usize, &'a [InvoiceLine])| Sheet {
        first: index == 0,
        last: index == last,
        lines: lines.iter().map(|line| row(invoice, line)).collect(),
    };
    breaks.into_iter().enumerate().map(sheet).collect()
}

fn row<'a>(invoice: &InvoiceDocument, line: &'a InvoiceLine) -> Row<'a> {
    Row {
        description: &line.description,
        period: line.period,
        quantity: line.quantity,
        unit_amount: Money::new(line.unit_amount, invoice.currency),
        rate: line.tax_rate.to_string(),
        amount: Money::new(line.amount, invoice.currency),
    }
}

/// Everything above the first line of the first sheet.
fn first_head(invoice: &InvoiceDocument) -> usize {
    let parties = seller_lines(&invoice.seller).max(buyer_lines(&invoice.buyer));
    HEAD + 28 + SMALL + parties * TEXT + HEADLINE + HEADINGS
}

fn seller_lines(seller: &Seller) -> usize {
    let country_and_vat = 1 + usize::from(seller.vat_id.is_some());
    text_lines(&seller.name, ADDRESS) + address_lines(&seller.address) + country_and_vat
}

fn buyer_lines(buyer: &Buyer) -> usize {
    let names = [&buyer.name, &buyer.company].into_iter().filter(|name| !name.is_empty());
    let country_and_vat = 1 + usize::from(buyer.vat_id.is_some());
    names.map(|name| text_lines(name, ADDRESS)).sum::<usize>()
        + address_lines(&buyer.address)
        + country_and_vat
}

fn address_lines(lines: &[String]) -> usize {
    lines.iter().map(|line| text_lines(line, ADDRESS)).sum()
}

fn height(line: &InvoiceLine) -> usize {
    let period = if line.period.is_some() { SMALL } else { 0 };
    ROW + text_lines(&line.description, DESCRIPTION) * TEXT + period
}

/// Totals, note of payment and remarks.
fn tail(invoice: &InvoiceDocument, sums: usize) -> usize {
    let paid = if invoice.payment.is_some() { PAID } else { 0 };
    let reverse_charge = if invoice.reverse_charge { 14 + 2 * SMALL } else { 0 };
    let remark = |note: &String| 14 + text_lines(note, REMARK) * SMALL;
    8 + sums * SUM + paid + reverse_charge + invoice.notes.iter().map(remark).sum::<usize>()
}

/// How many lines a text takes that breaks after `width` half-width characters. East Asian characters are twice
/// as wide.
fn text_lines(text: &str, width: usize) -> usize {
    let units: usize = text.chars().map(|c| if u32::from(c) >= 0x1100 { 2 } else { 1 }).sum();
    units.div_ceil(width).max(1)
}
