//! Dunning as a case keeps it: decline kinds, outages, hours, versions.

use crate::at;
use chrono::{NaiveTime, TimeDelta};
use chrono_tz::Tz;
use domain::Instant;
use domain::dunning::Action::{Invoice, Mail, PastDue, Retry, Subscription};
use domain::dunning::DunningMail::{FinalNotice, OnHold, PaymentFailed, PaymentReminder};
use domain::dunning::HoldOrFinal::{Cancel, Hold, StayOnHold};
use domain::dunning::WeekDay::{Friday, Monday, Thursday, Tuesday, Wednesday};
use domain::dunning::{
    Act, Case, CaseClock, Consequence, Decision, Hours, HoursError, MANUAL_RETRIES_PER_DAY, ManualRefusal,
    Pinned, Policy, PolicyError, QuietHours, Step, UnpaidInvoice, WeekDay, after_refusal, decide,
    may_retry_by_hand, timeline,
};
use domain::provider::DeclineKind;
use proptest::prelude::*;

/// A Sunday.
const FAILED: &str = "2026-03-01";

fn after(days: i64) -> Instant {
    at(FAILED) + TimeDelta::days(days)
}

fn case(step: usize) -> Case {
    let clock = CaseClock::starting(at(FAILED));
    Case { clock, zone: Tz::UTC, step, decline: None, has_method: true, attempt_open: false }
}

fn act(pinned: &Pinned, case: &Case, now: Instant) -> Act {
    match decide(pinned, case, now) {
        Decision::Act(act) => act,
        other => panic!("a step is due, not {other:?}"),
    }
}

#[test]
fn a_decline_that_will_not_pass_skips_retries_and_keeps_mails_and_escalation() {
    for decline in [DeclineKind::Hard, DeclineKind::ExpiredMethod, DeclineKind::Fraud] {
        let stuck = Case { decline: Some(decline), ..case(1) };
        assert!(!act(&Pinned::default(), &stuck, after(1)).retry, "{decline}");
        let held = act(&Pinned::default(), &Case { step: 3, ..stuck }, after(7));
        assert_eq!(held.mail, Some(OnHold));
        assert_eq!(held.consequence, Some(Consequence { subscription: Hold, invoice: None }));
    }
}

#[test]
fn a_new_method_brings_the_retries_back() {
    let stuck = Case { decline: Some(DeclineKind::Hard), ..case(4) };
    assert!(!act(&Pinned::default(), &stuck, after(14)).retry);
    assert!(act(&Pinned::default(), &Case { decline: None, ..stuck }, after(14)).retry);
}

#[test]
fn a_bank_that_wants_the_customer_is_not_asked_without_them() {
    let wanted = Case { decline: Some(DeclineKind::AuthenticationRequired), ..case(4) };
    let act = act(&Pinned::default(), &wanted, after(14));
    assert_eq!((act.retry, act.mail), (false, Some(PaymentReminder)));
}

#[test]
fn a_mail_waits_for_the_outcome_of_the_retry() {
    let retry = act(&Pinned::default(), &case(3), after(7));
    assert_eq!((retry.retry, retry.mail, retry.consequence), (true, None, None));
    assert_eq!(
        after_refusal(&Pinned::default(), 3..retry.step),
        (Some(OnHold), Some(Consequence { subscription: Hold, invoice: None })),
    );
    let silent = after_refusal(&Pinned::default(), 1..2);
    assert_eq!(silent, (None, None), "the step of the first day says nothing");
}

#[test]
fn of_steps_taken_together_the_latest_mail_is_sent_after_the_refusal_even_if_the_last_step_has_none() {
    let mut policy = Policy::default();
    policy.steps[3].mail = None;
    policy.steps[2].mail = Some(PaymentReminder.to_string());
    let pinned = Pinned::from(policy);
    let retry = act(&pinned, &case(1), after(8));
    assert_eq!((retry.step, retry.retry, retry.mail), (4, true, None));
    assert_eq!(after_refusal(&pinned, 1..retry.step).0, Some(PaymentReminder));
}

