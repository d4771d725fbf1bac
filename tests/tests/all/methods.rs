//! Removing a payment method, and choosing another.

use chrono::TimeDelta;
use e2e::{World, cards};

#[test]
fn a_removed_card_leaves_the_list_and_keeps_the_renewals_bound_to_it() {
    World::each(async |world| {
        let (ada, id) = world.subscriber("ada@example.com", cards::GOOD).await;
        let card = world.methods(&ada)[0].clone();
        let mut browser = world.signed_in(&ada).await;
        browser.open(&format!("/payment-methods/{}/remove", card.id)).await;
        let list = browser.submit("/remove", &[]).await;
        assert_eq!(list.url.path(), "/payment-methods");
        assert!(world.methods(&ada).is_empty());
        world.settle().await;
        let detached =
            |ledger: &e2e::Ledger| ledger.requests.iter().any(|sent| sent.path.ends_with("/detach"));
        assert!(!detached(&world.simulator.ledger().await), "a subscription still uses it");
        world.advance("1 month").await;
        assert_eq!(world.simulator.ledger().await.taken()[1].method, card.provider_ref);

        let other = world.card(&ada, cards::OTHER).await;
        browser.open(&format!("/subscriptions/{id}/payment-method")).await;
        browser.submit("/payment-method", &[("method", other.as_str())]).await;
        world.settle().await;
        assert!(detached(&world.simulator.ledger().await), "now nothing uses it");
        world.advance("1 month").await;
        assert_ne!(world.simulator.ledger().await.taken()[2].method, card.provider_ref);
        world.check().await;
    });
}

#[test]
fn the_default_pays_what_has_no_method_of_its_own() {
    World::each(async |world| {
        let (ada, _) = world.subscriber("ada@example.com", cards::GOOD).await;
        let first = world.methods(&ada)[0].clone();
        let other = world.card(&ada, cards::OTHER).await;
        let mut browser = world.signed_in(&ada).await;
        browser.open("/payment-methods").await;
        browser.submit(&format!("/{}/default", first.id), &[]).await;
        world.advance("1 month").await;
        let ledger = world.simulator.ledger().await;
        assert_eq!(ledger.taken()[1].method, first.provider_ref);
        browser.open("/payment-methods").await;
        browser.submit(&format!("/{other}/default"), &[]).await;
        world.advance("1 month").await;
        assert_ne!(world.simulator.ledger().await.taken()[2].method, first.provider_ref);
        world.check().await;
    });
}

#[test]
fn removing_a_card_asks_for_a_new_proof_of_who_asks() {
    World::each(async |world| {
        let (ada, _) = world.subscriber("ada@example.com", cards::GOOD).await;
        let card = world.methods(&ada)[0].id.clone();
        let mut browser = world.signed_in(&ada).await;
        world.wait(TimeDelta::minutes(11));
        browser.open(&format!("/payment-methods/{card}/remove")).await;
        let asked = browser.submit("/remove", &[]).await;
        assert_eq!(asked.url.path(), "/login", "who signed in a while ago may have left the machine");
        assert_eq!(world.methods(&ada).len(), 1);

        world.sign_in(&mut browser, &ada.email).await;
        browser.open(&format!("/payment-methods/{card}/remove")).await;
        assert_eq!(browser.submit("/remove", &[]).await.url.path(), "/payment-methods");
        assert!(world.methods(&ada).is_empty());
        world.check().await;
    });
}
