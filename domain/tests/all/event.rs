use domain::event::{EventKind, Subject, of_attempt, of_invoice, of_subscription};
use domain::invoice::state::{self as invoice, InvoiceStatus};
use domain::payment::state::{self as attempt, Purpose};
use domain::subscription::state::{self as subscription, SubscriptionStatus};
use std::collections::BTreeSet;

#[test]
fn every_word_names_its_subject() {
    for kind in EventKind::ALL {
        let (subject, what) = kind.as_str().split_once('.').unwrap();
        assert_eq!(kind.subject().as_str(), subject);
        assert!(!what.is_empty() && !what.contains('.'), "{kind}");
    }
    let subjects: BTreeSet<_> = EventKind::ALL.iter().map(|kind| kind.subject()).collect();
    assert_eq!(subjects.len(), Subject::ALL.len(), "every subject has events");
}

#[test]
fn every_change_of_a_subscription_has_its_event() {
    for from in SubscriptionStatus::ALL {
        for to in SubscriptionStatus::ALL.iter().filter(|to| subscription::may(*from, **to)) {
            assert!(of_subscription(*from, *to).is_some(), "{from} to {to}");
        }
    }
}

#[test]
fn coming_back_is_told_apart_by_where_it_comes_from() {
    use SubscriptionStatus::*;
    let told: Vec<_> = [Incomplete, Trialing, PastDue, OnHold, Paused, Error]
        .into_iter()
        .map(|from| of_subscription(from, Active).unwrap().as_str())
        .collect();
    assert_eq!(
        told,
        [
            "subscription.activated",
            "subscription.trial_ended",
            "subscription.recovered",
            "subscription.reactivated",
            "subscription.resumed",
            "subscription.unparked",
        ]
    );
}

#[test]
fn every_change_of_an_invoice_has_its_event() {
    for (from, next) in invoice::TRANSITIONS {
        assert!(next.iter().all(|to| of_invoice(*from, *to).is_some()), "{from}");
    }
    assert_eq!(of_invoice(InvoiceStatus::Open, InvoiceStatus::Draft), None);
    let reopened = of_invoice(InvoiceStatus::Paid, InvoiceStatus::Open).unwrap();
    assert_eq!(reopened.as_str(), "invoice.reopened");
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
