//! Workers are killed at any moment, again and again, while they renew many subscriptions at a payment service that
//! loses answers, fails, lies and dawdles; at the end their jobs are forgotten (A9, B3).

use chrono::TimeDelta;
use e2e::{Portico, World, WorldOptions};
use serde_json::json;
use std::time::{Duration, Instant};

const BINARY: &str = env!("CARGO_BIN_EXE_portico-under-test");

/// Subscriptions that begin on each day of a month of thirty, so that every day some renew.
const A_DAY: usize = 2;
const DAYS: usize = 30;

/// Kills on SQLite unless `PORTICO_STORM_KILLS` says otherwise; PostgreSQL gets a fifth of what it says.
const KILLS: usize = 16;

#[test]
fn a9_b3_a_storm_of_kills_loses_nothing_and_charges_nobody_twice() {
    // Days pass faster than leases run out, so that whole months are missed.
    let options = WorldOptions { settings: "[billing]\ncatch_up = \"all\"", ..WorldOptions::default() };
    World::each_with(&options, async |world| {
        let kills = kills(world);
        let people = world.begin_on_days(DAYS, A_DAY).await;
        lies(world).await;

        let mut workers = [start(world), start(world)];
        for n in 0..kills {
            world.jump("1 day");
            let seen = world.simulator.ledger().await.requests.len();
            working(world, seen).await;
            tokio::time::sleep(scatter(n)).await;
            workers[n % 2].kill();
            workers[n % 2] = start(world);
        }
        workers.iter_mut().for_each(Portico::kill);
        world.simulator.behave().await;
        // What was put aside because it saw three workers die is forgotten within the hour, and asked for anew.
        world.engine.db.write(engine::store::jobs::forget_all).unwrap();
        for _ in 0..12 {
            world.wait(TimeDelta::hours(1));
            world.settle().await;
        }
        let attempts: Vec<_> = people.iter().flat_map(|customer| world.attempts(customer)).collect();
        let again = attempts.iter().filter(|attempt| attempt.submit_count > 1).count();
        let found = |source: &str| {
            attempts.iter().filter(|attempt| attempt.outcome_source.as_deref() == Some(source)).count()
        };
        let taken = world.simulator.ledger().await.taken().len();
        let invoices: Vec<_> = people.iter().flat_map(|customer| world.invoices(customer)).collect();
        println!(
            "{kills} kills: {} invoices, {taken} charges, {again} attempts sent again, {} found by lookup",
            invoices.len(),
            found("lookup")
        );
        assert!(again * 20 >= attempts.len(), "the storm does not bite");
        assert_eq!(taken, invoices.len(), "one charge an invoice");
        assert!(invoices.iter().all(|invoice| invoice.status.as_str() == "paid"), "nothing is stuck");
        assert!(attempts.iter().all(|attempt| attempt.review_since.is_none()), "nobody has to be asked");
        // Each worker may have been at several mails.
        world.check_with_copies(8 * (kills + 2)).await;
    });
}

fn kills(world: &World) -> usize {
    let wished = std::env::var("PORTICO_STORM_KILLS").ok().and_then(|text| text.parse::<usize>().ok());
    match wished {
        Some(kills) if world.is_sqlite() => kills,
        Some(kills) => kills / 5,
        None => KILLS,
    }
}

/// Keys are hashes, so their first letter picks out a share of all charges by chance. Each of the rules tires in time,
/// for a key that is sent again meets its rule again.
async fn lies(world: &World) {
    let rules = [
        ("ABCD", "before", json!("reset")),
        ("EFGH", "after_effect", json!("reset")),
        ("IJ", "before", json!({ "http": 503 })),
        ("KL", "after_effect", json!({ "http": 500 })),
        ("MN", "after_effect", json!("garbage")),
        ("OPQRSTUV", "before", json!({ "delay_effect": 300 })),
    ];
    for (letters, when, deed) in rules {
        for letter in letters.chars() {
            let charges =
                json!({ "path": "/v1/charges", "method": "POST", "key_prefix": format!("pk1_{letter}") });
            world.simulator.script(json!({ "match": charges, "times": 40, "when": when, "do": deed })).await;
        }
    }
}

fn start(world: &World) -> Portico {
    world.portico(BINARY, &["worker"], None)
}

/// Waits for a worker to call the payment service again. Those who died keep their jobs for a while, so there may be
/// nothing to do now.
async fn working(world: &World, seen: usize) {
    let began = Instant::now();
    while began.elapsed() < Duration::from_secs(3) && world.simulator.ledger().await.requests.len() == seen {
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}

/// Up to 0.2 seconds, differently each time and the same in every run.
fn scatter(n: usize) -> Duration {
    let scattered = (n as u64 + 1).wrapping_mul(6_364_136_223_846_793_005) >> 33;
    Duration::from_millis(scattered % 200)
}
