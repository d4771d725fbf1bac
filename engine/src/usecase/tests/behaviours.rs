//! How a change is billed, by setting: on the next invoice, from a new period on, or not at all.

use super::shelf::{
    balance, call, cancel_now, change_to, code_of, invoices, lines, mina, paid_change_to, pay_newest, plan,
    price, step, stock, subscribed,
};
use super::story_with;
use crate::ids::{CustomerId, InvoiceId, SubscriptionId};
use crate::store::events::Actor;
use crate::testing::TestShop;
use crate::usecase::change::{Confirmation, Wish};
use crate::usecase::credit::{CreditRequest, credit};
use crate::usecase::void::void;
use chrono::TimeDelta;
use domain::invoice::credit_note::{CreditReason, Request, Settlement};
use domain::invoice::state::{BillingReason, InvoiceStatus};

/// What changes goes on the next invoice, whichever way it goes.
const NEXT_INVOICE: &str = "[changes]\nupgrade = \"now_next_invoice\"\ndowngrade = \"now_next_invoice\"\n";

#[test]
fn what_the_next_invoice_gives_back_beyond_its_charges_pays_those_after_it() {
    story_with(NEXT_INVOICE, |shop| {
        let acme = &shop.acme;
        stock(acme);
        let mina = mina(acme);
        let sub = subscribed(acme, &mina, "pro-monthly");
        shop.clock.advance(TimeDelta::days(3));
        assert_eq!(change_to(acme, &sub, &plan(acme, "lite")), Confirmation::Applied);
        assert_eq!(invoices(acme, &mina).len(), 1, "nothing is billed before the next invoice");

        shop.clock.advance(TimeDelta::days(27));
        step(acme, &sub);
        let renewal = invoices(acme, &mina).remove(1);
        assert_eq!(lines(acme, &renewal.id), [1_000, -2_610, 900]);
        assert_eq!((renewal.total, renewal.status, balance(acme, &mina)), (-710, InvoiceStatus::Paid, 710));
        shop.clock.advance(TimeDelta::days(31));
        step(acme, &sub);
        let after = invoices(acme, &mina).remove(2);
        assert_eq!((after.credit_applied, after.due().unwrap().minor, balance(acme, &mina)), (710, 290, 0));
    });
}

#[test]
fn there_and_back_before_the_next_invoice_is_billed_line_by_line() {
    story_with(NEXT_INVOICE, |shop| {
        let acme = &shop.acme;
        stock(acme);
        let mina = mina(acme);
        let sub = subscribed(acme, &mina, "lite");
        shop.clock.advance(TimeDelta::days(3));
        change_to(acme, &sub, &plan(acme, "pro-monthly"));
        shop.clock.advance(TimeDelta::days(3));
        change_to(acme, &sub, &plan(acme, "lite"));
        shop.clock.advance(TimeDelta::days(24));
        step(acme, &sub);
        let renewal = acme.newest_invoice(&mina);
        assert_eq!(lines(acme, &renewal), [1_000, -900, 2_610, -2_320, 800]);
        pay_newest(acme, &mina);
    });
}

#[test]
fn credits_that_wait_when_a_subscription_ends_are_the_customers_and_the_usage_beside_them_is_billed() {
    story_with(NEXT_INVOICE, |shop| {
        let acme = &shop.acme;
        stock(acme);
        let mina = mina(acme);
        let sub = subscribed(acme, &mina, "pro-monthly");
        let calls = Wish { addons: Some(vec![(price(acme, "calls"), 1)]), ..Wish::default() };
        change_to(acme, &sub, &calls);
        call(acme, &sub, "monday", 50).unwrap();
        shop.clock.advance(TimeDelta::days(3));
        change_to(acme, &sub, &plan(acme, "lite"));
        cancel_now(acme, &mina, &sub);
        let last = invoices(acme, &mina).remove(1);
        assert_eq!((last.reason, last.status), (BillingReason::Final, InvoiceStatus::Paid));
        assert_eq!((lines(acme, &last.id), balance(acme, &mina)), (vec![50, -2_610, 900], 1_660));
    });
}

/// Up waits for the next invoice, down is billed at once.
pub const UP_NEXT_DOWN_NOW: &str = "[changes]\nupgrade = \"now_next_invoice\"\ndowngrade = \"now_invoice\"\n";

