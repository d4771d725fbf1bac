//! A change that waits meets a pause, a hold, a cancellation, the end of a trial.

use super::{ADA, leave};
use crate::changes::{price, stock_plans};
use domain::subscription::cancel::CancelTiming;
use e2e::{Customer, World, WorldOptions, cards};
use engine::ids::SubscriptionId;
use engine::store::events::Actor;
use engine::testing::press_pay;
use engine::usecase::change::{self, Confirmation, Wish};
use engine::usecase::pause::pause;
use engine::usecase::resume::resume;

const CHANGES: WorldOptions = WorldOptions { settings: "[portal]\nplan_changes = true\n", environment: &[] };
const AT_ONCE: WorldOptions = WorldOptions {
    settings: "[portal]\nplan_changes = true\ntrial_cancellation = \"immediate\"\n",
    environment: &[],
};

/// The customer wants another plan.
fn switch(world: &World, owner: &Customer, id: &SubscriptionId, code: &str) -> Confirmation {
    let actor = Actor::Customer(owner.id.to_string());
    let wish = Wish { price: Some(price(world, code)), ..Wish::default() };
    let quoted = change::quote(&world.engine, &world.acme, &actor, id, &wish).unwrap();
    change::confirm(&world.engine, &world.acme, &actor, &quoted.ticket).unwrap()
}

fn on_plan(world: &World, id: &SubscriptionId, code: &str) -> bool {
    world.subscription(id).price_id == price(world, code)
}

async fn taken(world: &World) -> Vec<i64> {
    world.simulator.ledger().await.taken().iter().map(|charge| charge.amount).collect()
}

/// Ada on the middle plan, 30 days at a time.
async fn ada_on_pro(world: &World) -> (Customer, SubscriptionId) {
    stock_plans(world, 0);
    let ada = world.customer(ADA);
    world.card(&ada, cards::GOOD).await;
    let id = world.subscribe(&ada, "pro");
    world.settle().await;
    (ada, id)
}

#[test]
fn a_scheduled_change_waits_out_a_pause_and_begins_with_the_period_after_it() {
    World::each_with(&CHANGES, async |world| {
        let (ada, id) = ada_on_pro(world).await;
        assert!(matches!(switch(world, &ada, &id, "basic"), Confirmation::Scheduled(_)));
        pause(&world.engine, &world.acme, &id, None, &Actor::Operator).unwrap();
        world.advance("60 days").await;
        assert_eq!(world.status(&id), "paused");
        assert!(on_plan(world, &id, "pro"), "no period has begun");
        resume(&world.engine, &world.acme, &id, &Actor::Operator).unwrap();
        world.settle().await;
        assert!(on_plan(world, &id, "basic"));
        assert_eq!(taken(world).await, [2_380, 595]);
        world.check().await;
    });
}

#[test]
fn and_can_still_be_undone_during_the_pause() {
    World::each_with(&CHANGES, async |world| {
        let (ada, id) = ada_on_pro(world).await;
        switch(world, &ada, &id, "basic");
        pause(&world.engine, &world.acme, &id, None, &Actor::Operator).unwrap();
        world.advance("60 days").await;
        change::undo(&world.engine, &world.acme, &Actor::Operator, &id).unwrap();
        resume(&world.engine, &world.acme, &id, &Actor::Operator).unwrap();
        world.settle().await;
        assert!(on_plan(world, &id, "pro"));
        assert_eq!(taken(world).await, [2_380, 2_380]);
        world.check().await;
    });
}

#[test]
fn a_scheduled_change_waits_out_a_hold() {
    World::each_with(&CHANGES, async |world| {
        let (ada, id) = ada_on_pro(world).await;
        let card = world.methods(&ada).remove(0).id;
        world.card_becomes(&ada, &card, cards::DECLINED).await;
        world.advance("31 days").await;
        assert!(matches!(switch(world, &ada, &id, "basic"), Confirmation::Scheduled(_)));
        world.advance("8 days").await;
        assert_eq!(world.status(&id), "on_hold");
        world.card_becomes(&ada, &card, cards::GOOD).await;
        let owed = world.newest_invoice(&ada).id;
        press_pay(&world.engine, &world.acme, &ada.id, &owed, &card).unwrap();
        world.settle().await;
        assert_eq!(world.status(&id), "active");
        assert!(on_plan(world, &id, "pro"), "what was paid for runs on");
        world.advance("25 days").await;
        assert!(on_plan(world, &id, "basic"));
        assert_eq!(taken(world).await, [2_380, 2_380, 595]);
        world.check().await;
    });
}

