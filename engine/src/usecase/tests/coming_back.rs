//! Back from hold after the unpaid period: that one is forgiven, and nothing else.

use super::shelf::{
    balance, call, change_to, decline_newest, declined, invoices, lines, mina, paid_change_to, pay_by_hand,
    pay_newest, plan, price, status, step, stock, subscribed,
};
use super::story_with;
use crate::ids::{CustomerId, SubscriptionId};
use crate::query::paying::paying;
use crate::store::events::Actor;
use crate::testing::{Business, TestShop};
use crate::usecase::change::{Confirmation, Wish};
use crate::usecase::coupon::{NewCoupon, create, redeem};
use crate::usecase::dun::take_step;
use crate::usecase::void::void;
use crate::usecase::write_off::write_off;
use chrono::TimeDelta;
use domain::discount::{Coupon, Lasts, Off};
use domain::invoice::state::InvoiceStatus;

/// Holds after a week, for good.
pub const HOLDS: &str = "[dunning]\nunpaid_invoice = \"leave\"\nsteps = [\n{ after_days = 0, mail = \"payment_failed\" },\n\
                     { after_days = 7, on_failure = \"hold\" },\n{ after_days = 300, on_failure = \"stay_on_hold\" }]\n";

/// As that, and gives the invoice up.
const GIVES_UP: &str = "[dunning]\nsteps = [\n{ after_days = 0, mail = \"payment_failed\" },\n\
                        { after_days = 7, on_failure = \"hold\" },\n{ after_days = 14, on_failure = \"stay_on_hold\" }]\n";

/// The second month is not paid: on hold after a week, the month long over.
fn lapses(shop: &TestShop, owner: &CustomerId, sub: &SubscriptionId) {
    let acme = &shop.acme;
    decline_newest(acme, owner);
    shop.clock.advance(TimeDelta::days(7));
    take_step(&acme.engine, &acme.id, &acme.newest_invoice(owner)).unwrap();
    assert_eq!(status(acme, sub), "on_hold");
    shop.clock.advance(TimeDelta::days(40));
    take_step(&acme.engine, &acme.id, &acme.newest_invoice(owner)).unwrap();
}

/// Pays by hand what the page shows, and is back.
fn comes_back(shop: &Business, owner: &CustomerId, sub: &SubscriptionId) {
    let stale = shop.newest_invoice(owner);
    assert_ne!(pay_by_hand(shop, owner, &stale), stale, "that of the new period");
    assert_eq!((status(shop, sub), balance(shop, owner)), ("active", 0));
}

#[test]
fn what_was_used_before_the_period_that_is_forgiven_is_billed_with_the_new_one() {
    story_with(HOLDS, |shop| {
        let acme = &shop.acme;
        stock(acme);
        let mina = mina(acme);
        let sub = subscribed(acme, &mina, "lite");
        let calls = Wish { addons: Some(vec![(price(acme, "calls"), 1)]), ..Wish::default() };
        assert_eq!(change_to(acme, &sub, &calls), Confirmation::Applied);
        call(acme, &sub, "in time", 40).unwrap();
        shop.clock.advance(TimeDelta::days(30));
        step(acme, &sub);
        assert_eq!(lines(acme, &acme.newest_invoice(&mina)), [1_000, 40]);
        lapses(shop, &mina, &sub);

        comes_back(acme, &mina, &sub);
        let written = invoices(acme, &mina);
        assert_eq!((written[1].status, written[1].amount_credited), (InvoiceStatus::Paid, 1_040));
        assert_eq!(lines(acme, &written[2].id), [1_000, 40]);
    });
}

#[test]
fn a_debt_that_the_stale_invoice_had_added_is_paid_with_the_new_one_and_it_is_active() {
    for dunning in [HOLDS, GIVES_UP] {
        story_with(&format!("[billing]\nsmallest_charge = 350\n{dunning}"), back_with_a_debt);
    }
}

fn back_with_a_debt(shop: &TestShop) {
    let acme = &shop.acme;
    stock(acme);
    let mina = mina(acme);
    let sub = subscribed(acme, &mina, "metered");
    call(acme, &sub, "few", 150).unwrap();
    shop.clock.advance(TimeDelta::days(30));
    step(acme, &sub);
    assert_eq!(balance(acme, &mina), -300, "too little to charge");
    call(acme, &sub, "many", 500).unwrap();
    shop.clock.advance(TimeDelta::days(31));
    step(acme, &sub);
    let stale = invoices(acme, &mina).remove(2);
    assert_eq!((stale.total, stale.due().unwrap().minor), (1_000, 1_300));
    lapses(shop, &mina, &sub);

    comes_back(acme, &mina, &sub);
    let written = invoices(acme, &mina);
    assert_eq!(written[2].status, InvoiceStatus::Paid);
    assert_eq!((written[3].total, written[3].amount_paid), (1_000, 1_300));
}

