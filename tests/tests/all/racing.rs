//! Two workers at once, and work asked for twice.

use e2e::{World, cards};
use engine::job::Queue;

const SUBSCRIPTIONS: usize = 50;

#[test]
fn b1_two_workers_charge_every_subscription_once() {
    World::each(async |world| {
        for n in 0..SUBSCRIPTIONS {
            let customer = world.customer(&format!("c{n}@example.com"));
            world.card(&customer, cards::GOOD).await;
            world.subscribe(&customer, "team-monthly");
        }
        race(world).await;
        assert_eq!(world.simulator.ledger().await.taken().len(), SUBSCRIPTIONS);
        world.jump("1 month");
        race(world).await;
        assert_eq!(world.simulator.ledger().await.taken().len(), 2 * SUBSCRIPTIONS);
        assert_eq!(world.mails().len(), 2 * SUBSCRIPTIONS);
        world.check().await;
    });
}

/// Two workers drain everything side by side.
async fn race(world: &World) {
    let workers = [world.env.clone(), world.another_worker()];
    let drains = workers.map(|env| tokio::spawn(async move { worker::drain(&env, Queue::ALL).await }));
    for drain in drains {
        drain.await.unwrap().unwrap();
    }
    // One of them may have seen the other's claims and gone home early.
    world.settle().await;
}
