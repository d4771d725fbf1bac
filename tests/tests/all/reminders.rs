//! Mails before something is charged, each once and never too late; and a word after a customer has left.

use chrono::Datelike;
use e2e::{Browser, Customer, World, WorldOptions, cards};
use engine::ids::SubscriptionId;
use engine::job::Queue;
use engine::usecase::remind::remind;
use engine::usecase::trial::extend;

const ADA: &str = "ada@example.com";

/// How many mails to Ada have such a subject.
fn told(world: &World, subject: &str) -> usize {
    world.subjects_to(ADA).iter().filter(|told| told.contains(subject)).count()
}

const TRIAL: &str = "Your trial ends on";

#[test]
fn a_trial_is_reminded_of_once_with_the_amount_that_is_then_charged() {
    World::each(async |world| {
        let ada = world.customer(ADA);
        world.card(&ada, cards::GOOD).await;
        let id = world.try_out(&ada, "team-monthly", 14);
        world.advance("10 days").await;
        assert_eq!(told(world, TRIAL), 0, "four days before");
        world.advance("1 day").await;
        let mail = world.mail(ADA, TRIAL);
        assert!(mail.text.contains("we charge €58.31 to Visa"), "{}", mail.text);
        assert!(mail.text.contains("cancel at any time"), "{}", mail.text);
        let ends = world.date(world.subscription(&id).current_period_end, "%B %-d, %Y");
        assert_eq!(mail.subject, format!("{TRIAL} {ends}"));
        world.browser().open(&mail.link()).await;

        world.advance("5 days").await;
        assert_eq!((world.status(&id).as_str(), told(world, TRIAL)), ("active", 1));
        assert_eq!(world.newest_invoice(&ada).total, 5_831);
        world.check().await;
    });
}

#[test]
fn without_a_method_the_mail_asks_for_one_and_says_what_happens_else() {
    World::each(async |world| {
        let ada = world.customer(ADA);
        world.try_out(&ada, "team-monthly", 14);
        world.advance("12 days").await;
        let mail = world.mail(ADA, TRIAL).text;
        assert!(mail.contains("Add a payment method") && mail.contains("put on hold"), "{mail}");
        world.check().await;
    });
}

#[test]
fn a_yearly_renewal_is_announced_two_weeks_before_and_a_monthly_one_is_not() {
    World::each(async |world| {
        let ada = world.customer(ADA);
        world.card(&ada, cards::GOOD).await;
        world.subscribe(&ada, "team-yearly");
        world.subscribe(&ada, "team-monthly");
        world.advance("11 months").await;
        assert_eq!(told(world, "renews on"), 0);
        world.advance("1 month").await;
        let mail = world.mail(ADA, "Team renews on").text;
        assert!(mail.contains("for €583.10") && mail.contains("Visa"), "{mail}");
        assert_eq!(told(world, "renews on"), 1);
        let taken =
            world.simulator.ledger().await.taken().iter().filter(|charge| charge.amount == 58_310).count();
        assert_eq!(taken, 2, "and charged as announced");
        world.check().await;
    });
}

#[test]
fn who_will_not_be_charged_is_not_reminded() {
    World::each(async |world| {
        let ada = world.customer(ADA);
        world.card(&ada, cards::GOOD).await;
        let id = world.try_out(&ada, "team-monthly", 14);
        let mut browser = world.signed_in(&ada).await;
        browser.open(&format!("/subscriptions/{id}/cancel")).await;
        browser.submit("/cancel", &[]).await;
        world.advance("15 days").await;
        assert_eq!((world.status(&id).as_str(), told(world, TRIAL)), ("cancelled", 0));
        world.check().await;
    });
}