/// Redeems a coupon for one period.
pub fn a_fifth_off_once(acme: &Business, sub: &SubscriptionId) {
    let terms = Coupon { off: Off::Percent(200_000), lasts: Lasts::Once };
    let new = NewCoupon { code: "ONCE".to_owned(), terms, redeem_by: None };
    create(&acme.engine, &acme.id, new).unwrap();
    redeem(&acme.engine, &acme.id, sub, "ONCE", &Actor::Operator).unwrap();
}

#[test]
fn a_stale_invoice_of_which_nothing_is_left_to_take_back_keeps_nobody_away() {
    story_with(&format!("[billing]\nsmallest_charge = 350\n{HOLDS}"), |shop| {
        let acme = &shop.acme;
        stock(acme);
        let mina = mina(acme);
        let sub = subscribed(acme, &mina, "metered");
        call(acme, &sub, "few", 150).unwrap();
        shop.clock.advance(TimeDelta::days(30));
        step(acme, &sub);
        call(acme, &sub, "many", 500).unwrap();
        shop.clock.advance(TimeDelta::days(31));
        step(acme, &sub);
        lapses(shop, &mina, &sub);
        let stale = invoices(acme, &mina).remove(2);
        super::credit_part(acme, &stale.id, stale.total);
        pay_by_hand(acme, &mina, &stale.id);
        assert_eq!((status(acme, &sub), balance(acme, &mina)), ("active", 0));
    });
}

#[test]
fn a_coupon_for_one_period_holds_for_the_new_one_when_its_own_is_forgiven() {
    story_with(HOLDS, |shop| {
        let acme = &shop.acme;
        stock(acme);
        let mina = mina(acme);
        let sub = subscribed(acme, &mina, "lite");
        a_fifth_off_once(acme, &sub);
        shop.clock.advance(TimeDelta::days(30));
        step(acme, &sub);
        lapses(shop, &mina, &sub);
        comes_back(acme, &mina, &sub);
        shop.clock.advance(TimeDelta::days(31));
        step(acme, &sub);
        let totals: Vec<i64> = invoices(acme, &mina).iter().map(|invoice| invoice.total).collect();
        assert_eq!(totals, [1_000, 800, 800, 1_000]);
        pay_newest(acme, &mina);
    });
}

#[test]
fn a_coupon_waits_while_there_is_nothing_to_take_it_off() {
    story_with("", |shop| {
        let acme = &shop.acme;
        stock(acme);
        let mina = mina(acme);
        let sub = subscribed(acme, &mina, "metered");
        a_fifth_off_once(acme, &sub);
        shop.clock.advance(TimeDelta::days(30));
        step(acme, &sub);
        paid_change_to(acme, &sub, &plan(acme, "lite"));
        shop.clock.advance(TimeDelta::days(31));
        step(acme, &sub);
        assert_eq!(lines(acme, &acme.newest_invoice(&mina)), [800]);
    });
}

#[test]
fn an_older_debt_that_is_paid_by_hand_begins_no_period_that_its_page_does_not_announce() {
    story_with(HOLDS, |shop| {
        let acme = &shop.acme;
        let (mina, sub) = declined(shop);
        let older = acme.newest_invoice(&mina);
        write_off(&acme.engine, &acme.id, &older, Actor::Operator).unwrap();
        shop.clock.advance(TimeDelta::days(31));
        step(acme, &sub);
        lapses(shop, &mina, &sub);
        void(&acme.engine, &acme.id, &acme.newest_invoice(&mina), Actor::Operator).unwrap();

        let page = acme.engine.read(&acme.id, |conn, scope| paying(conn, scope, &mina, &older)).unwrap();
        assert!(page.held.is_none(), "it says nothing of coming back");
        pay_by_hand(acme, &mina, &older);
        let written = invoices(acme, &mina);
        assert_eq!((written.len(), written[1].status), (3, InvoiceStatus::Paid));
        assert_eq!(status(acme, &sub), "on_hold");
    });
}
