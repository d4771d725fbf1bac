//! Coming back from hold: the period that went by, arrears, bank debits.

use chrono::TimeDelta;
use e2e::{Customer, Page, World, WorldOptions, cards};

const ADA: &str = "ada@example.com";

/// Holds after a week, for good: the invoice stays open.
const HOLDS_FOR_GOOD: WorldOptions = WorldOptions {
    settings: "[dunning]\nunpaid_invoice = \"leave\"\nsteps = [\n{ after_days = 0, mail = \"payment_failed\" },\n\
               { after_days = 7, retry = true, on_failure = \"hold\" },\n\
               { after_days = 10, on_failure = \"stay_on_hold\" }]\n",
    environment: &[],
};

/// As that, and what went by has to be paid.
const ARREARS: WorldOptions = WorldOptions {
    settings: "[billing]\nlapsed = \"arrears\"\n\
               [dunning]\nunpaid_invoice = \"leave\"\nsteps = [\n{ after_days = 0, mail = \"payment_failed\" },\n\
               { after_days = 7, retry = true, on_failure = \"hold\" },\n\
               { after_days = 10, on_failure = \"stay_on_hold\" }]\n",
    environment: &[],
};

/// A bank debit on its way is good enough.
const TRUSTING: WorldOptions =
    WorldOptions { settings: "[billing]\nreactivate_on_pending = true\n", environment: &[] };

/// Never gives up within a quarter of a year, and never holds.
const PATIENT: WorldOptions = WorldOptions {
    settings: "[dunning]\nsteps = [\n{ after_days = 0, mail = \"payment_failed\" },\n\
               { after_days = 90, on_failure = \"cancel\" }]\n",
    environment: &[],
};

/// Pays the newest invoice by hand with the card that is there.
async fn pays_by_hand(world: &World, ada: &Customer) -> Page {
    let card = world.methods(ada)[0].id.clone();
    let mut browser = world.signed_in(ada).await;
    let page = browser.open(&format!("/billing/{}/pay", world.newest_invoice(ada).id)).await;
    let form = if page.has_form("/reactivate") { "/reactivate" } else { "/pay" };
    browser.submit(form, &[("method", card.as_str())]).await;
    world.settle().await;
    page
}

/// As that; the card works again.
async fn pays(world: &World, ada: &Customer) -> Page {
    let card = world.methods(ada)[0].id.clone();
    world.card_becomes(ada, &card, cards::GOOD).await;
    pays_by_hand(world, ada).await
}

#[test]
fn back_from_a_long_hold_a_new_period_starts_now_and_the_stale_invoice_is_credited() {
    World::each_with(&HOLDS_FOR_GOOD, async |world| {
        let (ada, id) = world.past_due(ADA).await;
        world.advance("3 months").await;
        assert_eq!((world.status(&id).as_str(), world.invoices(&ada).len()), ("on_hold", 2));

        let back_at = world.now();
        let page = pays(world, &ada).await;
        assert!(page.text().contains("A new period begins today"), "{}", page.text());
        let today = world.date(back_at, "%B %-d");
        assert!(page.all("main dl.facts").join(" ").contains(&today), "the new bill: {}", page.text());
        let invoices = world.invoices(&ada);
        assert_eq!((world.status(&id).as_str(), invoices.len()), ("active", 3));
        let notes = world.credit_notes(&invoices[1].id);
        assert_eq!(notes.len(), 1);
        assert_eq!((notes[0].reason.as_str(), notes[0].total), ("lapsed", invoices[1].total));
        assert_eq!((invoices[1].amount_paid, world.balance(&ada)), (0, 0), "nobody paid for it");
        assert_eq!((invoices[2].period_start, invoices[2].status.as_str()), (Some(back_at), "paid"));
        assert_eq!(world.simulator.ledger().await.taken().len(), 2, "the first month, and the new one");
        world.mail(ADA, "Team is active again");
        assert!(world.subscription(&id).review_since.is_none(), "there is nothing to decide");

        world.advance("1 month").await;
        let invoices = world.invoices(&ada);
        assert_eq!(invoices.len(), 4);
        assert_eq!(invoices[3].period_start, invoices[2].period_end, "and goes on from there");
        assert_eq!(world.simulator.ledger().await.taken().len(), 3);
        world.check().await;
    });
}

#[test]
fn a_new_card_for_what_is_on_hold_starts_the_new_period_too() {
    World::each_with(&HOLDS_FOR_GOOD, async |world| {
        let (ada, id) = world.past_due(ADA).await;
        world.advance("3 months").await;
        let mut browser = world.signed_in(&ada).await;
        world.add_card(&mut browser, "", cards::OTHER).await;
        assert_eq!((world.status(&id).as_str(), world.invoices(&ada).len()), ("on_hold", 2), "not asked for");
        world.add_card(&mut browser, &format!("?for={id}"), cards::GOOD).await;
        let invoices = world.invoices(&ada);
        assert_eq!((world.status(&id).as_str(), invoices.len()), ("active", 3));
        assert_eq!(world.credit_notes(&invoices[1].id).len(), 1);
        assert_eq!(world.simulator.ledger().await.taken().len(), 2);
        world.check().await;
    });
}