#[test]
fn a_longer_trial_is_reminded_of_again() {
    World::each(async |world| {
        let ada = world.customer(ADA);
        world.card(&ada, cards::GOOD).await;
        let id = world.try_out(&ada, "team-monthly", 14);
        world.advance("12 days").await;
        let later = world.subscription(&id).current_period_end + chrono::TimeDelta::days(7);
        extend(&world.engine, &world.acme, &id, later).unwrap();
        world.advance("3 days").await;
        assert_eq!((world.status(&id).as_str(), told(world, TRIAL)), ("trialing", 1));
        world.advance("4 days").await;
        assert_eq!(told(world, TRIAL), 2);
        world.check().await;
    });
}

#[test]
fn two_workers_and_a_lost_job_table_still_send_one() {
    World::each(async |world| {
        let ada = world.customer(ADA);
        world.card(&ada, cards::GOOD).await;
        let id = world.try_out(&ada, "team-monthly", 14);
        world.settle().await;
        world.jump("12 days");
        let workers = [world.env.clone(), world.another_worker()];
        let drains = workers.map(|env| tokio::spawn(async move { worker::drain(&env, Queue::ALL).await }));
        for drain in drains {
            drain.await.unwrap().unwrap();
        }
        world.settle().await;
        remind(&world.engine, &world.acme, &id).unwrap();
        world.settle().await;
        assert_eq!(told(world, TRIAL), 1);
        world.check().await;
    });
}

#[test]
fn a_reminder_whose_moment_has_gone_by_is_not_sent() {
    World::each(async |world| {
        let ada = world.customer(ADA);
        world.card(&ada, cards::GOOD).await;
        let missed = world.try_out(&ada, "team-monthly", 14);
        world.settle().await;
        world.jump("15 days");
        world.settle().await;
        assert_eq!((world.status(&missed).as_str(), told(world, TRIAL)), ("active", 0), "nothing ran");

        let waits = world.try_out(&ada, "team-monthly", 14);
        world.jump("12 days");
        // Queued, and then no mail gets out for days.
        remind(&world.engine, &world.acme, &waits).unwrap();
        world.jump("3 days");
        world.settle().await;
        assert_eq!((world.status(&waits).as_str(), told(world, TRIAL)), ("active", 0));
        world.check().await;
    });
}

#[test]
fn a_card_that_expires_before_it_is_charged_again_is_mentioned_once() {
    World::each(async |world| {
        let ada = world.customer(ADA);
        world.card_until(&ada, cards::GOOD, world.wall.now().year() + 1).await;
        world.subscribe(&ada, "team-yearly");
        world.subscribe(&ada, "team-yearly");
        world.advance("2 years").await;
        let mail = world.mail(ADA, "Visa").text;
        let year = world.wall.now().year() + 1;
        assert!(mail.contains(&format!("expires on September 30, {year}")), "{mail}");
        assert_eq!(told(world, "expires on"), 1);
        world.check().await;
    });
}

#[test]
fn another_card_in_time_needs_no_mention() {
    World::each(async |world| {
        let ada = world.customer(ADA);
        world.card_until(&ada, cards::GOOD, world.wall.now().year() + 1).await;
        world.subscribe(&ada, "team-yearly");
        world.settle().await;
        let mut browser = world.signed_in(&ada).await;
        world.add_card(&mut browser, "", cards::OTHER).await;
        world.advance("2 years").await;
        assert_eq!(told(world, "expires on"), 0);
        world.check().await;
    });
}

/// Says yes to news and offers in the profile.
async fn agree(browser: &mut Browser) {
    browser.open("/profile").await;
    let page = browser.submit("/profile", &[("marketing", "1")]).await;
    assert_eq!(page.status, 200, "{}", page.text());
}

async fn leave(browser: &mut Browser, id: &SubscriptionId, reason: &str) {
    browser.open(&format!("/subscriptions/{id}/cancel")).await;
    browser.submit("/cancel", &[("timing", "now"), ("reason", reason)]).await;
}

async fn agreeing_subscriber(world: &World) -> (Customer, SubscriptionId, Browser) {
    let (ada, id) = world.subscriber(ADA, cards::GOOD).await;
    let mut browser = world.signed_in(&ada).await;
    agree(&mut browser).await;
    (ada, id, browser)
}

