//! A customer has the bank take a payment back. It is owed again and never charged by itself; the books agree.

use chrono::TimeDelta;
use e2e::{Customer, World, WorldOptions, cards};
use engine::ids::SubscriptionId;
use engine::store::events::Actor;
use engine::testing::press_pay;
use engine::usecase::dispute::{Verdict, close_dispute, open_dispute};
use std::time::Duration;

const BINARY: &str = env!("CARGO_BIN_EXE_portico-under-test");

/// A subscriber whose bank has just taken the first payment back.
async fn disputed(world: &World) -> (Customer, SubscriptionId) {
    let (ada, id) = world.subscriber("ada@example.com", cards::GOOD).await;
    let charge = world.attempts(&ada).remove(0).id;
    open_dispute(&world.engine, &world.acme, &charge, Actor::Operator).unwrap();
    let again = open_dispute(&world.engine, &world.acme, &charge, Actor::Operator);
    assert!(again.is_err(), "a charge is taken back once");
    (ada, id)
}

#[test]
fn what_the_bank_took_is_owed_again_and_never_charged_by_itself() {
    World::each(async |world| {
        let (ada, id) = disputed(world).await;
        let invoice = world.newest_invoice(&ada);
        assert_eq!((invoice.status.as_str(), invoice.due().unwrap().minor), ("open", 5_831));
        assert_eq!(world.status(&id), "on_hold");
        world.advance("2 months").await;
        assert_eq!((world.attempts(&ada).len(), world.invoices(&ada).len()), (1, 1));
        world.check().await;
    });
}

#[test]
fn paid_by_hand_the_subscription_goes_on() {
    World::each(async |world| {
        let (ada, id) = disputed(world).await;
        let (invoice, card) = (world.newest_invoice(&ada).id, world.methods(&ada).remove(0).id);
        press_pay(&world.engine, &world.acme, &ada.id, &invoice, &card).unwrap();
        world.settle().await;
        assert_eq!(
            (world.newest_invoice(&ada).status.as_str(), world.status(&id).as_str()),
            ("paid", "active")
        );
    });
}

#[test]
fn declined_by_hand_nobody_chases_a_disputed_payment() {
    World::each(async |world| {
        let (ada, _) = disputed(world).await;
        let (invoice, card) = (world.newest_invoice(&ada).id, world.card(&ada, cards::DECLINED).await);
        press_pay(&world.engine, &world.acme, &ada.id, &invoice, &card).unwrap();
        world.settle().await;
        let mails = world.mails_to(&ada.email).len();
        world.advance("1 month").await;
        world.wait(TimeDelta::days(30));
        world.settle().await;
        assert_eq!((world.attempts(&ada).len(), world.mails_to(&ada.email).len()), (2, mails));
        world.check().await;
    });
}

#[test]
fn won_the_payment_stands_again() {
    World::each(async |world| {
        let (ada, id) = disputed(world).await;
        let charge = world.attempts(&ada).remove(0).id;
        let won =
            || close_dispute(&world.engine, &world.acme, &charge, Verdict::Won, Actor::Operator).is_ok();
        assert!(won() && !won(), "once");
        world.settle().await;
        let invoice = world.newest_invoice(&ada);
        assert_eq!(
            (invoice.status.as_str(), invoice.amount_paid, invoice.disputed_since),
            ("paid", 5_831, None)
        );
        assert_eq!((world.status(&id).as_str(), world.balance(&ada)), ("active", 0));
    });
}

#[test]
fn lost_it_stays_owed() {
    World::each(async |world| {
        let (ada, _) = disputed(world).await;
        let number = world.newest_invoice(&ada).number.unwrap();
        let words = ["dispute", "lost", &number, "--tenant", "acme"];
        let ended = world.portico(BINARY, &words, None).ended(Duration::from_secs(60)).await;
        assert!(ended.success());
        assert_eq!(world.newest_invoice(&ada).due().unwrap().minor, 5_831);
        world.advance("1 month").await;
        assert_eq!(world.attempts(&ada).len(), 1);
        world.check().await;
    });
}

#[test]
fn a_business_may_end_or_keep_what_is_disputed() {
    for (policy, status) in [("cancel", "cancelled"), ("nothing", "active")] {
        let settings = match policy {
            "cancel" => "[refunds]\non_dispute = \"cancel\"\n",
            _ => "[refunds]\non_dispute = \"nothing\"\n",
        };
        World::each_with(&WorldOptions { settings, ..WorldOptions::default() }, async |world| {
            let (_, id) = disputed(world).await;
            assert_eq!(world.status(&id), status, "{policy}");
            world.settle().await;
            world.check().await;
        });
    }
}