#[test]
fn a_final_notice_is_never_swallowed_by_a_later_mail() {
    let mut policy = Policy::default();
    policy.steps[4].mail = Some(FinalNotice.to_string());
    policy.steps[5].mail = Some(PaymentReminder.to_string());
    let pinned = Pinned::from(policy);
    let without_method = Case { has_method: false, ..case(3) };
    assert_eq!(act(&pinned, &without_method, after(22)).mail, Some(FinalNotice));
    let retry = act(&pinned, &case(3), after(22));
    assert_eq!(after_refusal(&pinned, 3..retry.step).0, Some(FinalNotice));
    assert_eq!(after_refusal(&pinned, 5..6).0, Some(PaymentReminder), "each in its own time");
}

#[test]
fn the_end_says_what_becomes_of_subscription_and_invoice() {
    for unpaid_invoice in UnpaidInvoice::ALL {
        for end in [Cancel, StayOnHold] {
            let mut policy = Policy { unpaid_invoice: *unpaid_invoice, ..Policy::default() };
            policy.steps[5].on_failure = Some(end);
            let pinned = Pinned::from(policy);
            let expected = Some(Consequence { subscription: end, invoice: Some(*unpaid_invoice) });
            let (last_word, consequence) = after_refusal(&pinned, 5..6);
            assert_eq!((last_word, consequence), (Some(FinalNotice), expected));
            assert_eq!(decide(&pinned, &case(6), after(22)), Decision::Exhausted(expected));
        }
    }
}

#[test]
fn an_outage_of_three_days_costs_nobody_anything_and_moves_every_step_by_three_days() {
    let pinned = Pinned::default();
    let frozen = Case { clock: case(3).clock.freeze(after(5)), ..case(3) };
    for day in 5..8 {
        assert_eq!(decide(&pinned, &frozen, after(day)), Decision::Frozen, "no hold on day {day}");
    }
    let thawed = Case { clock: frozen.clock.freeze(after(6)).thaw(after(8)), ..frozen };
    assert_eq!(decide(&pinned, &thawed, after(8)), Decision::Wait(after(10)), "7 + 3");
    assert_eq!(act(&pinned, &thawed, after(10)).next_at, Some(after(17)));
}

#[test]
fn a_case_that_opens_during_an_outage_loses_nothing_before_its_start() {
    let clock = CaseClock { frozen_since: Some(after(-2)), ..case(0).clock };
    assert_eq!(clock.freeze(after(0)).thaw(after(1)).frozen, TimeDelta::days(1));
    assert_eq!(case(0).clock.thaw(after(9)), case(0).clock, "what was not frozen does not thaw");
}

#[test]
fn b6_while_money_may_be_on_its_way_nothing_happens() {
    let open = Case { attempt_open: true, ..case(5) };
    assert_eq!(decide(&Pinned::default(), &open, after(30)), Decision::AwaitOutcome);
}

fn time(text: &str) -> NaiveTime {
    text.parse().unwrap()
}

fn office_hours() -> Hours {
    Hours {
        quiet: Some(QuietHours { from: time("20:00"), to: time("08:00") }),
        weekdays: vec![Monday, Tuesday, Wednesday, Thursday, Friday],
    }
}

#[test]
fn quiet_hours_and_weekends_move_a_step_to_the_next_good_moment() {
    let next = |moment| office_hours().next_allowed(Tz::Europe__Berlin, at(moment));
    assert_eq!(next("2026-03-03 12:00"), at("2026-03-03 12:00"));
    assert_eq!(next("2026-03-03 19:00"), at("2026-03-04 07:00"), "20:00 in Berlin waits for 8:00");
    assert_eq!(next("2026-03-06 20:00"), at("2026-03-09 07:00"), "Friday evening waits for Monday");
    assert_eq!(next("2026-03-28 12:00"), at("2026-03-30 06:00"), "summer time has begun");
    let at_noon =
        Hours { quiet: Some(QuietHours { from: time("00:00"), to: time("12:00") }), weekdays: Vec::new() };
    assert_eq!(at_noon.next_allowed(Tz::UTC, at("2026-03-03 09:00")), at("2026-03-03 12:00"));
}

#[test]
fn the_first_mail_goes_out_at_once_and_the_rest_in_office_hours() {
    let pinned = Pinned { hours: office_hours(), ..Pinned::default() };
    let case = Case { zone: Tz::Europe__Berlin, ..case(0) };
    let first = act(&pinned, &case, after(0));
    assert_eq!(first.mail, Some(PaymentFailed), "on a Sunday at one in the morning");
    assert_eq!(first.next_at, Some(at("2026-03-02 07:00")));
    assert_eq!(
        pinned.due_at(&case.clock, case.zone, 3),
        Some(at("2026-03-09 07:00")),
        "from Sunday to Monday"
    );
}

