//! Customers change what they subscribe to: quoted, confirmed, charged, scheduled, undone.

mod chains;

use domain::catalog::QuantityBounds;
use domain::discount::{Coupon, Lasts, Off};
use domain::event::EventKind;
use domain::invoice::credit_note::{CreditReason, Request, Settlement};
use domain::period::{Interval, IntervalUnit};
use domain::subscription::item::ItemRole;
use e2e::{Customer, World, WorldOptions, cards};
use engine::Error;
use engine::ids::{PriceId, SubscriptionId};
use engine::store;
use engine::store::events::Actor;
use engine::usecase::catalog::{
    NewPrice, NewProduct, PriceTerms, add_collection, add_price_on, add_product, archive_price, offer_in,
};
use engine::usecase::change::{self, Confirmation, Quoted, Wish};
use engine::usecase::coupon::{NewCoupon, create, redeem};
use engine::usecase::credit::{CreditRequest, credit};

const ADA: &str = "ada@example.com";

/// Counted by the day, so that no story depends on a change to summer time.
pub const BY_THE_DAY: WorldOptions = WorldOptions {
    settings: "[portal]\nplan_changes = true\n[changes]\ngranularity = \"day\"\n",
    environment: &[],
};

/// Three plans beside each other, for 30 days at 5, 20 and 50 euros.
pub fn stock_plans(world: &World, trial_days: u32) {
    add_collection(&world.engine, &world.acme, "plans", "Plans").unwrap();
    for (rank, code, unit_amount) in [(1, "basic", 500), (2, "pro", 2_000), (3, "max", 5_000)] {
        let product = NewProduct { code: code.to_owned(), name: code.to_owned(), description: String::new() };
        add_product(&world.engine, &world.acme, product).unwrap();
        offer_in(&world.engine, &world.acme, code, "plans", ItemRole::Plan).unwrap();
        let price = NewPrice {
            code: code.to_owned(),
            product_code: code.to_owned(),
            unit_amount,
            currency: None,
            interval: Interval { unit: IntervalUnit::Day, count: 30 },
            trial_days,
        };
        let terms = PriceTerms { rank, quantity: QuantityBounds { min: 1, max: Some(10) }, usage: None };
        add_price_on(&world.engine, &world.acme, price, terms).unwrap();
    }
}

/// Ada with a card, on the small plan.
pub async fn ada_on_basic(world: &World) -> (Customer, SubscriptionId) {
    stock_plans(world, 0);
    let ada = world.customer(ADA);
    world.card(&ada, cards::GOOD).await;
    let id = world.subscribe(&ada, "basic");
    world.settle().await;
    (ada, id)
}

pub fn price(world: &World, code: &str) -> PriceId {
    world.engine.db.read(|conn| store::catalog::price_by_code(conn, &world.acme, code)).unwrap().unwrap().id
}

fn customer(owner: &Customer) -> Actor {
    Actor::Customer(owner.id.to_string())
}

fn quote(world: &World, owner: &Customer, id: &SubscriptionId, code: &str) -> Quoted {
    let wish = Wish { price: Some(price(world, code)), ..Wish::default() };
    change::quote(&world.engine, &world.acme, &customer(owner), id, &wish).unwrap()
}

fn confirm(world: &World, owner: &Customer, quoted: &Quoted) -> Confirmation {
    change::confirm(&world.engine, &world.acme, &customer(owner), &quoted.ticket).unwrap()
}

/// Quotes, confirms and lets the worker do the rest.
async fn switch(world: &World, owner: &Customer, id: &SubscriptionId, code: &str) -> Quoted {
    let quoted = quote(world, owner, id, code);
    confirm(world, owner, &quoted);
    world.settle().await;
    quoted
}

pub fn on_plan(world: &World, id: &SubscriptionId, code: &str) -> bool {
    world.subscription(id).price_id == price(world, code)
}

/// What the payment service has taken, in order.
pub async fn taken(world: &World) -> Vec<i64> {
    world.simulator.ledger().await.taken().iter().map(|charge| charge.amount).collect()
}

fn code_of<T: std::fmt::Debug>(refused: Result<T, Error>) -> &'static str {
    match refused.unwrap_err() {
        Error::Refused { code, .. } => code,
        other => panic!("{other}"),
    }
}

