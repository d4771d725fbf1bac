//! What a business says about dunning: hours, changed policies, the end of an invoice. And who ends in the middle.

use chrono::TimeDelta;
use domain::event::EventKind;
use domain::subscription::cancel::CancelTiming;
use e2e::{Customer, World, WorldOptions, cards};
use engine::ids::SubscriptionId;
use engine::usecase::cancel::{CancelRequest, cancel};

const ADA: &str = "ada@example.com";

const OFFICE_HOURS: WorldOptions = WorldOptions {
    settings: "[dunning.hours]\nquiet = { from = \"20:00\", to = \"08:00\" }\n\
               weekdays = [\"mon\", \"tue\", \"wed\", \"thu\", \"fri\"]\n",
    environment: &[],
};

#[test]
fn quiet_hours_are_respected_by_all_but_the_first_mail() {
    World::each_with(&OFFICE_HOURS, async |world| {
        // A Friday, an hour before ten in the evening in Berlin, and so is 5 March.
        world.begin_at("2027-02-05 20:00");
        let (ada, _) = world.past_due(ADA).await;
        world.mail(ADA, "Payment failed: Team");
        world.advance("2 days").await;
        assert_eq!(world.attempts(&ada).len(), 2, "Saturday's retry waits for Monday morning");
        world.advance("1 day").await;
        assert_eq!(world.attempts(&ada).len(), 3, "there it was, and that of Monday night waits");
        world.advance("1 day").await;
        assert_eq!(world.attempts(&ada).len(), 4);
        world.check().await;
    });
}

const HOLDS_AFTER_A_WEEK: WorldOptions = WorldOptions {
    settings: "[dunning]\nsteps = [\n{ after_days = 0, mail = \"payment_failed\" },\n\
               { after_days = 7, on_failure = \"hold\" },\n{ after_days = 60, on_failure = \"cancel\" }]\n",
    environment: &[],
};

#[test]
fn a_policy_changed_in_the_middle_of_a_case_holds_for_new_cases_only() {
    World::each_with(&HOLDS_AFTER_A_WEEK, async |world| {
        let (_, old) = world.past_due(ADA).await;
        world.reconfigure(&[("after_days = 7", "after_days = 2")]);
        world.advance("3 days").await;
        assert_eq!(world.status(&old), "past_due", "it began with a week");
        world.advance("4 days").await;
        assert_eq!(world.status(&old), "on_hold");
        let (_, new) = world.past_due("ben@example.com").await;
        world.advance("2 days").await;
        assert_eq!(world.status(&new), "on_hold");
        world.check().await;
    });
}

const SAYS_THE_LAST_WORD_EARLY: WorldOptions = WorldOptions {
    settings: "[dunning]\nsteps = [\n{ after_days = 0, mail = \"payment_failed\" },\n\
               { after_days = 2, mail = \"final_notice\" },\n\
               { after_days = 4, retry = true, mail = \"payment_reminder\" },\n\
               { after_days = 60, on_failure = \"cancel\" }]\n",
    environment: &[],
};

#[test]
fn after_a_standstill_over_two_steps_there_is_one_retry_and_the_final_notice_is_not_lost() {
    World::each_with(&SAYS_THE_LAST_WORD_EARLY, async |world| {
        let (ada, _) = world.past_due(ADA).await;
        let tried = world.attempts(&ada).len();
        world.jump("5 days");
        world.settle().await;
        assert_eq!(world.attempts(&ada).len(), tried + 1);
        let told = world.subjects_to(ADA);
        assert!(told.contains(&"Final notice: €58.31 for Team".to_owned()), "{told:?}");
        assert!(!told.iter().any(|subject| subject.starts_with("Reminder")), "{told:?}");
        world.check().await;
    });
}

const TAKES_BACK: WorldOptions =
    WorldOptions { settings: "[dunning]\nunpaid_invoice = \"void_with_credit_note\"\n", environment: &[] };

#[test]
fn at_the_end_of_a_case_a_credit_note_takes_the_invoice_back() {
    World::each_with(&TAKES_BACK, async |world| {
        let (ada, id) = world.past_due(ADA).await;
        world.advance("22 days").await;
        assert_eq!(world.status(&id), "cancelled");
        let invoice = world.newest_invoice(&ada);
        let notes = world.credit_notes(&invoice.id);
        assert_eq!(notes.len(), 1);
        assert_eq!((notes[0].total, invoice.amount_credited), (invoice.total, invoice.total));
        assert_eq!((invoice.amount_paid, world.balance(&ada)), (0, 0));
        assert!(!world.events(id.as_str()).contains(&EventKind::SubscriptionReactivated));
        world.check().await;
    });
}

const TAKES_BACK_AND_HOLDS: WorldOptions = WorldOptions {
    settings: "[dunning]\nunpaid_invoice = \"void_with_credit_note\"\nsteps = [\n\
               { after_days = 0, mail = \"payment_failed\", on_failure = \"hold\" },\n\
               { after_days = 3, on_failure = \"stay_on_hold\" }]\n",
    environment: &[],
};

