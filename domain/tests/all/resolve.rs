//! How the truth about an attempt is found, for each class of provider.

use crate::at;
use crate::attempt::{created, submitted};
use chrono::TimeDelta;
use domain::Instant;
use domain::payment::protocol::ProviderClass::{self, A, B, C, D};
use domain::payment::protocol::{AttemptFacts, Settlement, class, may_charge_automatically, windows};
use domain::payment::resolve::{
    Absent, Resolution, after_not_found, may_withdraw, never_executed, next_check, resolve, retry_after_error,
};
use domain::payment::state::AttemptState::*;
use domain::payment::state::{AttemptTrigger, Purpose};
use domain::provider::{Capabilities, Idempotency, Lookup};

const NOON: &str = "2026-03-01 12:00";
const HOUR_S: u64 = 3_600;

/// A provider of this class that remembers keys for a day and whose lookup lags by a minute.
pub fn caps(class: ProviderClass) -> Capabilities {
    let idempotency = matches!(class, A | B).then(|| idempotency(24 * HOUR_S));
    let lookup = matches!(class, A | C).then_some(Lookup { by_reference: true, lag_s: 60 });
    Capabilities { idempotency, lookup, cancel: true, refund: true, list_since: false, max_in_flight_s: 30 }
}

fn idempotency(window_s: u64) -> Idempotency {
    Idempotency { window_s, header: None, replays_errors: true, rejects_mismatch: true }
}

/// Submitted at noon; nobody knows what became of it.
fn unknown(class: ProviderClass) -> AttemptFacts {
    AttemptFacts { state: Unknown, windows: Some(windows(&caps(class), at(NOON))), ..submitted() }
}

fn resend_seconds(window_s: u64) -> i64 {
    let caps = Capabilities { idempotency: Some(idempotency(window_s)), ..caps(A) };
    (windows(&caps, at(NOON)).resend_until - at(NOON)).num_seconds()
}

#[test]
fn classes_follow_from_capabilities() {
    for known in ProviderClass::ALL {
        assert_eq!(class(&caps(*known)), *known);
    }
    let by_own_id_only = Capabilities { lookup: Some(Lookup { by_reference: false, lag_s: 0 }), ..caps(A) };
    assert_eq!(class(&by_own_id_only), B);
}

#[test]
fn a_provider_that_promises_nothing_is_not_charged_automatically_by_default() {
    assert!(!may_charge_automatically(&caps(D), false));
    assert!(may_charge_automatically(&caps(D), true));
    assert!([A, B, C].iter().all(|class| may_charge_automatically(&caps(*class), false)));
}

#[test]
fn keys_are_sent_again_well_within_the_providers_memory() {
    let hour = 3_600;
    assert_eq!(resend_seconds(24 * HOUR_S), 24 * hour * 9 / 10);
    assert_eq!(resend_seconds(4 * HOUR_S), 3 * hour);
    assert_eq!(resend_seconds(HOUR_S / 2), hour / 4);
    assert_eq!(resend_seconds(u64::MAX), 365 * 24 * hour * 9 / 10, "a year is enough");
}

#[test]
fn without_idempotency_nothing_is_ever_sent_twice() {
    for class in [C, D] {
        assert_eq!(windows(&caps(class), at(NOON)).resend_until, at(NOON));
    }
}

#[test]
fn a_lookup_is_final_only_when_nothing_can_be_hidden_any_more() {
    assert_eq!(windows(&caps(C), at(NOON)).lookup_final_after, at("2026-03-01 13:15"));
    assert_eq!(windows(&caps(A), at(NOON)).lookup_final_after, at("2026-03-02 10:36"));
    let slow = Capabilities { lookup: Some(Lookup { by_reference: true, lag_s: 7_200 }), ..caps(C) };
    assert_eq!(windows(&slow, at(NOON)).lookup_final_after - at(NOON), TimeDelta::seconds(7_230));
}

