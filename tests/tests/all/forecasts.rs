//! `portico simulate`: an operator hears what will happen, and it does; nobody is charged for asking.

use super::changes::taken;
use e2e::{World, cards};
use std::fs;

const BINARY: &str = env!("CARGO_BIN_EXE_portico-under-test");
const ADA: &str = "ada@example.com";

/// What is forecast for `acme` until so many days from now.
fn forecast(world: &World, days: i64, more: &[&str]) -> Vec<String> {
    let until = (world.now() + chrono::TimeDelta::days(days)).format("%Y-%m-%dT%H:%M").to_string();
    let arguments = [&["simulate", "--tenant", "acme", "--until", &until], more].concat();
    world.portico_says(BINARY, &arguments).lines().map(str::to_owned).collect()
}

/// How many lines name all of these words.
fn count(lines: &[String], words: &[&str]) -> usize {
    lines.iter().filter(|line| words.iter().all(|word| line.contains(word))).count()
}

#[test]
fn what_is_forecast_comes_true_and_asking_changes_nothing() {
    World::each(async |world| {
        let (ada, id) = world.subscriber(ADA, cards::GOOD).await;
        let (charged, mails) = (taken(world).await, world.mails().len());
        let events = world.events(id.as_str());
        let told = forecast(world, 70, &[]);
        for (what, times) in [("invoice.opened", 2), ("payment.succeeded", 2), ("mail.receipt", 2)] {
            assert_eq!(count(&told, &[ADA, what]), times, "{what}: {told:#?}");
        }
        assert_eq!(forecast(world, 70, &[]), told, "the same each time");
        world.settle().await;
        assert_eq!(taken(world).await, charged, "nobody is charged");
        assert_eq!(world.mails().len(), mails, "nothing is sent");
        assert_eq!((world.invoices(&ada).len(), world.events(id.as_str())), (1, events));

        world.advance("70 days").await;
        let written = world.invoices(&ada);
        assert_eq!(written.len(), 3);
        for invoice in &written[1..] {
            let number = invoice.number.clone().unwrap();
            assert_eq!(count(&told, &["invoice.opened", &number]), 1, "{number}: {told:#?}");
        }
        world.check().await;
    });
}

#[test]
fn another_dunning_policy_is_tried_on_paper() {
    World::each(async |world| {
        let (_, id) = world.subscriber(ADA, cards::GOOD).await;
        let other = world.config_dir().join("other.toml");
        let steps = "[dunning]\nsteps = [\n{ after_days = 0, mail = \"payment_failed\" },\n\
                     { after_days = 1, on_failure = \"cancel\" }]\n";
        fs::write(&other, steps).unwrap();
        let other = other.display().to_string();
        let told = forecast(world, 70, &["--declines", "100", "--dunning", &other]);
        assert_eq!(count(&told, &["- ", "subscription.on_hold"]), 1, "{told:#?}");
        assert_eq!(count(&told, &["+ ", "subscription.on_hold"]), 0, "{told:#?}");
        assert_eq!(count(&told, &["+ ", "subscription.cancelled"]), 1, "{told:#?}");
        assert_eq!(world.status(&id), "active");
        let same = forecast(world, 20, &["--dunning", &other]);
        assert_eq!(count(&same, &["no difference"]), 1, "nothing is due yet: {same:#?}");
        world.check().await;
    });
}
