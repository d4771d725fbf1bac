//! Money stands still: by hand, by a clock that jumped (E1), by a damaged file (F12). Nobody is charged meanwhile, and
//! nothing is lost.

use chrono::TimeDelta;
use domain::event::{EventKind, Reason};
use domain::payment::brake::Boot;
use e2e::{Customer, World, cards};
use engine::Error;
use engine::ids::SubscriptionId;
use engine::store::events::Actor;
use engine::testing::press_pay;
use engine::usecase::heartbeat::beat_on;
use engine::usecase::pause_money::{pause_money, resume_money};
use serde_json::json;
use std::fs;

const ADA: &str = "ada@example.com";
const BINARY: &str = env!("CARGO_BIN_EXE_portico-under-test");

/// The machine of the story, up for so many minutes.
fn up(minutes: i64) -> Option<Boot> {
    Some(Boot { id: "this run".to_owned(), up: TimeDelta::minutes(minutes) })
}

async fn charges(world: &World) -> usize {
    world.simulator.ledger().await.submissions().len()
}

/// Whether the money of `acme` moves.
fn moves(world: &World) -> bool {
    world.engine.read(&world.acme, |_, scope| Ok(!scope.money_is_paused())).unwrap()
}

/// An operator lets it move, and what waited has a minute.
async fn go_on(world: &World) {
    resume_money(&world.engine, &world.acme, Actor::Operator).unwrap();
    world.wait(TimeDelta::minutes(2));
    world.settle().await;
}

fn pause(world: &World) {
    let why = Reason::Text("the bank calls".to_owned());
    assert!(pause_money(&world.engine, &world.acme, why, Actor::Operator).unwrap());
}

#[test]
fn while_money_stands_still_renewals_wait_and_are_charged_once_afterwards() {
    World::each(async |world| {
        let (ada, id) = world.subscriber(ADA, cards::GOOD).await;
        pause(world);
        world.jump("1 month");
        for _ in 0..3 {
            world.settle().await;
            world.wait(TimeDelta::hours(1));
        }
        let invoice = world.newest_invoice(&ada);
        assert_eq!((world.invoices(&ada).len(), invoice.status.as_str()), (2, "open"), "it is billed");
        assert_eq!((charges(world).await, world.status(&id).as_str()), (1, "active"), "and not charged");

        let card = world.methods(&ada)[0].id.clone();
        let pressed = press_pay(&world.engine, &world.acme, &ada.id, &invoice.id, &card);
        assert!(matches!(pressed, Err(Error::Refused { code: "money_paused", .. })), "{pressed:?}");

        go_on(world).await;
        assert_eq!((charges(world).await, world.newest_invoice(&ada).status.as_str()), (2, "paid"));
        let kinds = world.events(world.acme.as_str());
        assert_eq!(kinds, [EventKind::BusinessMoneyPaused, EventKind::BusinessMoneyResumed]);
        world.check().await;
    });
}

#[test]
fn who_wants_to_pay_meanwhile_reads_that_payments_are_paused() {
    World::each(async |world| {
        let (ada, _) = world.past_due(ADA).await;
        let mut browser = world.signed_in(&ada).await;
        let invoice = world.newest_invoice(&ada).id;
        browser.open(&format!("/billing/{invoice}/pay")).await;
        pause(world);
        let answer = browser.submit(&format!("/billing/{invoice}/pay"), &[]).await;
        assert_eq!(answer.status, 503);
        assert!(answer.text().contains("Nothing was charged, and nothing is lost"), "{}", answer.text());
        assert_eq!(world.attempts(&ada).len(), 2);
        assert_eq!(browser.open(&format!("/billing/{invoice}")).await.status, 200, "pages work");
    });
}

#[test]
fn what_was_sent_is_asked_about_and_not_sent_again() {
    World::each(async |world| {
        let (ada, _) = world.subscriber(ADA, cards::GOOD).await;
        let lost = |when| json!({ "match": { "path": "/v1/charges", "method": "POST" }, "nth": 1, "when": when, "do": "reset" });
        world.simulator.script(lost("before")).await;
        world.jump("1 month");
        world.settle().await;
        pause(world);
        for _ in 0..4 {
            world.wait(TimeDelta::minutes(10));
            world.settle().await;
        }
        assert_eq!(charges(world).await, 2, "the provider does not know it, and it stays so");
        go_on(world).await;
        assert_eq!((charges(world).await, world.newest_invoice(&ada).status.as_str()), (3, "paid"));

        // One that took effect is found, paused or not.
        world.simulator.script(lost("after_effect")).await;
        world.jump("1 month");
        world.settle().await;
        pause(world);
        world.wait(TimeDelta::minutes(10));
        world.settle().await;
        assert_eq!((charges(world).await, world.newest_invoice(&ada).status.as_str()), (4, "paid"));
        world.check().await;
    });
}

