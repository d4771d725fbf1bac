//! Two things at once: a change that is being paid, and what happens meanwhile.

use super::coming_back::{HOLDS, a_fifth_off_once};
use super::shelf::{
    balance, cancel_now, change_to, code_of, declined, incomplete, invoices, lines, mina, past_due,
    pay_by_hand, plan, status, step, stock, subscribed,
};
use super::{credit_part, story, story_with};
use crate::ids::SubscriptionId;
use crate::store;
use crate::store::events::Actor;
use crate::testing::Business;
use crate::usecase::advance::Advanced;
use crate::usecase::change::{Confirmation, Wish};
use crate::usecase::charge::Submission;
use crate::usecase::collect::collect;
use crate::usecase::dun::take_step;
use crate::usecase::pause::pause;
use crate::usecase::subscribe::{NewSubscription, subscribe};
use crate::usecase::trial;
use crate::usecase::use_method::set_default;
use chrono::TimeDelta;
use domain::invoice::state::InvoiceStatus;
use domain::provider::{Decline, DeclineKind, Outcome};

/// Confirms a change whose charge waits, for a bank debit or its customer's bank.
fn in_flight(shop: &Business, sub: &SubscriptionId, wish: &Wish) -> Submission {
    let Confirmation::Paying(invoice) = change_to(shop, sub, wish) else { panic!("nothing to pay") };
    let open = shop.engine.db.read(|conn| store::attempts::open_of(conn, &shop.id, &invoice));
    shop.submit(&open.unwrap().unwrap().id)
}

/// It comes to nothing.
fn refused(shop: &Business, sent: &Submission) {
    let (kind, code) = (DeclineKind::InsufficientFunds, "refused".to_owned());
    shop.hears(sent, Ok(Outcome::Declined(Decline { kind, code, provider_ref: None })));
}

#[test]
fn a_pause_waits_for_the_end_of_the_period_that_is_being_paid() {
    story(|shop| {
        let acme = &shop.acme;
        stock(acme);
        let mina = mina(acme);
        let sub = subscribed(acme, &mina, "lite");
        pause(&acme.engine, &acme.id, &sub, None, &Actor::Operator).unwrap();
        shop.clock.advance(TimeDelta::days(29));
        let year = in_flight(acme, &sub, &plan(acme, "pro-yearly"));
        shop.clock.advance(TimeDelta::days(2));
        assert_eq!(step(acme, &sub), Advanced::Nothing);
        acme.succeeds(&year);
        let found = acme.engine.db.read(|conn| store::subscriptions::get(conn, &acme.id, &sub)).unwrap();
        assert_eq!((found.status.as_str(), found.pause_at), ("active", Some(found.current_period_end)));
    });
}

#[test]
fn a_scheduled_change_comes_after_all_when_what_took_its_place_fails_after_the_period() {
    story(|shop| {
        let acme = &shop.acme;
        stock(acme);
        let mina = mina(acme);
        let sub = subscribed(acme, &mina, "pro-monthly");
        assert!(matches!(change_to(acme, &sub, &plan(acme, "lite")), Confirmation::Scheduled(_)));
        shop.clock.advance(TimeDelta::hours(29 * 24 + 12));
        let year = in_flight(acme, &sub, &plan(acme, "pro-yearly"));
        shop.clock.advance(TimeDelta::days(2));
        assert_eq!(step(acme, &sub), Advanced::Nothing);
        refused(acme, &year);
        step(acme, &sub);
        assert_eq!(lines(acme, &acme.newest_invoice(&mina)), [1_000]);
    });
}

#[test]
fn who_has_paid_is_not_past_due_for_a_change_that_fails() {
    story(|shop| {
        let acme = &shop.acme;
        let (mina, sub) = past_due(shop);
        let owed = acme.newest_invoice(&mina);
        let upgrade = in_flight(acme, &sub, &plan(acme, "pro-monthly"));
        pay_by_hand(acme, &mina, &owed);
        assert_eq!(status(acme, &sub), "active");
        refused(acme, &upgrade);
        assert_eq!((status(acme, &sub), invoices(acme, &mina)[2].status), ("active", InvoiceStatus::Void));
    });
}

