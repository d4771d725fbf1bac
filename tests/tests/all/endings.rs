//! The end of a subscription, and what meets it: what is still to be billed, and changes that wait.

mod changes;
mod late;
mod left_behind;

use crate::selling::ada_who_calls;
use domain::invoice::state::BillingReason;
use domain::subscription::cancel::CancelTiming;
use domain::subscription::item::ItemRole;
use e2e::{Customer, World, WorldOptions, cards};
use engine::ids::SubscriptionId;
use engine::testing::press_pay;
use engine::usecase::cancel::{CancelRequest, cancel};
use engine::usecase::cancel_on::cancel_on;
use engine::usecase::catalog::offer_in;
use engine::usecase::usage::{NewUsage, record};

const ADA: &str = "ada@example.com";

/// The customer cancels.
fn leave(world: &World, owner: &Customer, id: &SubscriptionId, timing: CancelTiming) {
    let request =
        CancelRequest { subscription: id.clone(), timing, reason: None, comment: None, shown: None };
    cancel(&world.engine, &world.acme, &owner.id, request).unwrap();
}

/// So many calls, at two cents each.
fn calls(world: &World, id: &SubscriptionId, key: &str, value: &str) {
    let (meter, key, value) = ("calls".to_owned(), key.to_owned(), value.to_owned());
    let used = NewUsage { subscription: id.clone(), meter, key, value, at: None };
    record(&world.engine, &world.acme, used).unwrap();
}

/// The one invoice over the rest, which nobody has charged.
fn rest_is(world: &World, ada: &Customer, total: i64) {
    let written = world.invoices(ada);
    let mut rest = written.iter().filter(|invoice| invoice.reason == BillingReason::Final);
    let (invoice, none) = (rest.next().expect("a last invoice"), rest.next());
    assert!(none.is_none(), "one and no more");
    assert_eq!((invoice.total, invoice.status.as_str()), (total, "open"));
    let charged = world.attempts(ada).iter().any(|attempt| attempt.invoice_id == invoice.id);
    assert!(!charged, "nothing is charged by itself after the end");
}

#[test]
fn who_leaves_at_once_gets_a_last_invoice_over_what_was_used_and_pays_it_by_hand() {
    World::each(async |world| {
        let (ada, id) = ada_who_calls(world).await;
        world.advance("10 days").await;
        calls(world, &id, "monday", "40");
        world.advance("1 day").await;
        leave(world, &ada, &id, CancelTiming::Now);
        world.advance("3 months").await;
        rest_is(world, &ada, 95);
        let mail = world.mail(ADA, "basic has ended").text;
        assert!(mail.contains("€0.95"), "{mail}");

        let invoice = world.newest_invoice(&ada);
        let card = world.methods(&ada).remove(0).id;
        press_pay(&world.engine, &world.acme, &ada.id, &invoice.id, &card).unwrap();
        world.settle().await;
        assert_eq!(world.newest_invoice(&ada).status.as_str(), "paid");
        assert_eq!(world.status(&id), "cancelled", "it stays where it is");
        world.check().await;
    });
}

#[test]
fn the_end_of_the_period_or_a_date_bills_what_was_used_until_then_and_no_period() {
    World::each(async |world| {
        let (ada, id) = ada_who_calls(world).await;
        leave(world, &ada, &id, CancelTiming::AtPeriodEnd);
        world.advance("20 days").await;
        calls(world, &id, "late", "100");
        world.advance("20 days").await;
        assert_eq!(world.status(&id), "cancelled");
        rest_is(world, &ada, 238);
        world.check().await;
    });
    World::each(async |world| {
        let (ada, id) = ada_who_calls(world).await;
        world.advance("5 days").await;
        calls(world, &id, "early", "100");
        let date = world.now() + chrono::TimeDelta::days(5);
        cancel_on(&world.engine, &world.acme, &id, date, false).unwrap();
        world.advance("20 days").await;
        assert_eq!(world.subscription(&id).ended_at, Some(date));
        rest_is(world, &ada, 238);
        world.check().await;
    });
}

#[test]
fn who_does_not_pay_owes_what_was_used_too() {
    World::each(async |world| {
        let (ada, id) = ada_who_calls(world).await;
        let card = world.methods(&ada).remove(0).id;
        world.card_becomes(&ada, &card, cards::DECLINED).await;
        world.advance("32 days").await;
        assert_eq!(world.status(&id), "past_due");
        calls(world, &id, "on", "50");
        world.advance("25 days").await;
        assert_eq!(world.status(&id), "cancelled");
        rest_is(world, &ada, 119);
        world.check().await;
    });
}

#[test]
fn who_used_nothing_gets_no_last_invoice() {
    World::each(async |world| {
        let (ada, id) = ada_who_calls(world).await;
        world.advance("5 days").await;
        leave(world, &ada, &id, CancelTiming::Now);
        world.settle().await;
        assert_eq!(world.invoices(&ada).len(), 1);
        let mail = world.mail(ADA, "basic has ended").text;
        assert!(mail.contains("You will not be charged again"), "{mail}");
        world.check().await;
    });
}

#[test]
fn a_trial_s_usage_is_free_however_it_ends() {
    let options = WorldOptions {
        settings: "[portal]\ntrial_cancellation = \"immediate\"\n",
        ..WorldOptions::default()
    };
    World::each_with(&options, async |world| {
        let (ada, paying) = ada_who_calls(world).await;
        offer_in(&world.engine, &world.acme, "calls", "plans", ItemRole::Plan).unwrap();
        let id = world.try_out(&ada, "calls", 14);
        world.advance("3 days").await;
        calls(world, &id, "free", "1000");
        world.advance("1 day").await;
        leave(world, &ada, &id, CancelTiming::Now);
        world.settle().await;
        assert_eq!((world.status(&id).as_str(), world.status(&paying).as_str()), ("cancelled", "active"));
        assert_eq!(world.invoices(&ada).len(), 1, "that of the other subscription");
        world.check().await;
    });
}