#[test]
fn an_upgrade_costs_what_its_quote_said_and_takes_effect_once_paid() {
    World::each_with(&BY_THE_DAY, async |world| {
        let (ada, id) = ada_on_basic(world).await;
        let end = world.subscription(&id).current_period_end;
        world.advance("1 day").await;
        let quoted = quote(world, &ada, &id, "pro");
        assert_eq!((quoted.quote.lines.subtotal, quoted.quote.settlement.due), (1_450, 1_726));
        assert_eq!(quoted.quote.renewal.total, 2_380);
        assert_eq!(taken(world).await, [595], "asking costs nothing");

        let Confirmation::Paying(invoice_id) = confirm(world, &ada, &quoted) else {
            panic!("it has to be paid")
        };
        assert!(on_plan(world, &id, "basic"), "not before it is paid");
        let again = confirm(world, &ada, &quoted);
        assert_eq!(again, Confirmation::Paying(invoice_id.clone()), "a second press finds the first");
        world.settle().await;

        assert!(on_plan(world, &id, "pro"));
        let invoice = world.newest_invoice(&ada);
        assert_eq!((&invoice.id, invoice.subtotal, invoice.total), (&invoice_id, 1_450, 1_726));
        assert_eq!(taken(world).await, [595, 1_726]);
        assert_eq!(world.subscription(&id).current_period_end, end, "the period goes on");
        world.mail(ADA, "Receipt from Acme: €17.26");
        world.advance("29 days").await;
        assert_eq!(taken(world).await, [595, 1_726, 2_380]);
        world.check().await;
    });
}

#[test]
fn a_declined_upgrade_leaves_everything_as_it_was() {
    World::each_with(&BY_THE_DAY, async |world| {
        let (ada, id) = ada_on_basic(world).await;
        let card = world.methods(&ada).remove(0).id;
        world.card_becomes(&ada, &card, cards::DECLINED).await;
        world.advance("1 day").await;
        switch(world, &ada, &id, "pro").await;

        assert!(on_plan(world, &id, "basic"));
        assert_eq!(world.status(&id), "active", "nobody chases it");
        assert_eq!(world.newest_invoice(&ada).status.as_str(), "void");
        assert_eq!(world.subjects_to(ADA), ["Receipt from Acme: €5.95"]);

        world.card_becomes(&ada, &card, cards::GOOD).await;
        let quoted = switch(world, &ada, &id, "pro").await;
        assert_eq!(quoted.quote.lines.subtotal, 1_450, "what was withdrawn has billed nothing");
        assert!(on_plan(world, &id, "pro"));
        assert_eq!(taken(world).await, [595, 1_726]);
        world.check().await;
    });
}

#[test]
fn a_downgrade_gives_way_to_an_upgrade_and_comes_after_all_when_that_is_declined() {
    World::each_with(&BY_THE_DAY, async |world| {
        stock_plans(world, 0);
        let ada = world.customer(ADA);
        let card = world.card(&ada, cards::GOOD).await;
        let id = world.subscribe(&ada, "pro");
        world.settle().await;
        switch(world, &ada, &id, "basic").await;
        world.card_becomes(&ada, &card, cards::DECLINED).await;
        world.advance("10 days").await;
        switch(world, &ada, &id, "max").await;
        assert!(on_plan(world, &id, "pro"));
        world.card_becomes(&ada, &card, cards::GOOD).await;
        world.advance("20 days").await;
        assert!(on_plan(world, &id, "basic"));
        assert_eq!(taken(world).await, [2_380, 595]);
        world.check().await;
    });
}

#[test]
fn a_downgrade_comes_with_the_next_period_which_says_so_before() {
    World::each_with(&BY_THE_DAY, async |world| {
        stock_plans(world, 0);
        let ada = world.customer(ADA);
        world.card(&ada, cards::GOOD).await;
        let id = world.subscribe(&ada, "pro");
        world.advance("10 days").await;
        let end = world.subscription(&id).current_period_end;
        let quoted = quote(world, &ada, &id, "basic");
        assert_eq!((quoted.quote.settlement.due, quoted.quote.renewal.total), (0, 595));
        assert_eq!(confirm(world, &ada, &quoted), Confirmation::Scheduled(end));
        assert!(on_plan(world, &id, "pro"));
        let mut browser = world.signed_in(&ada).await;
        let page = browser.open(&format!("/subscriptions/{id}")).await;
        let announced = page.all("[aria-labelledby=h-up]").join(" ");
        assert!(announced.contains("€5.95"), "{announced}");

        world.advance("20 days").await;
        assert!(on_plan(world, &id, "basic"));
        assert_eq!(taken(world).await, [2_380, 595]);
        let events = world.events(id.as_str());
        assert!(
            events.ends_with(&[
                EventKind::SubscriptionChangeScheduled,
                EventKind::SubscriptionChanged,
                EventKind::SubscriptionRenewed
            ]),
            "{events:?}"
        );
        world.check().await;
    });
}