#[test]
fn who_has_paid_is_not_on_hold_for_a_change_that_fails() {
    story_with(HOLDS, |shop| {
        let acme = &shop.acme;
        let (mina, sub) = declined(shop);
        let owed = acme.newest_invoice(&mina);
        let upgrade = in_flight(acme, &sub, &plan(acme, "pro-monthly"));
        shop.clock.advance(TimeDelta::days(7));
        take_step(&acme.engine, &acme.id, &owed).unwrap();
        assert_eq!(status(acme, &sub), "on_hold");
        pay_by_hand(acme, &mina, &owed);
        assert_eq!(status(acme, &sub), "active");
        refused(acme, &upgrade);
        assert_eq!(status(acme, &sub), "active");
    });
}

#[test]
fn a_coupon_redeemed_while_a_new_period_is_being_paid_is_for_the_next() {
    story(|shop| {
        let acme = &shop.acme;
        stock(acme);
        let mina = mina(acme);
        let sub = subscribed(acme, &mina, "lite");
        let year = in_flight(acme, &sub, &plan(acme, "pro-yearly"));
        shop.clock.advance(TimeDelta::minutes(1));
        a_fifth_off_once(acme, &sub);
        acme.succeeds(&year);
        shop.clock.advance(TimeDelta::days(366));
        step(acme, &sub);
        assert_eq!(lines(acme, &acme.newest_invoice(&mina)), [23_200]);
    });
}

#[test]
fn a_trial_is_not_ended_twice() {
    story(|shop| {
        let acme = &shop.acme;
        stock(acme);
        let mina = mina(acme);
        let new = NewSubscription {
            customer: mina.clone(),
            price_code: "pro-monthly".to_owned(),
            quantity: 1,
            trial_days: Some(14),
            method: None,
        };
        let sub = subscribe(&acme.engine, &acme.id, new, Actor::Operator).unwrap();
        let lite = in_flight(acme, &sub, &plan(acme, "lite"));
        assert_eq!(code_of(trial::end(&acme.engine, &acme.id, &sub)), "payment_under_way");
        acme.succeeds(&lite);
        assert_eq!((status(acme, &sub), invoices(acme, &mina).len()), ("active", 1));
    });
}

#[test]
fn the_balance_pays_nothing_for_what_never_began() {
    story(|shop| {
        let acme = &shop.acme;
        stock(acme);
        let mina = mina(acme);
        subscribed(acme, &mina, "pro-monthly");
        let paid = acme.newest_invoice(&mina);
        let second = incomplete(acme, &mina, "lite");
        let first_of_it = acme.newest_invoice(&mina);
        let sent = acme.submit(&collect(&acme.engine, &acme.id, &first_of_it).unwrap().unwrap());
        cancel_now(acme, &mina, &second);
        credit_part(acme, &paid, 1_000);
        refused(acme, &sent);
        assert_eq!((invoices(acme, &mina)[1].status, balance(acme, &mina)), (InvoiceStatus::Void, 1_000));
    });
}

#[test]
fn b11_a_card_that_is_replaced_while_it_is_charged_is_charged_once_and_the_new_one_afterwards() {
    story(|shop| {
        let acme = &shop.acme;
        stock(acme);
        let mina = mina(acme);
        let sub = subscribed(acme, &mina, "lite");
        shop.clock.advance(TimeDelta::days(30));
        step(acme, &sub);
        let renewal = acme.newest_invoice(&mina);
        let sent = acme.submit(&collect(&acme.engine, &acme.id, &renewal).unwrap().unwrap());
        let new_card = acme.card(&mina, "5555");
        set_default(&acme.engine, &acme.id, &mina, &new_card).unwrap();
        let tried =
            || acme.engine.db.read(|conn| store::attempts::of_invoice(conn, &acme.id, &renewal)).unwrap();
        assert_eq!(tried().len(), 1, "the charge that is on its way keeps its card");
        assert_ne!(tried()[0].payment_method_id, new_card);
        refused(acme, &sent);
        let again = acme.engine.db.read(|conn| store::attempts::open_of(conn, &acme.id, &renewal)).unwrap();
        assert!(again.is_none_or(|again| again.payment_method_id == new_card));
        shop.clock.advance(TimeDelta::days(1));
        take_step(&acme.engine, &acme.id, &renewal).unwrap();
        assert_eq!(tried().pop().unwrap().payment_method_id, new_card);
        acme.succeed(&tried().pop().unwrap().id);
        assert_eq!((status(acme, &sub), tried().len()), ("active", 2));
    });
}
