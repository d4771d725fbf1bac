//! After downtime, told as what happens when somebody looks again and again.

use crate::at;
use crate::due::running;
use chrono::TimeDelta;
use domain::Instant;
use domain::period::{Interval, IntervalUnit, Schedule};
use domain::subscription::due::CatchUp::{self, All, OneThenReview, SkipToCurrent};
use domain::subscription::due::{Due, SubscriptionFacts, catch_up, due};
use proptest::prelude::*;

/// Takes every step that is due at `now`; the indexes of the periods that were opened and billed.
fn opened(mut sub: SubscriptionFacts, policy: CatchUp, now: Instant) -> (Vec<i64>, SubscriptionFacts) {
    let mut opened = Vec::new();
    while let Due::Renew { period_index, missed } = due(&sub, now) {
        let plan = catch_up(policy, missed + 1);
        sub.period_index = period_index + i64::from(plan.skip);
        sub.current_period_end = sub.schedule.period(sub.period_index).end;
        sub.awaits_review = plan.then_review;
        opened.push(sub.period_index);
        assert!(opened.len() <= 2_000, "an endless loop");
    }
    (opened, sub)
}

#[test]
fn forty_days_down_over_a_month_end() {
    let now = at("2026-04-24");
    assert_eq!(opened(running(), OneThenReview, now).0, [2], "one bill, then a person decides");
    assert_eq!(opened(running(), All, now).0, [2, 3]);
    assert_eq!(opened(running(), SkipToCurrent, now).0, [3]);
}

#[test]
fn on_time_all_policies_do_the_same() {
    for policy in CatchUp::ALL {
        let (opened, after) = opened(running(), *policy, at("2026-03-15"));
        assert_eq!((opened, after.awaits_review), (vec![2], false), "{policy}");
    }
}

#[test]
fn after_the_review_it_goes_on_where_it_stood() {
    let (_, waiting) = opened(running(), OneThenReview, at("2026-08-20"));
    let reviewed = SubscriptionFacts { awaits_review: false, ..waiting };
    assert_eq!(opened(reviewed, SkipToCurrent, at("2026-08-20")).0, [7], "the operator let the others go");
}

#[test]
fn an_end_that_fell_into_the_downtime_comes_before_everything() {
    let leaving = SubscriptionFacts { cancel_at: Some(at("2026-05-15")), ..running() };
    for policy in CatchUp::ALL {
        assert_eq!(opened(leaving.clone(), *policy, at("2026-08-20")).0, [0_i64; 0], "{policy}");
    }
}

proptest! {
    /// No policy loops, bills a period twice or one that has not begun, and only "all" bills more than one.
    #[test]
    fn downtime_never_becomes_a_storm_of_bills(
        policy in prop::sample::select(CatchUp::ALL), unit in prop::sample::select(IntervalUnit::ALL),
        count in 1..4_u32, days in 0..200_i64,
    ) {
        let schedule = Schedule { interval: Interval::new(unit, count), ..running().schedule };
        let end = schedule.period(1).end;
        let sub = SubscriptionFacts { schedule, current_period_end: end, ..running() };
        let now = end + TimeDelta::days(days);
        let (opened, after) = opened(sub, policy, now);
        prop_assert!(opened.windows(2).all(|pair| pair[1] == pair[0] + 1));
        prop_assert!(opened.iter().all(|index| schedule.period(*index).start <= now));
        prop_assert!(policy == All || opened.len() == 1);
        let caught_up = after.current_period_end > now;
        prop_assert!(caught_up || (policy == OneThenReview && after.awaits_review));
    }
}