#[test]
fn a_downgrade_that_was_undone_never_comes() {
    World::each_with(&BY_THE_DAY, async |world| {
        stock_plans(world, 0);
        let ada = world.customer(ADA);
        world.card(&ada, cards::GOOD).await;
        let id = world.subscribe(&ada, "pro");
        world.settle().await;
        switch(world, &ada, &id, "basic").await;
        change::undo(&world.engine, &world.acme, &customer(&ada), &id).unwrap();
        let again = change::undo(&world.engine, &world.acme, &customer(&ada), &id);
        assert_eq!(code_of(again), "nothing_pending");
        world.advance("30 days").await;
        assert!(on_plan(world, &id, "pro"));
        assert_eq!(taken(world).await, [2_380, 2_380]);
        world.check().await;
    });
}

#[test]
fn a_plan_that_is_sold_no_longer_does_not_come_and_the_old_one_goes_on() {
    World::each_with(&BY_THE_DAY, async |world| {
        stock_plans(world, 0);
        let ada = world.customer(ADA);
        world.card(&ada, cards::GOOD).await;
        let id = world.subscribe(&ada, "pro");
        world.settle().await;
        switch(world, &ada, &id, "basic").await;
        archive_price(&world.engine, &world.acme, "basic").unwrap();
        world.advance("30 days").await;
        assert!(on_plan(world, &id, "pro"));
        assert_eq!(taken(world).await, [2_380, 2_380]);
        let history = world.history(id.as_str());
        let revoked =
            history.iter().find(|event| event.kind == EventKind::SubscriptionChangeRevoked).unwrap();
        assert_eq!(revoked.reason.as_deref(), Some("archived"));
        let told = world.mail(ADA, "pro stays as it is");
        assert!(told.text.contains("was not made"), "{}", told.text);
        world.check().await;
    });
}

#[test]
fn a_quote_is_stale_once_a_coupon_or_the_balance_makes_it_wrong() {
    World::each_with(&BY_THE_DAY, async |world| {
        let (ada, id) = ada_on_basic(world).await;
        world.advance("1 day").await;
        let before_coupon = quote(world, &ada, &id, "pro");
        let terms = Coupon { off: Off::Percent(100_000), lasts: Lasts::Forever };
        let new = NewCoupon { code: "TENTH".to_owned(), terms, redeem_by: None };
        create(&world.engine, &world.acme, new).unwrap();
        redeem(&world.engine, &world.acme, &id, "TENTH", &customer(&ada)).unwrap();
        let Confirmation::Stale(now) = confirm(world, &ada, &before_coupon) else { panic!("it is stale") };
        assert_eq!((now.quote.settlement.due, now.quote.renewal.total), (1_726, 2_142));

        let request = CreditRequest {
            invoice: world.newest_invoice(&ada).id,
            what: Request::Amount(100),
            reason: CreditReason::Goodwill,
            comment: None,
            settlement: Settlement::Balance,
        };
        credit(&world.engine, &world.acme, request, Actor::Operator).unwrap();
        let Confirmation::Stale(now) = confirm(world, &ada, &now) else { panic!("it is stale again") };
        assert_eq!(now.quote.settlement.from_balance, 100);
        assert!(on_plan(world, &id, "basic") && taken(world).await == [595], "nothing has happened");

        assert!(matches!(confirm(world, &ada, &now), Confirmation::Paying(_)));
        world.settle().await;
        assert_eq!(taken(world).await, [595, now.quote.settlement.due]);
        world.check().await;
    });
}

#[test]
fn a_quote_expires_and_cannot_be_made_up() {
    World::each_with(&BY_THE_DAY, async |world| {
        let (ada, id) = ada_on_basic(world).await;
        let quoted = quote(world, &ada, &id, "pro");
        let (body, tag) = quoted.ticket.split_once('.').unwrap();
        for forged in [format!("{body}.{}", tag.to_uppercase()), body.to_owned(), String::new()] {
            let answer = change::confirm(&world.engine, &world.acme, &customer(&ada), &forged);
            assert_eq!(code_of(answer), "bad_ticket");
        }
        let eve = world.customer("eve@example.com");
        let answer = change::confirm(&world.engine, &world.acme, &customer(&eve), &quoted.ticket);
        assert!(matches!(answer, Err(Error::NotFound)), "somebody else's: {answer:?}");
        world.wait(chrono::TimeDelta::minutes(16));
        assert!(matches!(confirm(world, &ada, &quoted), Confirmation::Stale(_)));
        world.check().await;
    });
}

#[test]
fn without_the_business_s_leave_customers_change_nothing() {
    World::each(async |world| {
        let (ada, id) = world.subscriber(ADA, cards::GOOD).await;
        let answer = change::quote(&world.engine, &world.acme, &customer(&ada), &id, &Wish::default());
        assert_eq!(code_of(answer), "changes_off");
        world.check().await;
    });
}
