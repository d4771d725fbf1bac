//! How often each kind of thing has happened. A year in which one never did has shown nothing about it.

use crate::ledger::Ledger;
use crate::shop::ZONES;
use diesel::prelude::*;
use diesel::sql_types::{BigInt, Text};
use domain::event::EventKind;
use domain::invoice::state::BillingReason;
use domain::payment::state::AttemptTrigger;
use domain::provider::DeclineKind;
use domain::tax::vies::VatStatus;
use engine::mail::MailKind;
use engine::rehearsal::Rehearsal;
use std::collections::BTreeMap;

/// What happened, in which respect, and how often.
pub type Kinds = BTreeMap<(&'static str, String), i64>;

/// Respects, and where they are counted.
const COUNTED: [(&str, &str); 8] = [
    ("event", "SELECT kind AS word, COUNT(*) AS times FROM event GROUP BY kind"),
    ("mail", "SELECT kind AS word, COUNT(*) AS times FROM mail WHERE state = 'sent' GROUP BY kind"),
    ("invoice", "SELECT reason AS word, COUNT(*) AS times FROM invoice GROUP BY reason"),
    ("credit note", "SELECT reason AS word, COUNT(*) AS times FROM credit_note GROUP BY reason"),
    ("charge", "SELECT attempt_trigger AS word, COUNT(*) AS times FROM payment_attempt GROUP BY 1"),
    (
        "decline",
        "SELECT decline_kind AS word, COUNT(*) AS times FROM payment_attempt \
                 WHERE decline_kind IS NOT NULL GROUP BY 1",
    ),
    ("zone", "SELECT billing_tz AS word, COUNT(*) AS times FROM subscription GROUP BY 1"),
    (
        "anchor",
        "SELECT 'end of a month' AS word, COUNT(*) AS times FROM subscription \
                WHERE SUBSTR(anchor_local, 9, 2) >= '29' HAVING COUNT(*) > 0",
    ),
];

/// What nobody here can cause: a subscription that fails again and again is a mistake of ours, this provider never
/// contradicts itself, a refund is not called back, only the worker has a provider forget a method, this provider sends
/// no webhooks, and nobody pauses.
const NOT_HERE: [EventKind; 11] = [
    EventKind::SubscriptionParked,
    EventKind::SubscriptionUnparked,
    EventKind::PaymentNeedsReview,
    EventKind::PaymentReviewed,
    EventKind::RefundCancelled,
    EventKind::PaymentMethodUpdated,
    EventKind::PaymentMethodDetached,
    EventKind::ProviderEventUnmatched,
    EventKind::ProviderEventDismissed,
    EventKind::BusinessMoneyPaused,
    EventKind::BusinessMoneyResumed,
];

/// Mails about signing in, about setups, and about what is taken from sale.
const NOT_SENT: [MailKind; 3] = [MailKind::SignIn, MailKind::PaymentMethodAdded, MailKind::ChangeDropped];

#[derive(QueryableByName)]
struct Count {
    #[diesel(sql_type = Text)]
    word: String,
    #[diesel(sql_type = BigInt)]
    times: i64,
}

/// Counts what has happened.
pub fn count(run: &Rehearsal<Ledger>) -> Kinds {
    let mut kinds = Kinds::new();
    for (respect, sql) in COUNTED {
        let counts = run.engine().db.read(|conn| Ok(diesel::sql_query(sql).load::<Count>(conn)?));
        kinds.extend(counts.unwrap().into_iter().map(|count| ((respect, count.word), count.times)));
    }
    kinds.extend(run.provider.vies.iter().map(|(status, times)| (("vies", status.to_string()), *times)));
    kinds
}

/// What has to happen in a year, and did not.
pub fn missing(kinds: &Kinds) -> Vec<String> {
    let events = EventKind::ALL.iter().filter(|kind| !NOT_HERE.contains(kind));
    let mails = MailKind::ALL.iter().filter(|kind| !NOT_SENT.contains(kind));
    let triggers = AttemptTrigger::ALL.iter().filter(|trigger| **trigger != AttemptTrigger::Admin);
    let answers = [VatStatus::Valid, VatStatus::Invalid, VatStatus::Unavailable];
    let reasons = BillingReason::ALL.iter();
    let all = events
        .map(|kind| ("event", kind.to_string()))
        .chain(mails.map(|kind| ("mail", kind.to_string())))
        .chain(reasons.map(|reason| ("invoice", reason.to_string())))
        .chain(triggers.map(|trigger| ("charge", trigger.to_string())))
        .chain(DeclineKind::ALL.iter().map(|kind| ("decline", kind.to_string())))
        .chain(ZONES.iter().map(|zone| ("zone", (*zone).to_owned())))
        .chain(answers.iter().map(|status| ("vies", status.to_string())))
        .chain([("anchor", "end of a month".to_owned()), ("credit note", "lapsed".to_owned())]);
    all.filter(|kind| !kinds.contains_key(kind))
        .map(|(respect, word)| format!("{respect} {word} never happened"))
        .collect()
}
