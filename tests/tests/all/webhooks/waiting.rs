//! What is told before it is known, what names nothing, and what only says what to ask.

use super::{as_if, paying_by_debit};
use chrono::TimeDelta;
use domain::event::EventKind;
use e2e::{World, cards};
use engine::usecase::inbound::dismiss;
use engine::verify;
use serde_json::json;

#[test]
fn d5_an_event_that_comes_before_its_reference_is_known_matches_later() {
    World::each(async |world| {
        let ada = world.customer("ada@example.com");
        world.card(&ada, cards::SLOW).await;
        // The charge is made, and its answer lost: nothing here knows its reference.
        let rule = json!({ "match": { "path": "/v1/charges", "method": "POST" }, "nth": 1,
            "when": "after_effect", "do": "reset" });
        world.simulator.script(rule).await;
        world.simulator.webhooks(json!({ "hint_only": true })).await;
        world.listen().await;
        world.subscribe(&ada, "team-monthly");
        world.settle().await;
        world.told().await;
        assert_eq!(world.waiting().len(), 1);
        world.wait(TimeDelta::minutes(2));
        world.settle().await;
        world.settle().await;
        assert!(world.waiting().is_empty());
        assert_eq!(world.attempts(&ada).remove(0).state.as_str(), "pending");
    });
}

#[test]
fn d5_what_names_nothing_is_kept_and_after_an_hour_for_a_person() {
    World::each(async |world| {
        let (_, charge) = paying_by_debit(world, "ada@example.com").await;
        let nobodys = as_if(
            &world.simulator.charge(&charge).await,
            "succeeded",
            &json!({ "id": "ch_nobodys", "key": "pk1_nobodys" }),
        );
        assert_eq!(world.delivery("evt_nobodys", "charge", &nobodys).post().await, 200);
        let others = json!({ "id": "pm_of_somebody_else" });
        assert_eq!(world.delivery("evt_others", "method.detached", &others).post().await, 200);
        world.wait(TimeDelta::minutes(59));
        world.settle().await;
        assert_eq!(world.waiting().len(), 2);
        world.wait(TimeDelta::minutes(2));
        world.settle().await;
        world.settle().await;
        let left = world.waiting();
        assert_eq!(left.len(), 1, "a card of somebody else is nobody's business");
        assert_eq!(world.events(left[0].id.as_str()), [EventKind::ProviderEventUnmatched]);
        let found = verify::business(&world.engine, &world.acme).unwrap();
        assert_eq!(found.len(), 1, "{found:?}");
        dismiss(&world.engine, &world.acme, &left[0].id).unwrap();
        assert!(world.waiting().is_empty());
    });
}

#[test]
fn a_hint_is_believed_only_as_far_as_the_service_confirms_it() {
    World::each(async |world| {
        let (ada, charge) = paying_by_debit(world, "ada@example.com").await;
        let hint = json!({ "id": charge });
        assert_eq!(world.delivery("evt_too_early", "hint", &hint).post().await, 200);
        world.settle().await;
        assert_eq!(world.attempts(&ada).remove(0).state.as_str(), "pending");
        world.simulator.succeeds(&charge).await;
        assert_eq!(world.delivery("evt_true", "hint", &hint).post().await, 200);
        world.settle().await;
        let attempt = world.attempts(&ada).remove(0);
        assert_eq!(
            (attempt.state.as_str(), attempt.outcome_source.as_deref()),
            ("succeeded", Some("webhook"))
        );
        world.check().await;
    });
}

#[test]
fn an_event_speaks_for_its_own_account_only() {
    World::each(async |world| {
        let eve = world.stranger("eve@example.com");
        world.card(&eve, cards::SLOW).await;
        world.subscribe(&eve, "team-monthly");
        world.settle().await;
        let attempt = world.attempts(&eve).remove(0);
        let charge = attempt.provider_ref.unwrap();
        let object = as_if(&world.simulator.charge(&charge).await, "succeeded", &json!({}));
        assert_eq!(world.delivery("evt_foreign", "charge", &object).post().await, 200);
        let hint = json!({ "id": charge });
        assert_eq!(world.delivery("evt_foreign_hint", "hint", &hint).post().await, 200);
        world.settle().await;
        assert_eq!(world.attempts(&eve).remove(0).state.as_str(), "pending");
        assert_eq!(world.waiting().len(), 2);
    });
}
