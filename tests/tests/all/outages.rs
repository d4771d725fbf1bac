//! Somebody is out of order for long: the provider, a component, or our own worker.

use chrono::{Datelike, TimeDelta};
use domain::event::EventKind;
use domain::provider::{CallError, Evidence, Report};
use domain::subscription::due::PARK_AFTER_FAILURES;
use domain::subscription::state::SubscriptionStatus;
use e2e::{World, cards};
use engine::store::subscriptions::Subscription;
use engine::usecase::advance::advance;
use engine::usecase::bring_up::bring_up_to_now;
use engine::usecase::charge::{Step, account_of, begin, submitted};
use engine::usecase::collect::collect;
use engine::usecase::unpark::unpark;
use engine::{Error, store};
use serde_json::json;

const ADA: &str = "ada@example.com";

/// N5: while a provider is out of order the clocks of its cases stand still; no retry is spent, nobody goes on hold.
#[test]
fn c10_an_outage_of_ten_days_moves_the_steps_of_a_case_by_ten_days() {
    World::each(async |world| {
        let (ada, id) = world.subscriber(ADA, cards::GOOD).await;
        let card = world.methods(&ada)[0].id.clone();
        world.card_becomes(&ada, &card, cards::DECLINED).await;
        world.advance("1 month").await;
        assert_eq!(world.status(&id), "past_due");
        let declined = || world.attempts(&ada).iter().filter(|a| a.state.as_str() == "failed").count();

        let no_credentials = json!({ "match": { "path": "/v1/charges", "method": "POST" }, "do": { "http": 401 }, "nth": 1, "times": 5 });
        world.simulator.script(no_credentials).await;
        world.advance("12 days").await;
        assert_eq!(world.status(&id), "past_due", "nobody is put on hold");
        assert_eq!((declined(), world.simulator.ledger().await.submissions().len()), (1, 7));

        // A day later somebody asks again: the retry of the first day.
        world.wait(TimeDelta::hours(27));
        world.settle().await;
        assert_eq!(declined(), 2, "the first retry that counts");
        world.advance("5 days").await;
        assert_eq!((world.status(&id).as_str(), declined()), ("past_due", 3), "that of the third day");
        world.advance("2 days").await;
        assert_eq!(world.status(&id), "on_hold", "a week, without the outage");
        world.check().await;
    });
}

/// Scenario 3: the worker is down for 40 days over two month ends and a change to summer time.
#[test]
fn down_for_forty_days_over_month_ends_and_a_time_change_one_is_charged_then_reviewed_and_no_storm_of_mails()
{
    World::each(async |world| {
        world.begin_at("2027-01-31 09:00");
        let (ada, id) = world.subscriber(ADA, cards::GOOD).await;
        let (ben, other) = world.subscriber("ben@example.com", cards::GOOD).await;
        world.advance("54 days").await;
        assert_eq!(world.invoices(&ada).len(), 2, "January and February; it is 26 March");
        let card = world.methods(&ben)[0].id.clone();
        world.card_becomes(&ben, &card, cards::DECLINED).await;

        world.jump("40 days");
        world.settle().await;
        let invoices = world.invoices(&ada);
        assert_eq!(invoices.len(), 3, "one period");
        let start = invoices[2].period_start.unwrap();
        assert_eq!(start.to_string(), "2027-03-31 08:00:00", "ten in the morning in Berlin, by summer time");
        assert_eq!(invoices[2].period_end.unwrap().day(), 30, "April has no 31st");
        assert!(world.subscription(&id).review_since.is_some(), "a person decides about April");
        assert!(world.subscription(&other).review_since.is_some());
        assert_eq!(world.simulator.ledger().await.taken().len(), 5);

        assert_eq!(world.subjects_to(ADA), vec!["Receipt from Acme: €58.31".to_owned(); 3]);
        let failed = |subject: &&String| !subject.starts_with("Receipt");
        let told = world.subjects_to("ben@example.com");
        assert_eq!(told.iter().filter(failed).collect::<Vec<_>>(), ["Payment failed: Team"]);
        world.check().await;
    });
}

