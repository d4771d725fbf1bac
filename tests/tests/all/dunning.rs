//! A card is declined: retries, hold, and the way back.

use e2e::{Customer, World, WorldOptions, cards};
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

#[test]
fn declined_then_retried_then_on_hold_then_cancelled() {
    World::each(async |world| {
        let (ada, id) = past_due(world).await;
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
        let (_, _) = past_due(world).await;
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
        let (ada, _) = past_due(world).await;
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
        let (ada, id) = past_due(world).await;
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

/// Holds after a week, for good: the invoice stays open.
const HOLDS_FOR_GOOD: WorldOptions = WorldOptions {
    settings: "[dunning]\nunpaid_invoice = \"leave\"\nsteps = [\n{ after_days = 0, mail = \"payment_failed\" },\n\
               { after_days = 7, retry = true, on_failure = \"hold\" },\n\
               { after_days = 10, on_failure = \"stay_on_hold\" }]\n",
    environment: &[],
};

/// Never gives up within a quarter of a year, and never holds.
const PATIENT: WorldOptions = WorldOptions {
    settings: "[dunning]\nsteps = [\n{ after_days = 0, mail = \"payment_failed\" },\n\
               { after_days = 90, on_failure = \"cancel\" }]\n",
    environment: &[],
};

/// Pays the newest invoice by hand with the card that is there, which works again.
async fn pays_by_hand(world: &World, ada: &Customer) {
    let card = world.methods(ada)[0].id.clone();
    world.card_becomes(ada, &card, cards::GOOD).await;
    let mut browser = world.signed_in(ada).await;
    let page = browser.open(&format!("/billing/{}/pay", world.newest_invoice(ada).id)).await;
    let form = if page.has_form("/reactivate") { "/reactivate" } else { "/pay" };
    browser.submit(form, &[("method", card.as_str())]).await;
    world.settle().await;
}

#[test]
fn back_from_a_long_hold_a_new_period_starts_now_and_the_time_between_is_not_billed() {
    World::each_with(&HOLDS_FOR_GOOD, async |world| {
        let (ada, id) = past_due(world).await;
        world.advance("3 months").await;
        assert_eq!((world.status(&id).as_str(), world.invoices(&ada).len()), ("on_hold", 2));

        let paid_at = world.now();
        pays_by_hand(world, &ada).await;
        let invoices = world.invoices(&ada);
        assert_eq!(
            (world.status(&id).as_str(), invoices.len()),
            ("active", 3),
            "what was owed, and one period"
        );
        assert_eq!(invoices[2].period_start, Some(paid_at), "which starts now");
        assert!(world.subscription(&id).review_since.is_none(), "there is nothing to decide");
        world.advance("1 month").await;
        let invoices = world.invoices(&ada);
        assert_eq!(invoices.len(), 4);
        assert_eq!(invoices[3].period_start, invoices[2].period_end, "and goes on from there");
        assert_eq!(world.simulator.ledger().await.taken().len(), 4);
        world.check().await;
    });
}

#[test]
fn paid_late_the_period_that_runs_now_is_billed_and_those_missed_are_not() {
    World::each_with(&PATIENT, async |world| {
        let (ada, id) = past_due(world).await;
        let began = world.subscription(&id).current_period_start;
        world.advance("75 days").await;
        assert_eq!((world.status(&id).as_str(), world.invoices(&ada).len()), ("past_due", 2));
        pays_by_hand(world, &ada).await;
        let invoices = world.invoices(&ada);
        assert_eq!((world.status(&id).as_str(), invoices.len()), ("active", 3));
        let (start, end) = (invoices[2].period_start.unwrap(), invoices[2].period_end.unwrap());
        assert!(start <= world.now() && world.now() < end, "the period that runs now");
        assert!(start > began && Some(start) != invoices[1].period_end, "one was missed");
        assert_eq!(world.simulator.ledger().await.taken().len(), 3);
        world.check().await;
    });
}

#[test]
fn declined_after_the_case_is_closed_nothing_starts_again() {
    World::each_with(&HOLDS_FOR_GOOD, async |world| {
        let (ada, id) = past_due(world).await;
        world.advance("1 month").await;
        let mails = world.subjects_to(ADA);
        let card = world.methods(&ada)[0].id.clone();
        let invoice = world.newest_invoice(&ada);
        let mut browser = world.signed_in(&ada).await;
        browser.open(&format!("/billing/{}/pay", invoice.id)).await;
        let progress = browser.submit("/reactivate", &[("method", card.as_str())]).await;
        world.settle().await;
        let page = browser.open(progress.url.as_str()).await;
        assert!(page.header("refresh").is_empty(), "the outcome is known: {}", page.text());
        assert_eq!(world.attempts(&ada).pop().unwrap().state.as_str(), "failed");

        world.advance("2 months").await;
        assert_eq!(
            (world.status(&id).as_str(), world.newest_invoice(&ada).status.as_str()),
            ("on_hold", "open")
        );
        let sign_in = |subject: &&String| !subject.starts_with("Sign in");
        let now = world.subjects_to(ADA);
        assert_eq!(
            now.iter().filter(sign_in).collect::<Vec<_>>(),
            mails.iter().collect::<Vec<_>>(),
            "no new mail"
        );
        world.check().await;
    });
}
