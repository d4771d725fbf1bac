use domain::dunning::CaseOutcome;
use domain::event::{Actor, EventKind, Reason, Subject, UnknownActor, Why, of_attempt, of_invoice};
use domain::invoice::credit_note::CreditReason;
use domain::invoice::state::{self as invoice, InvoiceStatus};
use domain::payment::state::{self as attempt, Purpose};
use domain::provider::DeclineKind;
use domain::subscription::cancel::CancelReason;
use domain::subscription::change::target::ChangeRefusal;
use domain::subscription::hold::HoldReason;
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
    let told: Vec<Vec<&str>> = documented("\n## Events\n", "\n### ");
    assert_eq!(told, EventKind::ALL.iter().map(|kind| vec![kind.as_str()]).collect::<Vec<_>>());
}

#[test]
fn the_table_of_reasons_has_every_word_and_no_other() {
    fn words<T: Copy>(all: &[T], reason: fn(T) -> Reason) -> Vec<String> {
        all.iter().map(|word| reason(*word).to_string()).collect()
    }
    let mut known: Vec<Vec<String>> =
        Why::ALL.iter().map(|why| vec![Reason::from(*why).to_string()]).collect();
    known.extend([
        words(DeclineKind::ALL, Reason::Declined),
        words(CancelReason::ALL, Reason::Feedback),
        words(HoldReason::ALL, Reason::Held),
        words(CaseOutcome::ALL, Reason::Dunned),
        words(CreditReason::ALL, Reason::Credited),
    ]);
    let mut told = documented("\n### Reasons\n", "\n## ");
    let refusals = told.pop().unwrap();
    assert_eq!(told, known);
    let archived = Reason::ChangeRefused(ChangeRefusal::Archived("pro".to_owned()));
    assert!(refusals.contains(&archived.to_string().as_str()), "{refusals:?}");
}

#[test]
fn an_actor_is_read_as_it_was_written() {
    for actor in [Actor::Customer("cus_1".to_owned()), Actor::Operator, Actor::Worker, Actor::Provider] {
        assert_eq!(Actor::try_from(String::from(actor.clone())), Ok(actor));
    }
    for nobody in ["", "customer:", "customer", "admin"] {
        assert_eq!(Actor::try_from(nobody.to_owned()), Err(UnknownActor(nobody.to_owned())));
    }
}

/// The words in the first column of each row of a table in the documentation, between these headings.
fn documented(from: &str, to: &str) -> Vec<Vec<&'static str>> {
    let guide = include_str!("../../../docs/billing.md");
    let (_, rest) = guide.split_once(from).unwrap();
    let (section, _) = rest.split_once(to).unwrap();
    let rows = section.lines().filter_map(|line| line.strip_prefix("| `")?.split_once(" |"));
    rows.map(|(words, _)| words.split('`').filter(|word| !word.trim().is_empty()).collect()).collect()
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
