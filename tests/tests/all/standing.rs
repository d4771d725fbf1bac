//! Where a subscription stands after the business has decided something, and what its customer pays to come back.

use crate::changes::{BY_THE_DAY, price, stock_plans};
use domain::discount::{Coupon, Lasts, Off};
use domain::event::EventKind;
use domain::invoice::credit_note::{CreditReason, Request, Settlement};
use domain::subscription::change::prorate::{ChangeLine, ChangeLineKind};
use domain::subscription::item::ItemRole;
use e2e::{Customer, World, WorldOptions, cards};
use engine::ids::{InvoiceId, SubscriptionId};
use engine::query::account;
use engine::store::events::Actor;
use engine::testing::press_pay;
use engine::usecase::catalog::{add_collection, offer_in};
use engine::usecase::change::{self, Wish};
use engine::usecase::coupon::{NewCoupon, create, redeem};
use engine::usecase::credit::{CreditRequest, credit};
use engine::usecase::dispute::{Verdict, close_dispute, open_dispute};
use engine::usecase::pause::pause;
use engine::usecase::void::void;
use engine::usecase::write_off::write_off;

const ADA: &str = "ada@example.com";

/// Holds after a week, for good: the invoice stays open.
const LEAVES_OPEN: WorldOptions = WorldOptions {
    settings: "[dunning]\nunpaid_invoice = \"leave\"\nsteps = [\n{ after_days = 0, mail = \"payment_failed\" },\n\
               { after_days = 7, on_failure = \"hold\" },\n{ after_days = 10, on_failure = \"stay_on_hold\" }]\n",
    environment: &[],
};

/// As that, and the invoice is given up.
const GIVES_UP: WorldOptions = WorldOptions {
    settings: "[dunning]\nsteps = [\n{ after_days = 0, mail = \"payment_failed\" },\n\
               { after_days = 7, on_failure = \"hold\" },\n{ after_days = 10, on_failure = \"stay_on_hold\" }]\n",
    environment: &[],
};

/// The business takes an invoice back, whole.
fn take_back(world: &World, invoice: &InvoiceId) {
    let request = CreditRequest {
        invoice: invoice.clone(),
        what: Request::Whole,
        reason: CreditReason::Goodwill,
        comment: None,
        settlement: Settlement::Balance,
    };
    credit(&world.engine, &world.acme, request, Actor::Operator).unwrap();
}

fn withdraw(world: &World, invoice: &InvoiceId) {
    void(&world.engine, &world.acme, invoice, Actor::Operator).unwrap();
}

async fn card_works(world: &World, ada: &Customer) {
    let card = world.methods(ada)[0].id.clone();
    world.card_becomes(ada, &card, cards::GOOD).await;
}

/// What has been charged so far, in order.
async fn taken(world: &World) -> Vec<i64> {
    world.simulator.ledger().await.taken().iter().map(|charge| charge.amount).collect()
}

#[test]
fn what_the_business_forgives_after_a_lapsed_period_charges_nobody() {
    for forgive in [withdraw, take_back] {
        World::each_with(&LEAVES_OPEN, async |world| {
            let (ada, id) = world.past_due(ADA).await;
            card_works(world, &ada).await;
            world.advance("6 weeks").await;
            assert_eq!(world.status(&id), "on_hold");
            forgive(world, &world.newest_invoice(&ada).id);
            world.settle().await;
            world.advance("1 month").await;
            assert_eq!((world.status(&id).as_str(), world.invoices(&ada).len()), ("on_hold", 2));
            assert_eq!(taken(world).await, [5_831], "the first month");

            let mut browser = world.signed_in(&ada).await;
            world.add_card(&mut browser, &format!("?for={id}"), cards::OTHER).await;
            assert_eq!(world.status(&id), "active", "its customer wants it back");
            assert_eq!(world.newest_invoice(&ada).period_start, Some(world.now()));
            assert_eq!(taken(world).await.len(), 2);
            world.check().await;
        });
    }
}

#[test]
fn while_the_period_runs_what_the_business_forgives_brings_it_back() {
    for forgive in [withdraw, take_back] {
        World::each_with(&LEAVES_OPEN, async |world| {
            let (ada, id) = world.past_due(ADA).await;
            world.advance("8 days").await;
            assert_eq!(world.status(&id), "on_hold");
            forgive(world, &world.newest_invoice(&ada).id);
            world.settle().await;
            assert_eq!((world.status(&id).as_str(), world.invoices(&ada).len()), ("active", 2));
            world.check().await;
        });
    }
}

#[test]
fn a_dispute_won_after_its_period_charges_nobody() {
    World::each(async |world| {
        let (ada, id) = world.subscriber(ADA, cards::GOOD).await;
        let charge = world.attempts(&ada).remove(0).id;
        open_dispute(&world.engine, &world.acme, &charge, Actor::Operator).unwrap();
        world.advance("3 months").await;
        close_dispute(&world.engine, &world.acme, &charge, Verdict::Won, Actor::Operator).unwrap();
        world.settle().await;
        world.advance("1 day").await;
        assert_eq!((world.status(&id).as_str(), world.invoices(&ada).len()), ("on_hold", 1));
        assert_eq!(world.attempts(&ada).len(), 1);
    });
}

