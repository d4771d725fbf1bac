use crate::at;
use chrono::TimeDelta;
use chrono_tz::Tz;
use domain::Instant;
use domain::period::{Anchor, Interval, IntervalUnit, Schedule};
use domain::subscription::due::{
    CatchUp, CatchUpPlan, Due, SubscriptionFacts, catch_up, due, next_due_at, unparked,
};
use domain::subscription::state::SubscriptionStatus::{self, *};
use proptest::prelude::*;

/// Active since 15 January 2026, paid monthly, in the period that ends on 15 March.
pub fn running() -> SubscriptionFacts {
    let anchor = Anchor { local: at("2026-01-15"), zone: Tz::UTC };
    SubscriptionFacts {
        status: Active,
        created_at: at("2026-01-15"),
        schedule: Schedule { anchor, interval: Interval::new(IntervalUnit::Month, 1), anchor_index: 0 },
        period_index: 1,
        current_period_end: at("2026-03-15"),
        trial_end: None,
        cancel_at: None,
        cancel_locked: false,
        contract_until: None,
        pause_at: None,
        resume_at: None,
        has_method: true,
        oldest_unpaid_period_end: None,
        awaits_review: false,
    }
}

/// In a trial that ends on 15 March.
pub fn on_trial() -> SubscriptionFacts {
    let anchor = Anchor { local: at("2026-03-15"), zone: Tz::UTC };
    SubscriptionFacts {
        status: Trialing,
        trial_end: Some(at("2026-03-15")),
        schedule: Schedule { anchor, ..running().schedule },
        period_index: -1,
        ..running()
    }
}

fn renewal(period_index: i64, missed: u32) -> Due {
    Due::Renew { period_index, missed }
}

#[test]
fn a_period_is_renewed_at_its_end_and_not_before() {
    assert_eq!(due(&running(), at("2026-03-14 23:59")), Due::Nothing);
    assert_eq!(due(&running(), at("2026-03-15")), renewal(2, 0));
}

#[test]
fn a_scheduled_end_comes_before_the_renewal() {
    let leaving = SubscriptionFacts { cancel_at: Some(at("2026-03-15")), ..running() };
    assert_eq!(due(&leaving, at("2026-03-15")), Due::End);
    assert_eq!(due(&leaving, at("2026-09-01")), Due::End, "after downtime too");
}

#[test]
fn a_cancelled_trial_ends_without_conversion() {
    let leaving = SubscriptionFacts { cancel_at: Some(at("2026-03-15")), ..on_trial() };
    assert_eq!(due(&leaving, at("2026-03-15")), Due::End);
}

#[test]
fn a_trial_ends_with_or_without_a_method() {
    assert_eq!(due(&on_trial(), at("2026-03-14 23:59")), Due::Nothing);
    assert_eq!(due(&on_trial(), at("2026-03-15")), Due::TrialEnds { has_method: true, missed: 0 });
    let without = SubscriptionFacts { has_method: false, ..on_trial() };
    assert_eq!(due(&without, at("2026-03-15")), Due::TrialEnds { has_method: false, missed: 0 });
}

#[test]
fn periods_that_went_by_after_a_trial_are_counted_as_after_any_other() {
    for (now, missed) in [("2026-04-14", 0), ("2026-04-15", 1), ("2026-09-20", 6)] {
        assert_eq!(due(&on_trial(), at(now)), Due::TrialEnds { has_method: true, missed }, "{now}");
    }
}

#[test]
fn a_first_payment_has_23_hours() {
    let waiting = SubscriptionFacts { status: Incomplete, created_at: at("2026-01-15"), ..running() };
    assert_eq!(due(&waiting, at("2026-01-15 22:59")), Due::Nothing);
    assert_eq!(due(&waiting, at("2026-01-15 23:00")), Due::Expire);
}

#[test]
fn debt_does_not_pile_up_while_payment_is_chased() {
    let chased =
        SubscriptionFacts { status: PastDue, oldest_unpaid_period_end: Some(at("2026-03-15")), ..running() };
    assert_eq!(due(&chased, at("2026-03-15")), Due::Nothing);
    assert_eq!(due(&chased, at("2026-12-31")), Due::Nothing);
    let paid_up = SubscriptionFacts { oldest_unpaid_period_end: None, ..chased };
    assert_eq!(due(&paid_up, at("2026-03-15")), renewal(2, 0));
}

#[test]
fn a_bank_debit_on_its_way_does_not_stop_the_next_period() {
    let settling = SubscriptionFacts { oldest_unpaid_period_end: Some(at("2026-03-15")), ..running() };
    assert_eq!(due(&settling, at("2026-03-15")), renewal(2, 0));
}

