//! The provider's list beside ours: every day, and after a restore (F10).

use chrono::TimeDelta;
use domain::event::{EventKind, Why};
use domain::money::Money;
use domain::provider::{Listed, Movement, Outcome, Settled};
use e2e::{Customer, World, cards};
use engine::Engine;
use engine::ids::AccountId;
use engine::job::Queue;
use engine::store;
use engine::store::attempts::Attempt;
use engine::usecase::advance::advance;
use engine::usecase::collect::collect;
use engine::usecase::reconcile::{Occasion, Report, finish, not_there, take_in, unlisted};
use engine::usecase::test_clock::set_clock;
use engine::verify;
use serde_json::json;
use std::collections::BTreeSet;
use tempfile::TempDir;
use worker::Env;
use worker::jobs::reconcile;

const ADA: &str = "ada@example.com";
const BINARY: &str = env!("CARGO_BIN_EXE_portico-under-test");

fn account(world: &World) -> AccountId {
    world.engine.db.read(|conn| store::methods::accounts(conn, &world.acme)).unwrap()[0].id.clone()
}

fn moves(engine: &Engine, world: &World) -> bool {
    engine.read(&world.acme, |_, scope| Ok(!scope.money_is_paused())).unwrap()
}

/// The only attempt of a customer.
fn attempt(world: &World, of: &Customer) -> Attempt {
    let mut attempts = world.attempts(of);
    assert_eq!(attempts.len(), 1);
    attempts.remove(0)
}

/// As the provider lists an attempt, with another outcome.
fn listed(attempt: &Attempt, outcome: Outcome) -> Listed {
    Listed {
        movement: Movement::Charge,
        provider_ref: attempt.provider_ref.clone().unwrap(),
        key: Some(attempt.idempotency_key.clone()),
        reference: Some(attempt.natural_ref.clone()),
        created_at: attempt.created_at,
        outcome,
    }
}

fn succeeded(attempt: &Attempt, minor: i64) -> Outcome {
    Outcome::Succeeded(Settled {
        provider_ref: attempt.provider_ref.clone().unwrap(),
        amount: Money::new(minor, attempt.currency),
        raw_status: "succeeded".to_owned(),
    })
}

/// Compares what is listed, as the daily job does.
fn compare(world: &World, list: &[Listed]) -> Report {
    let (engine, tenant, id) = (&world.engine, &world.acme, account(world));
    let report = take_in(engine, tenant, &id, list).unwrap();
    finish(engine, tenant, &id, world.wall.now(), &report, Occasion::Daily).unwrap();
    report
}

#[test]
fn every_day_the_list_is_fetched_and_agrees() {
    World::each(async |world| {
        world.subscriber(ADA, cards::GOOD).await;
        let lists = async || {
            let asked =
                |sent: &&e2e::Sent| sent.method == "GET" && sent.path == "/v1/charges" && sent.key.is_none();
            world.simulator.ledger().await.requests.iter().filter(asked).count()
        };
        assert_eq!(lists().await, 0);
        for day in 1..=3 {
            world.wait(TimeDelta::hours(25));
            world.settle().await;
            world.settle().await;
            assert_eq!(lists().await, 2 * day, "once a day for each business");
        }
        assert!(moves(&world.engine, world));
        world.check().await;
    });
}

#[test]
fn a_provider_that_does_not_list_today_is_asked_again_and_nothing_is_concluded() {
    World::each(async |world| {
        world.subscriber(ADA, cards::GOOD).await;
        world.simulator.mode(json!({ "lookup": false })).await;
        world.wait(TimeDelta::hours(25));
        world.settle().await;
        assert!(moves(&world.engine, world));
        world.simulator.mode(json!({})).await;
        world.wait(TimeDelta::hours(2));
        world.settle().await;
        let id = account(world);
        let until =
            world.engine.read(&world.acme, |conn, scope| store::reconciliation::until(conn, scope.id(), &id));
        assert_eq!(until.unwrap(), Some(world.wall.now()));
        world.check().await;
    });
}

#[test]
fn another_amount_is_for_a_person_once_and_stops_the_money() {
    World::each(async |world| {
        let (ada, _) = world.subscriber(ADA, cards::GOOD).await;
        let ours = attempt(world, &ada);
        let more = listed(&ours, succeeded(&ours, ours.amount + 1));
        assert_eq!(compare(world, std::slice::from_ref(&more)).differing, std::slice::from_ref(&ours.id));
        assert!(world.events(ours.id.as_str()).contains(&EventKind::PaymentNeedsReview));
        let told = world.history(world.acme.as_str());
        assert_eq!(told[0].reason.as_deref(), Some(Why::BooksDiffer.as_str()));
        assert_eq!(compare(world, &[more]).differing, [], "it is told once");
    });
}

