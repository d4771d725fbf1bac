//! Workers are killed at any moment, again and again, while they renew many subscriptions. Cites A9.

use chrono::TimeDelta;
use e2e::{Portico, World, cards};
use engine::store::attempts::Attempt;
use std::time::{Duration, Instant};

const BINARY: &str = env!("CARGO_BIN_EXE_portico-under-test");

/// Subscriptions that renew.
const SUBSCRIPTIONS: usize = 60;

/// Kills per database; `PORTICO_STORM_KILLS` says otherwise for a long run.
const KILLS: usize = 16;

#[test]
fn a_storm_of_kills_loses_nothing_and_charges_nobody_twice() {
    let kills = std::env::var("PORTICO_STORM_KILLS").ok().and_then(|text| text.parse().ok()).unwrap_or(KILLS);
    World::each(async |world| {
        let mut people = Vec::new();
        for n in 0..SUBSCRIPTIONS {
            let customer = world.customer(&format!("c{n}@example.com"));
            world.card(&customer, cards::GOOD).await;
            world.subscribe(&customer, "team-monthly");
            people.push(customer);
        }
        world.settle().await;
        world.jump("1 month");
        // Slow enough that a kill finds calls under way.
        let slow = serde_json::json!({ "match": { "path": "/v1/charges" }, "do": { "delay_effect": 120 } });
        world.simulator.script(slow).await;

        let mut workers = [start(world), start(world)];
        for n in 0..kills {
            let seen = world.simulator.ledger().await.requests.len();
            working(world, seen).await;
            tokio::time::sleep(scatter(n)).await;
            workers[n % 2].kill();
            workers[n % 2] = start(world);
        }
        workers.iter_mut().for_each(Portico::kill);
        let before = world.simulator.ledger().await.taken().len() - SUBSCRIPTIONS;

        for _ in 0..6 {
            world.wait(TimeDelta::minutes(10));
            world.settle().await;
        }
        let attempts: Vec<_> = people.iter().flat_map(|customer| world.attempts(customer)).collect();
        let found = |attempt: &&Attempt| attempt.outcome_source.as_deref() != Some("response");
        let doubtful = attempts.iter().filter(found).count();
        println!("{kills} kills: {before} charges under fire, {doubtful} outcomes lost and found again");
        assert!(before > 0 && doubtful > 0, "the storm does not bite");
        assert_eq!(attempts.len(), 2 * SUBSCRIPTIONS);
        assert_eq!(world.simulator.ledger().await.taken().len(), 2 * SUBSCRIPTIONS);
        assert!(people.iter().all(|customer| world.newest_invoice(customer).status.as_str() == "paid"));
        // Each worker may have been at several mails.
        world.check_with_copies(8 * (kills + 2)).await;
    });
}

fn start(world: &World) -> Portico {
    world.portico(BINARY, &["worker"], None)
}

/// Waits for a worker to call the payment service again. Those who died keep their jobs for a while, so there may be
/// nothing to do now.
async fn working(world: &World, seen: usize) {
    let began = Instant::now();
    while began.elapsed() < Duration::from_secs(3) && world.simulator.ledger().await.requests.len() == seen {
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
}

/// Up to 0.2 seconds, differently each time and the same in every run.
fn scatter(n: usize) -> Duration {
    let scattered = (n as u64 + 1).wrapping_mul(6_364_136_223_846_793_005) >> 33;
    Duration::from_millis(scattered % 200)
}