#[test]
fn a_new_start_that_is_declined_stays_on_hold_and_is_tried_again_as_it_is() {
    World::each_with(&HOLDS_FOR_GOOD, async |world| {
        let (ada, id) = world.past_due(ADA).await;
        world.advance("2 months").await;
        pays_by_hand(world, &ada).await;
        assert_eq!((world.status(&id).as_str(), world.invoices(&ada).len()), ("on_hold", 3));
        assert_eq!(world.newest_invoice(&ada).status.as_str(), "open");

        pays(world, &ada).await;
        let invoices = world.invoices(&ada);
        assert_eq!((world.status(&id).as_str(), invoices.len()), ("active", 3), "no further period");
        assert_eq!(world.credit_notes(&invoices[1].id).len(), 1);
        assert_eq!(world.simulator.ledger().await.taken().len(), 2);
        world.check().await;
    });
}

#[test]
fn with_arrears_the_old_period_is_paid_and_the_one_that_runs_is_billed() {
    World::each_with(&ARREARS, async |world| {
        let (ada, id) = world.past_due(ADA).await;
        world.advance("75 days").await;
        assert_eq!((world.status(&id).as_str(), world.invoices(&ada).len()), ("on_hold", 2));
        pays(world, &ada).await;
        let invoices = world.invoices(&ada);
        assert_eq!((world.status(&id).as_str(), invoices.len()), ("active", 3));
        assert!(world.credit_notes(&invoices[1].id).is_empty());
        let (start, end) = (invoices[2].period_start.unwrap(), invoices[2].period_end.unwrap());
        assert!(start <= world.now() && world.now() < end, "the period that runs now");
        assert!(Some(start) > invoices[1].period_end, "one was missed");
        assert_eq!(world.simulator.ledger().await.taken().len(), 3);
        world.check().await;
    });
}

#[test]
fn paid_late_the_period_that_runs_now_is_billed_and_those_missed_are_not() {
    World::each_with(&PATIENT, async |world| {
        let (ada, id) = world.past_due(ADA).await;
        let began = world.subscription(&id).current_period_start;
        world.advance("75 days").await;
        assert_eq!((world.status(&id).as_str(), world.invoices(&ada).len()), ("past_due", 2));
        pays(world, &ada).await;
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
        let (ada, id) = world.past_due(ADA).await;
        world.advance("20 days").await;
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

/// The debit that is on its way fails, and the worker asks about it a day later.
async fn the_debit_fails(world: &World) {
    let ledger = world.simulator.ledger().await;
    let debit = ledger.charges.iter().find(|charge| charge.status == "pending").expect("a debit on its way");
    world.simulator.fails(&debit.id).await;
    world.wait(TimeDelta::days(1));
    world.settle().await;
}

/// Scenario 6: on hold, a SEPA method is added (pending), it fails after 4 days: still on hold, no second debit in
/// between.
#[test]
fn c9_on_hold_a_bank_debit_that_fails_after_four_days_leaves_it_on_hold_without_a_second_debit() {
    World::each(async |world| {
        let (ada, id) = world.past_due(ADA).await;
        world.advance("11 days").await;
        let mut browser = world.signed_in(&ada).await;
        world.add_card(&mut browser, &format!("?for={id}"), cards::SLOW).await;
        let debits = async || world.simulator.ledger().await.submissions().len();
        let before = debits().await;
        assert_eq!(world.attempts(&ada).pop().unwrap().state.as_str(), "pending");
        assert_eq!(world.status(&id), "on_hold");

        // The retry of day 14 falls into this time.
        world.advance("4 days").await;
        assert_eq!((world.status(&id).as_str(), debits().await), ("on_hold", before));
        the_debit_fails(world).await;
        assert_eq!(world.status(&id), "on_hold");
        assert_eq!(world.newest_invoice(&ada).status.as_str(), "open");
        assert!(!world.subjects_to(ADA).contains(&"Team is active again".to_owned()));
        world.check().await;
    });
}

#[test]
fn c9_where_the_business_trusts_debits_it_comes_back_at_once_and_a_refusal_starts_dunning_anew() {
    World::each_with(&TRUSTING, async |world| {
        let (ada, id) = world.past_due(ADA).await;
        world.advance("8 days").await;
        assert_eq!(world.status(&id), "on_hold");
        let mut browser = world.signed_in(&ada).await;
        world.add_card(&mut browser, &format!("?for={id}"), cards::SLOW).await;
        assert_eq!((world.status(&id).as_str(), world.invoices(&ada).len()), ("active", 2));
        world.mail(ADA, "Team is active again");

        the_debit_fails(world).await;
        assert_eq!(world.status(&id), "past_due");
        let told = world.subjects_to(ADA);
        assert_eq!(told.iter().filter(|subject| *subject == "Payment failed: Team").count(), 2);
        world.check().await;
    });
}