#[test]
fn a_charge_that_the_provider_says_failed_is_for_a_person() {
    World::each(async |world| {
        let (ada, _) = world.subscriber(ADA, cards::GOOD).await;
        let ours = attempt(world, &ada);
        let cancelled = Outcome::Cancelled { provider_ref: ours.provider_ref.clone() };
        assert_eq!(compare(world, &[listed(&ours, cancelled)]).differing, std::slice::from_ref(&ours.id));
        assert!(attempt(world, &ada).review_since.is_some() && !moves(&world.engine, world));
        assert_eq!(world.newest_invoice(&ada).status.as_str(), "paid", "a person decides");
    });
}

#[test]
fn a_charge_that_the_provider_does_not_know_is_for_a_person() {
    World::each(async |world| {
        let (ada, _) = world.subscriber(ADA, cards::GOOD).await;
        let (ours, id) = (attempt(world, &ada), account(world));
        let since = ours.created_at - TimeDelta::days(1);
        let asked = || unlisted(&world.engine, &world.acme, &id, since, &[]).unwrap();
        assert!(asked().is_empty(), "lists lag: it is too young to be missed");
        world.wait(TimeDelta::hours(2));
        let questions = asked();
        assert_eq!(
            (questions[0].0.clone(), questions[0].1.provider_ref.clone()),
            (ours.id.clone(), ours.provider_ref)
        );
        let missing = vec![ours.id.clone()];
        not_there(&world.engine, &world.acme, &missing).unwrap();
        let report = Report { missing, ..Report::default() };
        finish(&world.engine, &world.acme, &id, world.wall.now(), &report, Occasion::Daily).unwrap();
        assert!(attempt(world, &ada).review_since.is_some() && !moves(&world.engine, world));
        assert!(asked().is_empty(), "it is told once");
    });
}

#[test]
fn what_others_do_with_the_same_account_is_none_of_our_business() {
    World::each(async |world| {
        let (ada, _) = world.subscriber(ADA, cards::GOOD).await;
        let ours = attempt(world, &ada);
        let order = Listed {
            provider_ref: "ch_shop".to_owned(),
            key: Some("order-77".to_owned()),
            reference: Some("order 77".to_owned()),
            ..listed(&ours, succeeded(&ours, 100))
        };
        let report = compare(world, &[order]);
        assert_eq!((report.listed, report.strangers), (1, 1));
        assert!(report.unknown.is_empty() && moves(&world.engine, world));
    });
}

#[test]
fn an_operator_reads_what_was_compared() {
    World::each(async |world| {
        let (_, _) = world.subscriber(ADA, cards::GOOD).await;
        let told = world.portico_says(BINARY, &["reconcile", "--since", "2020-01-01"]);
        assert!(
            told.contains("acme Simulator: 1 listed, 0 of others, 0 taken in, 0 differ, 0 not there"),
            "{told}"
        );
        assert!(told.contains("umbra Simulator: 1 listed, 1 of others"), "they share an account: {told}");
        world.check().await;
    });
}

/// The data as it was at one moment, and a worker on it.
struct Backup {
    env: Env,
    _folder: TempDir,
}

fn backup(world: &World) -> Backup {
    let folder = TempDir::new().unwrap();
    let db = world.engine.db.copy_to(&folder.path().join("backup.db")).unwrap();
    let engine = Engine { db, ..world.engine.clone() };
    Backup { env: Env { engine, ..world.another_worker() }, _folder: folder }
}

impl Backup {
    async fn settle(&self) {
        worker::drain(&self.env, Queue::ALL).await.unwrap();
    }

    /// As `portico activate --reconcile` or the daily job does.
    async fn reconcile(&self, world: &World, occasion: Occasion) -> Report {
        let since = world.wall.now() - TimeDelta::days(2);
        let compared =
            reconcile::account(&self.env, &world.acme, &account(world), Some(since), occasion).await;
        compared.unwrap().unwrap()
    }

    /// The billing clock of `acme` shows here what it shows in the world.
    fn catch_up(&self, world: &World) {
        set_clock(&self.env.engine, &world.acme, Some(world.now())).unwrap();
    }

    fn attempts(&self, of: &Customer) -> Vec<Attempt> {
        self.env.engine.db.read(|conn| store::attempts::of_customer(conn, &of.tenant, &of.id)).unwrap()
    }
}

