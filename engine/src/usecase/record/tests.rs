//! What is recorded of the life of a subscription and its money: one event for each change, none left out, and each with
//! what is true after it.

use crate::ids::{AttemptId, InvoiceId, SubscriptionId};
use crate::store;
use crate::store::events::{Actor, Event};
use crate::testing::{Business, TestShop};
use crate::usecase::change::{Confirmation, Wish, confirm, quote};
use crate::usecase::{advance, cancel_on, collect, dispute, dun, use_method, write_off};
use chrono::TimeDelta;
use domain::event::EventKind::{self, *};
use domain::money::Money;
use domain::provider::{DeclineKind, Outcome, Settled};
use serde_json::{Value, json};

fn history(acme: &Business, subject: &str) -> Vec<Event> {
    acme.engine.read(&acme.id, |conn, scope| store::events::of(conn, scope.id(), subject)).unwrap()
}

/// What happened to a subject, in order; its events are numbered 1, 2, 3 and so on.
fn kinds(acme: &Business, subject: &str) -> Vec<EventKind> {
    let events = history(acme, subject);
    assert!(events.iter().zip(1..).all(|(event, seq)| event.seq == seq), "{events:?}");
    events.into_iter().map(|event| event.kind).collect()
}

/// The snapshot and the reason of what happened last.
fn last(acme: &Business, subject: &str) -> (Value, Option<String>) {
    let event = history(acme, subject).pop().unwrap();
    (serde_json::from_str(&event.payload).unwrap(), event.reason)
}

fn charge(acme: &Business, invoice: &InvoiceId) -> AttemptId {
    collect::collect(&acme.engine, &acme.id, invoice).unwrap().unwrap()
}

/// A subscription whose first period is paid, and the charge that did it.
fn paid(acme: &Business) -> (SubscriptionId, InvoiceId, AttemptId) {
    let mina = acme.customer("mina@example.com");
    acme.card(&mina, "4242");
    let (sub, invoice) = acme.subscribe(&mina);
    let attempt = charge(acme, &invoice);
    acme.succeed(&attempt);
    (sub, invoice, attempt)
}

/// The next period of [`paid`], whose charge was refused.
fn refused(shop: &TestShop) -> (SubscriptionId, InvoiceId, AttemptId) {
    let acme = &shop.acme;
    let (sub, first, _) = paid(acme);
    shop.clock.advance(TimeDelta::days(30));
    advance::advance(&acme.engine, &acme.id, &sub).unwrap();
    let owner = acme.engine.read(&acme.id, |conn, scope| store::invoices::get(conn, scope.id(), &first));
    let invoice = acme.newest_invoice(&owner.unwrap().customer_id);
    let attempt = charge(acme, &invoice);
    acme.decline(&attempt, DeclineKind::InsufficientFunds);
    (sub, invoice, attempt)
}

fn case_of(acme: &Business, invoice: &InvoiceId) -> String {
    let read =
        acme.engine.read(&acme.id, |conn, scope| store::dunning::of_invoice(conn, scope.id(), invoice));
    read.unwrap().unwrap().id.to_string()
}

#[test]
fn a_case_of_dunning_tells_how_it_began_each_step_and_how_it_ended() {
    TestShop::each(|shop| {
        let acme = &shop.acme;
        let (sub, invoice, attempt) = refused(shop);
        let case = case_of(acme, &invoice);
        assert_eq!(kinds(acme, &case), [DunningOpened]);
        assert_eq!(last(acme, &case).1.as_deref(), Some("insufficient_funds"));
        assert_eq!(last(acme, attempt.as_str()).1.as_deref(), Some("insufficient_funds"));

        shop.clock.advance(TimeDelta::days(1));
        dun::take_step(&acme.engine, &acme.id, &invoice).unwrap();
        dun::take_step(&acme.engine, &acme.id, &invoice).unwrap();
        assert_eq!(kinds(acme, &case), [DunningOpened, DunningAdvanced], "a step taken twice is one");
        assert_eq!(last(acme, &case).0["step"], 2);
        let read =
            acme.engine.read(&acme.id, |conn, scope| store::attempts::open_of(conn, scope.id(), &invoice));
        acme.succeed(&read.unwrap().unwrap().id);
        assert_eq!(kinds(acme, &case), [DunningOpened, DunningAdvanced, DunningClosed]);
        let (closed, why) = last(acme, &case);
        assert_eq!((&closed["outcome"], why.as_deref()), (&json!("recovered"), Some("recovered")));
        assert_eq!(
            kinds(acme, sub.as_str()),
            [
                SubscriptionCreated,
                SubscriptionActivated,
                SubscriptionRenewed,
                SubscriptionPastDue,
                SubscriptionRecovered
            ]
        );
        assert_eq!(kinds(acme, invoice.as_str()), [InvoiceOpened, InvoicePaid]);
    });
}

