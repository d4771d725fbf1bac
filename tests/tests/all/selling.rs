//! What a business sells beyond a plain plan: coupons, usage, pauses, longer trials, ends on a date.

use crate::changes::{price, stock_plans};
use chrono::TimeDelta;
use domain::catalog::{ProductKind, QuantityBounds};
use domain::discount::{Coupon, Lasts, Off};
use domain::event::EventKind;
use domain::period::{Interval, IntervalUnit};
use domain::subscription::item::ItemRole;
use domain::usage::rating::Rating;
use domain::usage::{Aggregation, Intake};
use e2e::{Customer, World, cards};
use engine::Error;
use engine::ids::SubscriptionId;
use engine::store::events::Actor;
use engine::usecase::cancel_on::cancel_on;
use engine::usecase::catalog::{
    NewPrice, NewProduct, PriceTerms, add_price_on, add_product_of, archive_price, offer_in,
};
use engine::usecase::change::{self, Confirmation, Wish};
use engine::usecase::coupon::{NewCoupon, archive, create, redeem};
use engine::usecase::one_off::{NewLine, invoice_now};
use engine::usecase::pause::pause;
use engine::usecase::resume::resume;
use engine::usecase::subscribe::{NewSubscription, subscribe};
use engine::usecase::trial;
use engine::usecase::uncancel::uncancel;
use engine::usecase::usage::{NewMeter, NewUsage, add_meter, record};

const ADA: &str = "ada@example.com";

#[test]
fn a_coupon_for_three_periods_takes_off_three_times() {
    World::each(async |world| {
        let (ada, id) = world.subscriber(ADA, cards::GOOD).await;
        let terms = Coupon { off: Off::Percent(200_000), lasts: Lasts::Periods(3) };
        let new = NewCoupon { code: "SPRING".to_owned(), terms, redeem_by: None };
        create(&world.engine, &world.acme, new).unwrap();
        redeem(&world.engine, &world.acme, &id, "SPRING", &Actor::Operator).unwrap();
        world.advance("4 months").await;
        let written: Vec<_> = world.invoices(&ada).iter().map(|i| (i.discount, i.total)).collect();
        assert_eq!(written, [(0, 5_831), (980, 4_665), (980, 4_665), (980, 4_665), (0, 5_831)]);
        let again = redeem(&world.engine, &world.acme, &id, "SPRING", &Actor::Operator);
        assert!(
            matches!(again, Err(Error::Refused { code: "coupon_redeemed", .. })),
            "once a subscription: {again:?}"
        );
        world.check().await;
    });
}

#[test]
fn an_archived_coupon_holds_for_who_has_it_and_is_redeemed_by_nobody_else() {
    World::each(async |world| {
        let (ada, id) = world.subscriber(ADA, cards::GOOD).await;
        let terms = Coupon { off: Off::Percent(200_000), lasts: Lasts::Forever };
        create(&world.engine, &world.acme, NewCoupon { code: "LOYAL".to_owned(), terms, redeem_by: None })
            .unwrap();
        redeem(&world.engine, &world.acme, &id, "LOYAL", &Actor::Operator).unwrap();
        archive(&world.engine, &world.acme, "LOYAL").unwrap();
        let late = world.subscribe(&ada, "team-yearly");
        assert_eq!(code(redeem(&world.engine, &world.acme, &late, "LOYAL", &Actor::Operator)), "coupon_over");
        assert_eq!(code(archive(&world.engine, &world.acme, "ROYAL")), "unknown_coupon");
        world.advance("1 month").await;
        assert_eq!(world.newest_invoice(&ada).discount, 980);
        world.check().await;
    });
}

/// Ada on the small plan, with calls at two cents each beside it.
pub async fn ada_who_calls(world: &World) -> (Customer, SubscriptionId) {
    stock_plans(world, 0);
    let meter =
        NewMeter { code: "calls".to_owned(), name: "Calls".to_owned(), aggregation: Aggregation::Sum };
    add_meter(&world.engine, &world.acme, meter).unwrap();
    let product =
        NewProduct { code: "calls".to_owned(), name: "Calls".to_owned(), description: String::new() };
    add_product_of(&world.engine, &world.acme, product, ProductKind::Usage).unwrap();
    offer_in(&world.engine, &world.acme, "calls", "plans", ItemRole::Addon).unwrap();
    let calls = NewPrice {
        code: "calls".to_owned(),
        product_code: "calls".to_owned(),
        unit_amount: 0,
        currency: None,
        interval: Interval { unit: IntervalUnit::Day, count: 30 },
        trial_days: 0,
    };
    let rating = Rating::per_unit("2".parse().unwrap());
    let terms = PriceTerms { usage: Some(("calls".to_owned(), rating)), ..PriceTerms::default() };
    add_price_on(&world.engine, &world.acme, calls, terms).unwrap();
    let ada = world.customer(ADA);
    world.card(&ada, cards::GOOD).await;
    let id = world.subscribe(&ada, "basic");
    world.settle().await;
    let wish = Wish { addons: Some(vec![(price(world, "calls"), 1)]), ..Wish::default() };
    let quoted = change::quote(&world.engine, &world.acme, &Actor::Operator, &id, &wish).unwrap();
    let done = change::confirm(&world.engine, &world.acme, &Actor::Operator, &quoted.ticket).unwrap();
    assert_eq!(done, Confirmation::Applied, "what is billed afterwards costs nothing now");
    (ada, id)
}

