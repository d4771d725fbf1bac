use domain::event::{EventKind, Subject, of_attempt, of_invoice};
use domain::invoice::state::{self as invoice, InvoiceStatus};
use domain::payment::state::{self as attempt, Purpose};
use std::collections::BTreeSet;

#[test]
fn every_word_names_its_subject() {
    for kind in EventKind::ALL {
        let (subject, what) = kind.as_str().split_once('.').unwrap();
        assert_eq!(kind.subject().as_str(), subject);
        let is_a_word = what.chars().all(|c| c.is_ascii_lowercase() || c == '_');
        assert!(is_a_word && !what.is_empty(), "{kind}");
    }
    let subjects: BTreeSet<_> = EventKind::ALL.iter().map(|kind| kind.subject()).collect();
    assert_eq!(subjects.len(), Subject::ALL.len(), "every subject has events");
}

#[test]
fn the_table_in_the_documentation_has_every_kind_and_no_other() {
    let guide = include_str!("../../../docs/billing.md");
    let (_, rest) = guide.split_once("\n## Events\n").unwrap();
    let (section, _) = rest.split_once("\n## ").unwrap();
    let rows = section.lines().filter_map(|line| line.strip_prefix("| `")?.split_once('`'));
    let told: Vec<&str> = rows.map(|(word, _)| word).collect();
    assert_eq!(told, EventKind::ALL.iter().map(|kind| kind.as_str()).collect::<Vec<_>>());
}

#[test]
fn every_change_of_an_invoice_has_its_event() {
    for (from, next) in invoice::TRANSITIONS {
        assert!(next.iter().all(|to| of_invoice(*from, *to).is_some()), "{from}");
    }
    assert_eq!(of_invoice(InvoiceStatus::Open, InvoiceStatus::Draft), None);
    let reopened = of_invoice(InvoiceStatus::Paid, InvoiceStatus::Open).unwrap();
    assert_eq!(reopened, EventKind::InvoiceReopened);
    for status in
        [InvoiceStatus::Open, InvoiceStatus::Paid, InvoiceStatus::Void, InvoiceStatus::Uncollectible]
    {
        assert_eq!(of_invoice(status, status), Some(EventKind::InvoiceReduced), "{status}");
    }
}

#[test]
fn every_outcome_of_a_charge_or_refund_has_its_event() {
    for (from, next) in attempt::TRANSITIONS {
        for to in *next {
            let is_silent = to.is_open() && matches!(to.as_str(), "submitted" | "unknown");
            for (purpose, subject) in
                [(Purpose::Charge, Subject::Payment), (Purpose::Refund, Subject::Refund)]
            {
                let event = of_attempt(purpose, *to);
                assert_eq!(event.is_none(), is_silent, "{from} to {to}");
                assert!(event.is_none_or(|kind| kind.subject() == subject), "{from} to {to}");
            }
        }
    }
}
