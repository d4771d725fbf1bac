use crate::at;
use crate::due::{on_trial, running};
use domain::period::Period;
use domain::subscription::due::{Due, SubscriptionFacts, due, next_due_at};
use domain::subscription::pause::PauseDecision::{Already, PauseAt};
use domain::subscription::pause::{
    PauseRefusal, ResumeDecision, ResumeRefusal, decide_pause, decide_resume, moved,
};
use domain::subscription::state::SubscriptionStatus::*;

const TODAY: &str = "2026-03-01";
const PERIOD_END: &str = "2026-03-15";

fn pausing() -> SubscriptionFacts {
    SubscriptionFacts { pause_at: Some(at(PERIOD_END)), ..running() }
}

fn paused() -> SubscriptionFacts {
    SubscriptionFacts { status: Paused, ..running() }
}

#[test]
fn what_is_paid_for_is_used_up_before_the_pause() {
    assert_eq!(decide_pause(&running(), None, at(TODAY)), Ok(PauseAt(at(PERIOD_END))));
    assert_eq!(decide_pause(&pausing(), None, at(TODAY)), Ok(Already(at(PERIOD_END))));
    assert_eq!(due(&pausing(), at("2026-03-14 23:59")), Due::Nothing);
    assert_eq!(due(&pausing(), at(PERIOD_END)), Due::Pause, "and not a renewal");
}

#[test]
fn only_what_is_active_and_stays_can_pause() {
    for status in [Incomplete, PastDue, OnHold, Paused, Error] {
        let sub = SubscriptionFacts { status, ..running() };
        assert_eq!(decide_pause(&sub, None, at(TODAY)), Err(PauseRefusal::NotActive), "{status}");
    }
    assert_eq!(decide_pause(&on_trial(), None, at(TODAY)), Err(PauseRefusal::NotActive));
    let leaving = SubscriptionFacts { cancel_at: Some(at(PERIOD_END)), ..running() };
    assert_eq!(decide_pause(&leaving, None, at(TODAY)), Err(PauseRefusal::Cancelling));
    let ended = SubscriptionFacts { status: Cancelled, ..running() };
    assert_eq!(decide_pause(&ended, None, at(TODAY)), Err(PauseRefusal::Ended));
}

#[test]
fn a_pause_has_a_length() {
    for too_early in [TODAY, PERIOD_END] {
        let refused = decide_pause(&running(), Some(at(too_early)), at(TODAY));
        assert_eq!(refused, Err(PauseRefusal::ResumesTooEarly));
    }
    assert_eq!(decide_pause(&pausing(), Some(at("2026-05-01")), at(TODAY)), Ok(PauseAt(at(PERIOD_END))));
}

#[test]
fn cancelling_goes_before_pausing() {
    let both = SubscriptionFacts { cancel_at: Some(at(PERIOD_END)), ..pausing() };
    assert_eq!(due(&both, at(PERIOD_END)), Due::End);
}

#[test]
fn who_owes_pauses_after_paying_and_is_not_renewed_before() {
    let owing = SubscriptionFacts { status: PastDue, ..pausing() };
    assert_eq!(due(&owing, at("2026-04-01")), Due::Nothing);
    assert_eq!(due(&pausing(), at("2026-04-01")), Due::Pause, "paid in April");
}

#[test]
fn it_goes_on_by_itself_on_the_day_that_was_chosen() {
    let sub = SubscriptionFacts { resume_at: Some(at("2026-05-10")), ..paused() };
    assert_eq!(due(&sub, at("2026-05-09 23:59")), Due::Nothing);
    assert_eq!(due(&sub, at("2026-05-10")), Due::Resume);
    let leaving = SubscriptionFacts { cancel_at: Some(at("2026-06-01")), ..sub };
    assert_eq!(next_due_at(&leaving), Some(at("2026-06-01")), "what is going to end begins no period");
    assert_eq!(decide_resume(&leaving, at("2026-05-10")), Err(ResumeRefusal::Cancelling));
}

#[test]
fn resuming_opens_a_new_period_from_now_and_bills_no_pause() {
    let now = at("2026-05-31 10:30");
    let Ok(ResumeDecision::NewPeriod { schedule, period }) = decide_resume(&paused(), now) else {
        panic!("resumes")
    };
    assert_eq!(period, Period { start: now, end: at("2026-06-30 10:30") });
    assert_eq!(schedule.anchor_index, paused().period_index + 1, "indexes only grow");
    assert_eq!(schedule.period(3).end, at("2026-07-31 10:30"), "the new anchor is the 31st");
}

#[test]
fn a_pause_that_has_not_begun_is_undone() {
    assert_eq!(decide_resume(&pausing(), at(TODAY)), Ok(ResumeDecision::GoesOn));
    assert_eq!(decide_resume(&running(), at(TODAY)), Err(ResumeRefusal::NotPaused));
    let ended = SubscriptionFacts { status: Cancelled, ..pausing() };
    assert_eq!(decide_resume(&ended, at(TODAY)), Err(ResumeRefusal::Ended));
}

#[test]
fn a_planned_pause_waits_for_the_period_that_takes_the_place_of_its_own() {
    let (planned, year) = (Some(at(PERIOD_END)), at("2027-03-01"));
    assert_eq!(moved((planned, None), year), (Some(year), None));
    let (early, late) = (Some(at("2026-05-01")), Some(at("2027-05-01")));
    assert_eq!(moved((planned, early), year), (None, None), "it would be over by then");
    assert_eq!(moved((planned, late), year), (Some(year), late));
    assert_eq!(moved((None, early), year), (None, early), "it has begun, or none is planned");
}
