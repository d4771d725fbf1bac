//! Bank statements in ISO 20022 `camt.053`, versions 001.02 to 001.13. Entries are read as far as matching payments needs
//! them; what cannot be read is an error, never a guess.

use super::reference::CreditorReference;
use crate::currency::Currency;
use crate::money::Money;
use chrono::NaiveDate;
use roxmltree::{Document, Node, ParsingOptions};

/// Most elements of a file.
const MOST_NODES: u32 = 2_000_000;

/// The statement of one account.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Statement {
    /// The bank's id of the statement.
    pub id: String,
    /// The account: an IBAN, or the bank's own number.
    pub account: String,
    /// What was booked, in the statement's order. Entries that are only announced are left out.
    pub entries: Vec<Entry>,
}

/// Money that came or went.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// Statement, entry and part of the entry: the same when the same statement is read again.
    pub id: String,
    /// How much; never negative.
    pub amount: Money,
    /// Whether it came or went.
    pub direction: Direction,
    /// It takes back an earlier entry.
    pub reversal: bool,
    /// The day of booking, at the bank.
    pub booked_on: NaiveDate,
    /// References of ours, from the field for them and from the text.
    pub references: Vec<CreditorReference>,
    /// What the payer wrote.
    pub text: String,
    /// The payer's own reference.
    pub end_to_end: Option<String>,
    /// Who paid, or was paid.
    pub counterparty: Option<String>,
}

/// Whether money came or went.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Direction {
    /// It came.
    Credit,
    /// It went.
    Debit,
}

/// Why a file cannot be read.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum BadStatement {
    /// Not XML, or XML with a document type, which no bank sends.
    #[error("the file cannot be read: {0}")]
    Xml(String),
    /// Some other message.
    #[error("the file is not a camt.053 bank statement")]
    NotAStatement,
    /// An entry lacks what it must have.
    #[error("statement {statement}, entry {entry}: {what} is missing or cannot be read")]
    Entry {
        /// The statement's id.
        statement: String,
        /// From 1.
        entry: usize,
        /// The element.
        what: &'static str,
    },
}

/// Reads a file.
pub fn parse(text: &str) -> Result<Vec<Statement>, BadStatement> {
    let options = ParsingOptions { nodes_limit: MOST_NODES, ..ParsingOptions::default() };
    let document =
        Document::parse_with_options(text, options).map_err(|error| BadStatement::Xml(error.to_string()))?;
    let message = child(document.root_element(), "BkToCstmrStmt").ok_or(BadStatement::NotAStatement)?;
    children(message, "Stmt").map(statement).collect()
}

fn statement(node: Node<'_, '_>) -> Result<Statement, BadStatement> {
    let id = text(node, &["Id"]).unwrap_or_default();
    let account = text(node, &["Acct", "Id", "IBAN"]).or_else(|| text(node, &["Acct", "Id", "Othr", "Id"]));
    let mut entries = Vec::new();
    for (index, node) in children(node, "Ntry").enumerate() {
        let entry = EntryNode { statement: &id, number: index + 1, node };
        if entry.is_booked() {
            entries.extend(entry.read()?);
        }
    }
    Ok(Statement { account: account.unwrap_or_default(), entries, id })
}

struct EntryNode<'a, 'x> {
    statement: &'a str,
    number: usize,
    node: Node<'x, 'x>,
}

impl<'x> EntryNode<'_, 'x> {
    /// A word in version 02, a code inside since then.
    fn is_booked(&self) -> bool {
        let status = text(self.node, &["Sts", "Cd"]).or_else(|| text(self.node, &["Sts"]));
        status.as_deref() == Some("BOOK")
    }

    /// One entry for each part. A batch whose parts don't say how much they are, or do not add up, stays one entry without
    /// references: a person has to look at it.
    fn read(&self) -> Result<Vec<Entry>, BadStatement> {
        let whole = self.whole()?;
        let details: Vec<Node<'x, 'x>> =
            children(self.node, "NtryDtls").flat_map(|details| children(details, "TxDtls")).collect();
        let alone = details.len() == 1;
        let parts: Option<Vec<Entry>> = details
            .into_iter()
            .enumerate()
            .map(|(index, detail)| part(&whole, detail, index + 1, alone))
            .collect();
        let parts = parts.filter(|parts| !parts.is_empty() && sum(parts) == Some(signed(&whole)));
        Ok(parts.unwrap_or_else(|| vec![whole]))
    }

    fn whole(&self) -> Result<Entry, BadStatement> {
        let missing =
            |what| BadStatement::Entry { statement: self.statement.to_owned(), entry: self.number, what };
        let booked = ["BookgDt", "ValDt"].iter().find_map(|date| day(child(self.node, date)?));
        Ok(Entry {
            id: format!("{}/{}", self.statement, self.number),
            amount: child(self.node, "Amt").and_then(money).ok_or_else(|| missing("Amt"))?,
            direction: direction(self.node).ok_or_else(|| missing("CdtDbtInd"))?,
            reversal: matches!(text(self.node, &["RvslInd"]).as_deref(), Some("true" | "1")),
            booked_on: booked.ok_or_else(|| missing("BookgDt"))?,
            references: Vec::new(),
            text: text(self.node, &["AddtlNtryInf"]).unwrap_or_default(),
            end_to_end: None,
            counterparty: None,
        })
    }
}

