//! A worker is killed at every point of a renewal while the payment service behaves in every way it can. Every
//! day somebody renews and a worker dies at the next point; the one after it goes on with what it left. The points are
//! those of `crashes.rs`; C13 of docs/charging.md has its test here.

use chrono::TimeDelta;
use domain::payment::state::AttemptState;
use e2e::World;
use serde_json::{Value, json};
use std::time::Duration;

const BINARY: &str = env!("CARGO_BIN_EXE_portico-under-test");

/// Customers who renew on the day of each point.
const A_DAY: usize = 2;

/// For a worker to reach the point where it dies, on a machine that has much else to do.
const PATIENCE: Duration = Duration::from_secs(90);

/// Hours in which errors are tried again and mails go out.
const A_WORKING_DAY: u32 = 8;

/// Hours in which whatever is in doubt is asked about: 12 lie between the last questions.
const A_DAY_AND_A_HALF: u32 = 36;

/// The points of a renewal, in its order: all that are not for a webhook that comes in.
fn points() -> Vec<&'static str> {
    engine::crash::POINTS.into_iter().filter(|point| !point.starts_with("webhook_in")).collect()
}

/// How a payment service may treat the charges of this month.
struct Behaviour {
    /// What happens to every fourth charge, twice; `Value::Null` is nothing.
    deed: Value,
    /// `before` or `after_effect`.
    when: &'static str,
    /// How it treats keys and questions.
    mode: Value,
    /// Each charge succeeds in the end; others are for dunning.
    all_paid: bool,
}

impl Behaviour {
    fn of(deed: Value, when: &'static str) -> Self {
        Self { deed, when, mode: json!({}), all_paid: true }
    }
}

fn die_everywhere(behaviour: &Behaviour) {
    World::each(async |world| {
        let points = points();
        let people = world.begin_on_days(points.len(), A_DAY).await;
        world.simulator.mode(behaviour.mode.clone()).await;
        if !behaviour.deed.is_null() {
            // Keys are hashes, so their first letter picks out a share by chance. More in a row would open the circuit.
            for letter in "ABCDEFGH".chars() {
                let charges =
                    json!({ "path": "/v1/charges", "method": "POST", "key_prefix": format!("pk1_{letter}") });
                let (deed, when) = (&behaviour.deed, behaviour.when);
                let rule = json!({ "match": charges, "times": 2, "when": when, "do": deed });
                world.simulator.script(rule).await;
            }
        }
        // To the eve of the first renewals.
        world.jump(&format!("{} days", 30 - points.len()));
        let mut killed = 0;
        for point in &points {
            world.jump("1 day");
            let mut worker = world.portico(BINARY, &["worker"], Some(&format!("{point}:1:kill")));
            killed += usize::from(worker.has_died_within(PATIENCE).await);
            worker.kill();
        }
        println!("killed at {killed} of {} points", points.len());
        // A circuit that opens all the same keeps a worker from the call.
        assert!(killed >= points.len() - 3, "{killed}");
        // What was put aside because it saw three workers die is forgotten within the hour, and asked for anew. Leases and
        // pauses end; then a worker that lives does the rest.
        world.engine.db.write(engine::store::jobs::forget_all).unwrap();
        let of_all = || -> Vec<_> { people.iter().flat_map(|customer| world.attempts(customer)).collect() };
        for hour in 1..=A_DAY_AND_A_HALF {
            world.wait(TimeDelta::hours(1));
            world.settle().await;
            if hour >= A_WORKING_DAY && of_all().iter().all(|attempt| !attempt.state.is_open()) {
                break;
            }
        }
        let ledger = world.simulator.ledger().await;
        let attempts = of_all();
        let stuck: Vec<_> = attempts.iter().filter(|attempt| attempt.state.is_open()).collect();
        assert!(stuck.is_empty(), "stuck: {stuck:#?}");
        let asks: Vec<_> = attempts.iter().filter(|attempt| attempt.review_since.is_some()).collect();
        assert!(asks.is_empty(), "nobody has to be asked: {asks:#?}");
        if behaviour.all_paid {
            // One that did not get as far as the service, on a machine that had no time for it, is followed by another.
            let sent = attempts.iter().filter(|attempt| attempt.state != AttemptState::Error).count();
            assert_eq!(sent, 2 * people.len(), "one attempt a period: {attempts:#?}");
            assert_eq!(ledger.taken().len(), 2 * people.len(), "one charge a period");
            assert!(people.iter().all(|customer| world.newest_invoice(customer).status.as_str() == "paid"));
        }
        world.check_with_copies(points.len()).await;
    });
}

#[test]
fn while_it_answers_at_once() {
    die_everywhere(&Behaviour::of(Value::Null, "before"));
}

#[test]
fn while_it_declines() {
    let declines = Behaviour::of(json!({ "decline": "insufficient_funds" }), "before");
    die_everywhere(&Behaviour { all_paid: false, ..declines });
}

#[test]
fn while_it_is_slow() {
    die_everywhere(&Behaviour::of(json!({ "delay_effect": 400 }), "before"));
}

#[test]
fn while_its_answers_drip() {
    die_everywhere(&Behaviour::of(json!({ "slow": 400 }), "before"));
}

#[test]
fn while_it_resets_before_the_effect() {
    die_everywhere(&Behaviour::of(json!("reset"), "before"));
}

#[test]
fn while_it_resets_after_the_effect() {
    die_everywhere(&Behaviour::of(json!("reset"), "after_effect"));
}

#[test]
fn while_it_fails_before_the_effect() {
    die_everywhere(&Behaviour::of(json!({ "http": 503 }), "before"));
}

#[test]
fn while_it_fails_after_the_effect() {
    die_everywhere(&Behaviour::of(json!({ "http": 500 }), "after_effect"));
}

#[test]
fn while_it_talks_garbage() {
    die_everywhere(&Behaviour::of(json!("garbage"), "after_effect"));
}

/// Only the same key can find the charges again.
#[test]
fn c13_while_its_answers_are_lost_and_questions_find_nothing() {
    let lost = Behaviour::of(json!("reset"), "after_effect");
    die_everywhere(&Behaviour { mode: json!({ "lookup_lag_s": 86_400 }), ..lost });
}
