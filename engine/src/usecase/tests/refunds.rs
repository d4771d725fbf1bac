//! Refunds of which more becomes known after something was decided about them.

use super::shelf::{balance, decline_newest, invoices, mina, pay_newest, step, stock, subscribed};
use super::{credit_part, story, story_with};
use crate::ids::{AttemptId, CustomerId};
use crate::store;
use crate::store::attempts::Attempt;
use crate::store::events::Actor;
use crate::testing::Business;
use crate::usecase::collect::collect;
use crate::usecase::credit::{CreditRequest, credit};
use crate::usecase::dispute::open_dispute;
use crate::usecase::refund;
use crate::usecase::request_refund::{decide_request, request_refund};
use crate::usecase::resolve_refund::{Decision, resolve_refund};
use chrono::TimeDelta;
use domain::event::EventKind::{RefundFailed, RefundNeedsReview, RefundReviewed, RefundSucceeded};
use domain::invoice::credit_note::{CreditReason, Request, Settlement};
use domain::payment::state::AttemptState;
use domain::provider::{CallError, Decline, DeclineKind, Outcome, Settled};

/// Mina has paid 29.00, and is to have it back: the charge, and its refund that was not sent yet.
fn refunded(shop: &Business) -> (CustomerId, AttemptId, Attempt) {
    let mina = shop.customer("mina@example.com");
    shop.card(&mina, "4242");
    let (_, invoice) = shop.subscribe(&mina);
    let charge = collect(&shop.engine, &shop.id, &invoice).unwrap().unwrap();
    shop.succeed(&charge);
    let request = CreditRequest {
        invoice: invoice.clone(),
        what: Request::Whole,
        reason: CreditReason::Goodwill,
        comment: None,
        settlement: Settlement::Refund,
    };
    credit(&shop.engine, &shop.id, request, Actor::Operator).unwrap();
    let refunds = shop.engine.db.read(|conn| store::attempts::refunds_of_invoice(conn, &shop.id, &invoice));
    (mina, charge, refunds.unwrap().remove(0))
}

fn read(shop: &Business, id: &AttemptId) -> Attempt {
    shop.engine.db.read(|conn| store::attempts::get(conn, &shop.id, id)).unwrap()
}

fn refusal() -> Outcome {
    let code = "closed_account".to_owned();
    Outcome::Declined(Decline { kind: DeclineKind::Hard, code, provider_ref: None })
}

fn went_back(refund: &Attempt) -> Outcome {
    let (provider_ref, raw_status) = ("re_1".to_owned(), "succeeded".to_owned());
    Outcome::Succeeded(Settled { provider_ref, amount: refund.amount(), raw_status })
}

#[test]
fn a_refund_that_succeeds_after_the_balance_was_given_it_leaves_the_balance_again() {
    story(|shop| {
        let acme = &shop.acme;
        let (mina, _, refund) = refunded(acme);
        let sent = acme.submit(&refund.id);
        acme.hears(&sent, Ok(refusal()));
        resolve_refund(&acme.engine, &acme.id, &refund.id, Decision::ToBalance, Actor::Operator).unwrap();
        assert_eq!(balance(acme, &mina), 2_900);

        acme.hears(&sent, Ok(went_back(&refund)));
        let found = read(acme, &refund.id);
        assert_eq!((found.state, balance(acme, &mina)), (AttemptState::Succeeded, 0));
        assert!(found.review_since.is_some(), "a person is told");
        let events = acme.engine.db.read(|conn| store::events::of(conn, &acme.id, refund.id.as_str()));
        let kinds: Vec<_> = events.unwrap().into_iter().map(|event| event.kind).collect();
        let expected = [RefundFailed, RefundNeedsReview, RefundReviewed, RefundSucceeded, RefundNeedsReview];
        assert_eq!(kinds, expected);
    });
}

#[test]
fn a_refund_that_succeeds_after_it_was_sent_again_is_looked_at() {
    story(|shop| {
        let acme = &shop.acme;
        let (_, _, refund) = refunded(acme);
        let sent = acme.submit(&refund.id);
        acme.hears(&sent, Ok(refusal()));
        resolve_refund(&acme.engine, &acme.id, &refund.id, Decision::Retry, Actor::Operator).unwrap();
        let again = acme.engine.read(&acme.id, |conn, scope| refund::is_sent_again(conn, scope, &refund));
        assert!(again.unwrap());

        // The second one is refused, so that the money went back once in the end.
        let refunds = acme
            .engine
            .db
            .read(|conn| store::attempts::refunds_of_invoice(conn, &acme.id, &refund.invoice_id));
        let second = refunds.unwrap().pop().unwrap();
        acme.answer(&second.id, refusal());
        acme.hears(&sent, Ok(went_back(&refund)));
        let found = read(acme, &refund.id);
        assert_eq!(found.state, AttemptState::Succeeded);
        assert!(found.review_since.is_some(), "a person is told");
    });
}

#[test]
fn b9_at_a_dispute_a_refund_that_was_not_sent_stays_here() {
    story(|shop| {
        let acme = &shop.acme;
        let (_, charged, refund) = refunded(acme);
        open_dispute(&acme.engine, &acme.id, &charged, Actor::Operator).unwrap();
        assert_eq!(read(acme, &refund.id).state, AttemptState::Cancelled);
        let again = resolve_refund(&acme.engine, &acme.id, &refund.id, Decision::Retry, Actor::Operator);
        assert!(again.is_err(), "the bank has the money");
    });
}

#[test]
fn at_a_dispute_a_refund_on_its_way_is_looked_at() {
    story(|shop| {
        let acme = &shop.acme;
        let (_, charged, refund) = refunded(acme);
        let sent = acme.submit(&refund.id);
        acme.hears(&sent, Err(CallError::Unknown("reset".to_owned())));
        open_dispute(&acme.engine, &acme.id, &charged, Actor::Operator).unwrap();
        let found = read(acme, &refund.id);
        assert_eq!(found.state, AttemptState::Unknown);
        assert!(found.review_since.is_some(), "a person is told");
    });
}

#[test]
fn what_a_granted_refund_puts_into_the_balance_pays_what_is_open() {
    story_with("[refunds]\nself_service = \"request\"\n", |shop| {
        let acme = &shop.acme;
        stock(acme);
        let mina = mina(acme);
        let sub = subscribed(acme, &mina, "lite");
        credit_part(acme, &acme.newest_invoice(&mina), 400);
        shop.clock.advance(TimeDelta::days(30));
        step(acme, &sub);
        let second = acme.newest_invoice(&mina);
        pay_newest(acme, &mina);
        shop.clock.advance(TimeDelta::days(31));
        step(acme, &sub);
        decline_newest(acme, &mina);
        request_refund(&acme.engine, &acme.id, &mina, &second, String::new()).unwrap();
        decide_request(&acme.engine, &acme.id, &second, true, Actor::Operator).unwrap();
        let third = invoices(acme, &mina).remove(2);
        assert_eq!((third.credit_applied, third.due().unwrap().minor, balance(acme, &mina)), (400, 600, 0));
    });
}
