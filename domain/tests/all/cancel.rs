use crate::at;
use crate::due::{on_trial, running};
use domain::subscription::cancel::CancelDecision::{Already, EndAt, EndNow};
use domain::subscription::cancel::CancelTiming::{AtPeriodEnd, Now};
use domain::subscription::cancel::TrialCancellation::{Immediate, TrialEnd};
use domain::subscription::cancel::{
    CancelReason, CancelRefusal, ContractRest, UncancelDecision, UncancelRefusal, decide_cancel,
    decide_cancel_on, decide_uncancel, rest_of_contract,
};
use domain::subscription::due::{Due, SubscriptionFacts, due};
use domain::subscription::state::SubscriptionStatus::*;

const TODAY: &str = "2026-03-01";
const PERIOD_END: &str = "2026-03-15";

fn leaving(sub: SubscriptionFacts, on: &str) -> SubscriptionFacts {
    SubscriptionFacts { cancel_at: Some(at(on)), ..sub }
}

#[test]
fn at_period_end_it_runs_until_then() {
    assert_eq!(decide_cancel(&running(), AtPeriodEnd, TrialEnd, at(TODAY)), Ok(EndAt(at(PERIOD_END))));
}

#[test]
fn cancelling_twice_changes_nothing() {
    let sub = leaving(running(), PERIOD_END);
    assert_eq!(decide_cancel(&sub, AtPeriodEnd, TrialEnd, at(TODAY)), Ok(Already(at(PERIOD_END))));
    assert_eq!(decide_cancel(&sub, Now, TrialEnd, at(TODAY)), Ok(EndNow), "but it can still end sooner");
}

#[test]
fn a_customer_can_leave_before_a_later_date_that_was_set() {
    let sub = leaving(running(), "2026-09-15");
    assert_eq!(decide_cancel(&sub, AtPeriodEnd, TrialEnd, at(TODAY)), Ok(EndAt(at(PERIOD_END))));
}

#[test]
fn a_trial_follows_the_setting_and_not_the_timing() {
    for timing in [AtPeriodEnd, Now] {
        assert_eq!(decide_cancel(&on_trial(), timing, Immediate, at(TODAY)), Ok(EndNow));
        assert_eq!(decide_cancel(&on_trial(), timing, TrialEnd, at(TODAY)), Ok(EndAt(at(PERIOD_END))));
    }
}

#[test]
fn without_a_paid_period_it_ends_now() {
    for status in [PastDue, OnHold, Paused, Incomplete] {
        let sub = SubscriptionFacts { status, ..running() };
        assert_eq!(decide_cancel(&sub, AtPeriodEnd, TrialEnd, at(TODAY)), Ok(EndNow), "{status}");
    }
}

#[test]
fn a_cancellation_that_meets_the_renewal_at_the_boundary_wins_if_it_comes_first() {
    assert_eq!(decide_cancel(&running(), AtPeriodEnd, TrialEnd, at(PERIOD_END)), Ok(EndNow));
    let renewed = SubscriptionFacts { period_index: 2, current_period_end: at("2026-04-15"), ..running() };
    assert_eq!(decide_cancel(&renewed, AtPeriodEnd, TrialEnd, at(PERIOD_END)), Ok(EndAt(at("2026-04-15"))));
}

#[test]
fn what_has_ended_cannot_be_cancelled() {
    for status in [Cancelled, Expired] {
        let sub = SubscriptionFacts { status, ..running() };
        assert_eq!(decide_cancel(&sub, Now, Immediate, at(TODAY)), Err(CancelRefusal::Ended));
    }
}

#[test]
fn a_scheduled_cancellation_can_be_undone_until_its_moment() {
    for sub in [leaving(running(), PERIOD_END), leaving(on_trial(), PERIOD_END)] {
        assert_eq!(decide_uncancel(&sub, false, at("2026-03-14 23:59")), Ok(UncancelDecision::Continue));
        assert_eq!(decide_uncancel(&sub, false, at(PERIOD_END)), Err(UncancelRefusal::Ended));
    }
}

#[test]
fn undoing_without_a_method_asks_for_one() {
    let sub = SubscriptionFacts { has_method: false, ..leaving(running(), PERIOD_END) };
    assert_eq!(decide_uncancel(&sub, false, at(TODAY)), Ok(UncancelDecision::ContinueAndAskForMethod));
}