#[test]
fn an_invoice_given_up_on_hold_is_paid_as_long_as_its_period_runs() {
    World::each_with(&GIVES_UP, async |world| {
        let (ada, id) = world.past_due(ADA).await;
        world.advance("12 days").await;
        let given_up = world.newest_invoice(&ada);
        assert_eq!((world.status(&id).as_str(), given_up.status.as_str()), ("on_hold", "uncollectible"));
        let mut browser = world.signed_in(&ada).await;
        world.add_card(&mut browser, &format!("?for={id}"), cards::GOOD).await;
        assert_eq!(world.status(&id), "on_hold", "nobody has paid for this month");

        let card = world.methods(&ada).pop().unwrap().id;
        press_pay(&world.engine, &world.acme, &ada.id, &given_up.id, &card).unwrap();
        world.settle().await;
        assert_eq!((world.status(&id).as_str(), world.invoices(&ada).len()), ("active", 2));
        assert_eq!(taken(world).await, [5_831, 5_831]);
        world.check().await;
    });
}

#[test]
fn after_its_period_a_given_up_invoice_is_taken_back_for_the_new_one_that_is_shown() {
    World::each_with(&GIVES_UP, async |world| {
        let (ada, id) = world.past_due(ADA).await;
        card_works(world, &ada).await;
        world.advance("3 months").await;
        let given_up = world.newest_invoice(&ada);
        assert_eq!(given_up.status.as_str(), "uncollectible");
        let mut browser = world.signed_in(&ada).await;
        let page = browser.open(&format!("/billing/{}/pay", given_up.id)).await;
        assert!(page.text().contains("A new period begins today"), "{}", page.text());
        let card = world.methods(&ada)[0].id.clone();
        browser.submit("/reactivate", &[("method", card.as_str())]).await;
        world.settle().await;
        assert_eq!(world.status(&id), "active");
        assert_eq!(world.credit_notes(&given_up.id).len(), 1);
        assert_eq!(taken(world).await, [5_831, 5_831], "once for each of two months");
        world.check().await;
    });
}

#[test]
fn past_due_with_its_invoice_given_up_it_renews() {
    World::each(async |world| {
        let (ada, id) = world.past_due(ADA).await;
        card_works(world, &ada).await;
        write_off(&world.engine, &world.acme, &world.newest_invoice(&ada).id, Actor::Operator).unwrap();
        world.settle().await;
        assert_eq!(world.status(&id), "active");
        let page = world.signed_in(&ada).await.open(&format!("/subscriptions/{id}")).await;
        assert_eq!(page.status, 200);
        world.advance("1 month").await;
        assert_eq!((world.status(&id).as_str(), world.invoices(&ada).len()), ("active", 3));
        assert_eq!(taken(world).await.len(), 2);
        world.check().await;
    });
}

#[test]
fn a_disputed_invoice_that_is_left_alone_does_not_keep_a_paid_subscription_past_due() {
    let options = WorldOptions { settings: "[refunds]\non_dispute = \"nothing\"\n", environment: &[] };
    World::each_with(&options, async |world| {
        let (ada, id) = world.subscriber(ADA, cards::GOOD).await;
        let charge = world.attempts(&ada).remove(0).id;
        open_dispute(&world.engine, &world.acme, &charge, Actor::Operator).unwrap();
        close_dispute(&world.engine, &world.acme, &charge, Verdict::Lost, Actor::Operator).unwrap();
        let card = world.methods(&ada)[0].id.clone();
        world.card_becomes(&ada, &card, cards::DECLINED).await;
        world.advance("1 month").await;
        assert_eq!(world.status(&id), "past_due");
        card_works(world, &ada).await;
        world.advance("1 day").await;
        assert_eq!(world.status(&id), "active");
        world.advance("1 month").await;
        assert_eq!((world.status(&id).as_str(), world.invoices(&ada).len()), ("active", 3));
    });
}

#[test]
fn a_first_invoice_that_is_credited_begins_nothing() {
    World::each(async |world| {
        let ada = world.customer(ADA);
        let id = world.subscribe(&ada, "team-monthly");
        world.settle().await;
        take_back(world, &world.newest_invoice(&ada).id);
        world.settle().await;
        assert_eq!(world.status(&id), "incomplete");
        world.advance("1 day").await;
        assert_eq!(world.status(&id), "expired");
        assert!(!world.events(id.as_str()).contains(&EventKind::SubscriptionActivated));
        world.check().await;
    });
}

/// Pauses Ada's subscription from the end of its period on.
fn plan_pause(world: &World, id: &SubscriptionId) {
    pause(&world.engine, &world.acme, id, None, &Actor::Operator).unwrap();
}

