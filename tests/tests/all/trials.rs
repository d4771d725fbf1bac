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
fn or_ends_where_the_business_says_so_and_the_mail_tells_why() {
    let options = WorldOptions {
        settings: "[billing]\ntrial_end_without_method = \"cancel\"\n",
        ..WorldOptions::default()
    };
    World::each_with(&options, async |world| {
        let ada = world.customer(ADA);
        let id = world.try_out(&ada, "team-monthly", 14);
        world.advance("15 days").await;
        assert_eq!((world.status(&id).as_str(), world.invoices(&ada).len()), ("cancelled", 0));
        let mail = world.mail(ADA, "Team has ended").text;
        assert!(mail.contains("no payment method") && mail.contains("Nothing was charged"), "{mail}");
        world.check().await;
    });
}

#[test]
fn a_card_for_a_held_trial_begins_that_one_and_no_other() {
    World::each(async |world| {
        let ada = world.customer(ADA);
        let wanted = world.try_out(&ada, "team-monthly", 14);
        let forgotten = world.try_out(&ada, "team-yearly", 14);
        world.advance("15 days").await;
        for id in [&wanted, &forgotten] {
            assert_eq!(world.status(id), "on_hold");
        }
        let mut browser = world.signed_in(&ada).await;
        world.add_card(&mut browser, &format!("?for={wanted}"), cards::GOOD).await;
        assert_eq!(world.status(&wanted), "active");
        world.mail(ADA, "Team is active again");
        assert_eq!(world.status(&forgotten), "on_hold", "nobody agreed to a year");

        world.add_card(&mut browser, "", cards::OTHER).await;
        assert_eq!(world.status(&forgotten), "on_hold", "nor by saving another card");
        assert_eq!(world.simulator.ledger().await.taken().len(), 1);
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
