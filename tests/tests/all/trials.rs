//! Trials end in a paid period, or by cancellation in nothing at all.

use e2e::{World, WorldOptions, cards};

const ADA: &str = "ada@example.com";

#[test]
fn a_trial_becomes_a_paid_subscription() {
    World::each(async |world| {
        let ada = world.customer(ADA);
        world.card(&ada, cards::GOOD).await;
        let id = world.try_out(&ada, "team-monthly", 14);
        world.advance("13 days").await;
        assert_eq!((world.status(&id).as_str(), world.invoices(&ada).len()), ("trialing", 0));
        world.advance("2 days").await;
        assert_eq!(world.status(&id), "active");
        assert_eq!(world.simulator.ledger().await.taken().len(), 1);
        world.check().await;
    });
}

#[test]
fn without_a_payment_method_it_goes_on_hold() {
    World::each(async |world| {
        let ada = world.customer(ADA);
        let id = world.try_out(&ada, "team-monthly", 14);
        world.advance("15 days").await;
        assert_eq!((world.status(&id).as_str(), world.invoices(&ada).len()), ("on_hold", 0));
        world.mail(ADA, "Team is on hold");
        world.check().await;
    });
}

#[test]
fn a_cancelled_trial_runs_to_its_end() {
    World::each(async |world| {
        let ada = world.customer(ADA);
        world.card(&ada, cards::GOOD).await;
        let id = world.try_out(&ada, "team-monthly", 14);
        let mut browser = world.signed_in(&ada).await;
        browser.open(&format!("/subscriptions/{id}/cancel")).await;
        let page = browser.submit("/cancel", &[]).await;
        assert!(page.has_form("/resume"));
        assert_eq!(world.status(&id), "trialing");
        world.advance("2 months").await;
        assert_eq!(world.status(&id), "cancelled");
        assert!(world.simulator.ledger().await.charges.is_empty());
        assert!(world.invoices(&ada).is_empty());
        world.check().await;
    });
}

#[test]
fn or_ends_at_once_where_the_business_says_so() {
    let options = WorldOptions {
        settings: "[portal]\ntrial_cancellation = \"immediate\"\n",
        ..WorldOptions::default()
    };
    World::each_with(&options, async |world| {
        let ada = world.customer(ADA);
        world.card(&ada, cards::GOOD).await;
        let id = world.try_out(&ada, "team-monthly", 14);
        let mut browser = world.signed_in(&ada).await;
        browser.open(&format!("/subscriptions/{id}/cancel")).await;
        let page = browser.submit("/cancel", &[]).await;
        assert!(!page.has_form("/resume"));
        assert_eq!(world.status(&id), "cancelled");
        world.advance("2 months").await;
        assert!(world.simulator.ledger().await.charges.is_empty());
        world.check().await;
    });
}
