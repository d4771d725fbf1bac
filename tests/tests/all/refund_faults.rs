//! The payment service breaks, or the worker dies, in the middle of a refund. The money goes back once; what came to
//! nothing waits for a person.

use chrono::TimeDelta;
use domain::invoice::credit_note::{CreditReason, Request, Settlement};
use e2e::{Customer, World, WorldOptions, cards};
use engine::Error;
use engine::store::attempts::Attempt;
use engine::store::events::Actor;
use engine::usecase::credit::{CreditRequest, credit};
use engine::usecase::resolve_refund::{Decision, resolve_refund};
use engine::usecase::review_payment::review_payment;
use serde_json::{Value, json};
use std::time::Duration;

const BINARY: &str = env!("CARGO_BIN_EXE_portico-under-test");

/// A customer whose only payment an operator has just given back; the worker has not sent it yet.
async fn credited(world: &World) -> Customer {
    let (ada, _) = world.subscriber("ada@example.com", cards::GOOD).await;
    let wanted = CreditRequest {
        invoice: world.newest_invoice(&ada).id,
        what: Request::Whole,
        reason: CreditReason::Unsatisfactory,
        comment: Some("Sorry for the outage".to_owned()),
        settlement: Settlement::Refund,
    };
    credit(&world.engine, &world.acme, wanted, Actor::Operator).unwrap();
    ada
}

async fn time_passes(world: &World) {
    for _ in 0..4 {
        world.wait(TimeDelta::minutes(10));
        world.settle().await;
    }
}

/// The money is back, once, whatever happened on the way.
async fn is_back_once(world: &World, of: &Customer, what: &str) {
    let ledger = world.simulator.ledger().await;
    let back: Vec<_> = ledger.refunds.iter().map(|refund| refund.amount).collect();
    assert_eq!(back, [5_831], "{what}");
    let states: Vec<_> = world.refunds(of).iter().map(|refund| refund.state.to_string()).collect();
    assert_eq!(states, ["succeeded"], "{what}");
}

fn first_refund_suffers(deed: &Value, when: &str) {
    World::each(async |world| {
        let ada = credited(world).await;
        let pattern = json!({ "path": "/v1/refunds", "method": "POST" });
        world.simulator.script(json!({ "match": pattern, "nth": 1, "when": when, "do": deed })).await;
        world.settle().await;
        time_passes(world).await;
        is_back_once(world, &ada, &format!("{deed} {when}")).await;
        world.check().await;
    });
}

macro_rules! suffers {
    ($($name:ident: $deed:tt $when:literal),+ $(,)?) => {
        $(#[test] fn $name() { first_refund_suffers(&json!($deed), $when); })+
    };
}

suffers! {
    reset_before_the_effect: "reset" "before",
    reset_after_the_effect: "reset" "after_effect",
    server_error_before_the_effect: { "http": 500 } "before",
    server_error_after_the_effect: { "http": 500 } "after_effect",
    garbage_after_the_effect: "garbage" "after_effect",
}

#[test]
fn c1_a_refund_that_takes_effect_after_nobody_waits_any_more_is_found() {
    let impatient = WorldOptions {
        environment: &[
            ("PORTICO__PAYMENTS__REQUEST_SECONDS", "2"),
            ("PORTICO__PAYMENTS__CONNECT_SECONDS", "2"),
        ],
        ..WorldOptions::default()
    };
    World::each_with(&impatient, async |world| {
        let ada = credited(world).await;
        let late = json!({ "match": { "path": "/v1/refunds", "method": "POST" }, "nth": 1, "do": { "delay_effect": 2_500 } });
        world.simulator.script(late).await;
        world.settle().await;
        assert_eq!(world.refunds(&ada)[0].state.as_str(), "unknown");
        while world.simulator.ledger().await.refunds.is_empty() {
            tokio::task::yield_now().await;
        }
        time_passes(world).await;
        is_back_once(world, &ada, "late").await;
        world.check().await;
    });
}

fn killed_at(point: &'static str) {
    World::each(async |world| {
        let ada = credited(world).await;
        let mut worker = world.portico(BINARY, &["worker"], Some(&format!("{point}:1:kill")));
        let ended = worker.ended(Duration::from_secs(60)).await;
        assert_eq!(ended.to_string(), "signal: 9 (SIGKILL)", "{point} was not passed");
        time_passes(world).await;
        is_back_once(world, &ada, point).await;
        world.check_with_copies(1).await;
    });
}

macro_rules! killed_at {
    ($($name:ident = $point:literal),+ $(,)?) => {
        $(#[test] fn $name() { killed_at($point); })+
    };
}

killed_at! {
    killed_after_the_submission_is_counted = "t2.after_commit",
    killed_while_the_provider_is_called = "call.after_write",
    killed_when_the_plugin_has_returned = "call.after_plugin_return",
    killed_before_the_outcome_is_written = "t3.before_commit",
}

/// A refund that the provider refuses, for good.
async fn refused(world: &World) -> (Customer, Attempt) {
    let ada = credited(world).await;
    let pattern = json!({ "path": "/v1/refunds", "method": "POST" });
    world.simulator.script(json!({ "match": pattern, "nth": 1, "do": { "http": 422 } })).await;
    world.settle().await;
    for _ in 0..3 {
        world.wait(TimeDelta::days(2));
        world.settle().await;
    }
    let refund = world.refunds(&ada).remove(0);
    assert!(refund.review_since.is_some() && refund.state.as_str() == "error", "{}", refund.state);
    assert_eq!(world.simulator.ledger().await.refund_submissions().len(), 1, "nothing is tried by itself");
    (ada, refund)
}

#[test]
fn what_could_not_be_sent_back_goes_to_the_balance_when_a_person_says_so() {
    World::each(async |world| {
        let (ada, refund) = refused(world).await;
        let words = ["refund", "to-balance", refund.id.as_str(), "--tenant", "acme"];
        for done in [true, false] {
            let ended = world.portico(BINARY, &words, None).ended(Duration::from_secs(60)).await;
            assert_eq!((ended.success(), world.balance(&ada)), (done, 5_831), "once");
        }
        world.advance("1 month").await;
        let renewal = world.newest_invoice(&ada);
        assert_eq!(
            (renewal.status.as_str(), renewal.credit_applied, renewal.amount_paid),
            ("paid", 5_831, 0)
        );
        assert_eq!(world.simulator.ledger().await.taken().len(), 1);
        world.check().await;
    });
}

#[test]
fn what_could_not_be_sent_back_is_sent_again_when_a_person_says_so() {
    World::each(async |world| {
        let (ada, refund) = refused(world).await;
        let decide = |decision| {
            resolve_refund(&world.engine, &world.acme, &refund.id, decision, Actor::Operator).is_ok()
        };
        let seen_to = review_payment(&world.engine, &world.acme, &refund.id, Actor::Operator);
        assert!(matches!(seen_to, Err(Error::Refused { code: "undecided", .. })), "{seen_to:?}");
        assert!(decide(Decision::Retry) && !decide(Decision::Retry) && !decide(Decision::ToBalance));
        world.settle().await;
        let states: Vec<_> = world.refunds(&ada).iter().map(|refund| refund.state.to_string()).collect();
        assert_eq!((states, world.balance(&ada)), (vec!["error".to_owned(), "succeeded".to_owned()], 0));
        assert_eq!(world.simulator.ledger().await.refunds.len(), 1);
        world.check().await;
    });
}
