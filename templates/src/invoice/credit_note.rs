//! The credit note: which invoice it amends, why, what it takes back, and where the money goes.

use super::view::{self, Cell, Content, Fact, Row, Sum};
use super::words::Words;
use super::{InvoiceDocument, lines, remarks, taxed};
use crate::page::{Method, Period};
use crate::{Arg, Renderer, TemplateError};
use chrono::NaiveDate;
use domain::invoice::assemble::TaxGroup;
use domain::invoice::credit_note::CreditReason;
use domain::money::Money;
use domain::tax::{TaxBehaviour, TaxRate};

/// Everything a credit note says. Amounts are minor units of the invoice's currency and count in the direction of
/// the invoice: what is taken back is positive here and printed with a minus.
#[derive(Debug, Clone)]
pub struct CreditNoteDocument {
    /// The invoice it amends. Its language, seller and buyer are the credit note's; of its remarks those that give
    /// the reason for charging no tax are printed again.
    pub invoice: InvoiceDocument,
    /// Number in the series of credit notes.
    pub number: String,
    /// Date of issue, at the seller's place.
    pub issued_on: NaiveDate,
    /// Why.
    pub reason: CreditReason,
    /// Why in the words of who wrote it, for the customer to read.
    pub comment: Option<String>,
    /// What is taken back.
    pub lines: Vec<CreditedLine>,
    /// Of every rate; empty when the seller charges no tax at all.
    pub taxes: Vec<TaxGroup>,
    /// With tax.
    pub total: i64,
    /// Of the total: sent back to the customer.
    pub to_refund: i64,
    /// What it is sent back to, where that is known.
    pub refund_method: Option<Method>,
    /// Of the total: kept as the customer's balance.
    pub to_balance: i64,
    /// Of the total: no longer owed.
    pub to_offset: i64,
}

/// What is taken back of a line of the invoice.
#[derive(Debug, Clone)]
pub struct CreditedLine {
    /// The line's description.
    pub description: String,
    /// Days of service that are taken back.
    pub period: Option<Period>,
    /// Rate of tax.
    pub tax_rate: TaxRate,
    /// Without tax.
    pub net: i64,
    /// The tax.
    pub tax: i64,
}

/// The credit note as HTML, one `<section>` for each sheet of paper.
///
/// # Errors
/// When the language or currency cannot be written.
pub fn credit_note_html(renderer: &Renderer, note: &CreditNoteDocument) -> Result<String, TemplateError> {
    let words = Words { renderer, lang: note.invoice.lang };
    let total = ("amount", Arg::Money(note.money(note.total)));
    let content = Content {
        title: words.label("document-credit-note")?,
        facts: facts(&words, note)?,
        headline: words.say("document-headline-credit", &[total])?,
        intro: intro(&words, note)?,
        columns: columns(&words, note)?,
        rows: note.lines.iter().map(|line| row(&words, note, line)).collect::<Result<_, _>>()?,
        sums: sums(&words, note)?,
        settled: settled(&words, note)?,
        notes: remarks(&words, &note.invoice)?,
    };
    view::html(renderer, &note.invoice, &note.number, content)
}

impl CreditNoteDocument {
    fn money(&self, minor: i64) -> Money {
        Money::new(minor, self.invoice.currency)
    }

    /// What a line shows: its price is with or without tax as on the invoice.
    fn shown(&self, line: &CreditedLine) -> i64 {
        match self.invoice.behaviour {
            TaxBehaviour::Exclusive => line.net,
            TaxBehaviour::Inclusive => line.net + line.tax,
        }
    }

    /// Widths of the columns in per cent: description, rate of tax where there is any, amount.
    fn widths(&self) -> [u8; 3] {
        if self.taxes.is_empty() { [74, 0, 26] } else { [62, 12, 26] }
    }
}

