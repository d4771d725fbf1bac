//! Customers get their own money back, as far as the business lets them.

use chrono::TimeDelta;
use domain::payment::refund::Offer;
use e2e::{Customer, World, WorldOptions, cards};
use engine::usecase::request_refund::{offered, request_refund};
use std::time::Duration;

const BINARY: &str = env!("CARGO_BIN_EXE_portico-under-test");

fn with(settings: &'static str) -> WorldOptions {
    WorldOptions { settings, ..WorldOptions::default() }
}

fn offer(world: &World, of: &Customer) -> Result<Offer, String> {
    let invoice = world.newest_invoice(of).id;
    let read = world.engine.read(&world.acme, |conn, scope| offered(conn, scope, &of.id, &invoice));
    read.unwrap().map_err(|why| why.to_string())
}

fn ask(world: &World, of: &Customer) -> engine::Result<Offer> {
    let invoice = world.newest_invoice(of).id;
    request_refund(&world.engine, &world.acme, &of.id, &invoice, "Not what I need".to_owned())
}

#[test]
fn nobody_is_offered_a_refund_unless_the_business_says_so() {
    World::each(async |world| {
        let (ada, _) = world.subscriber("ada@example.com", cards::GOOD).await;
        assert!(offer(world, &ada).is_err() && ask(world, &ada).is_err());
        world.settle().await;
        assert!(world.simulator.ledger().await.refunds.is_empty());
        world.check().await;
    });
}

#[test]
fn within_the_days_the_money_comes_back_at_once_and_the_subscription_ends() {
    let settings = with("[refunds]\nself_service = { within_days = 14 }\ncancels = true\n");
    World::each_with(&settings, async |world| {
        let (ada, id) = world.subscriber("ada@example.com", cards::GOOD).await;
        assert_eq!(offer(world, &ada), Ok(Offer::Refund { amount: 5_831, cancels: true }));
        assert!(ask(world, &ada).is_ok() && ask(world, &ada).is_err(), "once");
        world.settle().await;
        let back: Vec<_> =
            world.simulator.ledger().await.refunds.iter().map(|refund| refund.amount).collect();
        assert_eq!((back, world.status(&id).as_str()), (vec![5_831], "cancelled"));
        world.check().await;
    });
}

#[test]
fn after_the_days_it_is_too_late() {
    World::each_with(&with("[refunds]\nself_service = { within_days = 14 }\n"), async |world| {
        let (ada, _) = world.subscriber("ada@example.com", cards::GOOD).await;
        world.advance("15 days").await;
        assert_eq!(offer(world, &ada), Err("the time for a refund is over".to_owned()));
        assert!(ask(world, &ada).is_err());
        world.check().await;
    });
}

#[test]
fn asked_for_a_person_decides() {
    World::each_with(&with("[refunds]\nself_service = \"request\"\n"), async |world| {
        for (email, answer, refunds) in [("ada@example.com", "grant", 1), ("bob@example.com", "decline", 1)] {
            let (customer, id) = world.subscriber(email, cards::GOOD).await;
            assert_eq!(ask(world, &customer).unwrap(), Offer::Request);
            assert!(ask(world, &customer).is_err(), "once in a period");
            let invoice = world.newest_invoice(&customer).id;
            let words = ["refund", answer, invoice.as_str(), "--tenant", "acme"];
            for done in [true, false] {
                let ended = world.portico(BINARY, &words, None).ended(Duration::from_secs(60)).await;
                assert_eq!(ended.success(), done, "{answer} once");
            }
            // What another process asks for is due by its own clock.
            world.wait(TimeDelta::minutes(5));
            world.settle().await;
            assert_eq!(world.simulator.ledger().await.refunds.len(), refunds, "{answer}");
            assert_eq!(world.status(&id), "active");
            let subjects = world.subjects_to(email);
            let (told, silent) = match answer {
                "grant" => ("Credit note", "Your request"),
                _ => ("Your request about invoice", "Credit note"),
            };
            assert!(subjects.iter().any(|subject| subject.starts_with(told)), "{answer}: {subjects:?}");
            assert!(!subjects.iter().any(|subject| subject.starts_with(silent)), "{answer}: {subjects:?}");
        }
        world.check().await;
    });
}