/// Scenario 12, its first half: the component traps or loops; the host says that nothing was sent. (Wrong currency, wrong
/// amount and 3 MB: `provider_faults.rs`.)
#[test]
fn a_component_that_traps_leaves_the_invoice_as_it_is_and_tells_nobody() {
    World::each(async |world| {
        let (ada, id) = world.subscriber(ADA, cards::GOOD).await;
        world.jump("1 month");
        advance(&world.engine, &world.acme, &id).unwrap();
        let invoice = world.newest_invoice(&ada);
        for tries in 1..=6 {
            let attempt = collect(&world.engine, &world.acme, &invoice.id).unwrap().expect("a try");
            let account = account_of(&world.engine, &world.acme, &attempt).unwrap();
            let (provider, _) = world.env.provider(&account).unwrap();
            let caps = &provider.manifest().capabilities;
            let Step::Submit(submission) =
                begin(&world.engine, &world.acme, &attempt, caps, "worker").unwrap()
            else {
                panic!("it is to be submitted");
            };
            let trapped = Report {
                result: Err(CallError::NotExecuted("trap: unreachable".to_owned())),
                evidence: Evidence::default(),
            };
            submitted(&world.engine, &world.acme, &submission, trapped).unwrap();
            let states: Vec<String> = world.attempts(&ada).iter().map(|a| a.state.to_string()).collect();
            assert_eq!(states[1..], vec!["error"; tries]);
            world.wait(TimeDelta::hours(25));
        }
        let after = world.newest_invoice(&ada);
        assert_eq!((after.id, after.status.as_str(), after.amount_paid), (invoice.id, "open", 0));
        assert_eq!(world.status(&id), "active", "a broken component is no matter of the customer's");

        // Mended, it goes on by itself.
        world.settle().await;
        assert_eq!(world.newest_invoice(&ada).status.as_str(), "paid");
        assert!(world.subjects_to(ADA).iter().all(|subject| subject.starts_with("Receipt")));
        world.check().await;
    });
}

/// Domain 4.2: what fails again and again at its boundary is parked and seen, never skipped; a person brings it back.
#[test]
fn a_subscription_that_cannot_renew_is_parked_until_an_operator_resolves_it_and_is_charged_once() {
    World::each(async |world| {
        let (ada, id) = world.subscriber(ADA, cards::GOOD).await;
        let bought = |quantity: i64| {
            let (acme, sub) = (world.acme.clone(), Subscription { quantity, ..world.subscription(&id) });
            world.engine.db.write(move |tx| store::subscriptions::update(tx, &acme, &sub)).unwrap();
        };
        bought(i64::MAX);
        world.jump("1 month");
        let renew = |failures| bring_up_to_now(&world.engine, &world.acme, &id, failures);
        assert!(renew(PARK_AFTER_FAILURES - 1).is_err(), "that many cannot be billed");
        assert_eq!(world.status(&id), "active");
        renew(PARK_AFTER_FAILURES).unwrap();
        assert_eq!(world.status(&id), "error");
        world.settle().await;
        world.advance("3 days").await;
        assert_eq!(world.invoices(&ada).len(), 1, "nothing happens by itself");

        bought(1);
        assert_eq!(unpark(&world.engine, &world.acme, &id).unwrap(), SubscriptionStatus::Active);
        world.settle().await;
        assert_eq!((world.status(&id).as_str(), world.invoices(&ada).len()), ("active", 2));
        assert_eq!(world.simulator.ledger().await.taken().len(), 2);
        let events = world.events(id.as_str());
        let parked = events.iter().position(|kind| *kind == EventKind::SubscriptionParked).unwrap();
        assert_eq!(
            events[parked..],
            [EventKind::SubscriptionParked, EventKind::SubscriptionUnparked, EventKind::SubscriptionRenewed]
        );
        let again = unpark(&world.engine, &world.acme, &id);
        assert!(matches!(again, Err(Error::Refused { code: "not_parked", .. })), "{again:?}");
        world.check().await;
    });
}
