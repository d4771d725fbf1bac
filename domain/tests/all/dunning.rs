use crate::at;
use chrono::TimeDelta;
use domain::Instant;
use domain::dunning::HoldOrFinal::{self, Cancel, Hold};
use domain::dunning::{CaseFacts, DunningAction, Policy, PolicyError, Taken, next_step};
use proptest::prelude::*;

fn case(step: usize) -> CaseFacts {
    CaseFacts { started_at: at("2026-03-01"), step, retryable: true, has_method: true, attempt_open: false }
}

fn after(days: i64) -> Instant {
    at("2026-03-01") + TimeDelta::days(days)
}

fn taken(case: &CaseFacts, now: Instant) -> Taken {
    match next_step(&Policy::default(), case, now) {
        DunningAction::Take(taken) => taken,
        other => panic!("a step is due, not {other:?}"),
    }
}

/// What a look every hour for thirty days does: day, retry, mail, what follows at once.
fn diary(mut case: CaseFacts) -> Vec<(i64, bool, Option<String>, Option<HoldOrFinal>)> {
    let mut diary = Vec::new();
    for hours in 0..24 * 30 {
        if let DunningAction::Take(taken) =
            next_step(&Policy::default(), &case, after(0) + TimeDelta::hours(hours))
        {
            diary.push((hours / 24, taken.retry, taken.mail, taken.escalate));
            case.step = taken.step;
        }
    }
    diary
}

fn mail(name: &str) -> Option<String> {
    Some(name.to_owned())
}

#[test]
fn the_default_policy_retries_five_times_in_three_weeks() {
    assert_eq!(Policy::default().check(), Ok(()));
    assert_eq!(
        diary(case(0)),
        [
            (0, false, mail("payment_failed"), None),
            (1, true, None, None),
            (3, true, None, None),
            (7, true, mail("on_hold"), None),
            (14, true, mail("payment_reminder"), None),
            (21, true, mail("final_notice"), None),
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
        (0, false, mail("payment_failed"), None),
        (1, false, None, None),
        (3, false, None, None),
        (7, false, mail("on_hold"), Some(Hold)),
        (14, false, mail("payment_reminder"), Some(Hold)),
        (21, false, mail("final_notice"), Some(Cancel)),
    ];
    assert_eq!(diary(CaseFacts { has_method: false, ..case(0) }), expected);
    assert_eq!(diary(CaseFacts { retryable: false, ..case(0) }), expected, "a decline that will not pass");
}

#[test]
fn between_steps_it_waits() {
    assert_eq!(next_step(&Policy::default(), &case(1), after(0)), DunningAction::Wait(after(1)));
    assert_eq!(next_step(&Policy::default(), &case(6), after(99)), DunningAction::Exhausted);
}

#[test]
fn nothing_escalates_while_money_may_be_on_its_way() {
    let open = CaseFacts { attempt_open: true, ..case(5) };
    assert_eq!(next_step(&Policy::default(), &open, after(30)), DunningAction::AwaitOutcome);
}

#[test]
fn steps_that_came_due_while_the_machine_was_off_are_one() {
    let late = taken(&case(1), after(8));
    assert_eq!(
        late,
        Taken { step: 4, retry: true, mail: mail("on_hold"), escalate: None, next_at: Some(after(14)) }
    );
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

proptest! {
    /// However often and however late one looks, steps only advance and the case ends.
    #[test]
    fn every_case_ends(mut hours in prop::collection::vec(0..24 * 40_i64, 0..20), retryable: bool, has_method: bool) {
        hours.sort_unstable();
        hours.push(24 * 21);
        hours.sort_unstable();
        let policy = Policy::default();
        let mut case = CaseFacts { retryable, has_method, ..case(0) };
        let mut steps = 0;
        for now in hours.into_iter().map(|h| after(0) + TimeDelta::hours(h)) {
            while let DunningAction::Take(taken) = next_step(&policy, &case, now) {
                prop_assert!(taken.step > case.step && taken.next_at.is_none_or(|next| next > now));
                prop_assert!(!taken.retry || (retryable && has_method));
                case.step = taken.step;
                steps += 1;
            }
        }
        prop_assert!((1..=6).contains(&steps));
        prop_assert_eq!(policy.escalation(case.step), Some(Cancel));
    }
}