/// On "Lite", up to "Pro" after ten of 30 days, and after twenty to "Pro" by the year, which is cheaper: what waited was
/// given back at once.
fn up_and_down(shop: &TestShop) -> (CustomerId, SubscriptionId) {
    let acme = &shop.acme;
    stock(acme);
    let mina = mina(acme);
    let sub = subscribed(acme, &mina, "lite");
    shop.clock.advance(TimeDelta::days(10));
    change_to(acme, &sub, &plan(acme, "pro-monthly"));
    shop.clock.advance(TimeDelta::days(10));
    let yearly = paid_change_to(acme, &sub, &plan(acme, "pro-yearly"));
    assert_eq!(lines(acme, &yearly), [-967, 29_000]);
    (mina, sub)
}

/// As [`up_and_down`], and what waited is billed a year later.
pub fn billed_after_it_was_given_back(shop: &TestShop) -> (CustomerId, SubscriptionId, InvoiceId) {
    let (mina, sub) = up_and_down(shop);
    shop.clock.advance(TimeDelta::days(366));
    step(&shop.acme, &sub);
    let renewal = shop.acme.newest_invoice(&mina);
    assert_eq!(lines(&shop.acme, &renewal), [29_000, -667, 1_933]);
    (mina, sub, renewal)
}

#[test]
fn what_waits_may_be_given_back_before_it_is_billed() {
    story_with(UP_NEXT_DOWN_NOW, |shop| {
        up_and_down(shop);
    });
}

#[test]
fn what_was_given_back_while_it_waited_is_not_credited_again() {
    story_with(UP_NEXT_DOWN_NOW, |shop| {
        let (mina, _, renewal) = billed_after_it_was_given_back(shop);
        let request = CreditRequest {
            invoice: renewal.clone(),
            what: Request::Whole,
            reason: CreditReason::Goodwill,
            comment: None,
            settlement: Settlement::Balance,
        };
        let note = credit(&shop.acme.engine, &shop.acme.id, request, Actor::Operator).unwrap();
        assert_eq!(note.total, 29_000 - 667 + 1_933 - 967);
        assert_eq!(balance(&shop.acme, &mina), 0, "none of it was paid");
    });
}

#[test]
fn an_invoice_is_not_withdrawn_once_a_line_of_it_was_given_back_while_it_waited() {
    story_with(UP_NEXT_DOWN_NOW, |shop| {
        let (_, _, renewal) = billed_after_it_was_given_back(shop);
        let withdrawn = void(&shop.acme.engine, &shop.acme.id, &renewal, Actor::Operator);
        assert_eq!(code_of(withdrawn), "not_voidable");
    });
    let settings = format!("{UP_NEXT_DOWN_NOW}[ending]\nopen_invoices = \"void\"\n");
    story_with(&settings, |shop| {
        let (mina, sub, renewal) = billed_after_it_was_given_back(shop);
        cancel_now(&shop.acme, &mina, &sub);
        let left = invoices(&shop.acme, &mina).remove(2);
        let still_owed = (&left.id, left.due().unwrap().minor, left.status);
        assert_eq!(still_owed, (&renewal, 967, InvoiceStatus::Open), "what came off the yearly invoice");
    });
}

#[test]
fn a_reset_begins_a_full_period_once_paid_and_forfeits_the_old_one() {
    story_with("[changes]\nupgrade = \"reset\"\n", |shop| {
        let acme = &shop.acme;
        stock(acme);
        let mina = mina(acme);
        let sub = subscribed(acme, &mina, "lite");
        shop.clock.advance(TimeDelta::days(10));
        let reset = paid_change_to(acme, &sub, &plan(acme, "pro-monthly"));
        assert_eq!(lines(acme, &reset), [2_900]);
        shop.clock.advance(TimeDelta::days(29));
        step(acme, &sub);
        assert_eq!(invoices(acme, &mina).len(), 2, "the old period's end means nothing any more");
        shop.clock.advance(TimeDelta::days(1));
        step(acme, &sub);
        assert_eq!(lines(acme, &acme.newest_invoice(&mina)), [2_900]);
        assert_eq!(invoices(acme, &mina).len(), 3);
    });
}

#[test]
fn with_none_a_change_costs_nothing_until_the_next_period() {
    story_with("[changes]\nupgrade = \"none\"\n", |shop| {
        let acme = &shop.acme;
        stock(acme);
        let mina = mina(acme);
        let sub = subscribed(acme, &mina, "lite");
        shop.clock.advance(TimeDelta::days(10));
        assert_eq!(change_to(acme, &sub, &plan(acme, "pro-monthly")), Confirmation::Applied);
        shop.clock.advance(TimeDelta::days(20));
        step(acme, &sub);
        let totals: Vec<i64> = invoices(acme, &mina).iter().map(|invoice| invoice.total).collect();
        assert_eq!(totals, [1_000, 2_900]);
    });
}