#[test]
fn a_case_tells_that_a_retry_was_refused_otherwise_and_that_another_method_was_chosen() {
    TestShop::each(|shop| {
        let acme = &shop.acme;
        let (sub, invoice, _) = refused(shop);
        let case = case_of(acme, &invoice);
        let retried = |days| {
            shop.clock.advance(TimeDelta::days(days));
            dun::take_step(&acme.engine, &acme.id, &invoice).unwrap();
            let open = acme
                .engine
                .read(&acme.id, |conn, scope| store::attempts::open_of(conn, scope.id(), &invoice));
            open.unwrap().unwrap().id
        };
        acme.decline(&retried(1), DeclineKind::InsufficientFunds);
        assert_eq!(kinds(acme, &case), [DunningOpened, DunningAdvanced], "as before");
        acme.decline(&retried(2), DeclineKind::ExpiredMethod);
        assert_eq!(kinds(acme, &case)[2..], [DunningAdvanced, DunningChanged]);
        let (snapshot, why) = last(acme, &case);
        assert_eq!(
            (&snapshot["decline"], why.as_deref()),
            (&json!("expired_method"), Some("expired_method"))
        );

        let held =
            acme.engine.read(&acme.id, |conn, scope| store::subscriptions::get(conn, scope.id(), &sub));
        acme.card(&held.unwrap().customer_id, "1881");
        assert_eq!(kinds(acme, &case)[4..], [DunningChanged]);
        let (snapshot, why) = last(acme, &case);
        assert_eq!((&snapshot["decline"], why.as_deref()), (&Value::Null, Some("other_method")));
    });
}

#[test]
fn an_invoice_that_is_given_up_ends_its_case_and_carries_all_its_amounts() {
    TestShop::each(|shop| {
        let acme = &shop.acme;
        let (_, invoice, _) = refused(shop);
        write_off::write_off(&acme.engine, &acme.id, &invoice, Actor::Operator).unwrap();
        assert_eq!(kinds(acme, &case_of(acme, &invoice)), [DunningOpened, DunningClosed]);
        assert_eq!(last(acme, &case_of(acme, &invoice)).1.as_deref(), Some("cancelled"));
        let (snapshot, _) = last(acme, invoice.as_str());
        assert_eq!(kinds(acme, invoice.as_str()), [InvoiceOpened, InvoiceUncollectible]);
        assert_eq!(snapshot["status"], "uncollectible");
        assert_eq!(
            (&snapshot["total"], &snapshot["tax"], &snapshot["due"]),
            (&json!(2_900), &json!(463), &json!(2_900))
        );
    });
}

#[test]
fn money_that_is_less_than_was_owed_reduces_an_invoice() {
    TestShop::each(|shop| {
        let acme = &shop.acme;
        let mina = acme.customer("mina@example.com");
        acme.card(&mina, "4242");
        let (_, invoice) = acme.subscribe(&mina);
        let attempt = charge(acme, &invoice);
        let less = Settled {
            provider_ref: "ch_less".to_owned(),
            amount: Money::new(1_000, "EUR".parse().unwrap()),
            raw_status: "succeeded".to_owned(),
        };
        acme.answer(&attempt, Outcome::Succeeded(less));
        assert_eq!(kinds(acme, attempt.as_str()), [PaymentSucceeded, PaymentNeedsReview]);
        assert_eq!(kinds(acme, invoice.as_str()), [InvoiceOpened, InvoiceReduced]);
        let (snapshot, _) = last(acme, invoice.as_str());
        assert_eq!((&snapshot["amount_paid"], &snapshot["due"]), (&json!(1_000), &json!(1_900)));
    });
}

