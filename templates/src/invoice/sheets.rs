//! Which rows stand on which sheet of paper.
//!
//! Heights are estimates in the pixels of `document.html` (96 an inch), on the generous side: a sheet that ends
//! early looks fine, one that runs into its foot does not.

use super::lines;
use super::view::{Content, Party, Row};
use serde::Serialize;

/// Where content ends, above the foot.
const BOTTOM: usize = 1024;
/// Masthead and facts, on every sheet.
const HEAD: usize = 56 + 40 + 36 + 34;
/// Space above the parties, and the label over them.
const PARTIES: usize = 28 + SMALL;
/// Margin and one line of the headline.
const HEADLINE_MARGIN: usize = 32;
const HEADLINE: usize = 34;
/// Margin of the sentences below it.
const INTRO_MARGIN: usize = 8;
/// Headings of the table, with its margin.
const HEADINGS: usize = 20 + 24;
/// A line of text of ordinary size, and of small size.
const TEXT: usize = 18;
const SMALL: usize = 16;
/// Padding and hairline of a table row; a row of the totals.
const ROW: usize = 17;
const SUM: usize = 29;
/// Margin and padding of the box that says where the money came from or goes.
const SETTLED: usize = 24 + 20;
/// Space above a remark.
const REMARK_MARGIN: usize = 14;

/// One sheet.
#[derive(Serialize)]
pub(super) struct Sheet {
    first: bool,
    last: bool,
    rows: Vec<Row>,
}

/// Spreads the rows over as few sheets as they need. The totals stand on the last one, never without a row above
/// them.
pub(super) fn of(content: &Content, parties: &[Party], rows: Vec<Row>) -> Vec<Sheet> {
    let (mut sheets, mut sheet) = (Vec::new(), Vec::new());
    let mut used = first_head(content, parties);
    for row in rows {
        let height = height(&row);
        if used + height > BOTTOM && !sheet.is_empty() {
            sheets.push(std::mem::take(&mut sheet));
            used = HEAD + HEADINGS;
        }
        used += height;
        sheet.push(row);
    }
    if used + tail(content) > BOTTOM && sheet.len() > 1 {
        let last = sheet.split_off(sheet.len() - 1);
        sheets.push(sheet);
        sheet = last;
    }
    sheets.push(sheet);

    let last = sheets.len() - 1;
    let sheet = |(index, rows)| Sheet { first: index == 0, last: index == last, rows };
    sheets.into_iter().enumerate().map(sheet).collect()
}

/// Everything above the first row of the first sheet.
fn first_head(content: &Content, parties: &[Party]) -> usize {
    let address =
        |party: &Party| party.lines.iter().map(|line| lines::count(line, lines::ADDRESS)).sum::<usize>();
    let addresses = parties.iter().map(address).max().unwrap_or_default();
    let headline = HEADLINE_MARGIN + lines::count(&content.headline, lines::HEADLINE) * HEADLINE;
    let intro: usize = content.intro.iter().map(|text| lines::count(text, lines::SENTENCE) * TEXT).sum();
    HEAD + PARTIES + addresses * TEXT + headline + INTRO_MARGIN + intro + HEADINGS
}

fn height(row: &Row) -> usize {
    let period = if row.period.is_some() { SMALL } else { 0 };
    let width = lines::description(row.width);
    let description: usize = row.description.iter().map(|line| lines::count(line, width)).sum();
    ROW + description * TEXT + period
}

/// Totals, where the money came from or goes, and remarks.
fn tail(content: &Content) -> usize {
    let settled: usize = content.settled.iter().map(|text| lines::count(text, lines::SENTENCE) * TEXT).sum();
    let remark = |note: &String| REMARK_MARGIN + lines::count(note, lines::REMARK) * SMALL;
    let remarks: usize = content.notes.iter().map(remark).sum();
    8 + content.sums.len() * SUM + if settled > 0 { SETTLED + settled } else { 0 } + remarks
}
