//! Patterns of document numbers, and the dates that go with them.

use crate::words;
use chrono::{Datelike, NaiveDate};
use std::fmt::{self, Write};
use std::str::FromStr;

words! {
    /// What a series numbers. Each kind counts by itself, whatever provider, plan or currency.
    SeriesKind {
        /// Invoices.
        Invoice = "invoice",
        /// Credit notes.
        CreditNote = "credit_note",
        /// Receipts.
        Receipt = "receipt",
    }
}

words! {
    /// When a series starts again at 1.
    Reset {
        /// Never.
        Never = "never",
        /// Every calendar year.
        Yearly = "yearly",
        /// Every calendar month.
        Monthly = "monthly",
    }
}

/// A checked pattern such as `{PREFIX}-{YYYY}-{SEQ:05}`, together with its reset.
///
/// Tokens: `{YYYY}`, `{YY}`, `{MM}` of the issue date in the seller's zone, `{SEQ}` or `{SEQ:05}` (zeros up
/// to that width), `{PREFIX}`, and `{CUST}` for a series per customer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pattern {
    parts: Vec<Part>,
    reset: Reset,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Part {
    Text(String),
    Year4,
    Year2,
    Month,
    Sequence { width: usize },
    Prefix,
    Customer,
}

/// Why a pattern is refused: with any of these two invoices could get one number.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum PatternError {
    /// No `{SEQ}`, or more than one.
    #[error("a number pattern needs {{SEQ}} exactly once")]
    Sequence,
    /// Numbers start again, but nothing in them tells one year or month from the next.
    #[error("a series that resets {0} needs {1} in its pattern")]
    ResetWithoutDate(Reset, &'static str),
    /// Customer and sequence run into each other: customer A1 and number 2 would look like customer A and number 12.
    #[error("{{CUST}} stands once, and apart from {{SEQ}} by a sign such as -")]
    Customer,
    /// Not a token.
    #[error("{{{0}}} is not a token of number patterns")]
    UnknownToken(String),
    /// A brace without its partner.
    #[error("a brace is not closed")]
    Brace,
}

/// What a document's number is made of, beside its place in the series.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Numbered<'a> {
    /// Issue date in the seller's zone.
    pub issued: NaiveDate,
    /// The series' own prefix: invoices, credit notes and receipts have different ones.
    pub prefix: &'a str,
    /// The customer, for patterns with `{CUST}`.
    pub customer: Option<&'a CustomerCode>,
}

/// A customer as numbers name it: 1 to 16 letters and digits, upper case.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct CustomerCode(String);

/// Not a customer's code.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0:?} is not a customer code: 1 to 16 letters and digits")]
pub struct BadCustomerCode(pub String);

/// The pattern names the customer and there is none.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the number pattern has {{CUST}}, and the customer has no code")]
pub struct NoCustomerCode;

impl FromStr for CustomerCode {
    type Err = BadCustomerCode;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let plain = (1..=16).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_alphanumeric());
        if plain { Ok(Self(text.to_ascii_uppercase())) } else { Err(BadCustomerCode(text.to_owned())) }
    }
}

impl fmt::Display for CustomerCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.0)
    }
}

/// The date of a series' next document: today, but never before its last one, in whatever scope that was (a seller
/// who moves to another zone may find it yesterday again).
pub fn issue_date(today: NaiveDate, last_of_series: Option<NaiveDate>) -> NaiveDate {
    last_of_series.map_or(today, |last| last.max(today))
}

/// More zeros than anyone prints.
const WIDEST: usize = 12;

impl Pattern {
    /// Reads and checks a pattern.
    pub fn parse(text: &str, reset: Reset) -> Result<Self, PatternError> {
        let parts = parts(text)?;
        if parts.iter().filter(|part| matches!(part, Part::Sequence { .. })).count() != 1 {
            return Err(PatternError::Sequence);
        }
        if !customer_stands_apart(&parts) {
            return Err(PatternError::Customer);
        }
        let year = parts.contains(&Part::Year4) || parts.contains(&Part::Year2);
        let month = parts.contains(&Part::Month);
        match reset {
            Reset::Yearly if !year => Err(PatternError::ResetWithoutDate(reset, "{YYYY} or {YY}")),
            Reset::Monthly if !(year && month) => {
                Err(PatternError::ResetWithoutDate(reset, "a year and {MM}"))
            }
            _ => Ok(Self { parts, reset }),
        }
    }