#[test]
fn a_planned_pause_waits_for_the_end_of_the_year_that_was_just_paid() {
    World::each(async |world| {
        add_collection(&world.engine, &world.acme, "plans", "Plans").unwrap();
        offer_in(&world.engine, &world.acme, "team", "plans", ItemRole::Plan).unwrap();
        let (ada, id) = world.subscriber(ADA, cards::GOOD).await;
        plan_pause(world, &id);
        world.advance("10 days").await;
        let wish = Wish { price: Some(price(world, "team-yearly")), ..Wish::default() };
        let quoted = change::quote(&world.engine, &world.acme, &Actor::Operator, &id, &wish).unwrap();
        change::confirm(&world.engine, &world.acme, &Actor::Operator, &quoted.ticket).unwrap();
        world.settle().await;
        let sub = world.subscription(&id);
        assert_eq!(sub.pause_at, Some(sub.current_period_end));
        let receipt = world.mails_to(ADA).pop().unwrap();
        assert!(!receipt.text.contains("Next payment"), "it pauses before: {}", receipt.text);
        let methods = world.engine.read(&world.acme, |conn, scope| account::methods(conn, scope, &ada.id));
        assert_eq!(methods.unwrap()[0].subscriptions[0].renews_on, None);

        world.advance("2 months").await;
        assert_eq!(world.status(&id), "active");
        world.advance("1 year").await;
        assert_eq!((world.status(&id).as_str(), world.invoices(&ada).len()), ("paused", 2));
        world.check().await;
    });
}

#[test]
fn who_comes_back_from_hold_is_not_paused_by_what_was_planned_before() {
    World::each(async |world| {
        let (ada, id) = world.subscriber(ADA, cards::GOOD).await;
        plan_pause(world, &id);
        let charge = world.attempts(&ada).remove(0).id;
        open_dispute(&world.engine, &world.acme, &charge, Actor::Operator).unwrap();
        world.advance("3 months").await;
        close_dispute(&world.engine, &world.acme, &charge, Verdict::Won, Actor::Operator).unwrap();
        let mut browser = world.signed_in(&ada).await;
        let page = browser.open(&format!("/subscriptions/{id}/payment-method")).await;
        assert!(page.text().contains("€58.31 will be charged at once"), "{}", page.text());
        world.add_card(&mut browser, &format!("?for={id}"), cards::OTHER).await;
        world.advance("1 day").await;
        assert_eq!((world.status(&id).as_str(), world.subscription(&id).pause_at), ("active", None));
        assert!(world.events(id.as_str()).contains(&EventKind::SubscriptionPauseRevoked));
    });
}

#[test]
fn a_trial_that_nobody_saw_end_is_caught_up_with_as_any_other_period() {
    let skips = WorldOptions { settings: "[billing]\ncatch_up = \"skip_to_current\"\n", environment: &[] };
    for (options, waits) in [(WorldOptions::default(), true), (skips, false)] {
        World::each_with(&options, async |world| {
            let ada = world.customer(ADA);
            world.card(&ada, cards::GOOD).await;
            let id = world.try_out(&ada, "team-monthly", 14);
            world.jump("80 days");
            world.settle().await;
            let invoices = world.invoices(&ada);
            assert_eq!((world.status(&id).as_str(), invoices.len()), ("active", 1), "one charge");
            assert_eq!(world.subscription(&id).review_since.is_some(), waits);
            let runs = invoices[0].period_end.unwrap() > world.now();
            assert_eq!(runs, !waits, "the first period, or the one that runs");
            world.check().await;
        });
    }
}

#[test]
fn begun_in_the_second_showing_of_an_hour_an_upgrade_still_credits_what_was_paid() {
    World::each_with(&BY_THE_DAY, async |world| {
        stock_plans(world, 0);
        let ada = world.customer(ADA);
        world.card(&ada, cards::GOOD).await;
        // In Berlin 02:30 for the second time.
        world.begin_at("2027-10-31 01:30");
        let id = world.subscribe(&ada, "basic");
        world.settle().await;
        assert_eq!(world.newest_invoice(&ada).period_start, Some(world.now()));
        world.advance("10 days").await;
        let wish = Wish { price: Some(price(world, "max")), ..Wish::default() };
        let quoted = change::quote(&world.engine, &world.acme, &Actor::Operator, &id, &wish).unwrap();
        let credited = |line: &&ChangeLine| line.kind == ChangeLineKind::Credit;
        assert_eq!(quoted.quote.change.lines.iter().filter(credited).count(), 1);
    });
}

#[test]
fn a_trial_that_costs_nothing_needs_no_payment_method() {
    World::each(async |world| {
        let ada = world.customer(ADA);
        let id = world.try_out(&ada, "team-monthly", 14);
        let terms = Coupon { off: Off::Percent(1_000_000), lasts: Lasts::Forever };
        let new = NewCoupon { code: "FRIEND".to_owned(), terms, redeem_by: None };
        create(&world.engine, &world.acme, new).unwrap();
        redeem(&world.engine, &world.acme, &id, "FRIEND", &Actor::Operator).unwrap();
        world.advance("2 months").await;
        assert_eq!((world.status(&id).as_str(), world.invoices(&ada).len()), ("active", 2));
        assert!(world.attempts(&ada).is_empty());
        world.check().await;
    });
}