#[test]
fn hours_in_which_nothing_could_happen_are_refused() {
    let quiet =
        |from, to| Hours { quiet: Some(QuietHours { from: time(from), to: time(to) }), ..Hours::default() };
    assert_eq!(quiet("22:00", "22:00").check(), Err(HoursError::Quiet));
    assert_eq!(quiet("22:00", "08:00").check(), Ok(()));
    let twice = Hours { weekdays: vec![Monday, Friday, Monday], ..Hours::default() };
    assert_eq!(twice.check(), Err(HoursError::Weekdays));
    assert_eq!(Pinned { hours: twice, ..Pinned::default() }.check(), Err(HoursError::Weekdays.into()));
}

#[test]
fn policies_that_card_networks_fine_are_refused() {
    let retry = |offset_s| Step { offset_s, retry: true, mail: None, on_failure: None };
    let with = |offsets: &[i64]| {
        let mut policy = Policy::default();
        let last = Step { offset_s: 90 * 86_400, ..policy.steps.remove(5) };
        policy.steps.truncate(1);
        policy.steps.extend(offsets.iter().map(|offset| retry(*offset)).chain([last]));
        policy.check()
    };
    let daily: Vec<i64> = (1..=16).map(|day| day * 86_400).collect();
    assert_eq!(with(&daily[..15]), Ok(()));
    assert_eq!(with(&daily), Err(PolicyError::Retries));
    assert_eq!(with(&[86_400, 86_400 + 3_600]), Err(PolicyError::RetryGap));
    let mut unknown = Policy::default();
    unknown.steps[1].mail = Some("greetings".into());
    assert_eq!(unknown.check(), Err(PolicyError::Mail));
}

#[test]
fn a_version_names_the_content_and_nothing_else() {
    let version = Pinned::default().version();
    assert_eq!(version, "dp_H3CB27UA7RWOGRON");
    let renumbered = Pinned::from(Policy { version: 7, ..Policy::default() });
    assert_eq!(renumbered.version(), version, "counting by hand changes nothing");
    let reordered =
        |weekdays| Pinned { hours: Hours { weekdays, ..Hours::default() }, ..Pinned::default() }.version();
    assert_eq!(reordered(vec![Monday, Friday]), reordered(vec![Friday, Monday]));
    let mut others = vec![version, reordered(vec![Monday])];
    for change in [
        (|policy| policy.steps[1].offset_s += 1) as fn(&mut Policy),
        |policy| policy.steps[1].retry = false,
        |policy| policy.steps[1].mail = Some("on_hold".into()),
        |policy| policy.steps[1].on_failure = Some(Hold),
        |policy| policy.unpaid_invoice = UnpaidInvoice::Leave,
    ] {
        let mut policy = Policy::default();
        change(&mut policy);
        others.push(Pinned::from(policy).version());
    }
    let count = others.len();
    others.sort();
    others.dedup();
    assert_eq!(others.len(), count, "every change is another version");
}

#[test]
fn cases_from_before_there_were_hours_are_still_read() {
    let old = r#"{"version":1,"steps":[{"offset_s":0,"retry":false,"mail":"payment_failed","on_failure":null}],"unpaid_invoice":"leave"}"#;
    let pinned: Pinned = serde_json::from_str(old).unwrap();
    assert_eq!((pinned.policy.steps.len(), pinned.hours), (1, Hours::default()));
    let full = Pinned { hours: office_hours(), ..Pinned::default() };
    assert_eq!(serde_json::from_str::<Pinned>(&serde_json::to_string(&full).unwrap()).unwrap(), full);
    let typed = r#"{"quiet":{"from":"20:00","to":"08:00"},"weekdays":["mon","tue","wed","thu","fri"]}"#;
    assert_eq!(serde_json::from_str::<Hours>(typed).unwrap(), office_hours());
}

#[test]
fn the_timeline_tells_the_default_policy_day_by_day() {
    let days: Vec<_> = timeline(&Policy::default())
        .into_iter()
        .map(|entry| (entry.offset_s / 86_400, entry.actions))
        .collect();
    let expected = [
        (0, vec![PastDue, Mail(PaymentFailed)]),
        (1, vec![Retry]),
        (3, vec![Retry]),
        (7, vec![Retry, Mail(OnHold), Subscription(Hold)]),
        (14, vec![Retry, Mail(PaymentReminder)]),
        (21, vec![Retry, Mail(FinalNotice), Subscription(Cancel), Invoice(UnpaidInvoice::Uncollectible)]),
    ];
    assert_eq!(days, expected);
}