#[test]
fn usage_is_billed_when_the_period_is_over_and_what_comes_late_on_the_next_invoice() {
    World::each(async |world| {
        let (ada, id) = ada_who_calls(world).await;
        let used = |key: &str, value: &str, at| {
            let (meter, key, value) = ("calls".to_owned(), key.to_owned(), value.to_owned());
            record(&world.engine, &world.acme, NewUsage { subscription: id.clone(), meter, key, value, at })
        };
        world.advance("10 days").await;
        assert_eq!(used("monday", "40", None).unwrap(), Intake::New);
        let monday = world.now();
        assert_eq!(used("monday", "40", Some(monday)).unwrap(), Intake::Repeated);
        assert!(used("monday", "41", Some(monday)).is_err(), "one key, one event");
        assert!(used("tomorrow", "1", Some(world.now() + TimeDelta::days(1))).is_err());
        used("tuesday", "60.5", None).unwrap();
        world.advance("20 days").await;
        let first = world.newest_invoice(&ada);
        assert_eq!(first.subtotal, 500 + 201, "100.5 calls at 2 cents, and the plan");

        used("late", "10", Some(monday)).unwrap();
        world.advance("30 days").await;
        let second = world.newest_invoice(&ada);
        assert_eq!(second.subtotal, 500 + 20, "what was late, once");
        world.advance("30 days").await;
        assert_eq!(world.newest_invoice(&ada).subtotal, 500);
        world.check().await;
    });
}

#[test]
fn a_paused_subscription_costs_nothing_and_begins_anew_when_it_is_resumed() {
    World::each(async |world| {
        let (ada, id) = world.subscriber(ADA, cards::GOOD).await;
        pause(&world.engine, &world.acme, &id, None, &Actor::Operator).unwrap();
        assert_eq!(world.status(&id), "active", "what is paid for runs on");
        world.advance("3 months").await;
        assert_eq!((world.status(&id).as_str(), world.invoices(&ada).len()), ("paused", 1));

        resume(&world.engine, &world.acme, &id, &Actor::Operator).unwrap();
        world.settle().await;
        let sub = world.subscription(&id);
        assert_eq!((sub.status.as_str(), sub.current_period_start), ("active", world.now()));
        world.advance("1 month").await;
        assert_eq!(world.simulator.ledger().await.taken().len(), 3);
        world.check().await;
    });
}

#[test]
fn a_pause_ends_by_itself_when_it_was_given_an_end() {
    World::each(async |world| {
        let (ada, id) = world.subscriber(ADA, cards::GOOD).await;
        let end = world.subscription(&id).current_period_end;
        let back = end + TimeDelta::days(20);
        pause(&world.engine, &world.acme, &id, Some(back), &Actor::Operator).unwrap();
        world.advance("2 months").await;
        assert_eq!(world.status(&id), "active");
        let invoices = world.invoices(&ada);
        let starts: Vec<_> = invoices.iter().filter_map(|invoice| invoice.period_start).collect();
        assert_eq!(starts.last(), Some(&back));
        world.check().await;
    });
}

#[test]
fn a_longer_trial_is_charged_later_and_one_that_is_ended_now() {
    World::each(async |world| {
        let ada = world.customer(ADA);
        world.card(&ada, cards::GOOD).await;
        let id = world.try_out(&ada, "team-monthly", 14);
        let until = world.subscription(&id).current_period_end + TimeDelta::days(14);
        trial::extend(&world.engine, &world.acme, &id, until).unwrap();
        world.advance("20 days").await;
        assert_eq!((world.status(&id).as_str(), world.invoices(&ada).len()), ("trialing", 0));
        trial::end(&world.engine, &world.acme, &id).unwrap();
        world.settle().await;
        assert_eq!(world.status(&id), "active");
        let invoice = world.newest_invoice(&ada);
        assert_eq!(invoice.period_start, Some(world.now()));
        for (subject, kind) in [
            (id.as_str(), EventKind::SubscriptionTrialEnded),
            (invoice.id.as_str(), EventKind::InvoiceOpened),
        ] {
            let told = world.history(subject).into_iter().find(|event| event.kind == kind).unwrap();
            assert_eq!(told.actor, Actor::Operator, "who ended it");
        }
        world.advance("1 month").await;
        assert_eq!(world.simulator.ledger().await.taken().len(), 2);
        world.check().await;
    });
}

