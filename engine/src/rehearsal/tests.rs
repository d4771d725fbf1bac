//! A forecast: right, repeatable, and without a trace.

use super::{DbCopy, Forecaster, Rehearsal};
use crate::ids::{CustomerId, SubscriptionId};
use crate::query::journal::{self, Entry};
use crate::store;
use crate::testing::{Business, TestShop};
use crate::usecase::advance::advance;
use crate::usecase::collect::collect;
use chrono::TimeDelta;
use domain::provider::DeclineKind;
use domain::subscription::state::SubscriptionStatus;

/// A customer whose first month is paid.
fn subscriber(shop: &Business, email: &str) -> (CustomerId, SubscriptionId) {
    let owner = shop.customer(email);
    shop.card(&owner, "4242");
    let (sub, first) = shop.subscribe(&owner);
    shop.succeed(&collect(&shop.engine, &shop.id, &first).unwrap().unwrap());
    (owner, sub)
}

/// Mina pays; the card of Omar was refused for good at his last renewal.
fn mina_and_omar(shop: &TestShop) -> SubscriptionId {
    let acme = &shop.acme;
    subscriber(acme, "mina@example.com");
    let (omar, sub) = subscriber(acme, "omar@example.com");
    shop.clock.advance(TimeDelta::days(30));
    advance(&acme.engine, &acme.id, &sub).unwrap();
    let renewal = collect(&acme.engine, &acme.id, &acme.newest_invoice(&omar)).unwrap().unwrap();
    acme.decline(&renewal, DeclineKind::Fraud);
    sub
}

/// What happens in ninety days, and how a subscription stands then.
fn forecast(shop: &Business, followed: &SubscriptionId) -> (Vec<Entry>, SubscriptionStatus) {
    let folder = tempfile::tempdir().unwrap();
    let copy = DbCopy::of(&shop.engine.db, &folder.path().join("copy")).unwrap();
    let mut forecaster = Forecaster::default();
    shop.engine.read(&shop.id, |conn, scope| forecaster.learn(conn, scope)).unwrap();
    let start = shop.engine.clock.now();
    let mut rehearsal = Rehearsal::on_copy(&shop.engine, &copy, vec![shop.id.clone()], forecaster).unwrap();
    rehearsal.live_until(start + TimeDelta::days(90)).unwrap();
    assert_eq!(rehearsal.take_failures(), Vec::<String>::new());
    let read = rehearsal.engine().read(&shop.id, |conn, scope| {
        let sub = store::subscriptions::get(conn, scope.id(), followed)?;
        Ok((journal::since(conn, scope, start)?, sub.status))
    });
    drop(copy);
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 0, "the copy is left behind");
    read.unwrap()
}

#[test]
fn a_forecast_says_what_will_happen_the_same_each_time_and_changes_nothing() {
    TestShop::each(|shop| {
        let (acme, sub) = (&shop.acme, mina_and_omar(shop));
        let events = || {
            let read = acme.engine.read(&acme.id, |conn, scope| {
                journal::since(conn, scope, scope.now.billing - TimeDelta::days(365))
            });
            read.unwrap().len()
        };
        let before = events();
        let (journal, status) = forecast(acme, &sub);
        assert_eq!(forecast(acme, &sub), (journal.clone(), status));
        assert_eq!(events(), before);

        let times = |customer: &str, kind: &str| {
            let is_it = |entry: &&Entry| entry.customer == customer && entry.kind == kind;
            journal.iter().filter(is_it).count()
        };
        assert_eq!(times("mina@example.com", "subscription.renewed"), 3);
        assert_eq!(times("mina@example.com", "payment.succeeded"), 3);
        assert_eq!(times("mina@example.com", "mail.receipt"), 3);
        assert_eq!(times("omar@example.com", "payment.succeeded"), 0);
        assert_eq!(times("omar@example.com", "subscription.on_hold"), 1);
        assert_eq!(status, SubscriptionStatus::Cancelled, "three weeks after the first failure");
        assert!(journal.is_sorted_by_key(|entry| entry.at));
    });
}

#[test]
fn a_share_of_charges_is_declined_by_a_seed() {
    TestShop::each(|shop| {
        let acme = &shop.acme;
        subscriber(acme, "mina@example.com");
        let folder = tempfile::tempdir().unwrap();
        let copy = DbCopy::of(&acme.engine.db, &folder.path().join("copy")).unwrap();
        let start = acme.engine.clock.now();
        let all = Forecaster::default().declining(100, 7);
        let mut rehearsal = Rehearsal::on_copy(&acme.engine, &copy, vec![acme.id.clone()], all).unwrap();
        rehearsal.live_until(start + TimeDelta::days(60)).unwrap();
        let journal =
            rehearsal.engine().read(&acme.id, |conn, scope| journal::since(conn, scope, start)).unwrap();
        let kinds: Vec<&str> = journal.iter().map(|entry| entry.kind.as_str()).collect();
        assert!(kinds.contains(&"payment.failed") && kinds.contains(&"subscription.cancelled"), "{kinds:?}");
        assert!(!kinds.contains(&"payment.succeeded"), "{kinds:?}");
    });
}
