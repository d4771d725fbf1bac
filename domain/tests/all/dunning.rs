use crate::at;
use chrono::TimeDelta;
use chrono_tz::Tz;
use domain::Instant;
use domain::dunning::DunningMail::{self, FinalNotice, OnHold, PaymentFailed, PaymentReminder};
use domain::dunning::HoldOrFinal::{self, Cancel, Hold};
use domain::dunning::{Act, Case, CaseClock, Decision, Pinned, Policy, PolicyError, decide};
use domain::provider::DeclineKind;

fn case(step: usize) -> Case {
    let clock = CaseClock::starting(at("2026-03-01"));
    Case { clock, zone: Tz::UTC, step, decline: None, has_method: true, attempt_open: false }
}

fn after(days: i64) -> Instant {
    at("2026-03-01") + TimeDelta::days(days)
}

fn look(case: &Case, now: Instant) -> Decision {
    decide(&Pinned::default(), case, now)
}

/// What a look every hour for thirty days does: day, retry, mail and consequence at once.
fn diary(mut case: Case) -> Vec<(i64, bool, Option<DunningMail>, Option<HoldOrFinal>)> {
    let mut diary = Vec::new();
    for hours in 0..24 * 30 {
        if let Decision::Act(act) = look(&case, after(0) + TimeDelta::hours(hours)) {
            let consequence = act.consequence.map(|what| what.subscription);
            diary.push((hours / 24, act.retry, act.mail, consequence));
            case.step = act.step;
        }
    }
    diary
}

#[test]
fn the_default_policy_retries_five_times_in_three_weeks() {
    assert_eq!(Policy::default().check(), Ok(()));
    assert_eq!(
        diary(case(0)),
        [
            (0, false, Some(PaymentFailed), None),
            (1, true, None, None),
            (3, true, None, None),
            (7, true, None, None),
            (14, true, None, None),
            (21, true, None, None),
        ]
    );
}

#[test]
fn a_failed_retry_brings_the_consequence_of_the_steps_so_far() {
    let escalations: Vec<_> = (0..=6).map(|taken| Policy::default().escalation(taken)).collect();
    assert_eq!(escalations, [None, None, None, None, Some(Hold), Some(Hold), Some(Cancel)]);
}

#[test]
fn without_a_usable_method_nothing_is_retried_and_the_end_still_comes() {
    let expected = [
        (0, false, Some(PaymentFailed), None),
        (1, false, None, None),
        (3, false, None, None),
        (7, false, Some(OnHold), Some(Hold)),
        (14, false, Some(PaymentReminder), Some(Hold)),
        (21, false, Some(FinalNotice), Some(Cancel)),
    ];
    assert_eq!(diary(Case { has_method: false, ..case(0) }), expected);
    assert_eq!(diary(Case { decline: Some(DeclineKind::Hard), ..case(0) }), expected, "it will not pass");
}

#[test]
fn between_steps_it_waits() {
    assert_eq!(look(&case(1), after(0)), Decision::Wait(after(1)));
    assert!(matches!(look(&case(6), after(99)), Decision::Exhausted(Some(_))));
}

#[test]
fn steps_that_came_due_while_the_machine_was_off_are_one() {
    let late = Act { step: 4, retry: true, mail: None, consequence: None, next_at: Some(after(14)) };
    assert_eq!(look(&case(1), after(8)), Decision::Act(late));
}

#[test]
fn policies_that_would_not_end_or_not_tell_are_refused() {
    let with = |change: fn(&mut Policy)| {
        let mut policy = Policy::default();
        change(&mut policy);
        policy.check()
    };
    assert_eq!(with(|policy| policy.steps.clear()), Err(PolicyError::FirstStep));
    assert_eq!(with(|policy| policy.steps[0].offset_s = 60), Err(PolicyError::FirstStep));
    assert_eq!(with(|policy| policy.steps.swap(2, 3)), Err(PolicyError::Order));
    assert_eq!(with(|policy| policy.steps.truncate(3)), Err(PolicyError::Final));
    assert_eq!(with(|policy| policy.steps[1].on_failure = Some(Cancel)), Err(PolicyError::Final));
}
