//! What is believed of a person about an attempt.

use crate::at;
use crate::attempt::{created, eur, submitted};
use domain::payment::by_hand::{Finding, FindingRefusal, found};
use domain::payment::protocol::{AttemptFacts, Settlement};
use domain::payment::state::AttemptState::{self, *};
use domain::provider::DeclineKind;
use proptest::prelude::*;

/// After the provider has forgotten the key, and nothing of ours can be on its way.
const LATE: &str = "2026-03-03 00:00";

fn moved() -> Finding {
    Finding::Moved { provider_ref: "ch_7".to_owned() }
}

fn in_review(facts: AttemptFacts) -> AttemptFacts {
    AttemptFacts { in_review: true, ..facts }
}

fn state_after(facts: &AttemptFacts, finding: &Finding, when: &str) -> Result<AttemptState, FindingRefusal> {
    match found(facts, finding, eur(100), at(when))? {
        Settlement::Change(change) => Ok(change.to),
        other => panic!("{other:?}"),
    }
}

#[test]
fn a_person_frees_what_waits_for_one() {
    let unknown = in_review(AttemptFacts { state: Unknown, ..submitted() });
    for (facts, finding, after) in [
        (in_review(created()), moved(), Succeeded),
        (in_review(created()), Finding::NotMoved, Failed),
        (unknown.clone(), moved(), Succeeded),
        (unknown, Finding::NotMoved, Error),
        (in_review(AttemptFacts { state: RequiresAction, ..submitted() }), Finding::NotMoved, Cancelled),
        (in_review(AttemptFacts { state: Pending, ..submitted() }), Finding::NotMoved, Cancelled),
        // The bank statement knows before the provider does.
        (AttemptFacts { state: Pending, ..submitted() }, moved(), Succeeded),
        // It was thought to have come to nothing, and the money turned up.
        (AttemptFacts { state: Failed, ..submitted() }, moved(), Succeeded),
        (AttemptFacts { state: Error, ..submitted() }, moved(), Succeeded),
    ] {
        assert_eq!(state_after(&facts, &finding, LATE), Ok(after), "{facts:?}");
    }
}

#[test]
fn what_moved_has_a_name_and_its_full_amount() {
    let facts = in_review(AttemptFacts { state: Unknown, ..submitted() });
    let Ok(Settlement::Change(change)) = found(&facts, &moved(), eur(100), at(LATE)) else { panic!() };
    assert_eq!((change.provider_ref.as_deref(), change.taken), (Some("ch_7"), Some(eur(100))));
    assert!(!change.review);
    for nameless in ["", "ch\n7", &"x".repeat(256)] {
        let finding = Finding::Moved { provider_ref: nameless.to_owned() };
        assert_eq!(state_after(&facts, &finding, LATE), Err(FindingRefusal::NoReference), "{nameless:?}");
    }
}

#[test]
fn what_the_provider_has_accepted_keeps_its_name() {
    let accepted = AttemptFacts { state: Pending, provider_ref: Some("pi_1".to_owned()), ..submitted() };
    let Ok(Settlement::Change(change)) = found(&accepted, &moved(), eur(100), at(LATE)) else { panic!() };
    assert_eq!(change.provider_ref.as_deref(), Some("pi_1"));
    assert_eq!(change.raw_status.as_deref(), Some("found by a person: ch_7"));
    assert_eq!(state_after(&accepted, &Finding::NotMoved, LATE), Err(FindingRefusal::OnItsWay));
}

#[test]
fn what_was_never_sent_wants_its_customer() {
    let facts = in_review(created());
    let Ok(Settlement::Change(change)) = found(&facts, &Finding::NotMoved, eur(100), at(LATE)) else {
        panic!()
    };
    assert_eq!(change.decline.map(|decline| decline.kind), Some(DeclineKind::AuthenticationRequired));
}

#[test]
fn nobody_knows_of_a_request_that_may_still_arrive_that_it_came_to_nothing() {
    let facts = in_review(AttemptFacts { state: Unknown, ..submitted() });
    let until = facts.windows.unwrap().lookup_final_after;
    let early = found(&facts, &Finding::NotMoved, eur(100), until - chrono::TimeDelta::seconds(1));
    assert_eq!(early, Err(FindingRefusal::TooEarly(until)));
    assert_eq!(found(&facts, &Finding::NotMoved, eur(100), until).map(drop), Ok(()));
    assert_eq!(state_after(&facts, &moved(), "2026-03-01 12:01"), Ok(Succeeded));
}

proptest! {
    #[test]
    fn no_finding_is_taken_in_before_it_was_asked_for_or_against_what_is_known(
        state in proptest::sample::select(vec![
            Created, Submitted, Unknown, RequiresAction, Pending, Succeeded, Failed, Error, Cancelled, Reversed,
        ]),
        asked_for: bool,
        says_moved: bool,
    ) {
        let facts = AttemptFacts { state, in_review: asked_for, ..submitted() };
        let finding = if says_moved { moved() } else { Finding::NotMoved };
        let answer = found(&facts, &finding, eur(100), at(LATE)).map(drop);
        let expected = match state {
            Pending if !asked_for && says_moved => Ok(()),
            Pending if !asked_for => Err(FindingRefusal::OnItsWay),
            _ if state.is_open() && !asked_for => Err(FindingRefusal::StillAsked),
            Succeeded | Reversed => Err(FindingRefusal::Known),
            Failed | Error | Cancelled if !says_moved => Err(FindingRefusal::Known),
            _ => Ok(()),
        };
        prop_assert_eq!(answer, expected);
    }
}
