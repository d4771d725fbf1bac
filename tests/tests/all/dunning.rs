//! A card is declined: retries, hold, and the way back.

use e2e::{Browser, Customer, World, cards};
use engine::ids::SubscriptionId;

const ADA: &str = "ada@example.com";

/// A subscriber whose card is declined at the first renewal.
async fn past_due(world: &World) -> (Customer, SubscriptionId) {
    let ada = world.customer(ADA);
    let card = world.card(&ada, cards::GOOD).await;
    let id = world.subscribe(&ada, "team-monthly");
    world.settle().await;
    world.card_becomes(&ada, &card, cards::DECLINED).await;
    world.advance("1 month").await;
    assert_eq!(world.status(&id), "past_due");
    (ada, id)
}

/// Adds a card on the provider's page, for the invoice where one is named; ends on the page after it.
async fn add_card(world: &World, browser: &mut Browser, purpose: &str, number: &str) -> e2e::Page {
    browser.open(&format!("/payment-methods/add{purpose}")).await;
    browser.submit("/payment-methods/add", &[]).await;
    let card = [("number", number), ("expiry", "09 / 39"), ("cvc", "123"), ("name", "Ada"), ("do", "save")];
    let back = browser.submit("/setup/", &card).await;
    assert_eq!(back.url.path(), "/payment-methods/return", "{}", back.text());
    world.settle().await;
    browser.open(back.url.as_str()).await
}

#[test]
fn declined_then_retried_then_on_hold_then_cancelled() {
    World::each(async |world| {
        let (ada, id) = past_due(world).await;
        world.mail(ADA, "Payment failed: Team");
        assert_eq!(world.attempts(&ada).len(), 2, "the first month, and the one that failed");
        world.advance("1 day").await;
        assert_eq!(world.attempts(&ada).len(), 3);
        world.advance("2 days").await;
        assert_eq!((world.attempts(&ada).len(), world.status(&id).as_str()), (4, "past_due"));
        world.advance("4 days").await;
        assert_eq!((world.attempts(&ada).len(), world.status(&id).as_str()), (5, "on_hold"));
        world.mail(ADA, "Team is on hold");
        world.advance("14 days").await;
        assert_eq!((world.attempts(&ada).len(), world.status(&id).as_str()), (7, "cancelled"));
        assert_eq!(world.newest_invoice(&ada).status.as_str(), "uncollectible");
        world.advance("3 months").await;
        let ledger = world.simulator.ledger().await;
        assert_eq!((ledger.taken().len(), ledger.charges.len()), (1, 7));
        world.check().await;
    });
}

#[test]
fn on_hold_it_comes_back_with_a_new_card() {
    World::each(async |world| {
        let (ada, id) = past_due(world).await;
        world.advance("8 days").await;
        assert_eq!(world.status(&id), "on_hold");

        let mut browser = world.signed_in(&ada).await;
        let problem = browser.open(&format!("/subscriptions/{id}/reactivate")).await;
        let invoice = world.newest_invoice(&ada);
        assert_eq!(problem.url.path(), format!("/billing/{}/pay", invoice.id));
        let after = add_card(world, &mut browser, &format!("?for={}", invoice.id), cards::OTHER).await;
        assert!(after.url.path().starts_with(&format!("/billing/{}/pay", invoice.id)), "{}", after.url);

        assert_eq!(world.status(&id), "active", "the new card was tried at once");
        assert_eq!(world.newest_invoice(&ada).status.as_str(), "paid");
        world.mail(ADA, "Team is active again");
        world.advance("1 month").await;
        let ledger = world.simulator.ledger().await;
        let methods: std::collections::BTreeSet<_> =
            ledger.taken()[1..].iter().map(|charge| &charge.method).collect();
        assert_eq!((ledger.taken().len(), methods.len()), (3, 1), "it is charged from now on");
        world.check().await;
    });
}

#[test]
fn paid_by_hand_with_another_card() {
    World::each(async |world| {
        let ada = world.customer(ADA);
        let spare = world.card(&ada, cards::OTHER).await;
        let card = world.card(&ada, cards::GOOD).await;
        let id = world.subscribe(&ada, "team-monthly");
        world.settle().await;
        world.card_becomes(&ada, &card, cards::DECLINED).await;
        world.advance("1 month").await;
        let invoice = world.newest_invoice(&ada);

        let mut browser = world.signed_in(&ada).await;
        let home = browser.open("/").await;
        assert!(home.text().contains("€58.31"), "the overview names the problem: {}", home.text());
        let pay = browser.open(&format!("/billing/{}/pay", invoice.id)).await;
        assert!(pay.text().contains("€58.31"));
        let progress = browser.submit("/pay", &[("method", spare.as_str())]).await;
        assert!(progress.url.query().unwrap_or_default().starts_with("attempt="));
        assert!(!progress.header("refresh").is_empty(), "the page looks again by itself");
        world.settle().await;
        let paid = browser.open(progress.url.as_str()).await;
        assert!(paid.header("refresh").is_empty(), "it has arrived: {}", paid.text());

        assert_eq!(
            (world.status(&id).as_str(), world.newest_invoice(&ada).status.as_str()),
            ("active", "paid")
        );
        let again = browser.open(&format!("/billing/{}/pay", invoice.id)).await;
        assert!(!again.has_form("/pay"), "a paid invoice asks for nothing");
        world.check().await;
    });
}

#[test]
fn sixty_four_presses_on_pay_make_one_attempt() {
    World::each(async |world| {
        let (ada, _) = past_due(world).await;
        let card = world.methods(&ada)[0].id.clone();
        world.card_becomes(&ada, &card, cards::GOOD).await;
        let before = world.attempts(&ada).len();
        let invoice = world.newest_invoice(&ada);
        let mut browser = world.signed_in(&ada).await;
        browser.open(&format!("/billing/{}/pay", invoice.id)).await;

        let answers = browser.submit_at_once(64, "/pay", &[("method", card.as_str())]).await;
        let places: std::collections::BTreeSet<_> =
            answers.iter().map(|page| (page.status, page.header("location").to_owned())).collect();
        assert_eq!(places.len(), 1, "all lead to the same attempt: {places:?}");
        assert!(places.iter().all(|(status, place)| *status == 303 && place.contains("attempt=")));
        assert_eq!(world.attempts(&ada).len(), before + 1);
        world.settle().await;
        assert_eq!(world.newest_invoice(&ada).status.as_str(), "paid");
        world.check().await;
    });
}

#[test]
fn after_cancelling_nothing_is_retried_but_the_customer_can_pay() {
    World::each(async |world| {
        let (ada, id) = past_due(world).await;
        let mut browser = world.signed_in(&ada).await;
        browser.open(&format!("/subscriptions/{id}/cancel")).await;
        browser.submit("/cancel", &[]).await;
        assert_eq!(world.status(&id), "cancelled");
        let before = world.attempts(&ada).len();
        let card = world.methods(&ada)[0].id.clone();
        world.card_becomes(&ada, &card, cards::GOOD).await;
        world.advance("1 month").await;
        assert_eq!(world.attempts(&ada).len(), before, "no automatic try");

        let invoice = world.newest_invoice(&ada);
        // The session outlived the month: it is wall time that ends it.
        browser.open(&format!("/billing/{}/pay", invoice.id)).await;
        browser.submit("/pay", &[("method", card.as_str())]).await;
        world.settle().await;
        assert_eq!(world.newest_invoice(&ada).status.as_str(), "paid");
        assert_eq!(world.status(&id), "cancelled");
        world.check().await;
    });
}
