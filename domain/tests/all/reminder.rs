use crate::at;
use chrono::TimeDelta;
use chrono_tz::Tz;
use domain::reminder::ReminderKind::{self, CardExpiring, RenewalUpcoming, TrialEnding};
use domain::reminder::{
    CardFacts, Planned, ReminderPolicy, RenewalFacts, WinBackFacts, WinBackMail, WinBackRule,
    card_expires_at, of_card, of_subscription, usual_win_back, win_back,
};
use domain::subscription::cancel::CancelReason;
use domain::subscription::state::SubscriptionStatus::{self, Active, OnHold, PastDue, Paused, Trialing};
use proptest::prelude::*;

fn sub(status: SubscriptionStatus, start: &str, end: &str) -> RenewalFacts<'static> {
    let (period_start, period_end) = (at(start), at(end));
    RenewalFacts { id: "sub_1", status, period_start, period_end, stops_at: None, next_amount: 1900 }
}

fn trial(start: &str, end: &str) -> RenewalFacts<'static> {
    sub(Trialing, start, end)
}

fn year() -> RenewalFacts<'static> {
    sub(Active, "2026-01-15", "2027-01-15")
}

fn planned(facts: &RenewalFacts) -> Option<Planned<ReminderKind>> {
    of_subscription(facts, &ReminderPolicy::default())
}

#[test]
fn a_trial_is_reminded_of_three_days_before_its_end() {
    let reminder = planned(&trial("2026-03-01", "2026-03-15")).unwrap();
    assert_eq!((reminder.kind, reminder.due_at), (TrialEnding, at("2026-03-12")));
    assert!(
        reminder.is_due(at("2026-03-12")) && reminder.is_due(at("2026-03-14 23:59")),
        "late, but in time"
    );
    assert!(!reminder.is_due(at("2026-03-11 23:59")) && !reminder.is_due(at("2026-03-15")));
}

#[test]
fn a_short_trial_is_reminded_of_a_day_before_and_one_of_hours_not_at_all() {
    let due = |end| planned(&trial("2026-03-01", end)).map(|reminder| reminder.due_at);
    assert_eq!(due("2026-03-04"), Some(at("2026-03-03")));
    assert_eq!(due("2026-03-02"), Some(at("2026-03-01")));
    assert_eq!(due("2026-03-01 23:00"), None);
}

#[test]
fn a_yearly_renewal_is_announced_two_weeks_before_and_a_monthly_one_is_not() {
    let reminder = planned(&year()).unwrap();
    assert_eq!(
        (reminder.kind, reminder.due_at, reminder.until),
        (RenewalUpcoming, at("2027-01-01"), at("2027-01-15"))
    );
    assert_eq!(planned(&sub(Active, "2026-01-15", "2026-02-15")), None);
}

#[test]
fn who_will_not_be_charged_is_not_reminded() {
    for facts in [trial("2026-03-01", "2026-03-15"), year()] {
        assert_eq!(planned(&RenewalFacts { stops_at: Some(facts.period_end), ..facts }), None, "cancelling");
        assert_eq!(planned(&RenewalFacts { next_amount: 0, ..facts }), None, "free");
        let later = Some(facts.period_end + TimeDelta::days(1));
        assert!(
            planned(&RenewalFacts { stops_at: later, ..facts }).is_some(),
            "charged once more before the end"
        );
    }
    for status in [PastDue, OnHold, Paused] {
        assert_eq!(planned(&RenewalFacts { status, ..year() }), None, "{status}");
    }
    let off = ReminderPolicy { trial_days: 0, renewal_days: 0, card_days: 0, ..ReminderPolicy::default() };
    assert_eq!(of_subscription(&trial("2026-03-01", "2026-03-15"), &off), None);
    assert_eq!(of_subscription(&year(), &off), None);
    assert_eq!(of_card(&card(), &off), None);
}

#[test]
fn one_reminder_a_date() {
    let key = |end| planned(&trial("2026-03-01", end)).unwrap().dedupe_key;
    assert_eq!(key("2026-03-15"), "sub_1:trial_ending:20260315T000000");
    assert_ne!(key("2026-03-15"), key("2026-03-22"), "an extended trial is reminded of again");
}

/// Good until the end of November 2026, in Berlin, and charged on 15 January.
fn card() -> CardFacts<'static> {
    CardFacts {
        id: "pm_1",
        exp_year: 2026,
        exp_month: 11,
        zone: Tz::Europe__Berlin,
        next_charge_at: Some(at("2027-01-15")),
    }
}

