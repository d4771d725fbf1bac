//! The first payment of a subscription: nobody chases it, but its customer hears what became of it.

use e2e::{World, cards};
use engine::testing::press_pay;

const ADA: &str = "ada@example.com";

#[test]
fn who_is_refused_at_first_hears_it_once_and_begins_by_paying_with_another_card() {
    World::each(async |world| {
        let ada = world.customer(ADA);
        let bad = world.card(&ada, cards::DECLINED).await;
        let id = world.subscribe(&ada, "team-monthly");
        world.settle().await;
        let told = world.mail(ADA, "Payment failed: Team");
        assert!(told.text.contains("Team has not begun yet"), "{}", told.text);
        assert!(told.text.contains("We keep your order for 23 hours"), "{}", told.text);
        let invoice = world.newest_invoice(&ada).id;
        let mut browser = world.browser();
        browser.open(&told.link()).await;
        let page = browser.submit("/r/", &[]).await;
        assert_eq!(page.url.path(), format!("/billing/{invoice}/pay"));

        press_pay(&world.engine, &world.acme, &ada.id, &invoice, &bad).unwrap();
        world.settle().await;
        assert_eq!(world.subjects_to(ADA), ["Payment failed: Team"], "they saw the second refusal");
        let good = world.card(&ada, cards::GOOD).await;
        press_pay(&world.engine, &world.acme, &ada.id, &invoice, &good).unwrap();
        world.settle().await;
        assert_eq!(world.status(&id), "active");
        world.check().await;
    });
}

#[test]
fn an_order_that_is_never_paid_lapses_and_says_so() {
    World::each(async |world| {
        let ada = world.customer(ADA);
        let id = world.subscribe(&ada, "team-monthly");
        world.settle().await;
        assert!(world.mail(ADA, "First payment: Team").text.contains("there is no payment method"));
        world.advance("1 day").await;
        assert_eq!(world.status(&id), "expired");
        assert_eq!(world.subjects_to(ADA), ["First payment: Team", "Your order of Team has lapsed"]);
        world.check().await;
    });
}