/// F10: yesterday's backup is restored after 50 renewals were charged, and the provider has forgotten their keys.
#[test]
fn f10_after_a_restore_nobody_is_charged_again() {
    const CHARGES: usize = 50;
    World::each(async |world| {
        let mut people = Vec::new();
        for n in 0..CHARGES {
            let customer = world.customer(&format!("c{n}@example.com"));
            world.card(&customer, cards::GOOD).await;
            world.subscribe(&customer, "team-monthly");
            people.push(customer);
        }
        world.settle().await;
        let backup = backup(world);
        world.jump("1 month");
        world.settle().await;
        assert_eq!(world.simulator.ledger().await.taken().len(), 2 * CHARGES);
        world.simulator.mode(json!({ "window_s": 0 })).await;

        let report = backup.reconcile(world, Occasion::Restored).await;
        assert_eq!((report.unknown.len(), report.taken_in.len(), report.missing.len()), (CHARGES, 0, 0));
        assert!(moves(&backup.env.engine, world), "after a restore that is no alarm");
        backup.catch_up(world);
        backup.settle().await;

        let ledger = world.simulator.ledger().await;
        assert_eq!(ledger.taken().len(), 2 * CHARGES, "0 double charges");
        assert_eq!(ledger.submissions().len(), 2 * CHARGES, "nothing was even sent");
        let taken: BTreeSet<_> = ledger.taken().iter().map(|charge| charge.id.clone()).collect();
        let known = people.iter().flat_map(|customer| backup.attempts(customer));
        let known = known.filter(|attempt| attempt.state.as_str() == "succeeded");
        assert_eq!(known.filter_map(|attempt| attempt.provider_ref).collect::<BTreeSet<_>>(), taken);
        let left =
            backup.env.engine.db.read(|conn| store::reconciliation::strays(conn, &world.acme)).unwrap();
        assert!(left.is_empty(), "{left:?}");
        let found = verify::business(&backup.env.engine, &world.acme).unwrap();
        assert!(found.is_empty(), "{}", found.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n"));
    });
}

/// F10: the backup knows that the charge is to be made, or was just made; the list knows what became of it.
#[test]
fn f10_what_was_under_way_when_the_backup_was_made_is_taken_in() {
    World::each(async |world| {
        let (ada, id) = world.subscriber(ADA, cards::GOOD).await;
        world.jump("1 month");
        advance(&world.engine, &world.acme, &id).unwrap();
        collect(&world.engine, &world.acme, &world.newest_invoice(&ada).id).unwrap().expect("an attempt");
        let backup = backup(world);
        world.settle().await;
        world.simulator.mode(json!({ "window_s": 0 })).await;

        let report = backup.reconcile(world, Occasion::Restored).await;
        assert_eq!((report.taken_in.len(), report.unknown.len()), (1, 0));
        backup.settle().await;
        let ours = backup.attempts(&ada).pop().unwrap();
        assert_eq!((ours.state.as_str(), ours.outcome_source.as_deref()), ("succeeded", Some("reconcile")));
        assert_eq!(world.simulator.ledger().await.submissions().len(), 2);
    });
}

/// F10: the first try was declined and a later one took the money, all of it after the backup.
#[test]
fn f10_a_retry_that_took_the_money_is_found_without_dunning_again() {
    World::each(async |world| {
        let (ada, id) = world.subscriber(ADA, cards::GOOD).await;
        let card = world.methods(&ada)[0].id.clone();
        let backup = backup(world);
        world.card_becomes(&ada, &card, cards::DECLINED).await;
        world.jump("1 month");
        world.settle().await;
        assert_eq!(world.status(&id), "past_due");
        world.card_becomes(&ada, &card, cards::GOOD).await;
        world.advance("2 days").await;
        assert_eq!(world.status(&id), "active");
        world.simulator.mode(json!({ "window_s": 0 })).await;
        let sent = world.simulator.ledger().await.submissions().len();

        backup.reconcile(world, Occasion::Restored).await;
        backup.catch_up(world);
        backup.settle().await;
        let found: Vec<_> = backup.attempts(&ada).iter().map(|a| (a.seq, a.state.to_string())).collect();
        assert_eq!(found, [(1, "succeeded".to_owned()), (2, "succeeded".to_owned())]);
        assert_eq!(world.simulator.ledger().await.submissions().len(), sent);
    });
}

#[test]
fn on_any_other_day_a_charge_of_ours_that_nobody_knows_stops_the_money() {
    World::each(async |world| {
        world.subscriber(ADA, cards::GOOD).await;
        let behind = backup(world);
        world.jump("1 month");
        world.settle().await;
        assert_eq!(behind.reconcile(world, Occasion::Daily).await.unknown.len(), 1);
        assert!(!moves(&behind.env.engine, world));
        assert!(behind.reconcile(world, Occasion::Daily).await.unknown.is_empty(), "it is told once");
    });
}