#[test]
fn a_card_is_good_until_its_month_is_over_where_the_customer_lives() {
    assert_eq!(card_expires_at(&card()), Some(at("2026-11-30 23:00")));
    assert_eq!(card_expires_at(&CardFacts { exp_month: 12, ..card() }), Some(at("2026-12-31 23:00")));
    assert_eq!(card_expires_at(&CardFacts { exp_month: 13, ..card() }), None);
}

#[test]
fn a_card_that_expires_before_its_next_charge_is_mentioned_once() {
    let reminder = of_card(&card(), &ReminderPolicy::default()).unwrap();
    assert_eq!((reminder.kind, reminder.due_at), (CardExpiring, at("2026-10-31 23:00")));
    assert!(reminder.is_due(at("2026-12-24")), "still time to change it");
    assert_eq!(reminder.dedupe_key, "pm_1:card_expiring:2026-11");
    let silent =
        |next_charge_at| of_card(&CardFacts { next_charge_at, ..card() }, &ReminderPolicy::default());
    assert_eq!(silent(None), None, "no subscription needs it");
    assert_eq!(silent(Some(at("2026-11-15"))), None, "charged before it expires");
}

fn left(reason: Option<CancelReason>) -> WinBackFacts<'static> {
    WinBackFacts {
        id: "sub_1",
        ended_at: at("2026-03-15"),
        by_customer: true,
        reason,
        marketing_opt_in: true,
        stays: false,
    }
}

#[test]
fn feedback_chooses_the_word_after_the_end() {
    let mails: Vec<_> = CancelReason::ALL
        .iter()
        .map(|reason| {
            let mail = win_back(&left(Some(*reason)), &usual_win_back()).unwrap();
            format!("{reason} {} {}", mail.kind, (mail.due_at - at("2026-03-15")).num_days())
        })
        .collect();
    assert_eq!(
        mails,
        [
            "too_expensive win_back_offer 7",
            "missing_features win_back_survey 3",
            "switched_service win_back_offer 30",
            "unused win_back_help 14",
            "customer_service win_back_apology 1",
            "low_quality win_back_apology 1",
            "too_complex win_back_help 3",
            "other win_back_survey 3",
        ]
    );
    assert_eq!(win_back(&left(None), &usual_win_back()), None, "no feedback, no word");
}

#[test]
fn a_rule_without_a_reason_answers_all_the_others() {
    let rules = [
        WinBackRule { reason: None, mail: WinBackMail::Survey, after_days: 2 },
        WinBackRule { reason: Some(CancelReason::Unused), mail: WinBackMail::Help, after_days: 9 },
    ];
    let kind = |reason| win_back(&left(reason), &rules).unwrap().kind;
    assert_eq!(kind(None), WinBackMail::Survey);
    assert_eq!(kind(Some(CancelReason::Other)), WinBackMail::Survey);
    assert_eq!(kind(Some(CancelReason::Unused)), WinBackMail::Help);
}

#[test]
fn nobody_is_won_back_who_did_not_leave_or_does_not_want_mail() {
    let facts = left(Some(CancelReason::TooExpensive));
    let silent = |facts| win_back(&facts, &usual_win_back()).is_none();
    assert!(silent(WinBackFacts { by_customer: false, ..facts }), "cancelled for want of payment");
    assert!(silent(WinBackFacts { marketing_opt_in: false, ..facts }));
    assert!(silent(WinBackFacts { stays: true, ..facts }));
}

#[test]
fn a_word_that_is_months_late_is_not_said() {
    let mail = win_back(&left(Some(CancelReason::TooExpensive)), &usual_win_back()).unwrap();
    assert!(mail.is_due(at("2026-03-22")) && !mail.is_due(at("2026-04-05")));
    assert_eq!(mail.dedupe_key, "sub_1:win_back", "once, whatever the rules become");
}

proptest! {
    /// A reminder is never planned outside the period it is about, and looking every hour finds its window.
    #[test]
    fn a_reminder_comes_within_the_period_and_before_the_money(
        status in prop::sample::select(SubscriptionStatus::ALL), hours in 1..10_000_i64, trial_days in 0..20_u32,
        renewal_days in 0..400_u32,
    ) {
        let start = at("2026-01-15");
        let facts = RenewalFacts { period_end: start + TimeDelta::hours(hours), ..sub(status, "2026-01-15", "2026-01-15") };
        let policy = ReminderPolicy { trial_days, renewal_days, ..ReminderPolicy::default() };
        if let Some(reminder) = of_subscription(&facts, &policy) {
            prop_assert!(start <= reminder.due_at && reminder.due_at < reminder.until);
            prop_assert!(reminder.until == facts.period_end && reminder.is_due(facts.period_end - TimeDelta::hours(1)));
        }
    }
}
