//! The payment service breaks in the middle of a charge. Whatever is known of the outcome, nobody pays twice and
//! nobody is told that it failed. Named after the faults of docs/charging.md.

use chrono::TimeDelta;
use domain::event::EventKind;
use domain::payment::by_hand::Finding;
use domain::provider::Capabilities;
use e2e::{Customer, World, cards};
use engine::Error;
use engine::ids::AttemptId;
use engine::store::events::Actor;
use engine::testing::press_pay;
use engine::usecase::advance::advance;
use engine::usecase::charge::{Step, begin};
use engine::usecase::collect::collect;
use engine::usecase::review_payment::review_payment;
use engine::usecase::settle_payment::settle_payment;
use serde_json::{Value, json};

const BINARY: &str = env!("CARGO_BIN_EXE_portico-under-test");

/// Lets the first request for the renewal's charge go wrong in one way, then time pass until it is resolved.
fn first_charge_suffers(deed: &Value, when: &str) {
    World::each(async |world| {
        let (ada, id) = world.subscriber("ada@example.com", cards::GOOD).await;
        let rule = json!({
            "match": { "path": "/v1/charges", "method": "POST" }, "nth": 1, "when": when, "do": deed,
        });
        world.simulator.script(rule).await;
        world.jump("1 month");
        world.settle().await;
        for _ in 0..4 {
            world.wait(TimeDelta::minutes(10));
            world.settle().await;
        }
        let invoice = world.newest_invoice(&ada);
        assert_eq!(world.invoices(&ada).len(), 2);
        assert_eq!(
            (invoice.status.as_str(), world.status(&id).as_str()),
            ("paid", "active"),
            "{deed} {when}"
        );
        assert_eq!(world.simulator.ledger().await.taken().len(), 2, "{deed} {when}");
        let subjects = world.subjects_to(&ada.email);
        assert!(subjects.iter().all(|subject| subject.starts_with("Receipt")), "{deed} {when}: {subjects:?}");
        world.check().await;
    });
}