#[test]
fn feedback_chooses_one_word_after_the_end() {
    World::each(async |world| {
        let (_, id, mut browser) = agreeing_subscriber(world).await;
        leave(&mut browser, &id, "too_complex").await;
        world.advance("2 days").await;
        assert_eq!(told(world, "Can we help you"), 0);
        world.advance("1 day").await;
        let mail = world.mail(ADA, "Can we help you with Team?");
        assert!(mail.text.contains("No more news and offers"), "{}", mail.text);
        world.advance("2 months").await;
        assert_eq!(told(world, "Can we help you"), 1);
        world.check().await;
    });
}

#[test]
fn nobody_is_won_back_who_did_not_ask_for_such_mail_or_stays() {
    World::each(async |world| {
        let (ada, id) = world.subscriber(ADA, cards::GOOD).await;
        let mut browser = world.signed_in(&ada).await;
        leave(&mut browser, &id, "too_complex").await;
        world.advance("1 month").await;
        agree(&mut browser).await;
        let two = [world.subscribe(&ada, "team-monthly"), world.subscribe(&ada, "team-monthly")];
        world.settle().await;
        leave(&mut browser, &two[0], "too_complex").await;
        world.advance("1 month").await;
        assert_eq!(told(world, "Can we help you"), 0);
        world.check().await;
    });
}

#[test]
fn an_offer_names_a_coupon_that_holds() {
    let options = WorldOptions { settings: "[win_back]\ncoupon = \"COMEBACK\"\n", ..WorldOptions::default() };
    World::each_with(&options, async |world| {
        let (ada, id, mut browser) = agreeing_subscriber(world).await;
        leave(&mut browser, &id, "too_expensive").await;
        world.advance("8 days").await;
        assert_eq!(told(world, "An offer"), 0, "there is no such coupon");

        comeback(world);
        let next = world.subscribe(&ada, "team-monthly");
        world.settle().await;
        leave(&mut browser, &next, "too_expensive").await;
        world.advance("8 days").await;
        let mail = world.mail(ADA, "An offer").text;
        assert!(mail.contains("COMEBACK takes 20% off each of your first 3 payments"), "{mail}");
        world.check().await;
    });
}

fn comeback(world: &World) {
    use domain::discount::{Coupon, Lasts, Off};
    use engine::usecase::coupon::{NewCoupon, create};
    let terms = Coupon { off: Off::Percent(200_000), lasts: Lasts::Periods(3) };
    let new = NewCoupon { code: "COMEBACK".to_owned(), terms, redeem_by: None };
    create(&world.engine, &world.acme, new).unwrap();
}

#[test]
fn one_press_in_the_mail_program_or_on_the_page_ends_such_mails() {
    World::each(async |world| {
        let (ada, id, mut browser) = agreeing_subscriber(world).await;
        leave(&mut browser, &id, "low_quality").await;
        world.advance("2 days").await;
        let link = world.mail(ADA, "About your time").unsubscribe.expect("List-Unsubscribe");

        let stranger = world.browser();
        assert_eq!(stranger.look("GET", &link).await.status, 200);
        assert!(wants_news(world, &ada), "looking changes nothing");
        assert_eq!(stranger.look("POST", &format!("{link}x")).await.status, 404);
        assert_eq!(stranger.look("POST", &link).await.status, 200, "as mail programs send it");
        assert!(!wants_news(world, &ada));

        agree(&mut browser).await;
        let mut reader = world.browser();
        reader.open(&link).await;
        let page = reader.submit("/unsubscribe/", &[]).await;
        assert!(page.status == 200 && page.text().contains("no more news"), "{}", page.text());
        assert!(!wants_news(world, &ada));
        world.check().await;
    });
}

fn wants_news(world: &World, customer: &Customer) -> bool {
    let read =
        |conn: &mut engine::db::Conn| engine::store::customers::get(conn, &customer.tenant, &customer.id);
    world.engine.db.read(read).unwrap().marketing_opt_in_at.is_some()
}