/// A part of an entry. Its amount stands in `AmtDtls` in version 02 and beside it since then; only the one part of an
/// entry that has no other may leave it out, or name it in the payer's currency.
fn part(whole: &Entry, detail: Node<'_, '_>, number: usize, alone: bool) -> Option<Entry> {
    let own = child(detail, "Amt").or_else(|| path(detail, &["AmtDtls", "TxAmt", "Amt"]));
    let own = own.and_then(money).filter(|amount| amount.currency == whole.amount.currency);
    let direction = direction(detail).unwrap_or(whole.direction);
    let written =
        [texts(detail, &["RmtInf", "Ustrd"]), texts(detail, &["RmtInf", "Strd", "AddtlRmtInf"])].concat();
    let written = written.join(" ");
    let party = if direction == Direction::Credit { "Dbtr" } else { "Cdtr" };
    let name = text(detail, &["RltdPties", party, "Nm"]);
    Some(Entry {
        id: format!("{}.{number}", whole.id),
        amount: own.or(alone.then_some(whole.amount))?,
        direction,
        references: references(detail, &written),
        text: if written.is_empty() { whole.text.clone() } else { written },
        end_to_end: text(detail, &["Refs", "EndToEndId"]).filter(|id| id != "NOTPROVIDED"),
        counterparty: name.or_else(|| text(detail, &["RltdPties", party, "Pty", "Nm"])),
        ..whole.clone()
    })
}

/// From the field for references, and from the text, whose lines banks cut anywhere.
fn references(detail: Node<'_, '_>, written: &str) -> Vec<CreditorReference> {
    let mut places = texts(detail, &["RmtInf", "Strd", "CdtrRefInf", "Ref"]);
    places.push(written.to_owned());
    let mut found = Vec::new();
    for reference in places.iter().flat_map(|text| CreditorReference::find_in(text)) {
        if !found.contains(&reference) {
            found.push(reference);
        }
    }
    found
}

fn signed(entry: &Entry) -> i64 {
    if entry.direction == Direction::Credit { entry.amount.minor } else { -entry.amount.minor }
}

fn sum(parts: &[Entry]) -> Option<i64> {
    parts.iter().map(signed).try_fold(0_i64, i64::checked_add)
}

fn direction(node: Node<'_, '_>) -> Option<Direction> {
    match text(node, &["CdtDbtInd"])?.as_str() {
        "CRDT" => Some(Direction::Credit),
        "DBIT" => Some(Direction::Debit),
        _ => None,
    }
}

/// A day, or the day of a moment.
fn day(node: Node<'_, '_>) -> Option<NaiveDate> {
    let text = text(node, &["Dt"]).or_else(|| text(node, &["DtTm"]))?;
    text.get(..10)?.parse().ok()
}

/// A decimal number with at most as many digits as the currency has; more may be zeros.
fn money(node: Node<'_, '_>) -> Option<Money> {
    let currency: Currency = node.attribute("Ccy")?.parse().ok()?;
    let written = node.text()?.trim();
    let (whole, part) = written.split_once('.').unwrap_or((written, ""));
    let digits = usize::from(currency.exponent());
    let kept = part.trim_end_matches('0');
    let number = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    if whole.is_empty() || !number(whole) || !number(part) || kept.len() > digits {
        return None;
    }
    Some(Money::new(format!("{whole}{kept:0<digits$}").parse().ok()?, currency))
}

fn children<'x>(node: Node<'x, 'x>, name: &str) -> impl Iterator<Item = Node<'x, 'x>> {
    node.children().filter(move |child| child.tag_name().name() == name)
}

fn child<'x>(node: Node<'x, 'x>, name: &str) -> Option<Node<'x, 'x>> {
    children(node, name).next()
}

fn path<'x>(node: Node<'x, 'x>, names: &[&str]) -> Option<Node<'x, 'x>> {
    names.iter().try_fold(node, |node, name| child(node, name))
}

/// The trimmed text at a path; none where it is empty.
fn text(node: Node<'_, '_>, names: &[&str]) -> Option<String> {
    let text = path(node, names)?.text()?.trim();
    (!text.is_empty()).then(|| text.to_owned())
}

/// The texts at all elements of a path.
fn texts(node: Node<'_, '_>, names: &[&str]) -> Vec<String> {
    match names.split_first() {
        Some((first, rest)) => children(node, first).flat_map(|child| texts(child, rest)).collect(),
        None => text(node, &[]).into_iter().collect(),
    }
}
