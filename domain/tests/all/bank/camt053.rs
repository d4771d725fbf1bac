//! Bank statements.

use super::money;
use domain::bank::camt053::{BadStatement, Direction, Entry, Statement, parse};
use domain::bank::reference::CreditorReference;
use proptest::prelude::*;

const V02: &str = include_str!("statement_v02.xml");
const V08: &str = include_str!("statement_v08.xml");

fn first() -> CreditorReference {
    CreditorReference::of("inst:sub_1:4")
}

fn second() -> CreditorReference {
    CreditorReference::of("inst:sub_2:1")
}

/// The sample with our references in it, the first one also torn in two as banks do.
fn filled(sample: &str) -> String {
    let (one, two) = (first(), second());
    sample
        .replace("{FIRST_CHECK}", &one.as_str()[2..4])
        .replace("{FIRST_HALF}", &one.as_str()[4..9])
        .replace("{FIRST_REST}", &one.as_str()[9..])
        .replace("{FIRST}", one.as_str())
        .replace("{SECOND}", &two.grouped())
}

fn read(text: &str) -> Statement {
    let mut statements = parse(text).unwrap();
    assert_eq!(statements.len(), 1);
    statements.remove(0)
}

fn entries(text: &str) -> Vec<Entry> {
    read(text).entries
}

#[test]
fn a_transfer_is_read_with_what_its_payer_wrote() {
    let statement = read(&filled(V02));
    assert_eq!((statement.id.as_str(), statement.account.as_str()), ("2027-011", "DE89370400440532013000"));
    let entry = &statement.entries[0];
    assert_eq!((entry.amount, entry.direction), (money(1428, "EUR"), Direction::Credit));
    assert_eq!(entry.booked_on, crate::day("2027-01-15"));
    assert_eq!(entry.references, [first()]);
    assert!(entry.text.starts_with("Rechnung FN-0017 Vielen Dank!"), "{}", entry.text);
    assert_eq!(entry.end_to_end.as_deref(), Some("MIRA-17"));
    assert_eq!(entry.counterparty.as_deref(), Some("Mira Okafor"));
    assert!(!entry.reversal);
}

#[test]
fn a_batch_is_as_many_entries_as_it_has_parts() {
    let entries = entries(&filled(V02));
    let parts: Vec<_> =
        entries[1..3].iter().map(|e| (e.id.as_str(), e.amount, e.references.as_slice())).collect();
    assert_eq!(parts[0], ("2027-011/2.1", money(1000, "EUR"), [first()].as_slice()));
    assert_eq!(parts[1], ("2027-011/2.2", money(2000, "EUR"), [second()].as_slice()));
}

#[test]
fn a_batch_that_does_not_add_up_is_left_to_a_person() {
    let less = filled(V02).replace("<Amt Ccy=\"EUR\">20.00</Amt>", "<Amt Ccy=\"EUR\">19.00</Amt>");
    let silent = filled(V02).replace("<AmtDtls><TxAmt><Amt Ccy=\"EUR\">20.00</Amt></TxAmt></AmtDtls>", "");
    for text in [less, silent] {
        let entries = entries(&text);
        assert_eq!((entries[1].id.as_str(), entries[1].amount), ("2027-011/2", money(3000, "EUR")));
        assert!(entries[1].references.is_empty());
        assert_eq!(entries[2].text, "RETOURE", "one entry for the whole batch");
    }
}

#[test]
fn what_is_only_announced_is_left_out_and_what_is_taken_back_says_so() {
    let entries = entries(&filled(V02));
    assert_eq!(entries.len(), 4);
    let back = &entries[3];
    assert_eq!((back.direction, back.reversal, back.amount), (Direction::Debit, true, money(1428, "EUR")));
}

#[test]
fn later_versions_differ_in_places_and_read_the_same() {
    let statement = read(&filled(V08));
    assert_eq!(statement.account, "100-200");
    let entry = &statement.entries[0];
    // The account's currency counts, not the payer's.
    assert_eq!(entry.amount, money(15_000, "SEK"));
    assert_eq!(entry.references, [first()]);
    assert_eq!((entry.end_to_end.as_deref(), entry.counterparty.as_deref()), (None, Some("Mira Okafor")));
}

#[test]
fn the_same_statement_has_the_same_ids_again() {
    let ids = |text: &str| entries(text).into_iter().map(|entry| entry.id).collect::<Vec<_>>();
    assert_eq!(ids(&filled(V02)), ids(&filled(V02)));
    let mut unique = ids(&filled(V02));
    unique.dedup();
    assert_eq!(unique.len(), 4);
}

#[test]
fn an_entry_that_lacks_what_it_must_have_spoils_the_file() {
    let missing = |what| BadStatement::Entry { statement: "2027-011".to_owned(), entry: 1, what };
    for (from, to, what) in [
        ("<Amt Ccy=\"EUR\">14.28</Amt>", "", "Amt"),
        ("<Amt Ccy=\"EUR\">14.28</Amt>", "<Amt>14.28</Amt>", "Amt"),
        ("<Amt Ccy=\"EUR\">14.28</Amt>", "<Amt Ccy=\"EUR\">14,28</Amt>", "Amt"),
        ("<Amt Ccy=\"EUR\">14.28</Amt>", "<Amt Ccy=\"EUR\">14.285</Amt>", "Amt"),
        ("<Amt Ccy=\"EUR\">14.28</Amt>", "<Amt Ccy=\"EUR\">-14.28</Amt>", "Amt"),
        ("<Amt Ccy=\"EUR\">14.28</Amt>", "<Amt Ccy=\"ZZZ\">14.28</Amt>", "Amt"),
        ("<BookgDt><Dt>2027-01-15</Dt></BookgDt>\n        <ValDt><Dt>2027-01-16</Dt></ValDt>", "", "BookgDt"),
    ] {
        assert_eq!(parse(&filled(V02).replacen(from, to, 1)), Err(missing(what)), "{from} -> {to}");
    }
    let sideways = filled(V08).replacen(
        "<CdtDbtInd>CRDT</CdtDbtInd>\n        <Sts>",
        "<CdtDbtInd>UP</CdtDbtInd>\n        <Sts>",
        1,
    );
    assert_eq!(parse(&sideways), Err(missing("CdtDbtInd")));
}

#[test]
fn other_files_are_refused() {
    let entity = format!("<!DOCTYPE d [<!ENTITY e \"14.28\">]>{}", V02.split_once("?>").unwrap().1);
    assert!(matches!(parse(&entity), Err(BadStatement::Xml(_))));
    assert!(matches!(parse(""), Err(BadStatement::Xml(_))));
    assert!(matches!(parse(&V02[..900]), Err(BadStatement::Xml(_))));
    assert_eq!(parse("<Document><BkToCstmrDbtCdtNtfctn/></Document>"), Err(BadStatement::NotAStatement));
}

#[test]
fn a_deeply_nested_file_is_no_way_in() {
    let deep = format!("<Document>{}{}</Document>", "<a>".repeat(200_000), "</a>".repeat(200_000));
    assert_eq!(parse(&deep), Err(BadStatement::NotAStatement));
}

proptest! {
    #[test]
    fn a_spoilt_file_is_an_error_and_never_a_panic(at in 0_usize..2_000, with in "[<>&\"a0 ]{0,3}") {
        let text = filled(V02);
        prop_assume!(text.is_char_boundary(at));
        let _ = parse(&format!("{}{with}{}", &text[..at], &text[at + 1..]));
    }
}
