//! Patterns of invoice numbers.

use crate::words;
use chrono::{Datelike, NaiveDate};
use std::fmt::Write;

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
/// to that width), `{PREFIX}`.
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
    /// Not a token.
    #[error("{{{0}}} is not a token of number patterns")]
    UnknownToken(String),
    /// A brace without its partner.
    #[error("a brace is not closed")]
    Brace,
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

    /// The number of the `seq`-th document of its scope, counted from 1.
    pub fn render(&self, issued: NaiveDate, seq: i64, prefix: &str) -> String {
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
            };
        }
        number
    }
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