#[test]
fn there_must_be_something_to_undo() {
    assert_eq!(decide_uncancel(&running(), false, at(TODAY)), Err(UncancelRefusal::NotScheduled));
    let ended = SubscriptionFacts { status: Cancelled, ..leaving(running(), PERIOD_END) };
    assert_eq!(decide_uncancel(&ended, false, at(TODAY)), Err(UncancelRefusal::Ended));
}

#[test]
fn whatever_is_scheduled_the_subscription_then_ends() {
    for sub in [running(), on_trial()] {
        let Ok(EndAt(end)) = decide_cancel(&sub, AtPeriodEnd, TrialEnd, at(TODAY)) else {
            panic!("scheduled")
        };
        assert_eq!(due(&SubscriptionFacts { cancel_at: Some(end), ..sub }, end), Due::End);
    }
}

fn under_contract(until: &str) -> SubscriptionFacts {
    SubscriptionFacts { contract_until: Some(at(until)), ..running() }
}

#[test]
fn a_contract_runs_to_its_end_whatever_timing_is_asked_for() {
    for timing in [AtPeriodEnd, Now] {
        for status in [Active, PastDue, OnHold, Paused, Error] {
            let sub = SubscriptionFacts { status, ..under_contract("2026-07-15") };
            let decision = decide_cancel(&sub, timing, TrialEnd, at(TODAY));
            assert_eq!(decision, Ok(EndAt(at("2026-07-15"))), "{status}");
        }
    }
}

#[test]
fn a_contract_ends_with_a_period() {
    let table = [
        ("2026-07-15", "2026-07-15", 4), // on a boundary
        ("2026-07-16", "2026-08-15", 5), // within a period, which is paid for
        ("2026-03-14", PERIOD_END, 0),
        (PERIOD_END, PERIOD_END, 0),
        ("2026-04-15", "2026-04-15", 1),
    ];
    for (until, end, periods) in table {
        let rest = ContractRest { end: at(end), periods };
        assert_eq!(rest_of_contract(&under_contract(until), at(TODAY)), Some(rest), "{until}");
    }
    assert_eq!(rest_of_contract(&under_contract(TODAY), at(TODAY)), None, "it is over");
    assert_eq!(decide_cancel(&under_contract(TODAY), Now, TrialEnd, at(TODAY)), Ok(EndNow));
}

#[test]
fn a_contract_does_not_bind_a_trial() {
    let sub = SubscriptionFacts { contract_until: Some(at("2027-03-15")), ..on_trial() };
    assert_eq!(decide_cancel(&sub, Now, Immediate, at(TODAY)), Ok(EndNow));
    assert_eq!(decide_cancel(&sub, Now, TrialEnd, at(TODAY)), Ok(EndAt(at(PERIOD_END))));
    assert_eq!(rest_of_contract(&sub, at(TODAY)), None);
}

#[test]
fn the_business_ends_it_on_any_date() {
    let on = |sub: &SubscriptionFacts, date| decide_cancel_on(sub, at(date), at(TODAY));
    for sub in [running(), on_trial(), under_contract("2027-03-15"), leaving(running(), PERIOD_END)] {
        assert_eq!(on(&sub, "2026-04-20"), Ok(EndAt(at("2026-04-20"))));
        assert_eq!(on(&sub, TODAY), Ok(EndNow));
    }
    assert_eq!(on(&leaving(running(), "2026-04-20"), "2026-04-20"), Ok(Already(at("2026-04-20"))));
    let ended = SubscriptionFacts { status: Cancelled, ..running() };
    assert_eq!(on(&ended, "2026-04-20"), Err(CancelRefusal::Ended));
}

#[test]
fn what_the_business_has_locked_only_the_business_undoes() {
    let locked = SubscriptionFacts { cancel_locked: true, ..leaving(running(), PERIOD_END) };
    assert_eq!(decide_uncancel(&locked, false, at(TODAY)), Err(UncancelRefusal::Locked));
    assert_eq!(decide_uncancel(&locked, true, at(TODAY)), Ok(UncancelDecision::Continue));
    assert_eq!(decide_uncancel(&locked, true, at(PERIOD_END)), Err(UncancelRefusal::Ended));
}

#[test]
fn reasons_are_those_of_the_reference_portals() {
    let words: Vec<_> = CancelReason::ALL.iter().map(|reason| reason.as_str()).collect();
    let expected = "too_expensive missing_features switched_service unused customer_service low_quality too_complex other";
    assert_eq!(words.join(" "), expected);
}
