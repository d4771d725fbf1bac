//! Payments that a bank has taken back, for what was served.

use super::coming_back::HOLDS;
use super::shelf::{
    cancel_now, declined, invoices, mina, paid_change_to, pay_by_hand, plan, status, stock, subscribed,
};
use super::{story, story_with};
use crate::ids::{AttemptId, InvoiceId};
use crate::store;
use crate::store::events::Actor;
use crate::testing::{Business, press_pay};
use crate::usecase::dispute::open_dispute;
use crate::usecase::dun::take_step;
use chrono::TimeDelta;
use domain::invoice::state::InvoiceStatus;
use domain::provider::DeclineKind;

/// The last charge for an invoice.
fn charge_of(shop: &Business, invoice: &InvoiceId) -> AttemptId {
    let tried = shop.engine.db.read(|conn| store::attempts::of_invoice(conn, &shop.id, invoice));
    tried.unwrap().pop().unwrap().id
}

fn disputed(shop: &Business, invoice: &InvoiceId) {
    open_dispute(&shop.engine, &shop.id, &charge_of(shop, invoice), Actor::Provider).unwrap();
}

#[test]
fn a_first_month_that_was_served_is_paid_after_the_end_and_not_given_back() {
    story(|shop| {
        let acme = &shop.acme;
        stock(acme);
        let mina = mina(acme);
        let sub = subscribed(acme, &mina, "lite");
        let first = acme.newest_invoice(&mina);
        disputed(acme, &first);
        cancel_now(acme, &mina, &sub);
        pay_by_hand(acme, &mina, &first);
        let paid = &invoices(acme, &mina)[0];
        assert_eq!((paid.status, paid.amount_credited), (InvoiceStatus::Paid, 0));
    });
}

#[test]
fn a_first_month_that_was_served_stays_owed_when_it_is_refused_after_the_end() {
    story(|shop| {
        let acme = &shop.acme;
        stock(acme);
        let mina = mina(acme);
        let sub = subscribed(acme, &mina, "lite");
        let first = acme.newest_invoice(&mina);
        disputed(acme, &first);
        cancel_now(acme, &mina, &sub);
        let cards = acme.engine.db.read(|conn| store::methods::active(conn, &acme.id, &mina)).unwrap();
        let pressed = press_pay(&acme.engine, &acme.id, &mina, &first, &cards[0].id).unwrap();
        acme.decline(&pressed.attempt.unwrap(), DeclineKind::InsufficientFunds);
        let owed = &invoices(acme, &mina)[0];
        assert_eq!((owed.status, owed.due().unwrap().minor), (InvoiceStatus::Open, 1_000));
    });
}

#[test]
fn an_upgrade_that_was_served_is_paid_after_the_end_and_not_given_back() {
    story(|shop| {
        let acme = &shop.acme;
        stock(acme);
        let mina = mina(acme);
        let sub = subscribed(acme, &mina, "lite");
        shop.clock.advance(TimeDelta::days(10));
        let upgrade = paid_change_to(acme, &sub, &plan(acme, "pro-monthly"));
        shop.clock.advance(TimeDelta::days(10));
        disputed(acme, &upgrade);
        cancel_now(acme, &mina, &sub);
        pay_by_hand(acme, &mina, &upgrade);
        let paid = &invoices(acme, &mina)[1];
        assert_eq!((paid.status, paid.amount_credited), (InvoiceStatus::Paid, 0));
    });
}

#[test]
fn a_new_start_forgives_the_period_that_was_not_served_and_no_other() {
    story_with(HOLDS, |shop| {
        let acme = &shop.acme;
        let (mina, sub) = declined(shop);
        shop.clock.advance(TimeDelta::days(7));
        let [served, missed] = &invoices(acme, &mina)[..] else { panic!("two months") };
        take_step(&acme.engine, &acme.id, &missed.id).unwrap();
        disputed(acme, &served.id);
        shop.clock.advance(TimeDelta::days(40));
        assert_ne!(pay_by_hand(acme, &mina, &missed.id), missed.id, "that of the new period");
        let after = invoices(acme, &mina);
        assert_eq!((after[0].status, after[0].amount_credited), (InvoiceStatus::Open, 0));
        assert_eq!((after[1].amount_credited, after[2].status), (1_000, InvoiceStatus::Paid));
        assert_eq!(status(acme, &sub), "active", "what the bank took back is a matter of its own");
    });
}
