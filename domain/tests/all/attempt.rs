//! What is believed about an attempt, and what is not.

use crate::at;
use domain::money::Money;
use domain::payment::protocol::{
    AttemptFacts, Change, Settlement, Windows, learn, may_submit, settle, taken_back,
};
use domain::payment::state::AttemptState::{self, *};
use domain::payment::state::AttemptTrigger;
use domain::provider::{CallError, Decline, DeclineKind, Evidence, Exchange, Outcome, Report, Settled};
use proptest::prelude::*;

pub fn eur(minor: i64) -> Money {
    Money::new(minor, "EUR".parse().unwrap())
}

/// Submitted once at noon on 1 March to a provider that remembers keys for a day.
pub fn submitted() -> AttemptFacts {
    AttemptFacts {
        state: Submitted,
        trigger: AttemptTrigger::Cycle,
        document_open: true,
        subscription_ended: false,
        submit_count: 1,
        unproven_submissions: 1,
        windows: Some(Windows {
            resend_until: at("2026-03-02 09:36"),
            lookup_final_after: at("2026-03-02 10:36"),
        }),
        provider_ref: None,
        check_count: 0,
        next_check_at: None,
        absent_since: None,
        action_expires_at: None,
        withdrawn: false,
        in_review: false,
    }
}

/// Sent again, and of neither submission is it known what became of it.
pub fn resent() -> AttemptFacts {
    AttemptFacts { submit_count: 2, unproven_submissions: 2, ..submitted() }
}

pub fn created() -> AttemptFacts {
    AttemptFacts { state: Created, submit_count: 0, unproven_submissions: 0, windows: None, ..submitted() }
}

pub fn paid(minor: i64) -> Outcome {
    Outcome::Succeeded(Settled { provider_ref: "ch_1".into(), amount: eur(minor), raw_status: "paid".into() })
}

pub fn declined() -> Outcome {
    Outcome::Declined(Decline { kind: DeclineKind::Soft, code: "card_declined".into(), provider_ref: None })
}

fn answered(status: Option<u16>) -> Evidence {
    let exchange = Exchange {
        method: "POST".into(),
        url: "https://api.example.com/charges".into(),
        status,
        sent: 300,
        received: 200,
        ..Exchange::default()
    };
    let refused = status.is_some_and(|status| [400, 401, 403, 404, 422, 429].contains(&status));
    Evidence { bytes_out: 300, refused, exchanges: vec![exchange] }
}

/// Nothing left the machine.
fn nothing_sent() -> Evidence {
    Evidence::default()
}

fn report(result: Result<Outcome, CallError>, evidence: Evidence) -> Report<Outcome> {
    Report { result, evidence }
}

fn changed(settlement: Settlement) -> Change {
    match settlement {
        Settlement::Change(change) => change,
        other => panic!("a change, not {other:?}"),
    }
}

fn after(attempt: &AttemptFacts, result: Result<Outcome, CallError>, evidence: Evidence) -> Change {
    changed(settle(attempt, &report(result, evidence), eur(1190)))
}

#[test]
fn success_with_the_amount_asked_for_is_success() {
    let change = after(&submitted(), Ok(paid(1190)), answered(Some(200)));
    assert_eq!((change.to, change.review), (Succeeded, false));
    assert_eq!(change.provider_ref.as_deref(), Some("ch_1"));
    assert_eq!(change.taken, Some(eur(1190)));
}

#[test]
fn another_amount_or_currency_is_recorded_and_reviewed() {
    let change = after(&submitted(), Ok(paid(119)), answered(Some(200)));
    assert_eq!((change.to, change.review, change.taken), (Succeeded, true, Some(eur(119))));
    let yen = Money::new(1190, "JPY".parse().unwrap());
    assert!(changed(settle(&submitted(), &report(Ok(paid(1190)), answered(Some(200))), yen)).review);
}

#[test]
fn a_reference_that_cannot_be_stored_is_reviewed() {
    for bad in [String::new(), "x".repeat(256), "ch_\u{202e}1".into(), "ch\n1".into()] {
        let outcome =
            Outcome::Succeeded(Settled { provider_ref: bad, amount: eur(1190), raw_status: "paid".into() });
        let change = after(&submitted(), Ok(outcome), answered(Some(200)));
        assert_eq!((change.to, change.review, change.provider_ref), (Succeeded, true, None));
    }
}

#[test]
fn success_without_a_request_is_a_lie() {
    let change = after(&submitted(), Ok(paid(1190)), nothing_sent());
    assert_eq!((change.to, change.review), (Unknown, true));
}