#[test]
fn checks_come_less_and_less_often_and_never_end() {
    let seconds = |count| (next_check(count, at(NOON)) - at(NOON)).num_seconds();
    assert_eq!([0, 1, 2, 3, 4, 5, 6].map(seconds), [10, 60, 300, 1800, 7200, 21_600, 43_200]);
    assert_eq!(seconds(u32::MAX), 43_200);
}

#[test]
fn a_charge_that_never_left_is_tried_again_soon_and_then_daily() {
    let minutes = |errors| (retry_after_error(errors, at(NOON)) - at(NOON)).num_minutes();
    assert_eq!([1, 2, 3, 4, 5, 6].map(minutes), [5, 15, 60, 240, 1440, 1440]);
}

#[test]
fn b7_what_was_never_sent_is_sent_or_withdrawn() {
    assert_eq!(resolve(&created(), &caps(A), at(NOON)), Resolution::SubmitFirst);
    let paid_otherwise = AttemptFacts { document_open: false, ..created() };
    assert_eq!(resolve(&paid_otherwise, &caps(A), at(NOON)), Resolution::CancelUnsent);
    let cancelled = AttemptFacts { subscription_ended: true, ..created() };
    assert_eq!(resolve(&cancelled, &caps(A), at(NOON)), Resolution::CancelUnsent);
    let by_hand = AttemptFacts { trigger: AttemptTrigger::Customer, ..cancelled };
    assert_eq!(resolve(&by_hand, &caps(A), at(NOON)), Resolution::SubmitFirst);
}

#[test]
fn an_unknown_is_looked_up_where_that_is_possible() {
    for class in [A, C] {
        assert_eq!(resolve(&unknown(class), &caps(class), at("2026-03-01 12:01")), Resolution::Lookup);
    }
}

#[test]
fn without_lookup_the_key_is_sent_again_then_a_person_is_asked() {
    let attempt = unknown(B);
    assert_eq!(resolve(&attempt, &caps(B), at("2026-03-01 12:01")), Resolution::Resend);
    let too_late = at("2026-03-02 09:36");
    assert_eq!(resolve(&attempt, &caps(B), too_late), Resolution::Review);
    let asked = AttemptFacts { in_review: true, check_count: 9, ..attempt };
    assert_eq!(resolve(&asked, &caps(B), too_late), Resolution::Wait(too_late + TimeDelta::hours(12)));
}

#[test]
fn with_neither_only_a_person_or_a_webhook_can_tell() {
    assert_eq!(resolve(&unknown(D), &caps(D), at("2026-03-01 12:01")), Resolution::Review);
}

#[test]
fn nobody_looks_before_the_time_set() {
    let later = at("2026-03-01 12:30");
    let attempt = AttemptFacts { next_check_at: Some(later), ..unknown(A) };
    assert_eq!(resolve(&attempt, &caps(A), at("2026-03-01 12:29")), Resolution::Wait(later));
    assert_eq!(resolve(&attempt, &caps(A), later), Resolution::Lookup);
}

#[test]
fn an_unconfirmed_payment_is_cancelled_at_the_provider_first() {
    let attempt = AttemptFacts {
        state: RequiresAction,
        provider_ref: Some("ch_1".into()),
        action_expires_at: Some(at("2026-03-01 13:00")),
        ..unknown(A)
    };
    assert_eq!(resolve(&attempt, &caps(A), at("2026-03-01 12:59")), Resolution::Lookup);
    assert_eq!(resolve(&attempt, &caps(A), at("2026-03-01 13:00")), Resolution::CancelAtProvider);
    let cannot = Capabilities { cancel: false, lookup: None, ..caps(A) };
    assert_eq!(resolve(&attempt, &cannot, at("2026-03-01 13:00")), Resolution::Review);
}

