//! What is used is billed, whatever becomes of the plan that counts it.

use super::shelf::{
    balance, call, call_at, cancel_now, change_to, code_of, invoices, lines, mina, paid_change_to,
    pay_newest, plan, price, quoted, step, stock, subscribed,
};
use super::{story, story_with};
use crate::ids::{CustomerId, SubscriptionId};
use crate::testing::TestShop;
use crate::usecase::cancel::{CancelRequest, cancel};
use crate::usecase::change::{Confirmation, Wish};
use chrono::TimeDelta;
use domain::invoice::state::{BillingReason, InvoiceStatus};
use domain::subscription::cancel::CancelTiming;

/// Ten days into the first month of the metered plan, with a hundred calls.
fn hundred_calls(shop: &TestShop) -> (CustomerId, SubscriptionId) {
    let acme = &shop.acme;
    stock(acme);
    let mina = mina(acme);
    let sub = subscribed(acme, &mina, "metered");
    shop.clock.advance(TimeDelta::days(10));
    call(acme, &sub, "monday", 100).unwrap();
    (mina, sub)
}

#[test]
fn calls_before_a_change_to_a_flat_plan_are_billed_by_the_plan_that_counted_them() {
    story(|shop| {
        let acme = &shop.acme;
        let (mina, sub) = hundred_calls(shop);
        assert_eq!(quoted(acme, &sub, &plan(acme, "pro-monthly")).used, 200, "said to come later");
        let changed = paid_change_to(acme, &sub, &plan(acme, "pro-monthly"));
        assert_eq!(lines(acme, &changed).len(), 1, "what is charged now, and nothing else");
        assert_eq!(code_of(call(acme, &sub, "tuesday", 1)), "not_metered");

        shop.clock.advance(TimeDelta::days(20));
        step(acme, &sub);
        assert_eq!(lines(acme, &acme.newest_invoice(&mina)), [2_900, 200], "a hundred calls at 2 cents");
        pay_newest(acme, &mina);
        shop.clock.advance(TimeDelta::days(31));
        step(acme, &sub);
        assert_eq!(lines(acme, &acme.newest_invoice(&mina)), [2_900], "once");
    });
}

#[test]
fn who_leaves_after_such_a_change_owes_them_on_the_last_invoice() {
    story(|shop| {
        let acme = &shop.acme;
        let (mina, sub) = hundred_calls(shop);
        assert_eq!(quoted(acme, &sub, &plan(acme, "pro-yearly")).used, 200);
        paid_change_to(acme, &sub, &plan(acme, "pro-yearly"));
        cancel_now(acme, &mina, &sub);
        let written = invoices(acme, &mina);
        let last = written.last().unwrap();
        assert_eq!((last.reason, lines(acme, &last.id)), (BillingReason::Final, vec![200]));
    });
}

#[test]
fn what_is_used_before_a_late_renewal_takes_the_meter_away_is_on_its_invoice() {
    story(|shop| {
        let acme = &shop.acme;
        stock(acme);
        let mina = mina(acme);
        let sub = subscribed(acme, &mina, "pro-monthly");
        let calls = |addons| Wish { addons: Some(addons), ..Wish::default() };
        let with = calls(vec![(price(acme, "calls"), 1)]);
        assert_eq!(change_to(acme, &sub, &with), Confirmation::Applied);
        assert!(matches!(change_to(acme, &sub, &calls(Vec::new())), Confirmation::Scheduled(_)));
        call(acme, &sub, "in time", 40).unwrap();
        shop.clock.advance(TimeDelta::days(30) + TimeDelta::hours(1));
        call(acme, &sub, "before the worker came", 7).unwrap();
        step(acme, &sub);
        assert_eq!(lines(acme, &acme.newest_invoice(&mina)), [2_900, 47]);
        assert_eq!(code_of(call(acme, &sub, "afterwards", 1)), "not_metered");
    });
}

#[test]
fn what_was_too_little_to_charge_is_still_owed_after_the_end_and_collected_with_whatever_comes_next() {
    story_with("[billing]\nsmallest_charge = 350\n", |shop| {
        let acme = &shop.acme;
        stock(acme);
        let mina = mina(acme);
        let sub = subscribed(acme, &mina, "metered");
        call(acme, &sub, "few", 150).unwrap();
        shop.clock.advance(TimeDelta::days(30));
        step(acme, &sub);
        let small = invoices(acme, &mina).remove(1);
        assert_eq!((small.status, small.carried_forward), (InvoiceStatus::Paid, 300));
        cancel_now(acme, &mina, &sub);
        assert_eq!(
            (invoices(acme, &mina).len(), balance(acme, &mina)),
            (2, -300),
            "neither billed nor forgiven"
        );

        shop.clock.advance(TimeDelta::days(100));
        subscribed(acme, &mina, "lite");
        let next = invoices(acme, &mina).remove(2);
        assert_eq!((next.total, next.amount_paid, balance(acme, &mina)), (1_000, 1_300, 0));
    });
}

#[test]
fn what_a_fast_clock_dates_ahead_is_billed_though_its_subscription_ends_before() {
    story(|shop| {
        let acme = &shop.acme;
        let (mina, sub) = hundred_calls(shop);
        let ahead =
            acme.engine.read(&acme.id, |_, scope| Ok(scope.now.billing)).unwrap() + TimeDelta::minutes(2);
        call_at(acme, &sub, "ahead", 50, Some(ahead)).unwrap();
        cancel_now(acme, &mina, &sub);
        assert_eq!(lines(acme, &acme.newest_invoice(&mina)), [300]);
    });
}

#[test]
fn from_a_scheduled_end_on_nothing_is_taken_in() {
    story(|shop| {
        let acme = &shop.acme;
        let (mina, sub) = hundred_calls(shop);
        let timing = CancelTiming::AtPeriodEnd;
        let request =
            CancelRequest { subscription: sub.clone(), timing, reason: None, comment: None, shown: None };
        cancel(&acme.engine, &acme.id, &mina, request).unwrap();
        shop.clock.advance(TimeDelta::days(20) + TimeDelta::hours(1));
        assert_eq!(code_of(call(acme, &sub, "too late", 7)), "outside_subscription");
        step(acme, &sub);
        let last = acme.newest_invoice(&mina);
        assert_eq!(lines(acme, &last), [200]);
    });
}
