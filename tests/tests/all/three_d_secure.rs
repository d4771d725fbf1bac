//! The bank wants the customer: when a card is saved, and when it is charged without them.

use e2e::{World, cards};

const ADA: &str = "ada@example.com";

#[test]
fn a_card_that_asks_is_confirmed_when_it_is_saved() {
    World::each(async |world| {
        let ada = world.customer(ADA);
        let mut browser = world.signed_in(&ada).await;
        browser.open("/payment-methods/add").await;
        let hosted = browser.submit("/payment-methods/add", &[]).await;
        assert_eq!(hosted.url.origin().ascii_serialization(), world.simulator.url());
        let card = [
            ("number", cards::ASKS_WHEN_SAVED),
            ("expiry", "09 / 39"),
            ("cvc", "123"),
            ("name", "Ada"),
            ("do", "save"),
        ];
        let bank = browser.submit("/setup/", &card).await;
        assert!(bank.url.path().starts_with("/confirm/"));
        let back = browser.submit("", &[("do", "approve")]).await;
        assert!(!back.header("refresh").is_empty(), "the provider is being asked");
        assert!(world.methods(&ada).is_empty(), "the browser's word is not taken");
        world.settle().await;

        let list = browser.open(back.url.as_str()).await;
        assert_eq!(list.url.path(), "/payment-methods");
        assert!(list.text().contains("3155"), "{}", list.text());
        assert_eq!(world.methods(&ada).len(), 1);
        world.mail(ADA, "Payment method added");

        let id = world.subscribe(&ada, "team-monthly");
        world.settle().await;
        assert_eq!(world.status(&id), "active");
        world.check().await;
    });
}

#[test]
fn a_refusal_at_the_bank_saves_nothing() {
    World::each(async |world| {
        let ada = world.customer(ADA);
        let mut browser = world.signed_in(&ada).await;
        browser.open("/payment-methods/add").await;
        browser.submit("/payment-methods/add", &[]).await;
        let card = [
            ("number", cards::ASKS_WHEN_SAVED),
            ("expiry", "09 / 39"),
            ("cvc", "123"),
            ("name", "Ada"),
            ("do", "save"),
        ];
        browser.submit("/setup/", &card).await;
        let back = browser.submit("", &[("do", "refuse")]).await;
        world.settle().await;
        let page = browser.open(back.url.as_str()).await;
        assert_eq!((page.status, page.url.path()), (200, "/payment-methods/return"));
        assert!(page.header("refresh").is_empty());
        assert!(world.methods(&ada).is_empty());
        world.check().await;
    });
}

#[test]
fn a_renewal_that_needs_the_customer_is_confirmed_from_the_mail() {
    World::each(async |world| {
        let ada = world.customer(ADA);
        let card = world.card(&ada, cards::GOOD).await;
        let id = world.subscribe(&ada, "team-monthly");
        world.settle().await;
        world.card_becomes(&ada, &card, cards::ALWAYS_ASKS).await;
        world.advance("1 month").await;
        let invoice = world.newest_invoice(&ada);
        assert_eq!(invoice.status.as_str(), "open");
        assert_eq!(world.simulator.ledger().await.taken().len(), 1, "nothing is taken before they confirm");

        let mail = world.mail(ADA, "Confirm your payment of €58.31");
        let mut browser = world.browser();
        browser.open(&mail.link()).await;
        let pay = format!("/billing/{}/pay", invoice.id);
        let asking = browser.submit("/r/", &[]).await;
        assert_eq!((asking.status, asking.url.path()), (200, pay.as_str()), "the mail leads to the payment");
        assert!(
            !asking.header("refresh").is_empty(),
            "they may have confirmed already: the bank is asked first"
        );
        world.settle().await;
        let page = browser.open(asking.url.as_str()).await;
        let bank = page.links("main a.btn--primary").remove(0);
        assert!(bank.starts_with(&world.simulator.url()), "{bank}: {}", page.text());
        browser.open(&bank).await;
        let back = browser.submit("", &[("do", "approve")]).await;
        assert!(back.url.as_str().starts_with(&format!("{}{pay}", world.url())), "home again: {}", back.url);
        assert!(!back.header("refresh").is_empty(), "the provider is being asked");
        world.settle().await;
        let paid = browser.open(back.url.as_str()).await;
        assert!(paid.header("refresh").is_empty() && paid.text().contains("€58.31"), "{}", paid.text());
        assert_eq!(
            (world.newest_invoice(&ada).status.as_str(), world.status(&id).as_str()),
            ("paid", "active")
        );
        let ledger = world.simulator.ledger().await;
        assert_eq!(ledger.taken().len(), 2);
        assert!(ledger.taken().iter().all(|charge| charge.off_session), "nobody was there when they began");
        world.check().await;
    });
}

#[test]
fn who_pays_by_hand_is_there_when_the_bank_asks_and_comes_back() {
    World::each(async |world| {
        let ada = world.customer(ADA);
        let card = world.card(&ada, cards::GOOD).await;
        let id = world.subscribe(&ada, "team-monthly");
        world.settle().await;
        world.card_becomes(&ada, &card, cards::DECLINED).await;
        world.advance("1 month").await;
        world.card_becomes(&ada, &card, cards::ALWAYS_ASKS).await;
        let invoice = world.newest_invoice(&ada);
        let mut browser = world.signed_in(&ada).await;
        browser.open(&format!("/billing/{}/pay", invoice.id)).await;
        let progress = browser.submit("/pay", &[("method", card.as_str())]).await;
        world.settle().await;
        let page = browser.open(progress.url.as_str()).await;
        browser.open(&page.links("main a.btn--primary").remove(0)).await;
        let back = browser.submit("", &[("do", "approve")]).await;
        assert!(back.url.as_str().starts_with(&world.url()), "home again: {}", back.url);
        world.settle().await;
        assert_eq!(world.status(&id), "active");
        let ledger = world.simulator.ledger().await;
        assert!(!ledger.taken()[1].off_session, "they were at the browser");
        assert!(
            world.subjects_to(ADA).iter().all(|subject| !subject.starts_with("Confirm")),
            "the page asks, no mail has to"
        );
        world.check().await;
    });
}