#[test]
fn the_business_ends_a_subscription_on_a_date_and_its_customer_cannot_revoke_that() {
    World::each(async |world| {
        let (ada, id) = world.subscriber(ADA, cards::GOOD).await;
        let on = world.now() + TimeDelta::days(10);
        cancel_on(&world.engine, &world.acme, &id, on, true).unwrap();
        let customer = Actor::Customer(ada.id.to_string());
        assert_eq!(code(uncancel(&world.engine, &world.acme, &customer, &id)), "locked");
        world.advance("2 months").await;
        assert_eq!((world.status(&id).as_str(), world.subscription(&id).ended_at), ("cancelled", Some(on)));
        assert_eq!(world.simulator.ledger().await.charges.len(), 1);
        world.check().await;
    });
}

#[test]
fn what_only_the_business_may_revoke_the_business_revokes() {
    World::each(async |world| {
        let (ada, id) = world.subscriber(ADA, cards::GOOD).await;
        cancel_on(&world.engine, &world.acme, &id, world.now() + TimeDelta::days(10), true).unwrap();
        uncancel(&world.engine, &world.acme, &Actor::Operator, &id).unwrap();
        let sub = world.subscription(&id);
        assert_eq!((sub.cancel_at, sub.cancel_locked), (None, false));
        let told = world.history(id.as_str()).pop().unwrap();
        assert_eq!((told.kind, told.actor), (EventKind::SubscriptionUncancelled, Actor::Operator));
        assert_eq!(code(uncancel(&world.engine, &world.acme, &Actor::Operator, &id)), "not_scheduled");
        world.advance("1 month").await;
        assert_eq!((world.status(&id).as_str(), world.invoices(&ada).len()), ("active", 2));
        world.check().await;
    });
}

/// A workshop that is sold once, with at most three places, at 150 euros.
fn stock_workshop(world: &World) {
    let product =
        NewProduct { code: "workshop".to_owned(), name: "Workshop".to_owned(), description: String::new() };
    add_product_of(&world.engine, &world.acme, product, ProductKind::OneTime).unwrap();
    let price = NewPrice {
        code: "workshop".to_owned(),
        product_code: "workshop".to_owned(),
        unit_amount: 15_000,
        currency: None,
        interval: Interval { unit: IntervalUnit::Month, count: 1 },
        trial_days: 0,
    };
    let terms = PriceTerms { quantity: QuantityBounds { min: 1, max: Some(3) }, ..PriceTerms::default() };
    add_price_on(&world.engine, &world.acme, price, terms).unwrap();
}

#[test]
fn what_is_sold_once_is_billed_once_and_never_by_subscription() {
    World::each(async |world| {
        stock_workshop(world);
        let ada = world.customer(ADA);
        let sell = |price_code: &str, quantity| {
            let line = NewLine::Sold { price_code: price_code.to_owned(), quantity };
            invoice_now(&world.engine, &world.acme, &ada.id, vec![line], Actor::Operator)
        };
        let invoice = sell("workshop", 2).unwrap();
        assert_eq!((invoice.subtotal, invoice.total), (30_000, 35_700));
        assert_eq!(code(sell("workshop", 4)), "quantity");
        assert_eq!(code(sell("team-monthly", 1)), "recurs");
        assert_eq!(code(begin(world, &ada, "workshop", 1)), "sold_once");
        archive_price(&world.engine, &world.acme, "workshop").unwrap();
        assert_eq!(code(sell("workshop", 1)), "archived");
        world.advance("3 months").await;
        assert_eq!(world.invoices(&ada).len(), 1);
        world.check().await;
    });
}

#[test]
fn a_subscription_begins_only_with_a_plan_that_is_sold_today() {
    World::each(async |world| {
        let (ada, _) = ada_who_calls(world).await;
        assert_eq!(code(begin(world, &ada, "calls", 1)), "other_role");
        assert_eq!(code(begin(world, &ada, "pro", 11)), "quantity");
        archive_price(&world.engine, &world.acme, "pro").unwrap();
        assert_eq!(code(begin(world, &ada, "pro", 1)), "archived");
        assert_eq!(world.invoices(&ada).len(), 1, "nobody was billed for what was refused");
        world.check().await;
    });
}

fn begin(world: &World, owner: &Customer, price: &str, quantity: i64) -> engine::Result<SubscriptionId> {
    let new = NewSubscription {
        customer: owner.id.clone(),
        price_code: price.to_owned(),
        quantity,
        trial_days: None,
        method: None,
    };
    subscribe(&world.engine, &world.acme, new, Actor::Operator)
}

fn code<T>(answer: engine::Result<T>) -> &'static str {
    match answer {
        Err(Error::Refused { code, .. }) => code,
        Err(other) => panic!("{other}"),
        Ok(_) => "done",
    }
}
