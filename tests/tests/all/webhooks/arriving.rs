//! One truth, told often, early, late or by halves.

use super::paying_by_debit;
use chrono::TimeDelta;
use domain::event::EventKind;
use e2e::{World, cards};
use serde_json::json;
use std::net::TcpListener;
use std::time::Duration;
use tokio::task::JoinSet;

const BINARY: &str = env!("CARGO_BIN_EXE_portico-under-test");

#[test]
fn d1_told_a_thousand_times_64_at_once_it_counts_once() {
    World::each(async |world| {
        let (ada, charge) = paying_by_debit(world, "ada@example.com").await;
        world.simulator.succeeds(&charge).await;
        let told = world.delivery("evt_1", "charge", &world.simulator.charge(&charge).await);
        let mut left = 1_000;
        let mut under_way = JoinSet::new();
        while left > 0 || !under_way.is_empty() {
            while left > 0 && under_way.len() < 64 {
                under_way.spawn(told.clone().post());
                left -= 1;
            }
            assert_eq!(under_way.join_next().await.unwrap().unwrap(), 200);
        }
        world.settle().await;
        assert!(world.has_heard("evt_1"));
        let attempt = world.attempts(&ada).remove(0);
        let paid = world.events(attempt.id.as_str());
        assert_eq!(paid.iter().filter(|kind| **kind == EventKind::PaymentSucceeded).count(), 1);
        assert_eq!(attempt.outcome_source.as_deref(), Some("webhook"));
        world.check().await;
    });
}

#[test]
fn d9_two_events_about_one_payment_count_once() {
    World::each(async |world| {
        let (ada, charge) = paying_by_debit(world, "ada@example.com").await;
        world.simulator.succeeds(&charge).await;
        let object = world.simulator.charge(&charge).await;
        for event in ["evt_charge", "evt_payment"] {
            assert_eq!(world.delivery(event, "charge", &object).post().await, 200);
            assert!(world.has_heard(event));
        }
        world.settle().await;
        assert_eq!(world.newest_invoice(&ada).status.as_str(), "paid");
        world.check().await;
    });
}

/// A renewal whose webhook and whose answer race; who is first says what is written down.
fn race(first: &str, begin: impl AsyncFn(&World), end: impl AsyncFn(&World)) {
    World::each(async |world| {
        let ada = world.customer("ada@example.com");
        world.card(&ada, cards::GOOD).await;
        world.listen().await;
        begin(world).await;
        world.subscribe(&ada, "team-monthly");
        world.settle().await;
        end(world).await;
        world.told().await;
        world.settle().await;
        let attempt = world.attempts(&ada).remove(0);
        assert_eq!(attempt.outcome_source.as_deref(), Some(first));
        let events = world.events(attempt.id.as_str());
        assert_eq!(events.iter().filter(|kind| **kind == EventKind::PaymentSucceeded).count(), 1);
        world.check().await;
    });
}

#[test]
fn b16_the_webhook_is_faster_than_the_answer() {
    let drip = async |world: &World| {
        // The answer takes a second and more; the webhook is sent when the charge is made.
        let rule = json!({ "match": { "path": "/v1/charges", "method": "POST" }, "do": { "slow": 300 } });
        world.simulator.script(rule).await;
    };
    race("webhook", drip, async |_| {});
}

#[test]
fn b16_the_answer_is_faster_than_the_webhook() {
    let hold = async |world: &World| world.simulator.webhooks(json!({ "hold_webhook": true })).await;
    race("response", hold, async |world| world.simulator.release().await);
}

#[test]
fn doubled_and_reordered_webhooks_of_the_service_change_nothing() {
    World::each(async |world| {
        world.listen().await;
        let dials = json!({ "hold_webhook": true, "reorder": true, "dup_webhook": 3 });
        world.simulator.webhooks(dials).await;
        let (ada, charge) = paying_by_debit(world, "ada@example.com").await;
        world.simulator.succeeds(&charge).await;
        world.simulator.release().await;
        world.told().await;
        world.settle().await;
        assert_eq!(world.newest_invoice(&ada).status.as_str(), "paid");
        world.check().await;
    });
}

#[test]
fn who_never_comes_back_from_the_card_page_has_saved_the_card() {
    World::each(async |world| {
        let ada = world.customer("ada@example.com");
        world.listen().await;
        let mut browser = world.signed_in(&ada).await;
        browser.open("/payment-methods/add").await;
        browser.submit("/payment-methods/add", &[]).await;
        world.simulator.webhooks(json!({ "hold_webhook": true })).await;
        // The browser is followed back to the portal; what it says there is not what counts.
        let card =
            [("number", cards::GOOD), ("expiry", "09 / 39"), ("cvc", "123"), ("name", "Ada"), ("do", "save")];
        browser.submit("/setup/", &card).await;
        world.simulator.release().await;
        world.told().await;
        world.settle().await;
        assert_eq!(world.methods(&ada).len(), 1);
    });
}

#[test]
fn a_card_that_the_bank_replaced_or_took_away_is_known() {
    World::each(async |world| {
        world.listen().await;
        let ada = world.customer("ada@example.com");
        let card = world.card(&ada, cards::GOOD).await;
        let other = world.card(&ada, cards::OTHER).await;
        world.card_becomes(&ada, &other, cards::DECLINED).await;
        world.told().await;
        let renewed = world.methods(&ada).into_iter().find(|method| method.id == other).unwrap();
        assert_eq!(renewed.last4, "0341");
        assert_eq!(world.events(other.as_str()).last(), Some(&EventKind::PaymentMethodUpdated));
        let gone = json!({ "id": renewed.provider_ref });
        assert_eq!(world.delivery("evt_gone", "method.detached", &gone).post().await, 200);
        assert_eq!(world.events(other.as_str()).last(), Some(&EventKind::PaymentMethodDetached));
        assert_eq!(world.events(card.as_str()).last(), Some(&EventKind::PaymentMethodDefault));
    });
}

/// The portal dies at a point of taking an event in. The service sends it again, and it counts once.
fn killed_at(point: &str, kept: bool) {
    World::each(async |world| {
        let (ada, charge) = paying_by_debit(world, "ada@example.com").await;
        let bind = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().to_string();
        let plan = format!("{point}:1:kill");
        let bound = ("PORTICO__HTTP__BIND", bind.as_str());
        let mut portal = world.portico_with(BINARY, &["serve"], &[bound, ("PORTICO_CRASH", &plan)]);
        world.listen_at(&world.webhook_url().replace(&world.url(), &format!("http://{bind}"))).await;
        world.simulator.succeeds(&charge).await;
        portal.ended(Duration::from_secs(60)).await;
        let state = world.attempts(&ada).remove(0).state;
        assert_eq!(state.as_str(), if kept { "succeeded" } else { "pending" }, "both or neither");
        let _again = world.portico_with(BINARY, &["serve"], &[bound]);
        world.told().await;
        // The other process lived by the real clock.
        world.wait(TimeDelta::minutes(5));
        world.settle().await;
        assert_eq!(world.newest_invoice(&ada).status.as_str(), "paid");
        world.check().await;
    });
}

#[test]
fn d6_killed_before_the_effect_is_committed_the_event_is_not_known_and_comes_again() {
    killed_at("webhook_in.before_commit", false);
}

#[test]
fn d10_killed_before_the_answer_the_event_comes_again_and_counts_once() {
    killed_at("webhook_in.after_commit", true);
}
