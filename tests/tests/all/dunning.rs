//! A card is declined: retries, hold, and the way back.

use e2e::{World, cards};

const ADA: &str = "ada@example.com";

#[test]
fn declined_then_retried_then_on_hold_then_cancelled() {
    World::each(async |world| {
        let (ada, id) = world.past_due(ADA).await;
        assert_eq!(world.attempts(&ada).len(), 2, "the first month, and the one that failed");
        world.advance("1 day").await;
        assert_eq!(world.attempts(&ada).len(), 3);
        world.advance("2 days").await;
        assert_eq!((world.attempts(&ada).len(), world.status(&id).as_str()), (4, "past_due"));
        world.advance("4 days").await;
        assert_eq!((world.attempts(&ada).len(), world.status(&id).as_str()), (5, "on_hold"));
        world.advance("14 days").await;
        assert_eq!((world.attempts(&ada).len(), world.status(&id).as_str()), (7, "cancelled"));
        assert_eq!(world.newest_invoice(&ada).status.as_str(), "uncollectible");
        // Sorted: what one transaction tells may arrive in any order.
        let mut told = world.subjects_to(ADA);
        told.sort();
        assert_eq!(
            told,
            [
                "Final notice: €58.31 for Team",
                "Payment failed: Team",
                "Receipt from Acme: €58.31",
                "Reminder: €58.31 for Team is open",
                "Team has ended",
                "Team is on hold",
            ],
            "each step in its own words, and each once"
        );
        world.advance("3 months").await;
        let ledger = world.simulator.ledger().await;
        assert_eq!((ledger.taken().len(), ledger.charges.len()), (1, 7));
        world.check().await;
    });
}

#[test]
fn each_step_says_what_it_means_in_german_too() {
    World::each(async |world| {
        world.reconfigure(&[("default_locale = \"en\"", "default_locale = \"de\"")]);
        let (_, _) = world.past_due(ADA).await;
        let failed = world.mail(ADA, "Zahlung fehlgeschlagen: Team").text;
        assert!(failed.contains("versuchen wir es erneut"), "{failed}");
        world.advance("14 days").await;
        let reminder = world.mail(ADA, "Erinnerung: 58,31\u{a0}€ für Team sind offen").text;
        assert!(
            reminder.contains("noch offen") && reminder.contains("versuchen wir es erneut"),
            "{reminder}"
        );
        world.advance("7 days").await;
        let last = world.mail(ADA, "Letzte Mahnung: 58,31\u{a0}€ für Team").text;
        assert!(last.contains("keine weitere Abbuchung"), "{last}");
        world.mail(ADA, "Team ist beendet");
        world.check().await;
    });
}

#[test]
fn the_pay_button_of_a_mail_leads_to_the_payment() {
    World::each(async |world| {
        let (ada, _) = world.past_due(ADA).await;
        let mut browser = world.browser();
        browser.open(&world.mail(ADA, "Payment failed: Team").link()).await;
        let landed = browser.submit("/r/", &[]).await;
        assert_eq!(landed.url.path(), format!("/billing/{}/pay", world.newest_invoice(&ada).id));
        assert!(landed.has_form("/pay"));
        world.check().await;
    });
}

#[test]
fn with_nothing_to_charge_the_mail_says_so() {
    World::each(async |world| {
        let (ada, id) = world.subscriber(ADA, cards::GOOD).await;
        world.forget_cards(&ada);
        world.advance("1 month").await;
        assert_eq!(world.status(&id), "past_due");
        let mail = world.mail(ADA, "Payment failed: Team").text;
        assert!(mail.contains("there is no payment method to charge it to"), "{mail}");
        world.check().await;
    });
}

#[test]
fn on_hold_it_comes_back_with_a_new_card() {
    World::each(async |world| {
        let (ada, id) = world.past_due(ADA).await;
        world.advance("8 days").await;
        assert_eq!(world.status(&id), "on_hold");

        let mut browser = world.signed_in(&ada).await;
        let problem = browser.open(&format!("/subscriptions/{id}/reactivate")).await;
        let invoice = world.newest_invoice(&ada);
        assert_eq!(problem.url.path(), format!("/billing/{}/pay", invoice.id));
        let after = world.add_card(&mut browser, &format!("?for={}", invoice.id), cards::OTHER).await;
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
fn b4_sixty_four_presses_on_pay_make_one_attempt() {
    World::each(async |world| {
        let (ada, _) = world.past_due(ADA).await;
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
        let (ada, id) = world.past_due(ADA).await;
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