#[test]
fn a_dispute_tells_of_the_charge_the_invoice_and_itself() {
    TestShop::each(|shop| {
        let acme = &shop.acme;
        let (_, invoice, attempt) = paid(acme);
        let id = dispute::open_dispute(&acme.engine, &acme.id, &attempt, Actor::Provider).unwrap();
        let verdict = dispute::Verdict::Won;
        dispute::close_dispute(&acme.engine, &acme.id, &attempt, verdict, Actor::Provider).unwrap();
        assert_eq!(kinds(acme, attempt.as_str()), [PaymentSucceeded, PaymentReversed]);
        assert_eq!(last(acme, attempt.as_str()).0["state"], "reversed");
        assert_eq!(kinds(acme, id.as_str()), [DisputeOpened, DisputeWon]);
        assert_eq!(kinds(acme, invoice.as_str()), [InvoiceOpened, InvoicePaid, InvoiceReopened, InvoicePaid]);
    });
}

#[test]
fn the_charge_of_a_change_that_ends_with_its_subscription_says_that_it_was_withdrawn() {
    TestShop::each(|shop| {
        let acme = &shop.acme;
        let (sub, _, _) = paid(acme);
        let three = Wish { quantity: Some(3), ..Wish::default() };
        let quoted = quote(&acme.engine, &acme.id, &Actor::Operator, &sub, &three).unwrap();
        let confirmed = confirm(&acme.engine, &acme.id, &Actor::Operator, &quoted.ticket).unwrap();
        let Confirmation::Paying(invoice) = confirmed else { panic!("{confirmed:?}") };
        let read =
            acme.engine.read(&acme.id, |conn, scope| store::attempts::open_of(conn, scope.id(), &invoice));
        let attempt = read.unwrap().unwrap().id;
        let now = acme.engine.read(&acme.id, |_, scope| Ok(scope.now.billing)).unwrap();
        cancel_on::cancel_on(&acme.engine, &acme.id, &sub, now, false).unwrap();
        assert_eq!(kinds(acme, attempt.as_str()), [PaymentCancelled]);
        let read = acme.engine.read(&acme.id, |conn, scope| store::attempts::get(conn, scope.id(), &attempt));
        assert_eq!(read.unwrap().outcome_source.as_deref(), Some("unsent"));
        assert_eq!(kinds(acme, invoice.as_str()), [InvoiceOpened, InvoiceVoided]);
        assert_eq!(last(acme, invoice.as_str()).1.as_deref(), Some("change_not_paid"));
        assert_eq!(last(acme, sub.as_str()).0["pending_change"], Value::Null);
    });
}

#[test]
fn a_method_that_pays_and_leaves_is_told_of_itself_and_of_what_it_pays() {
    TestShop::each(|shop| {
        let acme = &shop.acme;
        let mina = acme.customer("mina@example.com");
        let (card, other) = (acme.card(&mina, "4242"), acme.card(&mina, "1881"));
        let (sub, _) = acme.subscribe(&mina);
        for _ in 0..2 {
            use_method::set_for_subscription(&acme.engine, &acme.id, &mina, &sub, &card).unwrap();
        }
        use_method::remove(&acme.engine, &acme.id, &mina, &card).unwrap();
        assert_eq!(kinds(acme, sub.as_str()), [SubscriptionCreated, SubscriptionMethodChanged]);
        assert_eq!(last(acme, sub.as_str()).0["payment_method"], json!(card));
        assert_eq!(
            kinds(acme, card.as_str()),
            [PaymentMethodAdded, PaymentMethodDefault, PaymentMethodRemoved]
        );
        assert_eq!(kinds(acme, other.as_str()), [PaymentMethodAdded, PaymentMethodDefault]);
        assert_eq!(kinds(acme, mina.as_str()), [CustomerCreated]);
    });
}

#[test]
fn the_method_that_pays_after_the_default_was_removed_says_so() {
    TestShop::each(|shop| {
        let acme = &shop.acme;
        let mina = acme.customer("mina@example.com");
        let (first, second) = (acme.card(&mina, "4242"), acme.card(&mina, "1881"));
        use_method::remove(&acme.engine, &acme.id, &mina, &second).unwrap();
        let told = [PaymentMethodAdded, PaymentMethodDefault, PaymentMethodDefault];
        assert_eq!(kinds(acme, first.as_str()), told);
    });
}
