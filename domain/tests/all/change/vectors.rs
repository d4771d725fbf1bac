//! The amounts that the specification names.

use super::*;
use domain::discount::{Coupon, Lasts, Off, Redemption};
use domain::money::Money;
use domain::subscription::change::prorate::Granularity;

#[test]
fn an_upgrade_credits_what_is_left_and_charges_what_comes() {
    let table = [
        // from, to, period, on, credit, charge, net
        (500, 2000, ("2026-04-01", "2026-05-01"), "2026-04-02", 483, 1933, 1450),
        (1000, 2000, ("2026-03-01", "2026-04-01"), "2026-03-12", 645, 1290, 645),
    ];
    for (from, to, (start, end), on, credit, charge, net) in table {
        let change = change(&subscribed(&[plan(from)], start, end), &[plan(to)], &all_now(), on);
        assert_eq!(amounts(&change), [-credit, charge]);
        assert_eq!(amounts(&change).iter().sum::<i64>(), net);
    }
}

#[test]
fn a_second_upgrade_credits_what_the_first_has_billed() {
    let mut facts = subscribed(&[plan(1000)], "2026-03-01", "2026-04-01");
    let first = change(&facts, &[plan(2000)], &all_now(), "2026-03-12");
    carry_out(&mut facts, &first);
    let second = change(&facts, &[plan(5000)], &all_now(), "2026-03-22");
    assert_eq!(amounts(&second), [-645, 1613], "the credit is 10 of the 20 days for which 1290 were billed");
    assert_eq!(amounts(&second).iter().sum::<i64>(), 968);
}

#[test]
fn yen_have_no_cents() {
    let yen = |unit_amount| Item { currency: "JPY".parse().unwrap(), ..plan(unit_amount) };
    let facts = subscribed(&[yen(1000)], "2026-03-01", "2026-04-01");
    assert_eq!(amounts(&change(&facts, &[yen(3000)], &all_now(), "2026-03-11")), [-677, 2032]);
}

#[test]
fn a_line_carries_the_arithmetic_that_made_it() {
    let facts = subscribed(&[plan(500)], "2026-04-01", "2026-05-01");
    let change = change(&facts, &[plan(2000)], &all_now(), "2026-04-02");
    let charge = &change.lines[1].share;
    assert_eq!((charge.full, charge.part, charge.whole), (2000, 2_505_600, 2_592_000));
    for line in &change.lines {
        assert_eq!(line.share.net_of_discount().unwrap(), line.net_of_discount().abs());
    }
}

#[test]
fn by_the_day_the_day_of_the_change_belongs_to_the_new_plan() {
    let by_day = ChangePolicy { granularity: Granularity::Day, ..all_now() };
    let facts = subscribed(&[plan(1000)], "2026-03-01 10:00", "2026-04-01 10:00");
    for time in ["00:00", "09:59", "10:01", "23:59"] {
        let change = change(&facts, &[plan(2000)], &by_day, &format!("2026-03-12 {time}"));
        assert_eq!(amounts(&change), [-645, 1290], "{time}");
    }
    let late = change(&facts, &[plan(2000)], &by_day, "2026-04-01 09:00");
    assert!(late.lines.is_empty(), "no day is left");
}

#[test]
fn civil_days_are_those_of_the_billing_zone() {
    let mut facts = subscribed(&[plan(1000)], "2026-03-01", "2026-04-01");
    facts.sub.schedule.anchor.zone = chrono_tz::Tz::Asia__Tokyo;
    let by_day = ChangePolicy { granularity: Granularity::Day, ..all_now() };
    // In Tokyo it is the 13th already: 19 days are left.
    assert_eq!(amounts(&change(&facts, &[plan(2000)], &by_day, "2026-03-12 18:00")), [-613, 1226]);
}

#[test]
fn an_hour_that_is_skipped_or_repeated_is_no_day() {
    let mut facts = subscribed(&[plan(3100)], "2026-02-28 23:00", "2026-03-31 22:00");
    facts.sub.schedule.anchor.zone = chrono_tz::Tz::Europe__Berlin;
    let by_day = ChangePolicy { granularity: Granularity::Day, ..all_now() };
    // Berlin moves its clocks on 29 March; 1 March to 1 April stay 31 days of 100 each.
    for (on, credit) in [("2026-03-28 12:00", 400), ("2026-03-29 12:00", 300), ("2026-03-30 12:00", 200)] {
        assert_eq!(amounts(&change(&facts, &[plan(6200)], &by_day, on)), [-credit, 2 * credit], "{on}");
    }
}

#[test]
fn an_amount_off_is_taken_from_the_whole_period_and_then_prorated() {
    let coupon = Coupon { off: Off::Amount(Money::new(300, plan(0).currency)), lasts: Lasts::Once };
    let mut facts = subscribed(&[plan(1000)], "2026-03-01", "2026-04-01");
    facts.discounts = vec![Redemption { coupon, periods_used: 1 }];
    bill_in_full(&mut facts);
    let change = change(&facts, &[plan(2000)], &all_now(), "2026-03-12");
    assert_eq!(amounts(&change), [-452, 1097], "20 of 31 days of 700, and of 1700");
    let charge = &change.lines[1];
    assert_eq!((charge.amount, charge.discount), (1290, 193), "shown as price and discount");
}

#[test]
fn an_amount_off_that_is_shared_with_a_new_item_is_shared_anew() {
    let coupon = Coupon { off: Off::Amount(Money::new(300, plan(0).currency)), lasts: Lasts::Forever };
    let mut facts = subscribed(&[plan(1000)], "2026-03-01", "2026-04-01");
    facts.discounts = vec![Redemption { coupon, periods_used: 1 }];
    bill_in_full(&mut facts);
    let change = change(&facts, &[plan(1000), addon(500)], &all_now(), "2026-03-12");
    assert_eq!(amounts(&change), [-452, 516, 258], "20 of 31 days of 700 back, of 800 and of 400");
}

#[test]
fn a_coupon_that_is_used_up_takes_nothing_off_a_period_that_begins_anew() {
    let coupon = Coupon { off: Off::Percent(500_000), lasts: Lasts::Once };
    let mut facts = subscribed(&[plan(1000)], "2026-03-01", "2026-04-01");
    facts.discounts = vec![Redemption { coupon, periods_used: 1 }];
    bill_in_full(&mut facts);
    let change = change(&facts, &[yearly(plan(10_000))], &all_now(), "2026-03-12");
    assert_eq!(amounts(&change), [-323, 10_000]);
}

#[test]
fn what_a_credit_note_gave_back_is_not_given_back_again() {
    let mut facts = subscribed(&[plan(1000)], "2026-03-01", "2026-04-01");
    facts.spans[0].credited = 900;
    assert_eq!(amounts(&change(&facts, &[plan(2000)], &all_now(), "2026-03-12")), [-100, 1290]);
    facts.spans[0].credited = 1000;
    assert_eq!(amounts(&change(&facts, &[plan(2000)], &all_now(), "2026-03-12")), [1290]);
}

#[test]
fn back_and_forth_at_one_instant_costs_nothing() {
    let mut facts = subscribed(&[plan(1000)], "2026-03-01", "2026-04-01");
    let there = change(&facts, &[plan(2000)], &all_now(), "2026-03-12 07:13");
    carry_out(&mut facts, &there);
    let back = change(&facts, &[plan(1000)], &all_now(), "2026-03-12 07:13");
    assert_eq!(amounts(&there).iter().chain(&amounts(&back)).sum::<i64>(), 0);
}