#[test]
fn held_at_once_and_for_good_a_subscription_does_not_come_back_by_a_credit_note_but_by_a_card() {
    World::each_with(&TAKES_BACK_AND_HOLDS, async |world| {
        let ada = world.customer(ADA);
        let card = world.card(&ada, cards::GOOD).await;
        let id = world.subscribe(&ada, "team-monthly");
        world.settle().await;
        world.card_becomes(&ada, &card, cards::DECLINED).await;
        world.advance("1 month").await;
        assert_eq!(world.status(&id), "on_hold");
        world.advance("2 months").await;
        assert_eq!(world.credit_notes(&world.newest_invoice(&ada).id).len(), 1);
        assert_eq!((world.status(&id).as_str(), world.invoices(&ada).len()), ("on_hold", 2));

        let mut browser = world.signed_in(&ada).await;
        world.add_card(&mut browser, &format!("?for={id}"), cards::OTHER).await;
        assert_eq!((world.status(&id).as_str(), world.invoices(&ada).len()), ("active", 3));
        assert_eq!(world.simulator.ledger().await.taken().len(), 2);
        world.check().await;
    });
}

fn cancels_now(world: &World, customer: &Customer, id: &SubscriptionId) {
    let request = CancelRequest {
        subscription: id.clone(),
        timing: CancelTiming::Now,
        reason: None,
        comment: None,
        shown: None,
    };
    cancel(&world.engine, &world.acme, &customer.id, request).unwrap();
}

/// The charge that is on its way fails.
async fn fails(world: &World) {
    let ledger = world.simulator.ledger().await;
    let slow = ledger.charges.iter().find(|charge| charge.status == "pending").expect("a charge on its way");
    world.simulator.fails(&slow.id).await;
    world.wait(TimeDelta::days(1));
    world.settle().await;
}

#[test]
fn cancelled_while_its_first_charge_is_on_its_way_which_then_fails_nothing_is_left_open() {
    World::each(async |world| {
        let ada = world.customer(ADA);
        world.card(&ada, cards::SLOW).await;
        let id = world.subscribe(&ada, "team-monthly");
        world.settle().await;
        cancels_now(world, &ada, &id);
        fails(world).await;
        assert_eq!(world.newest_invoice(&ada).status.as_str(), "void");
        world.advance("2 months").await;
        assert_eq!(world.attempts(&ada).len(), 1);
        world.check().await;
    });
}

#[test]
fn cancelled_while_a_renewal_is_on_its_way_which_then_fails_the_customer_is_told_once_and_can_pay() {
    World::each(async |world| {
        let (ada, id) = world.subscriber(ADA, cards::GOOD).await;
        let card = world.methods(&ada)[0].id.clone();
        world.card_becomes(&ada, &card, cards::SLOW).await;
        world.advance("1 month").await;
        cancels_now(world, &ada, &id);
        assert_eq!(world.status(&id), "cancelled");
        fails(world).await;
        world.advance("2 months").await;
        assert_eq!(world.newest_invoice(&ada).status.as_str(), "open");
        assert_eq!(world.attempts(&ada).len(), 2, "nothing is charged by itself");
        let told = world.subjects_to(ADA);
        assert_eq!(told.iter().filter(|subject| *subject == "Payment failed: Team").count(), 1);

        world.card_becomes(&ada, &card, cards::GOOD).await;
        let mut browser = world.browser();
        browser.open(&world.mail(ADA, "Payment failed: Team").link()).await;
        browser.submit("/r/", &[]).await;
        browser.submit("/pay", &[("method", card.as_str())]).await;
        world.settle().await;
        assert_eq!(world.newest_invoice(&ada).status.as_str(), "paid");
        world.check().await;
    });
}

/// Scenario 7: the customer pays an overdue invoice at the instant dunning retries it.
#[test]
fn b6_a_customer_pays_at_the_instant_that_dunning_retries() {
    World::each(async |world| {
        let (ada, id) = world.past_due(ADA).await;
        let card = world.methods(&ada)[0].id.clone();
        world.card_becomes(&ada, &card, cards::GOOD).await;
        let mut browser = world.signed_in(&ada).await;
        browser.open(&format!("/billing/{}/pay", world.newest_invoice(&ada).id)).await;
        world.jump("1 day");
        let env = world.another_worker();
        let retries = tokio::spawn(async move { worker::drain(&env, engine::job::Queue::ALL).await });
        let page = browser.submit("/pay", &[("method", card.as_str())]).await;
        assert!(page.status < 500, "{}", page.text());
        retries.await.unwrap().unwrap();
        world.settle().await;
        assert_eq!(world.simulator.ledger().await.taken().len(), 2, "one charge, whoever was first");
        assert_eq!(
            (world.status(&id).as_str(), world.newest_invoice(&ada).status.as_str()),
            ("active", "paid")
        );
        world.check().await;
    });
}
