//! Payments by bank transfer: the reference, the code and the statement.

mod camt053;

use domain::bank::epc_qr::{NoCode, Transfer, payload};
use domain::bank::iban::Iban;
use domain::bank::reference::CreditorReference;
use domain::money::Money;
use proptest::prelude::*;

const IBAN: &str = "DE89 3704 0044 0532 0130 00";

fn money(minor: i64, currency: &str) -> Money {
    Money::new(minor, currency.parse().unwrap())
}

#[test]
fn an_iban_is_read_as_people_write_it_and_typing_errors_are_noticed() {
    for text in [
        IBAN,
        "de89370400440532013000",
        "GB82 WEST 1234 5698 7654 32",
        "NO93 8601 1117 947",
        "BE72000000001616",
    ] {
        assert!(text.parse::<Iban>().is_ok(), "{text}");
    }
    assert_eq!(IBAN.parse::<Iban>().unwrap().grouped(), IBAN);
    for text in [
        "",
        "DE",
        "DE89",
        "DE88 3704 0044 0532 0130 00",
        "DE89 3704 0044 0532 0103 00",
        "8989370400440532013000",
        "DE89-3704-0044-0532-0130-00",
    ] {
        assert!(text.parse::<Iban>().is_err(), "{text}");
    }
}

#[test]
fn references_of_the_standard_are_known() {
    for text in ["RF18 5390 0754 7034", "rf18539007547034", "RF45 G72U UR", "RF6518K5"] {
        assert!(text.parse::<CreditorReference>().is_ok(), "{text}");
    }
    for text in [
        "",
        "RF",
        "RF18",
        "RF19 5390 0754 7034",
        "XX18539007547034",
        "RF1A539007547034",
        "RF18 5390-0754-7034",
    ] {
        assert!(text.parse::<CreditorReference>().is_err(), "{text}");
    }
}

#[test]
fn a_reference_follows_from_what_is_paid_alone() {
    let reference = CreditorReference::of("inst:sub_1:4");
    assert_eq!(reference, CreditorReference::of("inst:sub_1:4"));
    assert_ne!(reference, CreditorReference::of("inst:sub_1:5"));
    // Invoices carry it, so it must never change.
    assert_eq!(reference.grouped(), "RF57 IMKL IJA2 TBXL");
}

#[test]
fn a_reference_is_found_in_what_people_and_banks_make_of_it() {
    let (one, two) = (CreditorReference::of("inst:sub_1:4"), CreditorReference::of("inst:sub_2:1"));
    for text in [
        one.to_string(),
        one.grouped(),
        one.grouped().to_lowercase(),
        format!("Rechnung 17, {one}, danke"),
        format!("Rechnung17{one}danke"),
        format!("{}\n{}", &one.as_str()[..9], &one.as_str()[9..]),
        one.as_str().chars().map(|c| format!("{c}-")).collect(),
        format!("RF{one}"),
        format!("{one} {one}"),
    ] {
        assert_eq!(CreditorReference::find_in(&text), std::slice::from_ref(&one), "{text}");
    }
    assert_eq!(CreditorReference::find_in(&format!("{one} and {two}")), [one, two]);
    for text in ["", "RF", "surf turf", "RF19 5390 0754 7034", "Zürf\u{301}"] {
        assert!(CreditorReference::find_in(text).is_empty(), "{text}");
    }
}

#[test]
fn the_code_says_what_to_pay_to_whom() {
    let (iban, reference) = (IBAN.parse().unwrap(), "RF18539007547034".parse().unwrap());
    let transfer = Transfer {
        holder: " Fieldnote Münster GmbH ",
        iban: &iban,
        bic: None,
        amount: money(1205, "EUR"),
        reference: &reference,
    };
    let text =
        "BCD\n002\n1\nSCT\n\nFieldnote Münster GmbH\nDE89370400440532013000\nEUR12.05\n\nRF18539007547034";
    assert_eq!(payload(&transfer).as_deref(), Ok(text));
    let with_bank = payload(&Transfer { bic: Some("COBADEFFXXX"), ..transfer }).unwrap();
    assert_eq!(with_bank.lines().nth(4), Some("COBADEFFXXX"));

    let long = "ü".repeat(71);
    let heavy = "\u{1d517}".repeat(70);
    for (transfer, why) in [
        (Transfer { amount: money(1205, "USD"), ..transfer }, NoCode::NotEuro),
        (Transfer { amount: money(0, "EUR"), ..transfer }, NoCode::Amount),
        (Transfer { amount: money(-1, "EUR"), ..transfer }, NoCode::Amount),
        (Transfer { amount: money(100_000_000_000, "EUR"), ..transfer }, NoCode::Amount),
        (Transfer { holder: " ", ..transfer }, NoCode::Holder),
        (Transfer { holder: "Fieldnote\nDE00", ..transfer }, NoCode::Holder),
        (Transfer { holder: &long, ..transfer }, NoCode::Holder),
        (Transfer { bic: Some("COBADEFF\n"), ..transfer }, NoCode::Bic),
        (Transfer { holder: &heavy, ..transfer }, NoCode::TooLong),
    ] {
        assert_eq!(payload(&transfer), Err(why), "{transfer:?}");
    }
}

proptest! {
    #[test]
    fn every_reference_of_ours_passes_its_own_check_and_is_found_in_any_text(
        natural in ".{0,80}",
        before in "[a-q ,.0-9]{0,40}",
        after in "[a-q ,.0-9]{0,40}",
    ) {
        let reference = CreditorReference::of(&natural);
        prop_assert_eq!(reference.as_str().parse(), Ok(reference.clone()));
        prop_assert_eq!(reference.as_str().len(), 16);
        let found = CreditorReference::find_in(&format!("{before} {} {after}", reference.grouped()));
        // Letters that look like one may stand beside it; nobody waits for those.
        prop_assert!(found.contains(&reference));
    }

    #[test]
    fn one_wrong_character_is_always_noticed(natural in ".{0,40}", at in 2_usize..16, off_by in 1_u8..26) {
        let reference = CreditorReference::of(&natural);
        let mut text = reference.as_str().as_bytes().to_vec();
        // A digit is one place and a letter two, so check digits notice an exchange of like for like.
        let (zero, count) = if text[at].is_ascii_digit() { (b'0', 10) } else { (b'A', 26) };
        text[at] = zero + (text[at] - zero + 1 + (off_by - 1) % (count - 1)) % count;
        prop_assert!(String::from_utf8(text).unwrap().parse::<CreditorReference>().is_err());
    }

    #[test]
    fn nothing_that_is_typed_makes_the_readers_stumble(text in "\\PC{0,80}") {
        let _ = text.parse::<Iban>();
        let _ = text.parse::<CreditorReference>();
        for reference in CreditorReference::find_in(&text) {
            prop_assert_eq!(reference.as_str().parse(), Ok(reference.clone()));
        }
    }
}
