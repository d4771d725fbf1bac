//! VAT ids, the order of decision, and what VIES changes.

use crate::at;
use domain::tax::TaxRate;
use domain::tax::decide::{TaxEvidence, TaxFacts, Treatment, VatPolicy, decide};
use domain::tax::vat_id::{BadVatId, VatId, is_member_state};
use domain::tax::vies::{Confirmation, VatCheck, VatStatus, ViesAnswer};
use proptest::prelude::*;

/// One id of every shape, by country.
const IDS: &[(&str, &str)] = &[
    ("AT", "ATU12345678"),
    ("BE", "BE0123456789 BE1123456789"),
    ("BG", "BG123456789 BG1234567890"),
    ("CY", "CY12345678L"),
    ("CZ", "CZ12345678 CZ123456789 CZ1234567890"),
    ("DE", "DE123456789"),
    ("DK", "DK12345678"),
    ("EE", "EE123456789"),
    ("GR", "EL123456789"),
    ("ES", "ESX1234567X ESX12345678 ES12345678X"),
    ("FI", "FI12345678"),
    ("FR", "FR12345678901 FRX1345678901 FR1X345678901 FRXX345678901"),
    ("HR", "HR12345678901"),
    ("HU", "HU12345678"),
    ("IE", "IE1234567X IE1S23456L IE1+23456L IE1234567WI IE1234567FA"),
    ("IT", "IT12345678901"),
    ("LT", "LT123456789 LT123456789012"),
    ("LU", "LU12345678"),
    ("LV", "LV12345678901"),
    ("MT", "MT12345678"),
    ("NL", "NL123456789B01"),
    ("PL", "PL1234567890"),
    ("PT", "PT123456789"),
    ("RO", "RO12 RO1234567890"),
    ("SE", "SE123456789001"),
    ("SI", "SI12345678"),
    ("SK", "SK1234567890"),
    ("GB", "XI123456789 XI123456789012 XIGD123 XIHA123"),
];

fn id(text: &str) -> VatId {
    text.parse().unwrap()
}

#[test]
fn every_state_has_its_shape() {
    for (country, ids) in IDS {
        for text in ids.split(' ') {
            assert_eq!((id(text).to_string().as_str(), id(text).country()), (text, *country));
            for wrong in [format!("{text}?"), format!("{}é", &text[..text.len() - 1])] {
                assert!(wrong.parse::<VatId>().is_err(), "{wrong}");
            }
        }
        let by_length = |text: &&str| text.len();
        let shortest = ids.split(' ').min_by_key(by_length).unwrap();
        let longest = ids.split(' ').max_by_key(by_length).unwrap();
        assert!(shortest[..shortest.len() - 1].parse::<VatId>().is_err(), "one less than {shortest}");
        assert!(format!("{longest}0").parse::<VatId>().is_err(), "one more than {longest}");
    }
    let members: Vec<_> = IDS.iter().filter(|(country, _)| is_member_state(country)).collect();
    assert_eq!(members.len(), 27, "and Northern Ireland is none of them");
}

#[test]
fn an_id_is_read_as_people_write_it() {
    assert_eq!(id(" de 123.456-789 ").to_string(), "DE123456789");
    assert_eq!(id("GR123456789").to_string(), "EL123456789", "Greece is EL in VIES");
    assert_eq!((id("EL123456789").prefix(), id("EL123456789").number()), ("EL", "123456789"));
    assert_eq!("DE12345678".parse::<VatId>(), Err(BadVatId::Shape { country: "DE" }));
    for text in ["", "D", "123456789", "US123456789", "GB123456789", "é1", "ß"] {
        assert_eq!(text.parse::<VatId>(), Err(BadVatId::Prefix), "{text:?}");
    }
    for text in ["ES123456789", "FROI345678901", "BE2123456789", "NL123456789C01", "XIGD12", "IE1234567XY"] {
        assert!(text.parse::<VatId>().is_err(), "{text}");
    }
}

/// A German seller, an Austrian business with an id of good shape, 19 % at home.
fn across() -> TaxFacts {
    TaxFacts {
        seller_country: "DE".into(),
        buyer_country: Some("AT".into()),
        exempt: false,
        customer_rate: None,
        vat_id: Some("ATU12345678".into()),
        vat_check: None,
        policy: VatPolicy::Format,
        local_rate: Some(TaxRate(190_000)),
    }
}

fn checked(answer: ViesAnswer) -> Option<VatCheck> {
    Some(VatCheck::learn(None, id("ATU12345678"), answer, at("2026-03-01")))
}

fn valid() -> ViesAnswer {
    ViesAnswer::Valid(Confirmation { consultation: Some("WAPIAAAA".into()), ..Confirmation::default() })
}