#[test]
fn a_resend_may_find_by_asking_that_the_first_one_succeeded() {
    let asked = Evidence { bytes_out: 0, ..answered(Some(200)) };
    assert_eq!(after(&resent(), Ok(paid(1190)), asked).to, Succeeded);
}

#[test]
fn a_decline_is_final_for_the_attempt() {
    let change = after(&submitted(), Ok(declined()), answered(Some(402)));
    assert_eq!(change.to, Failed);
    assert_eq!(change.decline.unwrap().code, "card_declined");
}

#[test]
fn a_decline_made_up_for_a_timeout_is_not_believed() {
    let change = after(&submitted(), Ok(declined()), answered(None));
    assert_eq!((change.to, change.review), (Unknown, true));
    let change = after(&resent(), Ok(declined()), nothing_sent());
    assert_eq!(change.to, Unknown, "the first submission may have been executed");
}

#[test]
fn a_provider_that_accepts_settles_later() {
    let pending = Outcome::Pending { provider_ref: "ch_1".into() };
    assert_eq!(after(&submitted(), Ok(pending), answered(Some(202))).to, Pending);
    let action = Outcome::RequiresAction {
        provider_ref: "ch_1".into(),
        url: "https://bank.example.com/3ds".into(),
        expires_at: Some(at("2026-03-01 13:00")),
    };
    let change = after(&submitted(), Ok(action), answered(Some(200)));
    assert_eq!(
        (change.to, change.action.unwrap().expires_at),
        (RequiresAction, Some(at("2026-03-01 13:00")))
    );
}

#[test]
fn nothing_sent_proves_nothing_happened() {
    for error in
        [CallError::Unknown("trap".into()), CallError::Unsupported, CallError::NotExecuted("dns".into())]
    {
        let change = after(&submitted(), Err(error), nothing_sent());
        assert_eq!((change.to, change.unproven_submissions), (Error, 0));
    }
}

#[test]
fn a_refusal_counts_only_if_component_and_status_agree() {
    let not_executed = || Err(CallError::NotExecuted("no such method".into()));
    assert_eq!(after(&submitted(), not_executed(), answered(Some(422))).to, Error);
    assert_eq!(after(&submitted(), Err(CallError::RateLimited(None)), answered(Some(429))).to, Error);
    assert_eq!(
        after(&submitted(), not_executed(), answered(Some(500))).to,
        Unknown,
        "no proof in the status"
    );
    assert_eq!(after(&submitted(), not_executed(), answered(None)).to, Unknown, "no answer at all");
    let trapped = || Err(CallError::Unknown("trap".into()));
    assert_eq!(after(&submitted(), trapped(), answered(Some(422))).to, Unknown, "no word from the component");
}

#[test]
fn c16_a_refused_resend_says_nothing_about_the_first_submission() {
    let refused = || Err(CallError::NotExecuted("key revoked".into()));
    let change = after(&resent(), refused(), answered(Some(401)));
    assert_eq!((change.to, change.unproven_submissions), (Unknown, 1));
    let last = AttemptFacts { unproven_submissions: 1, ..resent() };
    assert_eq!(after(&last, refused(), answered(Some(401))).to, Error, "every submission is proven");
}

#[test]
fn c5_a_key_conflict_means_something_was_executed() {
    for status in [409, 422] {
        let conflict = Err(CallError::IdempotencyConflict("other amount".into()));
        let change = after(&submitted(), conflict, answered(Some(status)));
        assert_eq!((change.to, change.close_resend, change.unproven_submissions), (Unknown, true, 1));
    }
}

#[test]
fn a_failed_call_does_not_undo_what_is_known() {
    for state in [Pending, RequiresAction, Succeeded, Failed, Error, Cancelled, Reversed] {
        let known = AttemptFacts { state, ..submitted() };
        let lost = report(Err(CallError::Unknown("timeout".into())), answered(None));
        assert_eq!(settle(&known, &lost, eur(1190)), Settlement::Unchanged, "{state}");
    }
}

#[test]
fn a_late_success_is_still_money() {
    for state in [Failed, Error, Cancelled] {
        let ended = AttemptFacts { state, ..submitted() };
        assert_eq!(changed(learn(&ended, &paid(1190), eur(1190))).to, Succeeded, "{state}");
        assert_eq!(learn(&ended, &declined(), eur(1190)), Settlement::Unchanged, "{state}");
    }
}

