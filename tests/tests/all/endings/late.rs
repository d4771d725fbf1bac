//! Money that arrives when what it was for has ended: it stands, and goes back by itself.

use super::{ADA, leave};
use crate::changes::{price, stock_plans};
use chrono::TimeDelta;
use domain::event::EventKind;
use domain::subscription::cancel::CancelTiming;
use e2e::{Customer, World, WorldOptions, cards};
use engine::ids::SubscriptionId;
use engine::store::events::Actor;
use engine::usecase::change::{self, Confirmation, Wish};

/// Ada pays by a bank debit that takes days, leaves before it has come, and then it comes.
async fn paid_too_late(world: &World) -> (Customer, SubscriptionId) {
    let ada = world.customer(ADA);
    world.card(&ada, cards::SLOW).await;
    let id = world.subscribe(&ada, "team-monthly");
    world.settle().await;
    assert_eq!(world.status(&id), "incomplete");
    leave(world, &ada, &id, CancelTiming::Now);
    assert_eq!(world.status(&id), "cancelled");
    let ledger = world.simulator.ledger().await;
    let debit = ledger.charges.iter().find(|charge| charge.status == "pending").expect("a debit on its way");
    world.simulator.succeeds(&debit.id).await;
    world.wait(TimeDelta::days(1));
    world.settle().await;
    assert_eq!(world.status(&id), "cancelled", "it stays where it is");
    (ada, id)
}

#[test]
fn a_first_payment_that_comes_after_the_end_is_refunded_posted_and_told() {
    World::each(async |world| {
        let (ada, _) = paid_too_late(world).await;
        let invoice = world.newest_invoice(&ada);
        assert_eq!((invoice.status.as_str(), invoice.amount_paid), ("paid", 5_831));
        let notes = world.credit_notes(&invoice.id);
        assert_eq!(
            notes.iter().map(|note| (note.total, note.to_refund)).collect::<Vec<_>>(),
            [(5_831, 5_831)]
        );
        let refunds = world.simulator.ledger().await.refunds;
        assert_eq!(refunds.iter().map(|refund| refund.amount).collect::<Vec<_>>(), [5_831]);
        assert_eq!(world.balance(&ada), 0);
        world.mail(ADA, "Receipt from Acme: €58.31");
        let told = world.mail(ADA, &format!("Credit note {}: €58.31", notes[0].number)).text;
        assert!(told.contains("€58.31 goes back"), "{told}");
        world.check().await;
    });
}

const TO_BALANCE: WorldOptions =
    WorldOptions { settings: "[refunds]\npaid_after_end = \"balance\"\n", environment: &[] };

#[test]
fn or_it_goes_to_the_balance() {
    World::each_with(&TO_BALANCE, async |world| {
        let (ada, _) = paid_too_late(world).await;
        assert_eq!(world.balance(&ada), 5_831);
        assert!(world.simulator.ledger().await.refunds.is_empty());
        world.check().await;
    });
}

const KEPT: WorldOptions =
    WorldOptions { settings: "[refunds]\npaid_after_end = \"keep\"\n", environment: &[] };

#[test]
fn or_a_person_is_asked() {
    World::each_with(&KEPT, async |world| {
        let (ada, _) = paid_too_late(world).await;
        let invoice = world.newest_invoice(&ada);
        assert_eq!((invoice.status.as_str(), world.credit_notes(&invoice.id).len()), ("paid", 0));
        let charge = world.attempts(&ada).remove(0);
        assert!(charge.review_since.is_some());
        assert!(world.events(charge.id.as_str()).contains(&EventKind::PaymentNeedsReview));
        world.check().await;
    });
}

const CHANGES: WorldOptions = WorldOptions { settings: "[portal]\nplan_changes = true\n", environment: &[] };

#[test]
fn a_change_that_is_paid_after_the_end_gives_its_money_back_too() {
    World::each_with(&CHANGES, async |world| {
        stock_plans(world, 0);
        let ada = world.customer(ADA);
        let card = world.card(&ada, cards::GOOD).await;
        let id = world.subscribe(&ada, "basic");
        world.settle().await;
        world.card_becomes(&ada, &card, cards::SLOW).await;
        let wish = Wish { price: Some(price(world, "pro")), ..Wish::default() };
        let actor = Actor::Customer(ada.id.to_string());
        let quoted = change::quote(&world.engine, &world.acme, &actor, &id, &wish).unwrap();
        let confirmed = change::confirm(&world.engine, &world.acme, &actor, &quoted.ticket).unwrap();
        let Confirmation::Paying(invoice) = confirmed else { panic!("{confirmed:?}") };
        world.settle().await;

        leave(world, &ada, &id, CancelTiming::Now);
        let ledger = world.simulator.ledger().await;
        let debit = ledger.charges.iter().find(|charge| charge.status == "pending").expect("on its way");
        world.simulator.succeeds(&debit.id).await;
        world.wait(TimeDelta::days(1));
        world.settle().await;
        assert_eq!(world.subscription(&id).price_id, price(world, "basic"), "the change never came");
        let refunds = world.simulator.ledger().await.refunds;
        assert_eq!(refunds.iter().map(|refund| refund.amount).collect::<Vec<_>>(), [debit.amount]);
        assert_eq!(world.credit_notes(&invoice).len(), 1);
        world.check().await;
    });
}