    /// The scope within which numbers count up: `all`, `2026` or `2026-11`.
    pub fn scope_key(&self, issued: NaiveDate) -> String {
        match self.reset {
            Reset::Never => "all".to_owned(),
            Reset::Yearly => format!("{:04}", issued.year()),
            Reset::Monthly => format!("{:04}-{:02}", issued.year(), issued.month()),
        }
    }

    /// Whether each customer has a series.
    pub fn is_per_customer(&self) -> bool {
        self.parts.contains(&Part::Customer)
    }

    /// The scope within which a document's number counts up: [`Self::scope_key`], and the customer where each has a
    /// series: `2026:ACME`.
    pub fn scope_of(&self, document: &Numbered) -> Result<String, NoCustomerCode> {
        let period = self.scope_key(document.issued);
        if !self.is_per_customer() {
            return Ok(period);
        }
        document.customer.map(|customer| format!("{period}:{customer}")).ok_or(NoCustomerCode)
    }

    /// The number of a document that is the `seq`-th of its scope, counted from 1.
    pub fn number_of(&self, document: &Numbered, seq: i64) -> Result<String, NoCustomerCode> {
        if self.is_per_customer() && document.customer.is_none() {
            return Err(NoCustomerCode);
        }
        Ok(self.write(document, seq))
    }

    /// [`Self::number_of`] for patterns that do not name the customer; `{CUST}` stays empty.
    pub fn render(&self, issued: NaiveDate, seq: i64, prefix: &str) -> String {
        self.write(&Numbered { issued, prefix, customer: None }, seq)
    }

    fn write(&self, document: &Numbered, seq: i64) -> String {
        let Numbered { issued, prefix, customer } = *document;
        let mut number = String::new();
        for part in &self.parts {
            // Writing to a String cannot fail.
            let _ = match part {
                Part::Text(text) => number.write_str(text),
                Part::Year4 => write!(number, "{:04}", issued.year()),
                Part::Year2 => write!(number, "{:02}", issued.year().rem_euclid(100)),
                Part::Month => write!(number, "{:02}", issued.month()),
                Part::Sequence { width } => write!(number, "{seq:0width$}"),
                Part::Prefix => number.write_str(prefix),
                Part::Customer => number.write_str(customer.map_or("", |code| &code.0)),
            };
        }
        number
    }
}

/// Both customer and sequence have any length, so that something between them must belong to neither.
fn customer_stands_apart(parts: &[Part]) -> bool {
    let place = |wanted: fn(&Part) -> bool| parts.iter().position(wanted);
    let customers = parts.iter().filter(|part| **part == Part::Customer).count();
    let (Some(customer), Some(sequence)) =
        (place(|part| *part == Part::Customer), place(|part| matches!(part, Part::Sequence { .. })))
    else {
        return true;
    };
    let between = &parts[customer.min(sequence)..customer.max(sequence)];
    let sign =
        |part: &Part| matches!(part, Part::Text(text) if text.contains(|c: char| !c.is_alphanumeric()));
    customers == 1 && between.iter().any(sign)
}

fn parts(text: &str) -> Result<Vec<Part>, PatternError> {
    let mut parts = Vec::new();
    let mut rest = text;
    while let Some(at) = rest.find(['{', '}']) {
        let (literal, from_brace) = rest.split_at(at);
        let (name, after) =
            from_brace.strip_prefix('{').and_then(|open| open.split_once('}')).ok_or(PatternError::Brace)?;
        if !literal.is_empty() {
            parts.push(Part::Text(literal.to_owned()));
        }
        parts.push(token(name)?);
        rest = after;
    }
    if !rest.is_empty() {
        parts.push(Part::Text(rest.to_owned()));
    }
    Ok(parts)
}

fn token(name: &str) -> Result<Part, PatternError> {
    let unknown = || PatternError::UnknownToken(name.to_owned());
    match name {
        "YYYY" => Ok(Part::Year4),
        "YY" => Ok(Part::Year2),
        "MM" => Ok(Part::Month),
        "PREFIX" => Ok(Part::Prefix),
        "CUST" => Ok(Part::Customer),
        "SEQ" => Ok(Part::Sequence { width: 1 }),
        _ => {
            let width = name.strip_prefix("SEQ:").and_then(|width| width.parse().ok());
            width
                .filter(|w| (1..=WIDEST).contains(w))
                .map(|width| Part::Sequence { width })
                .ok_or_else(unknown)
        }
    }
}
