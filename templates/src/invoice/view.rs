//! What the template of all documents sees: text only, worded and formatted, in the order it is printed.

use super::lines;
use super::sheets::{self, Sheet};
use super::words::Words;
use super::{Buyer, InvoiceDocument, Seller};
use crate::theme;
use crate::{Arg, Lang, Renderer, TemplateError};
use serde::Serialize;

/// What differs between the kinds of documents.
#[derive(Serialize)]
pub(super) struct Content {
    /// Kind of the document, in large letters.
    pub(super) title: String,
    /// Number, dates and the like, in a row.
    pub(super) facts: Vec<Fact>,
    /// The message of the document in a few words.
    pub(super) headline: String,
    /// Sentences that explain it.
    pub(super) intro: Vec<String>,
    /// Headings of the table.
    pub(super) columns: Vec<Cell>,
    /// Its rows, which the sheets share.
    #[serde(skip)]
    pub(super) rows: Vec<Row>,
    /// From the sum of the rows to what is owed.
    pub(super) sums: Vec<Sum>,
    /// Where the money came from, or goes.
    pub(super) settled: Vec<String>,
    /// Remarks, one paragraph each.
    #[serde(skip)]
    pub(super) notes: Vec<String>,
}

/// A label and its value; on later sheets only those that say which document it is.
#[derive(Serialize)]
pub(super) struct Fact {
    pub(super) label: String,
    pub(super) value: String,
    pub(super) width: u8,
    pub(super) every_sheet: bool,
}

/// A cell of the table, `width` in per cent.
#[derive(Serialize)]
pub(super) struct Cell {
    pub(super) text: String,
    pub(super) width: u8,
}

/// A row of the table: a description in lines, and figures.
#[derive(Serialize)]
pub(super) struct Row {
    pub(super) width: u8,
    pub(super) description: Vec<String>,
    pub(super) period: Option<String>,
    pub(super) figures: Vec<Cell>,
}

/// A row of the totals.
#[derive(Serialize)]
pub(super) struct Sum {
    pub(super) label: String,
    pub(super) amount: String,
    /// Bold, under a line.
    pub(super) strong: bool,
}

/// Seller or buyer: a label, then lines of which the first is the name.
#[derive(Serialize)]
pub(super) struct Party {
    pub(super) label: String,
    pub(super) lines: Vec<String>,
}

#[derive(Serialize)]
struct View<'a> {
    fonts: &'static str,
    brand: &'a str,
    accent: String,
    on_accent: String,
    number: &'a str,
    parties: [Party; 2],
    #[serde(flatten)]
    content: Content,
    /// Paragraphs of lines.
    notes: Vec<Vec<String>>,
    sheets: Vec<Sheet>,
    legal: Vec<String>,
}

/// The document as HTML. Seller, buyer and the looks are those of `invoice`.
pub(super) fn html(
    renderer: &Renderer,
    invoice: &InvoiceDocument,
    number: &str,
    mut content: Content,
) -> Result<String, TemplateError> {
    let words = Words { renderer, lang: invoice.lang };
    let parties = [seller(&words, &invoice.seller)?, buyer(&words, &invoice.buyer)?];
    let rows = std::mem::take(&mut content.rows);
    content.intro = lines::broken_all(&content.intro, lines::SENTENCE);
    content.settled = lines::broken_all(&content.settled, lines::SENTENCE);
    let sheets = sheets::of(&content, &parties, rows);
    let colors = theme::derive(invoice.color).light;
    let view = View {
        fonts: fonts(invoice.lang),
        brand: &invoice.brand,
        accent: theme::hex(colors.accent),
        on_accent: theme::hex(colors.on_accent),
        number,
        parties,
        notes: content.notes.iter().map(|note| lines::broken(note, lines::REMARK)).collect(),
        content,
        sheets,
        legal: legal(&words, &invoice.seller)?,
    };
    renderer.template("invoice/document.html", invoice.lang, &view)
}

fn seller(words: &Words<'_>, seller: &Seller) -> Result<Party, TemplateError> {
    let mut lines = vec![seller.name.clone()];
    lines.extend(seller.address.iter().cloned());
    lines.push(words.country(&seller.country)?);
    lines.extend(vat_id(words, seller.vat_id.as_deref())?);
    Ok(Party { label: words.label("document-from")?, lines })
}

fn buyer(words: &Words<'_>, buyer: &Buyer) -> Result<Party, TemplateError> {
    let names = [&buyer.company, &buyer.name].into_iter().filter(|name| !name.is_empty());
    let mut lines: Vec<String> = names.chain(&buyer.address).cloned().collect();
    lines.push(words.country(&buyer.country)?);
    lines.extend(vat_id(words, buyer.vat_id.as_deref())?);
    Ok(Party { label: words.label("document-to")?, lines })
}

fn vat_id(words: &Words<'_>, id: Option<&str>) -> Result<Option<String>, TemplateError> {
    id.map(|id| words.say("document-vat-id", &[("id", Arg::Text(id.to_owned()))])).transpose()
}

/// The lines at the foot of every sheet. They are broken here, so that none starts or ends with a dot.
fn legal(words: &Words<'_>, seller: &Seller) -> Result<Vec<String>, TemplateError> {
    let mut parts = vec![seller.name.clone()];
    parts.extend(seller.address.iter().cloned());
    parts.extend(seller.registration.clone());
    parts.extend(vat_id(words, seller.vat_id.as_deref())?);
    parts.extend(seller.email.clone());
    parts.extend(seller.website.clone());
    let mut lines: Vec<String> = Vec::new();
    for part in parts.into_iter().filter(|part| !part.is_empty()) {
        match lines.last_mut() {
            Some(line) if lines::joins_in_foot(line, &part) => {
                line.push_str(" · ");
                line.push_str(&part);
            }
            _ => lines.push(part),
        }
    }
    Ok(lines)
}

/// Font families after the first. Han characters have different shapes: the language decides which font is
/// asked first.
fn fonts(lang: Lang) -> &'static str {
    match lang.code() {
        "ja" => ", \"Noto Sans CJK JP\", \"Noto Sans CJK SC\"",
        "ko" => ", \"Noto Sans CJK KR\", \"Noto Sans CJK JP\", \"Noto Sans CJK SC\"",
        _ => ", \"Noto Sans CJK SC\", \"Noto Sans CJK JP\"",
    }
}