macro_rules! suffers {
    ($($name:ident: $deed:tt $when:literal),+ $(,)?) => {
        $(#[test] fn $name() { first_charge_suffers(&json!($deed), $when); })+
    };
}

suffers! {
    c2_reset_before_the_effect: "reset" "before",
    c2_reset_after_the_effect: "reset" "after_effect",
    c2_server_error_before_the_effect: { "http": 500 } "before",
    c2_server_error_after_the_effect: { "http": 500 } "after_effect",
    c2_unavailable_before_the_effect: { "http": 503 } "before",
    c2_unavailable_after_the_effect: { "http": 503 } "after_effect",
    c4_too_many_requests: { "http": 429 } "before",
    c6_garbage_after_the_effect: "garbage" "after_effect",
    a_redirect: { "http": 302 } "before",
    c6_more_than_anybody_reads: { "huge": 3_000_000 } "after_effect",
}

#[test]
fn a_repeated_submission_is_the_same_to_the_byte_whatever_was_renamed_meanwhile() {
    World::each(async |world| {
        let (ada, id) = world.subscriber("ada@example.com", cards::GOOD).await;
        // The answer is lost, and questions do not find the new charge: the key has to be sent again.
        let lost = json!({
            "match": { "path": "/v1/charges", "method": "POST" }, "nth": 1, "when": "after_effect", "do": "reset",
        });
        world.simulator.script(lost).await;
        world.simulator.mode(json!({ "lookup_lag_s": 86_400 })).await;
        world.jump("1 month");
        world.settle().await;
        world.reconfigure(&[
            ("Acme", "Acme Worldwide"),
            ("[\"127.0.0.1\"]", "[\"acme.localhost\", \"127.0.0.1\"]"),
        ]);
        for _ in 0..4 {
            world.wait(TimeDelta::minutes(10));
            world.settle().await;
        }
        let ledger = world.simulator.ledger().await;
        let answers: Vec<_> = ledger.submissions().iter().map(|sent| sent.status).collect();
        assert_eq!(answers, [Some(200), None, Some(200)], "the repetition is known for what it is");
        assert_eq!((ledger.taken().len(), world.status(&id).as_str()), (2, "active"));
        assert_eq!(world.newest_invoice(&ada).status.as_str(), "paid");
        world.check().await;
    });
}

#[test]
fn more_taken_than_asked_for_is_written_down_as_it_is_and_a_person_called() {
    World::each(async |world| {
        let (ada, _) = world.subscriber("ada@example.com", cards::GOOD).await;
        misstate(world, "wrong_amount").await;
        let (invoice, attempt) = (world.newest_invoice(&ada), world.attempts(&ada).pop().unwrap());
        assert!(attempt.review_since.is_some(), "somebody has to look");
        let taken = world.simulator.ledger().await.taken()[1].amount;
        assert_eq!(
            (taken, invoice.amount_paid),
            (5_832, 5_832),
            "what was taken counts, not what was asked for"
        );
        assert!(world.events(attempt.id.as_str()).contains(&EventKind::PaymentNeedsReview));

        let seen_to = ["payment", "reviewed", attempt.id.as_str(), "--tenant", "acme"];
        world.portico_says(BINARY, &seen_to);
        assert_eq!(world.portico_says(BINARY, &["payment", "list", "--tenant", "acme"]).trim(), "");
        let told = world.history(attempt.id.as_str()).pop().unwrap();
        assert_eq!((told.kind, told.actor), (EventKind::PaymentReviewed, Actor::Operator));
        let again = review_payment(&world.engine, &world.acme, &attempt.id, Actor::Operator);
        assert!(matches!(again, Err(Error::Refused { code: "no_review", .. })), "{again:?}");
    });
}

#[test]
fn c7_money_in_another_currency_pays_nothing_and_nothing_is_tried_again() {
    World::each(async |world| {
        let (ada, _) = world.subscriber("ada@example.com", cards::GOOD).await;
        misstate(world, "wrong_currency").await;
        for _ in 0..10 {
            world.wait(TimeDelta::days(1));
            world.settle().await;
        }
        let (invoice, attempts) = (world.newest_invoice(&ada), world.attempts(&ada));
        assert_eq!((invoice.status.as_str(), invoice.amount_paid, attempts.len()), ("open", 0, 2));
        assert!(attempts[1].review_since.is_some(), "somebody has to look");
        assert_eq!(world.simulator.ledger().await.taken().len(), 2);
    });
}

/// The next charge takes something else than was asked for.
async fn misstate(world: &World, deed: &str) {
    let rule = json!({ "match": { "path": "/v1/charges", "method": "POST" }, "nth": 1, "do": deed });
    world.simulator.script(rule).await;
    world.jump("1 month");
    world.settle().await;
}

#[test]
fn hours_without_credentials_burn_no_retries_and_tell_nobody() {
    World::each(async |world| {
        let (ada, id) = world.subscriber("ada@example.com", cards::GOOD).await;
        world
            .simulator
            .script(json!({ "match": { "path": "/v1/*" }, "do": { "http": 401 }, "times": 3 }))
            .await;
        world.jump("1 month");
        for _ in 0..24 {
            world.settle().await;
            world.wait(TimeDelta::hours(1));
        }
        assert_eq!(
            (world.newest_invoice(&ada).status.as_str(), world.status(&id).as_str()),
            ("paid", "active")
        );
        let subjects = world.subjects_to(&ada.email);
        assert!(subjects.iter().all(|subject| subject.starts_with("Receipt")), "{subjects:?}");
        world.check().await;
    });
}

#[test]
fn when_five_tries_never_reach_the_provider_that_works_for_others_the_customer_has_to_know() {
    World::each(async |world| {
        let (ada, id) = world.subscriber("ada@example.com", cards::GOOD).await;
        world.jump("1 month");
        let method = world.methods(&ada)[0].provider_ref.clone();
        let refused = json!({ "match": { "path": "/v1/charges", "method": "POST", "payment_method": method },
            "do": { "http": 422 } });
        world.simulator.script(refused).await;
        let errors = || world.attempts(&ada).iter().filter(|tried| tried.state.as_str() == "error").count();
        for hours in [0, 1, 2, 6] {
            world.wait(TimeDelta::hours(hours));
            world.settle().await;
            assert_eq!(world.status(&id), "active", "{} tries", errors());
        }
        world.wait(TimeDelta::hours(25));
        world.settle().await;
        assert_eq!((errors(), world.status(&id).as_str()), (5, "past_due"));
        world.mail(&ada.email, "Payment failed: Team");
        world.check().await;
    });
}

#[test]
fn nothing_is_sent_again_while_the_first_may_still_arrive() {
    World::each(async |world| {
        let (ada, _) = world.subscriber("ada@example.com", cards::GOOD).await;
        let lost = json!({ "match": { "path": "/v1/charges", "method": "POST" }, "nth": 1, "do": "reset" });
        world.simulator.script(lost).await;
        world.jump("1 month");
        world.settle().await;
        world.wait(TimeDelta::seconds(30));
        world.settle().await;
        assert_eq!(
            world.simulator.ledger().await.submissions().len(),
            2,
            "the provider says a minute in flight"
        );
        world.wait(TimeDelta::seconds(31));
        world.settle().await;
        assert_eq!(world.simulator.ledger().await.submissions().len(), 3);
        assert_eq!(world.newest_invoice(&ada).status.as_str(), "paid");
        world.check().await;
    });
}

/// Regression scenario 2: the provider times out but did charge, and the customer presses *Retry* meanwhile.
#[test]
fn c1_who_pays_while_a_lost_charge_is_looked_for_watches_that_one_and_pays_once() {
    World::each(async |world| {
        let (ada, id) = world.subscriber("ada@example.com", cards::GOOD).await;
        let lost = json!({
            "match": { "path": "/v1/charges", "method": "POST" }, "nth": 1, "when": "after_effect", "do": "reset",
        });
        world.simulator.script(lost).await;
        world.jump("1 month");
        world.settle().await;
        let (invoice, card) = (world.newest_invoice(&ada).id, world.methods(&ada)[0].id.clone());
        let tries = world.attempts(&ada);
        let pressed = press_pay(&world.engine, &world.acme, &ada.id, &invoice, &card).unwrap();
        assert_eq!(
            pressed.attempt.as_ref(),
            tries.last().map(|tried| &tried.id),
            "the one that is looked for"
        );
        let mut browser = world.signed_in(&ada).await;
        let seen = browser.open(&format!("/billing/{invoice}/pay")).await.text();
        assert!(seen.contains("Paying €58.31"), "{seen}");

        world.wait(TimeDelta::minutes(10));
        world.settle().await;
        assert_eq!(
            (world.newest_invoice(&ada).status.as_str(), world.status(&id).as_str()),
            ("paid", "active")
        );
        assert_eq!(world.attempts(&ada).len(), tries.len());
        assert_eq!(world.simulator.ledger().await.taken().len(), 2);
        world.check().await;
    });
}

/// Neither idempotency nor lookup.
fn promises_nothing() -> Capabilities {
    Capabilities {
        idempotency: None,
        lookup: None,
        cancel: false,
        refund: false,
        list_since: false,
        max_in_flight_s: 60,
    }
}

/// A renewal whose charge such a provider would have to make by itself.
async fn renewal_that_waits(world: &World) -> (Customer, AttemptId) {
    let (ada, id) = world.subscriber("ada@example.com", cards::GOOD).await;
    world.jump("1 month");
    advance(&world.engine, &world.acme, &id).unwrap();
    let invoice = world.newest_invoice(&ada).id;
    let attempt = collect(&world.engine, &world.acme, &invoice).unwrap().unwrap();
    let step = begin(&world.engine, &world.acme, &attempt, &promises_nothing(), "worker").unwrap();
    assert!(matches!(step, Step::Done), "{step:?}");
    (ada, attempt)
}

/// What another process asks for is due by its own clock, a little later.
async fn by_its_own_clock(world: &World) {
    world.wait(TimeDelta::minutes(5));
    world.settle().await;
}

#[test]
fn a_provider_that_promises_nothing_is_not_charged_without_a_person() {
    World::each(async |world| {
        let (ada, attempt) = renewal_that_waits(world).await;
        let waiting = world.attempts(&ada).pop().unwrap();
        assert_eq!((waiting.state.as_str(), waiting.submit_count), ("created", 0));
        assert!(waiting.review_since.is_some());
        assert_eq!(world.events(attempt.as_str()), [EventKind::PaymentNeedsReview]);
        let listed = world.portico_says(BINARY, &["payment", "list", "--tenant", "acme"]);
        assert!(listed.contains(attempt.as_str()) && listed.contains("58.31"), "{listed}");
    });
}

#[test]
fn what_a_person_did_not_charge_its_customer_is_asked_to_pay() {
    World::each(async |world| {
        let (ada, attempt) = renewal_that_waits(world).await;
        let settle = ["payment", "settle", attempt.as_str(), "--not-moved", "--tenant", "acme"];
        world.portico_says(BINARY, &settle);
        by_its_own_clock(world).await;
        let settled = world.attempts(&ada).pop().unwrap();
        assert_eq!((settled.state.as_str(), settled.review_since), ("failed", None));
        let told = world.history(attempt.as_str()).pop().unwrap();
        assert_eq!((told.kind, told.actor), (EventKind::PaymentFailed, Actor::Operator));
        assert_eq!(world.simulator.ledger().await.charges.len(), 1, "nothing is tried again by itself");

        let (invoice, card) = (world.newest_invoice(&ada).id, world.methods(&ada)[0].id.clone());
        press_pay(&world.engine, &world.acme, &ada.id, &invoice, &card).unwrap();
        world.settle().await;
        assert_eq!(world.newest_invoice(&ada).status.as_str(), "paid");
        world.check().await;
    });
}

#[test]
fn a_charge_that_a_person_saw_move_pays_its_invoice() {
    World::each(async |world| {
        let (ada, attempt) = renewal_that_waits(world).await;
        let settle = ["payment", "settle", attempt.as_str(), "--moved", "by_hand_7", "--tenant", "acme"];
        world.portico_says(BINARY, &settle);
        by_its_own_clock(world).await;
        let settled = world.attempts(&ada).pop().unwrap();
        assert_eq!(
            (settled.state.as_str(), settled.provider_ref.as_deref()),
            ("succeeded", Some("by_hand_7"))
        );
        let told = world.history(attempt.as_str()).pop().unwrap();
        assert_eq!((told.kind, told.actor), (EventKind::PaymentSucceeded, Actor::Operator));
        assert_eq!(world.newest_invoice(&ada).status.as_str(), "paid");
        let again = settle_payment(&world.engine, &world.acme, &attempt, Finding::NotMoved);
        assert!(matches!(again, Err(Error::Refused { code: "already_settled", .. })), "{again:?}");
        // The service's ledger knows nothing of it: the person charged elsewhere.
    });
}

#[test]
fn an_account_whose_operator_consents_is_charged_all_the_same() {
    World::each(async |world| {
        let (ada, id) = world.subscriber("ada@example.com", cards::GOOD).await;
        world.jump("1 month");
        advance(&world.engine, &world.acme, &id).unwrap();
        let invoice = world.newest_invoice(&ada).id;
        let attempt = collect(&world.engine, &world.acme, &invoice).unwrap().unwrap();
        world.portico_says(BINARY, &["account", "allow-unsafe", "Simulator", "--tenant", "acme"]);
        let step = begin(&world.engine, &world.acme, &attempt, &promises_nothing(), "worker").unwrap();
        assert!(matches!(step, Step::Submit(_)), "{step:?}");
        // Nobody answers, and nobody can be asked: once nothing of it can arrive any more, a person may say so.
        let say = |finding| settle_payment(&world.engine, &world.acme, &attempt, finding);
        assert!(matches!(say(Finding::NotMoved), Err(Error::Refused { code: "payment_open", .. })));
        world.wait(TimeDelta::minutes(10));
        begin(&world.engine, &world.acme, &attempt, &promises_nothing(), "worker").unwrap();
        assert!(matches!(say(Finding::NotMoved), Err(Error::Refused { code: "too_early", .. })));
        world.wait(TimeDelta::hours(2));
        say(Finding::NotMoved).unwrap();
        world.wait(TimeDelta::minutes(6));
        world.settle().await;
        assert_eq!(world.newest_invoice(&ada).status.as_str(), "paid");
        world.check().await;
    });
}
