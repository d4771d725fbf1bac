//! Invoices that are worth less than what they bill, since they give back a part of others: what comes back of them.

use super::endings::{CREDIT, given_back, ten_days_in};
use super::shelf::{cancel_now, invoices, lines, paid_change_to, plan};
use super::{story, story_with};
use crate::ids::{CustomerId, SubscriptionId};
use crate::store::events::Actor;
use crate::testing::TestShop;
use crate::usecase::credit::{CreditRequest, credit};
use domain::invoice::credit_note::{CreditReason, Request, Settlement};

/// From "Lite" up to "Pro" after ten of 30 days; and the invoice of that, all of which has been refunded.
fn upgrade_undone(shop: &TestShop) -> (CustomerId, SubscriptionId) {
    let acme = &shop.acme;
    let (mina, sub) = ten_days_in(shop);
    let invoice = paid_change_to(acme, &sub, &plan(acme, "pro-monthly"));
    assert_eq!(lines(acme, &invoice), [-667, 1_933]);
    let (what, reason, settlement) = (Request::Whole, CreditReason::Goodwill, Settlement::Refund);
    let request = CreditRequest { invoice, what, reason, comment: None, settlement };
    let note = credit(&acme.engine, &acme.id, request, Actor::Operator).unwrap();
    assert_eq!(note.to_refund, 1_266);
    (mina, sub)
}

#[test]
fn what_a_credited_upgrade_gave_back_is_given_back_by_the_next_change() {
    story(|shop| {
        let (_, sub) = upgrade_undone(shop);
        let yearly = paid_change_to(&shop.acme, &sub, &plan(&shop.acme, "pro-yearly"));
        assert_eq!(lines(&shop.acme, &yearly), [-667, 29_000]);
    });
}

#[test]
fn what_a_credited_upgrade_gave_back_comes_back_at_the_end() {
    story_with(CREDIT, |shop| {
        let (mina, sub) = upgrade_undone(shop);
        cancel_now(&shop.acme, &mina, &sub);
        assert_eq!(given_back(&shop.acme, &invoices(&shop.acme, &mina)[0].id), (0, 667, 0));
    });
}