fn facts(words: &Words<'_>, note: &CreditNoteDocument) -> Result<Vec<Fact>, TemplateError> {
    Ok(vec![
        words.fact("document-credit-note-number", note.number.clone(), 25)?.on_every_sheet(),
        words.fact("document-issued", words.date(note.issued_on)?, 22)?.on_every_sheet(),
        words.fact("document-number", note.invoice.number.clone(), 22)?,
        words.fact("document-invoice-date", words.date(note.invoice.issued_on)?, 31)?,
    ])
}

fn intro(words: &Words<'_>, note: &CreditNoteDocument) -> Result<Vec<String>, TemplateError> {
    let invoice =
        [("number", Arg::Text(note.invoice.number.clone())), ("date", Arg::Date(note.invoice.issued_on))];
    let mut sentences = vec![words.say("document-corrects", &invoice)?];
    let reason = match (note.reason, &note.comment) {
        (CreditReason::Other, comment) => comment.clone(),
        (reason, None) => Some(words.label(&format!("document-reason-{reason}"))?),
        (reason, Some(comment)) => {
            Some(format!("{} – {comment}", words.label(&format!("document-reason-{reason}"))?))
        }
    };
    if let Some(reason) = reason {
        sentences.push(words.say("document-reason", &[("reason", Arg::Text(reason))])?);
    }
    Ok(sentences)
}

fn columns(words: &Words<'_>, note: &CreditNoteDocument) -> Result<Vec<Cell>, TemplateError> {
    let ids = ["document-description", "document-vat", "document-amount"];
    let cells = ids.into_iter().zip(note.widths()).filter(|(_, width)| *width > 0);
    cells.map(|(id, width)| Ok(Cell { text: words.label(id)?, width })).collect()
}

fn row(words: &Words<'_>, note: &CreditNoteDocument, line: &CreditedLine) -> Result<Row, TemplateError> {
    let [width, rate, amount] = note.widths();
    let figures = [
        Cell { text: words.percent(line.tax_rate)?, width: rate },
        Cell { text: words.money(note.money(-note.shown(line)))?, width: amount },
    ];
    Ok(Row {
        width,
        description: lines::broken(&line.description, lines::description(width)),
        period: line.period.map(|days| words.period(&days)).transpose()?,
        figures: figures.into_iter().filter(|cell| cell.width > 0).collect(),
    })
}

/// The totals, all with a minus.
fn sums(words: &Words<'_>, note: &CreditNoteDocument) -> Result<Vec<Sum>, TemplateError> {
    let subtotal = note.lines.iter().map(|line| note.shown(line)).sum::<i64>();
    let mut sums = Vec::new();
    if subtotal != note.total {
        sums.push(words.sum("document-subtotal", note.money(-subtotal))?);
    }
    let taken_back = |group: &TaxGroup| TaxGroup { taxable: -group.taxable, tax: -group.tax, ..*group };
    let taxes: Vec<TaxGroup> = note.taxes.iter().map(taken_back).collect();
    let total = words.sum("document-total-credited", note.money(-note.total))?.strong();
    sums.extend(taxed(words, &note.invoice, &taxes, total)?);
    Ok(sums)
}

/// One sentence for each way that the money takes.
fn settled(words: &Words<'_>, note: &CreditNoteDocument) -> Result<Vec<String>, TemplateError> {
    let amount = |minor| ("amount", Arg::Money(note.money(minor)));
    let mut sentences = Vec::new();
    if note.to_offset != 0 {
        let number = ("number", Arg::Text(note.invoice.number.clone()));
        sentences.push(words.say("document-to-offset", &[amount(note.to_offset), number])?);
    }
    if note.to_refund != 0 {
        sentences.push(match &note.refund_method {
            Some(method) => {
                let method = ("method", Arg::Method(method.clone()));
                words.say("document-refunded-to", &[amount(note.to_refund), method])?
            }
            None => words.say("document-refunded", &[amount(note.to_refund)])?,
        });
    }
    if note.to_balance != 0 {
        sentences.push(words.say("document-to-balance", &[amount(note.to_balance)])?);
    }
    Ok(sentences)
}
