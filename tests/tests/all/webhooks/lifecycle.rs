//! Events of one payment in every order.

use super::{as_if, paying_by_debit};
use domain::event::EventKind;
use e2e::{Customer, World, cards};
use serde_json::{Value, json};

/// All orders of so many things.
fn orders(of: usize) -> Vec<Vec<usize>> {
    if of == 0 {
        return vec![Vec::new()];
    }
    let longer = |order: Vec<usize>| {
        (0..of).map(move |place| {
            let mut order = order.clone();
            order.insert(place, of - 1);
            order
        })
    };
    orders(of - 1).into_iter().flat_map(longer).collect()
}

/// The five events of a charge that waits for the customer, then for the bank, is refused and succeeds after all, and is
/// taken back.
fn lifecycle(world: &World, charge: &Value) -> [(&'static str, Value); 5] {
    let page = json!({ "action_url": format!("{}/confirm/ch", world.simulator.url()) });
    let refused = json!({ "decline": { "code": "card_declined", "kind": "soft" } });
    let dispute = json!({ "id": format!("dp_{}", charge["id"].as_str().unwrap()), "charge": charge["id"],
        "amount": charge["amount"], "currency": charge["currency"] });
    [
        ("charge", as_if(charge, "requires_action", &page)),
        ("charge", as_if(charge, "pending", &json!({}))),
        ("charge", as_if(charge, "failed", &refused)),
        ("charge", as_if(charge, "succeeded", &json!({}))),
        ("dispute", dispute),
    ]
}

/// Where everything stands for a customer.
fn standing(world: &World, of: &Customer) -> String {
    let attempts: Vec<_> = world.attempts(of).into_iter().map(|a| (a.state, a.amount)).collect();
    let invoice = world.newest_invoice(of);
    let subscription = world.status(&invoice.subscription_id.clone().unwrap());
    format!(
        "{attempts:?} {} {} {} {subscription} {}",
        invoice.status,
        invoice.amount_paid,
        invoice.disputed_since.is_some(),
        world.balance(of)
    )
}

#[test]
fn d2_five_events_in_all_120_orders_come_to_the_same() {
    World::each(async |world| {
        let mut told = Vec::new();
        for (number, order) in orders(5).into_iter().enumerate() {
            let customer = world.customer(&format!("ada{number}@example.com"));
            world.card(&customer, cards::SLOW).await;
            world.subscribe(&customer, "team-monthly");
            told.push((customer, order));
        }
        world.settle_money().await;
        for (customer, order) in &told {
            let charge = world.attempts(customer).remove(0).provider_ref.unwrap();
            world.simulator.succeeds(&charge).await;
            let events = lifecycle(world, &world.simulator.charge(&charge).await);
            for &event in order {
                let (kind, object) = &events[event];
                let id = format!("evt_{charge}_{event}");
                assert_eq!(world.delivery(&id, kind, object).post().await, 200);
            }
        }
        world.settle_money().await;
        assert!(world.waiting().is_empty());
        let first = standing(world, &told[0].0);
        assert!(first.starts_with("[(Reversed, 5831)] open 0 true on_hold 0"), "{first}");
        for (customer, order) in &told {
            assert_eq!(standing(world, customer), first, "{order:?}");
        }
        assert_eq!(world.simulator.ledger().await.taken().len(), told.len());
    });
}

#[test]
fn c8_a_dispute_told_twice_is_one() {
    World::each(async |world| {
        let (ada, _) = world.subscriber("ada@example.com", cards::GOOD).await;
        let charge = world.attempts(&ada).remove(0).provider_ref.unwrap();
        world.listen().await;
        world.simulator.dispute(&charge, 5_831).await;
        world.told().await;
        let again = json!({ "id": "dp_again", "charge": charge, "amount": 5_831, "currency": "EUR" });
        assert_eq!(world.delivery("evt_again", "dispute", &again).post().await, 200);
        world.settle().await;
        let invoice = world.newest_invoice(&ada);
        assert_eq!((invoice.status.as_str(), invoice.due().unwrap().minor), ("open", 5_831));
        assert_eq!(world.count_events(&invoice.id, EventKind::InvoiceReopened), 1);
        world.check().await;
    });
}

#[test]
fn a_part_that_somebody_gave_back_at_the_service_is_for_a_person() {
    World::each(async |world| {
        let (ada, _) = world.subscriber("ada@example.com", cards::GOOD).await;
        let attempt = world.attempts(&ada).remove(0);
        world.listen().await;
        world.simulator.refund_by_hand(&attempt.provider_ref.unwrap(), 1_000).await;
        world.told().await;
        assert!(world.attempts(&ada).remove(0).review_since.is_some());
        let asked = world.history(attempt.id.as_str()).pop().unwrap();
        assert_eq!((asked.kind, asked.reason.as_deref()), (EventKind::PaymentNeedsReview, Some("went_back")));
        assert_eq!(world.newest_invoice(&ada).status.as_str(), "paid");
        world.check().await;
    });
}

#[test]
fn c7_another_amount_than_asked_for_is_recorded_and_for_a_person() {
    World::each(async |world| {
        let (ada, charge) = paying_by_debit(world, "ada@example.com").await;
        let object = as_if(&world.simulator.charge(&charge).await, "succeeded", &json!({ "amount": 5_830 }));
        assert_eq!(world.delivery("evt_less", "charge", &object).post().await, 200);
        let attempt = world.attempts(&ada).remove(0);
        assert!(attempt.review_since.is_some());
        assert_ne!(world.newest_invoice(&ada).status.as_str(), "paid");
    });
}
