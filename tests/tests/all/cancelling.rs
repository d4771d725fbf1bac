//! A customer cancels: at the end of the period, changes their mind, or at once.

use chrono::TimeDelta;
use domain::event::EventKind;
use e2e::{World, WorldOptions, cards};
use engine::usecase::cancel_on::set_contract;

const ADA: &str = "ada@example.com";

#[test]
fn cancelled_at_period_end_it_ends_then_and_nothing_is_charged_afterwards() {
    World::each(async |world| {
        let (ada, id) = world.subscriber(ADA, cards::GOOD).await;
        let mut browser = world.signed_in(&ada).await;
        browser.open(&format!("/subscriptions/{id}/cancel")).await;
        let choice = [("timing", "period_end"), ("reason", "too_expensive"), ("comment", "Sorry & bye")];
        let page = browser.submit("/cancel", &choice).await;
        assert_eq!(page.url.path(), format!("/subscriptions/{id}"));
        assert!(page.has_form("/resume"), "it can be revoked: {}", page.text());
        let sub = world.subscription(&id);
        assert_eq!((sub.status.as_str(), sub.cancel_at), ("active", Some(sub.current_period_end)));
        assert_eq!(sub.cancel_reason.as_deref(), Some("too_expensive"));
        assert_eq!(sub.cancel_comment.as_deref(), Some("Sorry & bye"));
        world.settle().await;
        world.mail(ADA, "Team ends on");

        world.advance("1 month").await;
        assert_eq!(world.status(&id), "cancelled");
        let told = world.mail(ADA, "Team has ended").text;
        assert!(told.contains("will not be charged again"), "{told}");
        world.advance("1 year").await;
        let ended = |subject: &&String| subject.as_str() == "Team has ended";
        assert_eq!(world.subjects_to(ADA).iter().filter(ended).count(), 1, "told once");
        assert_eq!(world.simulator.ledger().await.charges.len(), 1, "only the first month");
        assert_eq!(
            world.events(id.as_str()),
            [
                EventKind::SubscriptionCreated,
                EventKind::SubscriptionActivated,
                EventKind::SubscriptionCancellationScheduled,
                EventKind::SubscriptionCancelled
            ]
        );
        world.check().await;
    });
}

#[test]
fn a_revoked_cancellation_never_happened() {
    World::each(async |world| {
        let (ada, id) = world.subscriber(ADA, cards::GOOD).await;
        let mut browser = world.signed_in(&ada).await;
        browser.open(&format!("/subscriptions/{id}/cancel")).await;
        browser.submit("/cancel", &[("timing", "period_end")]).await;
        let page = browser.submit("/resume", &[]).await;
        assert!(!page.has_form("/resume") && page.status == 200);
        world.settle().await;
        let mail = world.mail(ADA, "Team continues").text;
        let renews = world.date(world.subscription(&id).current_period_end, "%B %-d, %Y");
        assert!(mail.contains(&format!("renews on {renews} for €58.31")), "{mail}");

        world.advance("1 month").await;
        assert_eq!(world.status(&id), "active");
        assert_eq!(world.simulator.ledger().await.taken().len(), 2);
        world.check().await;
    });
}

#[test]
fn cancelled_now_it_is_over() {
    World::each(async |world| {
        let (ada, id) = world.subscriber(ADA, cards::GOOD).await;
        let mut browser = world.signed_in(&ada).await;
        browser.open(&format!("/subscriptions/{id}/cancel")).await;
        let page = browser.submit("/cancel", &[("timing", "now")]).await;
        assert_eq!(page.status, 200);
        assert!(!page.has_form("/resume"), "there is nothing to revoke");
        assert_eq!(world.status(&id), "cancelled");
        world.settle().await;
        world.mail(ADA, "Team has ended");

        // Pressed again from a page left open in another tab.
        let again = browser.open(&format!("/subscriptions/{id}/cancel")).await;
        assert_eq!(again.url.path(), format!("/subscriptions/{id}"));
        world.advance("3 months").await;
        assert_eq!(world.simulator.ledger().await.charges.len(), 1);
        world.check().await;
    });
}