fn treatment(facts: &TaxFacts) -> (Treatment, u32) {
    let decision = decide(facts);
    (decision.treatment, decision.rate.0)
}

#[test]
fn exemption_then_own_rate_then_reverse_charge_then_local_rate_then_none() {
    let mut facts = TaxFacts { exempt: true, customer_rate: Some(TaxRate(70_000)), ..across() };
    assert_eq!(treatment(&facts), (Treatment::Exempt, 0));
    facts.exempt = false;
    assert_eq!(treatment(&facts), (Treatment::CustomerRate, 70_000));
    facts.customer_rate = None;
    assert_eq!(treatment(&facts), (Treatment::ReverseCharge, 0));
    facts.vat_id = None;
    assert_eq!(treatment(&facts), (Treatment::Local, 190_000));
    facts.local_rate = None;
    assert_eq!(treatment(&facts), (Treatment::None, 0));
}

#[test]
fn reverse_charge_needs_two_member_states_and_a_good_id_of_the_buyers() {
    let local = (Treatment::Local, 190_000);
    for (seller, buyer, vat_id) in [
        ("DE", Some("DE"), "DE123456789"),
        ("CH", Some("AT"), "ATU12345678"),
        ("DE", Some("CH"), "ATU12345678"),
        ("DE", None, "ATU12345678"),
        ("DE", Some("AT"), "ATU1234567"),
        ("DE", Some("AT"), "DE123456789"),
        ("DE", Some("GB"), "XI123456789"),
    ] {
        let facts = TaxFacts {
            seller_country: seller.into(),
            buyer_country: buyer.map(str::to_owned),
            vat_id: Some(vat_id.into()),
            ..across()
        };
        assert_eq!(treatment(&facts), local, "{seller} to {buyer:?} with {vat_id}");
    }
    let greek = TaxFacts { buyer_country: Some("GR".into()), vat_id: Some("GR123456789".into()), ..across() };
    assert_eq!(treatment(&greek).0, Treatment::ReverseCharge);
}

#[test]
fn the_policy_says_what_an_answer_of_vies_is_worth() {
    use ViesAnswer::{Invalid, Unavailable};
    let with = |policy, vat_check| treatment(&TaxFacts { policy, vat_check, ..across() }).0;
    let row = |policy| {
        [None, checked(valid()), checked(Invalid), checked(Unavailable)].map(|check| with(policy, check))
    };
    use Treatment::{Local, ReverseCharge};
    assert_eq!(row(VatPolicy::Format), [ReverseCharge, ReverseCharge, Local, ReverseCharge]);
    assert_eq!(row(VatPolicy::Vies), [Local, ReverseCharge, Local, Local]);
    let of_another_id = VatCheck::learn(None, id("ATU87654321"), valid(), at("2026-03-01"));
    assert_eq!(with(VatPolicy::Vies, Some(of_another_id)), Local);
}

#[test]
fn vies_unavailable_during_a_renewal_blocks_nothing_and_changes_nothing_afterwards() {
    let asked = checked(ViesAnswer::Unavailable);
    let facts = TaxFacts { policy: VatPolicy::Vies, vat_check: asked.clone(), ..across() };
    let stored = TaxEvidence::of(facts.clone(), at("2026-03-01"));
    assert_eq!((stored.vies, stored.decision.treatment), (VatStatus::Unavailable, Treatment::Local));

    let later = VatCheck::learn(asked, id("ATU12345678"), valid(), at("2026-03-02"));
    let next = TaxEvidence::of(TaxFacts { vat_check: Some(later), ..facts }, at("2026-04-01"));
    assert_eq!((next.vies, next.decision.treatment), (VatStatus::Valid, Treatment::ReverseCharge));
    assert!(stored.holds(), "the old document says what it said");
}

#[test]
fn a_service_that_is_down_takes_nothing_back() {
    let known = checked(valid());
    let check = VatCheck::learn(known.clone(), id("ATU12345678"), ViesAnswer::Unavailable, at("2026-04-01"));
    assert_eq!((check.status, check.answered_at), (VatStatus::Valid, Some(at("2026-03-01"))));
    assert_eq!(check.ask_again_at(), at("2026-04-01 06:00"));
    assert_eq!(known.clone().unwrap().ask_again_at(), at("2026-03-31"));
    let moved = VatCheck::learn(known, id("DE123456789"), ViesAnswer::Unavailable, at("2026-04-01"));
    assert_eq!(moved.status, VatStatus::Unavailable, "nothing is known of the new id");
}

proptest! {
    #[test]
    fn whatever_is_typed_is_refused_or_read_the_same_again(text in "[A-Z]{2}[0-9A-Z+* .-]{2,14}|\\PC{0,6}") {
        if let Ok(read) = text.parse::<VatId>() {
            prop_assert_eq!(id(&read.to_string()), read);
        }
    }
}