#[test]
fn what_a_person_gives_up_is_cancelled_at_the_provider_as_long_as_that_can_be_done() {
    let attempt = AttemptFacts {
        state: Pending,
        provider_ref: Some("ch_1".into()),
        withdrawn: true,
        next_check_at: Some(at(NOON)),
        ..unknown(A)
    };
    assert_eq!(resolve(&attempt, &caps(A), at(NOON)), Resolution::CancelAtProvider);
    let cannot = Capabilities { cancel: false, ..caps(A) };
    assert_eq!(resolve(&attempt, &cannot, at(NOON)), Resolution::Lookup);
    let in_doubt = AttemptFacts { state: Unknown, ..attempt };
    assert_eq!(resolve(&in_doubt, &caps(A), at(NOON)), Resolution::Lookup, "it may be on its way");
    for state in [Created, Submitted, Unknown, Succeeded, Failed, Error, Cancelled, Reversed] {
        assert!(!may_withdraw(state, Purpose::Charge), "{state}");
    }
    for state in [RequiresAction, Pending] {
        assert!(may_withdraw(state, Purpose::Charge) && !may_withdraw(state, Purpose::Refund), "{state}");
    }
}

#[test]
fn what_the_provider_named_can_be_asked_for_by_that_name() {
    let caps = Capabilities { lookup: Some(Lookup { by_reference: false, lag_s: 0 }), ..caps(B) };
    let pending = AttemptFacts { state: Pending, provider_ref: Some("ch_1".into()), ..unknown(B) };
    assert_eq!(resolve(&pending, &caps, at("2026-03-05")), Resolution::Lookup);
    assert_eq!(resolve(&unknown(B), &caps, at("2026-03-01 12:01")), Resolution::Resend);
}

#[test]
fn what_has_ended_needs_nothing() {
    for state in [Succeeded, Failed, Error, Cancelled, Reversed] {
        let ended = AttemptFacts { state, ..unknown(A) };
        assert_eq!(resolve(&ended, &caps(A), at("2026-03-09")), Resolution::Nothing);
    }
}

/// Looks once an hour and hears "not found" each time, until the invoice is free again.
fn freed_at(class: ProviderClass) -> Instant {
    let mut attempt = unknown(class);
    let mut now = at(NOON);
    loop {
        now += TimeDelta::hours(1);
        match after_not_found(&attempt, &caps(class), now) {
            Absent::FreeSlot => return now,
            Absent::Wait { absent_since, .. } => attempt.absent_since = absent_since,
            Absent::Resend => {}
        }
    }
}

#[test]
fn not_found_inside_the_window_means_send_again() {
    assert_eq!(after_not_found(&unknown(A), &caps(A), at("2026-03-01 12:10")), Absent::Resend);
}

#[test]
fn c13_not_found_is_not_charged_only_after_two_final_lookups_an_hour_apart() {
    assert_eq!(freed_at(A), at("2026-03-02 12:00"), "final from 10:36: heard at 11:00 and at 12:00");
    assert_eq!(freed_at(C), at("2026-03-01 15:00"), "final from 13:15: heard at 14:00 and at 15:00");
}

#[test]
fn c13_an_early_not_found_does_not_count() {
    let early = after_not_found(&unknown(C), &caps(C), at("2026-03-01 12:10"));
    assert_eq!(
        early,
        Absent::Wait { until: at("2026-03-01 12:10") + TimeDelta::seconds(10), absent_since: None }
    );
}

#[test]
fn what_the_provider_has_accepted_is_not_absent() {
    for state in [Pending, RequiresAction] {
        let accepted = AttemptFacts { state, absent_since: Some(at("2026-03-03")), ..unknown(A) };
        let found = after_not_found(&accepted, &caps(A), at("2026-03-09"));
        assert!(matches!(found, Absent::Wait { .. }), "{state}");
        assert_eq!(never_executed(&accepted), Settlement::Unchanged);
    }
}

#[test]
fn a_proven_absence_ends_the_attempt() {
    let Settlement::Change(change) = never_executed(&unknown(A)) else { panic!("a change") };
    assert_eq!((change.to, change.unproven_submissions), (Error, 0));
}