#[test]
fn under_a_contract_the_dialog_offers_its_end_and_says_what_remains_to_be_paid() {
    let options =
        WorldOptions { settings: "[portal.cancel]\nmodes = [\"now\"]\n", ..WorldOptions::default() };
    World::each_with(&options, async |world| {
        let (ada, id) = world.subscriber(ADA, cards::GOOD).await;
        let in_ten_weeks = world.now() + TimeDelta::weeks(10);
        set_contract(&world.engine, &world.acme, &id, Some(in_ten_weeks)).unwrap();
        let mut browser = world.signed_in(&ada).await;
        let page = browser.open(&format!("/subscriptions/{id}")).await;
        assert!(page.text().contains("Your contract runs until"), "{}", page.text());
        let dialog = browser.open(&format!("/subscriptions/{id}/cancel")).await.all("dialog").concat();
        assert!(dialog.contains("2 payments of €58.31 remain"), "{dialog}");
        browser.submit("/cancel", &[]).await;
        let ends = world.subscription(&id).cancel_at.expect("a date");
        assert!(dialog.contains(&world.date(ends, "%B %-d, %Y")), "{dialog}");
        world.settle().await;
        world.mail(ADA, "Team ends on");

        world.advance("3 months").await;
        assert_eq!(world.status(&id), "cancelled");
        assert_eq!(world.simulator.ledger().await.taken().len(), 3);
        world.check().await;
    });
}

#[test]
fn what_the_dialog_said_holds_or_nothing_happens() {
    World::each(async |world| {
        let (ada, id) = world.subscriber(ADA, cards::GOOD).await;
        let mut browser = world.signed_in(&ada).await;
        browser.open(&format!("/subscriptions/{id}/cancel")).await;
        world.advance("1 month").await;
        let page = browser.submit("/cancel", &[("timing", "period_end")]).await;
        assert_eq!(
            page.url.path(),
            format!("/subscriptions/{id}/cancel"),
            "the dialog is shown again, with new dates"
        );
        assert!(world.subscription(&id).cancel_at.is_none());
        world.check().await;
    });
}

#[test]
fn a_business_can_offer_less() {
    let options = WorldOptions {
        settings: "[portal.cancel]\nmodes = [\"period_end\"]\nreasons = \"required\"\n",
        ..WorldOptions::default()
    };
    World::each_with(&options, async |world| {
        let (ada, id) = world.subscriber(ADA, cards::GOOD).await;
        let mut browser = world.signed_in(&ada).await;
        browser.open(&format!("/subscriptions/{id}/cancel")).await;
        let forged = [("timing", "now"), ("reason", "unused")];
        assert_eq!(browser.submit("/cancel", &forged).await.status, 422);
        browser.open(&format!("/subscriptions/{id}/cancel")).await;
        assert_eq!(browser.submit("/cancel", &[]).await.status, 422, "a reason is asked for");
        assert!(world.subscription(&id).cancel_at.is_none());
        let page = browser.submit("/cancel", &[("reason", "unused")]).await;
        assert_eq!(page.url.path(), format!("/subscriptions/{id}"));
        assert!(world.subscription(&id).cancel_at.is_some());
        world.settle().await;
        world.check().await;
    });
}

#[test]
fn cancelled_before_the_first_payment_nothing_is_left_to_pay() {
    World::each(async |world| {
        let ada = world.customer(ADA);
        let id = world.subscribe(&ada, "team-monthly");
        world.settle().await;
        assert_eq!(world.status(&id), "incomplete");
        let mut browser = world.signed_in(&ada).await;
        browser.open(&format!("/subscriptions/{id}/cancel")).await;
        browser.submit("/cancel", &[]).await;
        assert_eq!(
            (world.status(&id).as_str(), world.newest_invoice(&ada).status.as_str()),
            ("cancelled", "void")
        );
        world.settle().await;
        world.check().await;
    });
}