#[test]
fn a_change_during_a_trial_is_what_the_trial_ends_in() {
    World::each_with(&CHANGES, async |world| {
        stock_plans(world, 14);
        let ada = world.customer(ADA);
        world.card(&ada, cards::GOOD).await;
        let id = world.try_out(&ada, "basic", 14);
        world.advance("3 days").await;
        assert_eq!(switch(world, &ada, &id, "pro"), Confirmation::Applied);
        assert_eq!(world.status(&id), "trialing");
        world.advance("12 days").await;
        assert_eq!(world.status(&id), "active");
        assert_eq!(taken(world).await, [2_380]);
        world.check().await;
    });
}

/// Ada tries the small plan, and wants the middle one, which has no trial: it begins once it is paid.
async fn ada_pays_to_begin(world: &World, card: &str) -> (Customer, SubscriptionId) {
    stock_plans(world, 0);
    let ada = world.customer(ADA);
    world.card(&ada, card).await;
    let id = world.try_out(&ada, "basic", 14);
    world.advance("3 days").await;
    assert!(matches!(switch(world, &ada, &id, "pro"), Confirmation::Paying(_)));
    (ada, id)
}

/// Nothing was taken, nothing is owed, and the change never came.
async fn left_for_nothing(world: &World, ada: &Customer, id: &SubscriptionId) {
    world.advance("2 months").await;
    assert_eq!(world.status(id), "cancelled");
    assert!(taken(world).await.is_empty());
    assert_eq!(world.newest_invoice(ada).status.as_str(), "void");
    assert!(on_plan(world, id, "basic"));
}

/// Regression scenario 5: cancel in trial under both settings, with a plan change pending.
#[test]
fn a_trial_cancelled_with_a_change_pending_ends_without_a_charge_at_once() {
    World::each_with(&AT_ONCE, async |world| {
        let (ada, id) = ada_pays_to_begin(world, cards::GOOD).await;
        leave(world, &ada, &id, CancelTiming::Now);
        assert_eq!(world.status(&id), "cancelled");
        left_for_nothing(world, &ada, &id).await;
        world.check().await;
    });
}

/// Regression scenario 5, under the other setting.
#[test]
fn a_trial_cancelled_with_a_change_pending_ends_without_a_charge_in_its_time() {
    World::each_with(&CHANGES, async |world| {
        let (ada, id) = ada_pays_to_begin(world, cards::GOOD).await;
        leave(world, &ada, &id, CancelTiming::AtPeriodEnd);
        world.settle().await;
        assert_eq!(world.status(&id), "trialing", "it runs to its end");
        left_for_nothing(world, &ada, &id).await;
        world.check().await;
    });
}

#[test]
fn a_change_that_the_bank_still_asks_about_comes_to_nothing_unless_it_is_confirmed() {
    World::each_with(&CHANGES, async |world| {
        let (ada, id) = ada_pays_to_begin(world, cards::ALWAYS_ASKS).await;
        world.settle().await;
        leave(world, &ada, &id, CancelTiming::AtPeriodEnd);
        world.wait(chrono::TimeDelta::days(3));
        world.settle().await;
        left_for_nothing(world, &ada, &id).await;
        world.check().await;
    });
}

#[test]
fn who_confirms_it_after_cancelling_has_the_period_that_was_paid_and_no_other() {
    World::each_with(&CHANGES, async |world| {
        let (ada, id) = ada_pays_to_begin(world, cards::ALWAYS_ASKS).await;
        world.settle().await;
        leave(world, &ada, &id, CancelTiming::AtPeriodEnd);
        let invoice = world.newest_invoice(&ada);
        let mut browser = world.signed_in(&ada).await;
        let asking = browser.open(&format!("/billing/{}/pay", invoice.id)).await;
        world.settle().await;
        let page = browser.open(asking.url.as_str()).await;
        let bank = page.links("main a.btn--primary").pop().unwrap_or_else(|| panic!("{}", page.text()));
        browser.open(&bank).await;
        browser.submit("", &[("do", "approve")]).await;
        world.settle().await;
        let sub = world.subscription(&id);
        assert_eq!((sub.status.as_str(), on_plan(world, &id, "pro")), ("active", true));
        assert_eq!(sub.cancel_at, Some(sub.current_period_end), "it ends with what was paid");
        world.advance("3 months").await;
        assert_eq!(world.status(&id), "cancelled");
        assert_eq!(taken(world).await, [2_380]);
        world.check().await;
    });
}