#[test]
fn the_clock_of_a_case_stands_still_with_the_money() {
    World::each(async |world| {
        let (_, id) = world.past_due(ADA).await;
        pause(world);
        world.settle().await;
        world.jump("30 days");
        world.settle().await;
        assert_eq!(
            (world.status(&id).as_str(), charges(world).await),
            ("past_due", 2),
            "nobody is put on hold"
        );
        go_on(world).await;
        assert_eq!(world.status(&id), "past_due");
        world.advance("8 days").await;
        assert_eq!(world.status(&id), "on_hold", "a week, without the pause");
        world.check().await;
    });
}

/// A subscription that is due by wall time, and a worker that has just given a sign of life.
async fn alive(world: &World) -> (Customer, SubscriptionId) {
    let subscriber = world.subscriber(ADA, cards::GOOD).await;
    beat_on(&world.engine, up(10)).unwrap();
    subscriber
}

#[test]
fn e1_a_clock_400_days_ahead_charges_nobody_and_bills_nothing_until_an_operator_has_seen_the_plan() {
    World::each(async |world| {
        let (ada, _) = alive(world).await;
        world.wait(TimeDelta::days(400));
        beat_on(&world.engine, up(11)).unwrap();
        world.settle().await;
        assert!(!moves(world));
        assert_eq!((charges(world).await, world.invoices(&ada).len()), (1, 1), "nothing falls due");
        let told = world.history(world.acme.as_str());
        assert_eq!(told[0].reason.as_deref(), Some("clock_jumped"));

        // It was a mistake, and is put right: back again is a jump, too, and changes nothing.
        world.wait(-TimeDelta::days(400));
        beat_on(&world.engine, up(12)).unwrap();
        let plan = world.portico_says(BINARY, &["resume-money", "--tenant", "acme"]);
        assert!(plan.contains("clock_jumped") && plan.contains("Nothing was changed"), "{plan}");
        assert!(!moves(world), "a look changes nothing");
        let done = world.portico_says(BINARY, &["resume-money", "--yes", "--tenant", "acme"]);
        assert!(done.contains("acme: money moves again") && moves(world), "{done}");
        world.settle().await;
        assert_eq!((charges(world).await, world.invoices(&ada).len()), (1, 1));
        world.check().await;
    });
}

#[test]
fn e1_a_day_ahead_passes_and_five_minutes_back_do_not() {
    World::each(async |world| {
        alive(world).await;
        for (by, moves_on) in [
            (TimeDelta::days(1), true),
            (-TimeDelta::minutes(4), true),
            (-TimeDelta::minutes(6), false),
            (-TimeDelta::days(1), false),
        ] {
            world.wait(by);
            beat_on(&world.engine, up(10)).unwrap();
            assert_eq!(moves(world), moves_on, "{by}");
            if !moves_on {
                resume_money(&world.engine, &world.acme, Actor::Operator).unwrap();
            }
        }
    });
}

#[test]
fn e2_three_months_switched_off_are_no_jump() {
    World::each(async |world| {
        alive(world).await;
        world.wait(TimeDelta::days(90));
        let another_run = Some(Boot { id: "next run".to_owned(), up: TimeDelta::minutes(1) });
        beat_on(&world.engine, another_run).unwrap();
        assert!(moves(world), "what is due after an absence is a matter of catching up");
    });
}

#[test]
fn the_clock_of_a_test_business_is_no_wall_clock() {
    World::each(async |world| {
        alive(world).await;
        world.jump("1 year");
        beat_on(&world.engine, up(11)).unwrap();
        assert!(moves(world));
    });
}

#[test]
fn an_operator_pauses_and_sees_how_it_stands() {
    World::each(async |world| {
        let said = world.portico_says(BINARY, &["pause-money", "--reason", "moving", "--tenant", "acme"]);
        assert_eq!(said, "acme: money stands still\n");
        let again = world.portico_says(BINARY, &["pause-money", "--reason", "other"]);
        assert_eq!(again, "acme: money stood still already\numbra: money stands still\n");
        let status = world.portico_says(BINARY, &["status"]);
        assert!(status.contains("acme (test): money stands still since"), "{status}");
        assert!(status.contains("UTC: moving\n") && status.contains("UTC: other\n"), "{status}");
    });
}

/// F12: bytes of a page are flipped while nothing runs.
#[test]
fn f12_a_damaged_page_is_seen_at_the_start() {
    World::each(async |world| {
        if !world.is_sqlite() {
            return;
        }
        world.subscriber(ADA, cards::GOOD).await;
        assert_eq!(world.engine.db.damage().unwrap(), None);
        let folder = tempfile::tempdir().unwrap();
        let copy = folder.path().join("copy.db");
        let whole = world.engine.db.copy_to(&copy).unwrap();
        drop(whole);
        let mut bytes = fs::read(&copy).unwrap();
        let page = bytes.len() / 2 / 4096 * 4096;
        bytes[page..page + 64].fill(0xA5);
        fs::write(&copy, bytes).unwrap();
        let url = format!("sqlite:{}", copy.display());
        let damaged = engine::db::Db::open(&url, engine::db::DbOptions::default()).unwrap();
        assert!(damaged.damage().unwrap().is_some());
    });
}
