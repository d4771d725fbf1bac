use crate::day;
use domain::invoice::chain::{
    BrokenChain, ChainHash, FinalisedDocument, FinalisedLine, Link, next_hash, verify,
};
use domain::tax::{TaxBehaviour, TaxRate};
use proptest::prelude::*;

fn document(seq: i64, total: i64) -> FinalisedDocument {
    FinalisedDocument {
        kind: "invoice".into(),
        id: format!("inv_{seq}"),
        series: "ser_1".into(),
        seq,
        number: format!("A-{seq:05}"),
        issue_date: day("2026-03-01"),
        about: None,
        reason: "cycle".into(),
        customer: "cus_1".into(),
        currency: "EUR".parse().unwrap(),
        seller: "{}".into(),
        buyer: "{}".into(),
        locale: "de".into(),
        tax_decision: None,
        subtotal: total,
        discount: 0,
        tax: 0,
        total,
        lines: vec![FinalisedLine {
            description: "Pro".into(),
            quantity: 1,
            unit_amount: total,
            amount: total,
            discount: 0,
            tax_rate: TaxRate::ZERO,
            tax_behaviour: TaxBehaviour::Exclusive,
            net: total,
            tax: 0,
            service_start: Some(0),
            service_end: Some(86_400),
            formula: None,
        }],
    }
}

fn chain(totals: &[i64]) -> (Vec<Link>, (i64, ChainHash)) {
    let mut head = (0, ChainHash::START);
    let links = totals.iter().map(|total| {
        let (seq, previous) = (head.0 + 1, head.1);
        let canonical_bytes = document(seq, *total).canonical_bytes();
        let hash = next_hash(previous, &canonical_bytes);
        head = (seq, hash);
        Link { seq, previous, hash, canonical_bytes }
    });
    (links.collect(), head)
}

#[test]
fn the_bytes_of_a_document_never_change() {
    // An installation's old documents must verify under every later version of this code.
    assert_eq!(
        next_hash(ChainHash::START, &document(1, 5831).canonical_bytes()).to_string(),
        "f0ee675c22c98892f916e9a7d2e127e5ed7408546efaee68460c994e2ed60b4a"
    );
}

#[test]
fn every_field_counts() {
    let original = document(1, 5831).canonical_bytes();
    let edits: [fn(&mut FinalisedDocument); 12] = [
        |d| d.kind = "receipt".into(),
        |d| d.number = "A-00002".into(),
        |d| d.issue_date = day("2026-03-02"),
        |d| d.about = Some(String::new()),
        |d| d.currency = "USD".parse().unwrap(),
        |d| d.buyer = "{ }".into(),
        |d| d.tax_decision = Some("{}".into()),
        |d| d.total = -5831,
        |d| d.lines.clear(),
        |d| d.lines[0].tax_rate = TaxRate(1),
        |d| d.lines[0].service_start = None,
        |d| d.lines[0].formula = Some("[]".into()),
    ];
    for (i, edit) in edits.into_iter().enumerate() {
        let mut edited = document(1, 5831);
        edit(&mut edited);
        assert_ne!(edited.canonical_bytes(), original, "edit {i}");
    }
    let mut moved = document(1, 5831);
    (moved.id, moved.series) = ("inv_1s".into(), "er_1".into());
    assert_ne!(moved.canonical_bytes(), original, "the same letters, divided otherwise");
}

#[test]
fn the_place_and_the_manner_are_named() {
    let (links, head) = chain(&[100, 200, 300]);
    assert_eq!(verify(&links, head), Ok(()));
    assert_eq!(verify(&[], (0, ChainHash::START)), Ok(()));

    let mut edited = links.clone();
    edited[1].canonical_bytes = document(2, 1).canonical_bytes();
    assert_eq!(verify(&edited, head), Err(BrokenChain::Changed { seq: 2 }));
    edited[1].hash = next_hash(edited[1].previous, &edited[1].canonical_bytes);
    assert_eq!(verify(&edited, head), Err(BrokenChain::Previous { seq: 3 }), "rehashing moves the break on");

    let without_second = [links[0].clone(), links[2].clone()];
    assert_eq!(verify(&without_second, head), Err(BrokenChain::Sequence { expected: 2 }));
    assert_eq!(verify(&links[..2], head), Err(BrokenChain::Head { last: 2 }), "the last one is gone");
    let (longer, _) = chain(&[100, 200, 300, 400]);
    assert_eq!(verify(&longer, head), Err(BrokenChain::Head { last: 4 }));
}

#[test]
fn hashes_are_read_as_they_are_written() {
    let (links, _) = chain(&[100]);
    assert_eq!(links[0].hash.to_string().parse(), Ok(links[0].hash));
    for bad in ["", "00", &"g".repeat(64), &"0".repeat(66)] {
        assert!(bad.parse::<ChainHash>().is_err(), "{bad:?}");
    }
}

/// What somebody does to stored documents, short of computing the whole chain and its head anew.
#[derive(Debug, Clone, Copy)]
enum Tampering {
    Edit(usize, usize, u8),
    Remove(usize),
    Double(usize),
    Swap(usize, usize),
    SwapContents(usize, usize),
}

fn any_tampering() -> impl Strategy<Value = Tampering> {
    let at = || 0..8_usize;
    prop_oneof![
        (at(), 0..400_usize, 1..=255_u8).prop_map(|(i, byte, flip)| Tampering::Edit(i, byte, flip)),
        at().prop_map(Tampering::Remove),
        at().prop_map(Tampering::Double),
        (at(), at()).prop_map(|(i, j)| Tampering::Swap(i, j)),
        (at(), at()).prop_map(|(i, j)| Tampering::SwapContents(i, j)),
    ]
}

fn tamper(links: &mut Vec<Link>, deed: Tampering) {
    let n = links.len();
    match deed {
        Tampering::Edit(i, byte, flip) => {
            let bytes = &mut links[i % n].canonical_bytes;
            let at = byte % bytes.len();
            bytes[at] ^= flip;
        }
        Tampering::Remove(i) => drop(links.remove(i % n)),
        Tampering::Double(i) => links.insert(i % n, links[i % n].clone()),
        Tampering::Swap(i, j) => links.swap(i % n, j % n),
        // As an update of rows would: positions and hashes stay, what was said is exchanged.
        Tampering::SwapContents(i, j) => {
            let (i, j) = (i % n, j % n);
            let kept = links[i].canonical_bytes.clone();
            links[i].canonical_bytes = std::mem::replace(&mut links[j].canonical_bytes, kept);
        }
    }
}

proptest! {
    #[test]
    fn no_tampering_goes_unnoticed(
        totals in prop::collection::vec(any::<i64>(), 1..4),
        deed in any_tampering(),
    ) {
        let (links, head) = chain(&totals);
        prop_assert_eq!(verify(&links, head), Ok(()));
        let mut tampered = links.clone();
        tamper(&mut tampered, deed);
        prop_assert_eq!(verify(&tampered, head).is_ok(), tampered == links, "{:?}", deed);
    }
}
