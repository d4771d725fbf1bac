//! Who leaves at once is told what becomes of time they will not use, and of what is open; and so it comes.

use super::ADA;
use crate::changes::ada_on_basic;
use chrono::TimeDelta;
use e2e::{Browser, Customer, Page, World, WorldOptions, cards};
use engine::ids::SubscriptionId;

const fn with(settings: &'static str) -> WorldOptions {
    WorldOptions { settings, environment: &[] }
}

async fn dialog(browser: &mut Browser, id: &SubscriptionId) -> String {
    words(&browser.open(&format!("/subscriptions/{id}/cancel")).await)
}

/// What the dialog says.
fn words(page: &Page) -> String {
    page.all("dialog").concat()
}

/// The amount in euros that a text names after these words.
fn named(text: &str, before: &str) -> String {
    let (_, rest) = text.split_once(before).unwrap_or_else(|| panic!("{before}: {text}"));
    rest.split_whitespace().next().unwrap().to_owned()
}

fn cents(amount: &str) -> i64 {
    amount.trim_start_matches('€').replace('.', "").parse().unwrap()
}

/// Ada's second month on the small plan is unpaid, one of its 30 days gone.
async fn one_day_past_due(world: &World) -> (Customer, SubscriptionId) {
    let (ada, id) = ada_on_basic(world).await;
    let card = world.methods(&ada).remove(0).id;
    world.card_becomes(&ada, &card, cards::DECLINED).await;
    world.advance("31 days").await;
    assert_eq!(world.status(&id), "past_due");
    (ada, id)
}

#[test]
fn the_refund_that_the_dialog_names_goes_back_to_the_cent_and_the_mail_says_so() {
    World::each_with(&with("[ending]\nunused_time = \"refund\"\n"), async |world| {
        let (ada, id) = ada_on_basic(world).await;
        world.advance("10 days").await;
        let mut browser = world.signed_in(&ada).await;
        let shown = named(&dialog(&mut browser, &id).await, "We refund ");
        // By the second it would be less by now.
        world.wait(TimeDelta::minutes(10));
        browser.submit("/cancel", &[("timing", "now")]).await;
        assert_eq!(world.status(&id), "cancelled");
        world.settle().await;
        let refunds: Vec<i64> =
            world.simulator.ledger().await.refunds.iter().map(|back| back.amount).collect();
        assert_eq!(refunds, [cents(&shown)]);
        let told = world.mail(ADA, "basic has ended").text;
        assert!(told.contains(&format!("{shown} goes back to you")), "{shown}: {told}");
        assert_eq!(world.balance(&ada), 0);
        world.check().await;
    });
}

#[test]
fn what_was_shown_a_quarter_of_an_hour_ago_is_shown_anew() {
    World::each_with(&with("[ending]\nunused_time = \"credit\"\n"), async |world| {
        let (ada, id) = ada_on_basic(world).await;
        world.advance("10 days").await;
        let mut browser = world.signed_in(&ada).await;
        dialog(&mut browser, &id).await;
        world.wait(TimeDelta::minutes(16));
        let page = browser.submit("/cancel", &[("timing", "now")]).await;
        assert_eq!(
            (page.url.path(), world.status(&id).as_str()),
            (&*format!("/subscriptions/{id}/cancel"), "active")
        );
        let shown = named(&words(&page), "Access ends today. ");
        browser.submit("/cancel", &[("timing", "now")]).await;
        assert_eq!(world.balance(&ada), cents(&shown));
        world.settle().await;
        let told = world.mail(ADA, "basic has ended").text;
        assert!(told.contains(&format!("{shown} goes into your balance")), "{told}");
        world.check().await;
    });
}

const BY_THE_DAY: &str = "[changes]\ngranularity = \"day\"\n[ending]\nunused_time = \"refund\"\n";

