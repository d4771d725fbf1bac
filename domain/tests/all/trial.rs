use crate::at;
use crate::due::{on_trial, running};
use domain::subscription::due::SubscriptionFacts;
use domain::subscription::trial::{TrialRefusal, decide_end, decide_extend, end_of_trial};

const TODAY: &str = "2026-03-01";

#[test]
fn a_trial_has_days_of_24_hours() {
    assert_eq!(end_of_trial(at("2026-03-01 09:00"), 14), at("2026-03-15 09:00"));
    assert_eq!(end_of_trial(at("2026-03-01"), 0), at("2026-03-01"));
}

#[test]
fn an_extended_trial_bills_from_its_new_end() {
    let extended = decide_extend(&on_trial(), at("2026-03-31"), at(TODAY)).unwrap();
    assert_eq!(extended.trial_end, at("2026-03-31"));
    let first = extended.anchor.period(on_trial().schedule.interval, 0);
    assert_eq!((first.start, first.end), (at("2026-03-31"), at("2026-04-30")));
}

#[test]
fn a_trial_whose_end_has_come_unseen_can_still_be_extended() {
    assert!(decide_extend(&on_trial(), at("2026-03-31"), at("2026-03-20")).is_ok());
}

#[test]
fn extending_means_longer() {
    for until in ["2026-02-01", "2026-03-15"] {
        let refused = decide_extend(&on_trial(), at(until), at(TODAY));
        assert_eq!(refused, Err(TrialRefusal::NotLonger), "{until}");
    }
    assert_eq!(decide_extend(&on_trial(), at("2026-03-16"), at("2026-03-20")), Err(TrialRefusal::NotLonger));
}

#[test]
fn ending_a_trial_starts_the_first_paid_period_now() {
    let sub = SubscriptionFacts { period_index: -1, ..on_trial() };
    let ended = decide_end(&sub, at(TODAY)).unwrap();
    assert_eq!((ended.period.start, ended.period.end), (at(TODAY), at("2026-04-01")));
    assert_eq!((ended.schedule.anchor_index, ended.has_method), (0, true));
}

#[test]
fn a_cancelled_trial_never_becomes_a_paid_period() {
    let leaving = SubscriptionFacts { cancel_at: Some(at("2026-03-15")), ..on_trial() };
    assert_eq!(decide_end(&leaving, at(TODAY)), Err(TrialRefusal::Cancelling));
    assert_eq!(decide_extend(&leaving, at("2026-03-31"), at(TODAY)), Err(TrialRefusal::Cancelling));
}

#[test]
fn there_must_be_a_trial() {
    assert_eq!(decide_end(&running(), at(TODAY)), Err(TrialRefusal::NotTrialing));
    assert_eq!(decide_extend(&running(), at("2026-03-31"), at(TODAY)), Err(TrialRefusal::NotTrialing));
}