#[test]
fn the_same_news_twice_changes_nothing() {
    let succeeded = AttemptFacts { state: Succeeded, provider_ref: Some("ch_1".into()), ..submitted() };
    assert_eq!(learn(&succeeded, &paid(1190), eur(1190)), Settlement::Unchanged);
    let pending = AttemptFacts { state: Pending, provider_ref: Some("ch_1".into()), ..submitted() };
    let again = Outcome::Pending { provider_ref: "ch_1".into() };
    assert_eq!(learn(&pending, &again, eur(1190)), Settlement::Unchanged);
}

#[test]
fn a_second_charge_under_one_attempt_is_a_matter_for_a_person() {
    let succeeded = AttemptFacts { state: Succeeded, provider_ref: Some("ch_0".into()), ..submitted() };
    assert_eq!(learn(&succeeded, &paid(1190), eur(1190)), Settlement::Review);
}

#[test]
fn a_reversal_stands() {
    let reversed = AttemptFacts { state: Reversed, provider_ref: Some("ch_1".into()), ..submitted() };
    assert_eq!(learn(&reversed, &paid(1190), eur(1190)), Settlement::Unchanged);
}

#[test]
fn only_what_succeeded_can_be_taken_back() {
    for state in AttemptState::ALL.iter().copied() {
        let settlement = taken_back(&AttemptFacts { state, ..submitted() });
        let reversed = matches!(&settlement, Settlement::Change(Change { to: Reversed, .. }));
        assert_eq!(reversed, state == Succeeded, "{state}");
    }
}

#[test]
fn a_first_submission_needs_somebody_who_still_wants_it() {
    let now = at("2026-03-01 12:00");
    assert!(may_submit(&created(), now));
    assert!(!may_submit(&AttemptFacts { document_open: false, ..created() }, now));
    let ended = AttemptFacts { subscription_ended: true, ..created() };
    assert!(!may_submit(&ended, now), "no automatic charge after the end");
    assert!(
        may_submit(&AttemptFacts { trigger: AttemptTrigger::Customer, ..ended }, now),
        "by hand it can be paid"
    );
}

#[test]
fn c12_the_same_key_is_sent_again_only_while_the_provider_remembers_it() {
    assert!(may_submit(&submitted(), at("2026-03-02 09:35")));
    assert!(!may_submit(&submitted(), at("2026-03-02 09:36")));
    let ended = AttemptFacts { subscription_ended: true, ..submitted() };
    assert!(may_submit(&ended, at("2026-03-01 13:00")), "the truth must be found after a cancellation, too");
    for state in [Pending, RequiresAction, Succeeded, Failed, Error, Cancelled, Reversed] {
        assert!(!may_submit(&AttemptFacts { state, ..submitted() }, at("2026-03-01 13:00")), "{state}");
    }
}

fn any_state() -> impl Strategy<Value = AttemptState> {
    prop::sample::select(AttemptState::ALL)
}

fn any_report() -> impl Strategy<Value = Report<Outcome>> {
    let result = prop_oneof![
        Just(Ok(paid(1190))),
        Just(Ok(paid(1))),
        Just(Ok(declined())),
        Just(Ok(Outcome::Cancelled { provider_ref: None })),
        Just(Ok(Outcome::Pending { provider_ref: "ch_2".into() })),
        Just(Err(CallError::NotExecuted(String::new()))),
        Just(Err(CallError::Unknown(String::new()))),
        Just(Err(CallError::IdempotencyConflict(String::new()))),
        Just(Err(CallError::RateLimited(Some(3)))),
        Just(Err(CallError::Misconfigured(String::new()))),
    ];
    let status = prop::option::of(prop::sample::select(vec![200_u16, 400, 402, 409, 429, 500]));
    let evidence = prop_oneof![Just(nothing_sent()), status.prop_map(answered)];
    (result, evidence).prop_map(|(result, evidence)| report(result, evidence))
}

proptest! {
    /// Whatever a component says: an attempt ends without effect only on proof, and money that moved is
    /// never forgotten.
    #[test]
    fn no_report_frees_the_invoice_without_proof(state in any_state(), count in 1..4_u32, report in any_report()) {
        let attempt = AttemptFacts { state, submit_count: count, unproven_submissions: count, ..submitted() };
        let Settlement::Change(change) = settle(&attempt, &report, eur(1190)) else { return Ok(()) };
        if change.to == Error {
            prop_assert!(count == 1 && (report.evidence.bytes_out == 0 || report.evidence.refused));
        }
        if matches!(change.to, Failed | Cancelled) {
            prop_assert!(state.is_open() && report.result.is_ok());
        }
        if matches!(state, Succeeded | Reversed) {
            prop_assert!(false, "{state} is final for reports, not {change:?}");
        }
        let full = change.taken == Some(eur(1190));
        prop_assert!(change.to != Succeeded || full != change.review);
    }
}