#[test]
fn of_an_unpaid_month_only_the_days_that_were_used_stay_due() {
    World::each_with(&with(BY_THE_DAY), async |world| {
        let (ada, id) = one_day_past_due(world).await;
        let mut browser = world.signed_in(&ada).await;
        let shown = dialog(&mut browser, &id).await;
        for words in ["€5.75 comes off what you still owe", "The open amount of €0.20 stays due"] {
            assert!(shown.contains(words), "{words}: {shown}");
        }
        browser.submit("/cancel", &[]).await;
        world.settle().await;
        let told = world.mail(ADA, "basic has ended").text;
        assert!(told.contains("€5.75 is no longer to be paid"), "{told}");
        let invoice = world.newest_invoice(&ada);
        assert_eq!((invoice.status.as_str(), invoice.due().unwrap().minor), ("open", 20));
        world.advance("1 month").await;
        assert!(world.simulator.ledger().await.refunds.is_empty(), "it was never paid");
        world.check().await;
    });
}

#[test]
fn a_trial_gives_nothing_back() {
    let options = with("[portal]\ntrial_cancellation = \"immediate\"\n[ending]\nunused_time = \"refund\"\n");
    World::each_with(&options, async |world| {
        let ada = world.customer(ADA);
        world.card(&ada, cards::GOOD).await;
        let id = world.try_out(&ada, "team-monthly", 14);
        world.advance("3 days").await;
        let mut browser = world.signed_in(&ada).await;
        let shown = dialog(&mut browser, &id).await;
        assert!(!shown.contains("refund"), "{shown}");
        browser.submit("/cancel", &[]).await;
        world.settle().await;
        assert_eq!(world.status(&id), "cancelled");
        assert!(world.invoices(&ada).is_empty() && world.balance(&ada) == 0);
        world.check().await;
    });
}

#[test]
fn what_is_open_is_collected_as_before_where_the_setting_says_so() {
    World::each_with(&with("[ending]\nopen_invoices = \"keep_collecting\"\n"), async |world| {
        let (ada, id) = one_day_past_due(world).await;
        let mut browser = world.signed_in(&ada).await;
        let shown = dialog(&mut browser, &id).await;
        assert!(shown.contains("The open amount of €5.95 is still charged"), "{shown}");
        browser.submit("/cancel", &[]).await;
        world.settle().await;
        let told = world.mail(ADA, "basic has ended").text;
        assert!(told.contains("What is still open, €5.95, is charged as before"), "{told}");
        let card = world.methods(&ada).remove(0).id;
        world.card_becomes(&ada, &card, cards::GOOD).await;
        world.advance("1 month").await;
        assert_eq!(world.newest_invoice(&ada).status.as_str(), "paid", "by a retry");
        assert_eq!(
            (world.status(&id).as_str(), world.simulator.ledger().await.taken().len()),
            ("cancelled", 2)
        );
        world.check().await;
    });
    World::each_with(&with("[ending]\nopen_invoices = \"keep_collecting\"\n"), async |world| {
        let (ada, id) = one_day_past_due(world).await;
        super::leave(world, &ada, &id, domain::subscription::cancel::CancelTiming::Now);
        world.advance("1 month").await;
        assert_eq!(
            world.newest_invoice(&ada).status.as_str(),
            "uncollectible",
            "dunning has come to its end"
        );
        world.mail(ADA, "Final notice");
        world.check().await;
    });
}

#[test]
fn what_is_open_is_let_go_where_the_setting_says_so() {
    World::each_with(&with("[ending]\nopen_invoices = \"void\"\n"), async |world| {
        let (ada, id) = one_day_past_due(world).await;
        let mut browser = world.signed_in(&ada).await;
        let shown = dialog(&mut browser, &id).await;
        assert!(shown.contains("no longer have to pay the open amount of €5.95"), "{shown}");
        browser.submit("/cancel", &[]).await;
        assert_eq!(
            (world.status(&id).as_str(), world.newest_invoice(&ada).status.as_str()),
            ("cancelled", "void")
        );
        world.advance("1 month").await;
        assert_eq!(world.simulator.ledger().await.taken().len(), 1);
        world.check().await;
    });
}