#[test]
fn what_is_on_hold_paused_or_parked_only_ends() {
    for status in [OnHold, Paused, Error] {
        let stopped = SubscriptionFacts { status, ..running() };
        assert_eq!(due(&stopped, at("2027-01-01")), Due::Nothing, "{status}");
        let leaving = SubscriptionFacts { cancel_at: Some(at("2026-06-01")), ..stopped };
        assert_eq!(due(&leaving, at("2027-01-01")), Due::End, "{status}");
    }
}

#[test]
fn what_has_ended_needs_nothing() {
    for status in [Cancelled, Expired] {
        let ended = SubscriptionFacts { status, cancel_at: Some(at("2026-02-01")), ..running() };
        assert_eq!(due(&ended, at("2027-01-01")), Due::Nothing);
        assert_eq!(next_due_at(&ended), None);
    }
}

#[test]
fn periods_that_went_by_unseen_are_counted() {
    assert_eq!(due(&running(), at("2026-04-14 23:59")), renewal(2, 0));
    assert_eq!(due(&running(), at("2026-04-15")), renewal(2, 1));
    assert_eq!(due(&running(), at("2026-08-20")), renewal(2, 5));
}

#[test]
fn no_period_opens_before_an_operator_has_looked() {
    let in_review = SubscriptionFacts { awaits_review: true, ..running() };
    assert_eq!(due(&in_review, at("2026-08-20")), Due::Nothing);
}

#[test]
fn after_downtime_one_period_is_opened_and_the_rest_reviewed_by_default() {
    let plan = |policy, passed| {
        let CatchUpPlan { skip, then_review } = catch_up(policy, passed);
        (skip, then_review)
    };
    assert_eq!(plan(CatchUp::OneThenReview, 1), (0, false), "a usual renewal");
    assert_eq!(plan(CatchUp::OneThenReview, 6), (0, true));
    assert_eq!(plan(CatchUp::All, 6), (0, false));
    assert_eq!(plan(CatchUp::SkipToCurrent, 1), (0, false));
    assert_eq!(plan(CatchUp::SkipToCurrent, 6), (5, false));
}

#[test]
fn skipping_leads_to_the_period_that_runs_now() {
    let now = at("2026-08-20");
    let Due::Renew { period_index, missed } = due(&running(), now) else { panic!("due") };
    let opened = period_index + i64::from(catch_up(CatchUp::SkipToCurrent, missed + 1).skip);
    let period = running().schedule.period(opened);
    assert!(period.start <= now && now < period.end);
}

fn any_facts() -> impl Strategy<Value = SubscriptionFacts> {
    let instant = || (0..400_i64).prop_map(|days| at("2026-01-01") + TimeDelta::days(days));
    let maybe = || prop::option::of(instant());
    let dates = (maybe(), maybe(), maybe(), maybe(), maybe(), instant());
    (prop::sample::select(SubscriptionStatus::ALL), dates, 0..12_i64, any::<bool>(), any::<bool>()).prop_map(
        |(status, dates, period_index, has_method, awaits_review)| {
            let (trial_end, cancel_at, unpaid, pause_at, resume_at, created_at) = dates;
            SubscriptionFacts {
                status,
                created_at,
                pause_at,
                resume_at,
                period_index,
                current_period_end: running().schedule.period(period_index).end,
                trial_end,
                cancel_at,
                has_method,
                oldest_unpaid_period_end: unpaid,
                awaits_review,
                ..running()
            }
        },
    )
}

#[test]
fn what_was_parked_comes_back_as_what_it_was() {
    let parked = |sub: SubscriptionFacts| unparked(&SubscriptionFacts { status: Error, ..sub });
    assert_eq!(parked(on_trial()), Some(Trialing), "and its first period is still to be opened");
    assert_eq!(parked(running()), Some(Active));
    let owing = SubscriptionFacts { oldest_unpaid_period_end: Some(at("2026-03-15")), ..running() };
    assert_eq!(parked(owing), Some(PastDue));
    assert_eq!(unparked(&running()), None);
}

proptest! {
    /// What the sweep is told to wait for is exactly what falls due.
    #[test]
    fn something_falls_due_at_the_promised_moment_and_not_before(sub in any_facts()) {
        match next_due_at(&sub) {
            Some(moment) => {
                prop_assert_eq!(due(&sub, moment - TimeDelta::microseconds(1)), Due::Nothing);
                prop_assert_ne!(due(&sub, moment), Due::Nothing);
            }
            None => prop_assert_eq!(due(&sub, Instant::MAX), Due::Nothing),
        }
    }

    #[test]
    fn once_the_end_has_come_nothing_else_is_due(sub in any_facts(), late in 0..500_i64) {
        let live = sub.status.is_live();
        if let Some(end) = sub.cancel_at.filter(|_| live) {
            prop_assert_eq!(due(&sub, end + TimeDelta::days(late)), Due::End);
        }
    }
}