#[test]
fn a_customer_may_try_five_times_a_day_by_hand() {
    let now = at("2026-03-02 12:00");
    let tries = |count: i64| (0..count).map(|i| now - TimeDelta::hours(i + 1)).collect::<Vec<_>>();
    let ask = |tries: &[Instant]| may_retry_by_hand(tries, false, MANUAL_RETRIES_PER_DAY, now);
    assert_eq!(ask(&tries(4)), Ok(()));
    assert_eq!(ask(&tries(5)), Err(ManualRefusal::TooMany { again_at: at("2026-03-03 07:00") }));
    assert_eq!(
        ask(&tries(7)),
        Err(ManualRefusal::TooMany { again_at: at("2026-03-03 07:00") }),
        "once there is room"
    );
    let yesterday = [now - TimeDelta::days(1); 5];
    assert_eq!(ask(&yesterday), Ok(()));
    assert_eq!(may_retry_by_hand(&[], true, 5, now), Err(ManualRefusal::AttemptOpen));
}

fn any_hours() -> impl Strategy<Value = Hours> {
    let minute = || (0..1440_u32).prop_map(|m| NaiveTime::from_hms_opt(m / 60, m % 60, 0).unwrap());
    let quiet = prop::option::of((minute(), minute()).prop_filter("not empty", |(from, to)| from != to));
    (quiet, prop::sample::subsequence(WeekDay::ALL.to_vec(), 0..=7)).prop_map(|(quiet, weekdays)| Hours {
        quiet: quiet.map(|(from, to)| QuietHours { from, to }),
        weekdays,
    })
}

fn any_zone() -> impl Strategy<Value = Tz> {
    prop::sample::select(vec![Tz::UTC, Tz::Europe__Berlin, Tz::America__Santiago, Tz::Australia__Lord_Howe])
}

proptest! {
    /// The moment found is allowed, not before the one asked for, and later questions never get earlier answers.
    #[test]
    fn hours_find_a_moment_and_keep_the_order(
        hours in any_hours(), zone in any_zone(), minute in 0..1_000_000_i64, later in 0..3_000_i64,
    ) {
        let moment = at("2026-01-01") + TimeDelta::minutes(minute);
        let found = hours.next_allowed(zone, moment);
        prop_assert!(moment <= found && found <= moment + TimeDelta::days(9));
        prop_assert_eq!(hours.next_allowed(zone, found), found);
        prop_assert!(found <= hours.next_allowed(zone, moment + TimeDelta::minutes(later)));
    }

    /// Whatever the hours, outages, declines and moments of looking: steps only advance, nothing happens while the
    /// provider is out of order, and the case ends.
    #[test]
    fn every_case_ends_whatever_happens(
        hours in any_hours(), zone in any_zone(), decline in prop::option::of(prop::sample::select(DeclineKind::ALL)),
        has_method: bool, outage in (0..20_i64, 0..10_i64), mut looks in prop::collection::vec(0..40_i64, 0..12),
    ) {
        let pinned = Pinned { hours, ..Pinned::default() };
        let (from, to) = (outage.0, outage.0 + outage.1);
        looks.extend([from, to, 48]);
        looks.sort_unstable();
        let mut case = Case { zone, decline, has_method, ..case(0) };
        for day in looks {
            case.clock = if (from..to).contains(&day) { case.clock.freeze(after(day)) } else { case.clock.thaw(after(day)) };
            while let Decision::Act(act) = decide(&pinned, &case, after(day)) {
                prop_assert!(!(from..to).contains(&day));
                prop_assert!(act.step > case.step && act.next_at.is_none_or(|next| next > after(day)));
                prop_assert!(!act.retry || (has_method && decline.is_none_or(DeclineKind::retryable)));
                prop_assert!(!act.retry || (act.consequence.is_none() && act.mail.is_none()));
                case.step = act.step;
            }
        }
        prop_assert_eq!(case.clock.frozen, TimeDelta::days(to - from));
        let end = Consequence { subscription: Cancel, invoice: Some(UnpaidInvoice::Uncollectible) };
        prop_assert_eq!(decide(&pinned, &case, after(48)), Decision::Exhausted(Some(end)));
    }
}
