//! More to sell, and how it is bought: plans beside each other, calls by usage, changes that are paid at once.

use crate::ids::{CustomerId, InvoiceId, PriceId, SubscriptionId};
use crate::store;
use crate::store::events::Actor;
use crate::store::invoices::Invoice;
use crate::testing::{Business, TestShop, press_pay};
use crate::usecase::advance::{Advanced, advance};
use crate::usecase::cancel::{CancelRequest, Shown, cancel};
use crate::usecase::catalog::{
    NewPrice, NewProduct, PriceTerms, add_collection, add_price_on, add_product, add_product_of, offer_in,
};
use crate::usecase::change::{Confirmation, Quoted, Wish, confirm, quote};
use crate::usecase::collect::collect;
use crate::usecase::subscribe::{NewSubscription, subscribe};
use crate::usecase::usage::{NewMeter, NewUsage, add_meter, record};
use crate::{Error, Result};
use chrono::TimeDelta;
use domain::Instant;
use domain::catalog::{ProductKind, QuantityBounds};
use domain::period::{Interval, IntervalUnit};
use domain::provider::DeclineKind;
use domain::subscription::cancel::{CancelDecision, CancelTiming};
use domain::subscription::item::ItemRole;
use domain::usage::rating::Rating;
use domain::usage::{Aggregation, Intake};

/// Beside "Pro" for 29.00: "Lite" for 10.00, "Metered" at 2 cents a call, and "Calls" at 1 cent as an add-on. All
/// by the month; "Pro" for 290.00 a year, too.
pub fn stock(shop: &Business) {
    let (engine, id) = (&shop.engine, &shop.id);
    add_collection(engine, id, "plans", "Plans").unwrap();
    let meter =
        NewMeter { code: "calls".to_owned(), name: "Calls".to_owned(), aggregation: Aggregation::Sum };
    add_meter(engine, id, meter).unwrap();
    let new =
        |code: &str| NewProduct { code: code.to_owned(), name: code.to_owned(), description: String::new() };
    add_product(engine, id, new("lite")).unwrap();
    for code in ["metered", "calls"] {
        add_product_of(engine, id, new(code), ProductKind::Usage).unwrap();
    }
    for (code, sold_as) in [
        ("pro", ItemRole::Plan),
        ("lite", ItemRole::Plan),
        ("metered", ItemRole::Plan),
        ("calls", ItemRole::Addon),
    ] {
        offer_in(engine, id, code, "plans", sold_as).unwrap();
    }
    let (month, year) = (Interval::new(IntervalUnit::Month, 1), Interval::new(IntervalUnit::Year, 1));
    for (code, product, unit_amount, interval, cents_a_call) in [
        ("lite", "lite", 1_000, month, None),
        ("pro-yearly", "pro", 29_000, year, None),
        ("metered", "metered", 0, month, Some("2")),
        ("calls", "calls", 0, month, Some("1")),
    ] {
        let price = NewPrice {
            code: code.to_owned(),
            product_code: product.to_owned(),
            unit_amount,
            currency: None,
            interval,
            trial_days: 0,
        };
        let rating = |cents: &str| ("calls".to_owned(), Rating::per_unit(cents.parse().unwrap()));
        let terms =
            PriceTerms { rank: 1, quantity: QuantityBounds::default(), usage: cents_a_call.map(rating) };
        add_price_on(engine, id, price, terms).unwrap();
    }
}

/// A customer with a card.
pub fn mina(shop: &Business) -> CustomerId {
    let mina = shop.customer("mina@example.com");
    shop.card(&mina, "4242");
    mina
}

/// A subscription to a price, its first invoice paid.
pub fn subscribed(shop: &Business, owner: &CustomerId, price: &str) -> SubscriptionId {
    let id = incomplete(shop, owner, price);
    pay_newest(shop, owner);
    id
}

/// As [`subscribed`], its first invoice not yet paid.
pub fn incomplete(shop: &Business, owner: &CustomerId, price: &str) -> SubscriptionId {
    let new = NewSubscription {
        customer: owner.clone(),
        price_code: price.to_owned(),
        quantity: 1,
        trial_days: None,
        method: None,
    };
    subscribe(&shop.engine, &shop.id, new, Actor::Operator).unwrap()
}

/// The charge of the newest invoice succeeds; nothing happens where it is paid already.
pub fn pay_newest(shop: &Business, owner: &CustomerId) {
    if let Some(attempt) = collect(&shop.engine, &shop.id, &shop.newest_invoice(owner)).unwrap() {
        shop.succeed(&attempt);
    }
}

/// On "Lite" for 10.00, the charge for the second month refused.
pub fn declined(shop: &TestShop) -> (CustomerId, SubscriptionId) {
    let acme = &shop.acme;
    stock(acme);
    let mina = mina(acme);
    let sub = subscribed(acme, &mina, "lite");
    shop.clock.advance(TimeDelta::days(30));
    step(acme, &sub);
    decline_newest(acme, &mina);
    (mina, sub)
}

/// As [`declined`], ten of the month's 31 days gone.
pub fn past_due(shop: &TestShop) -> (CustomerId, SubscriptionId) {
    let (mina, sub) = declined(shop);
    shop.clock.advance(TimeDelta::days(10));
    (mina, sub)
}

pub fn price(shop: &Business, code: &str) -> PriceId {
    let found = shop.engine.db.read(|conn| store::catalog::price_by_code(conn, &shop.id, code));
    found.unwrap().unwrap().id
}

/// To another plan.
pub fn plan(shop: &Business, code: &str) -> Wish {
    Wish { price: Some(price(shop, code)), ..Wish::default() }
}

/// The customer pays by hand what the page of an invoice shows, and the charge succeeds. Answers with what was paid.
pub fn pay_by_hand(shop: &Business, owner: &CustomerId, invoice: &InvoiceId) -> InvoiceId {
    let cards = shop.engine.db.read(|conn| store::methods::active(conn, &shop.id, owner)).unwrap();
    let intent = press_pay(&shop.engine, &shop.id, owner, invoice, &cards[0].id).unwrap();
    shop.succeed(&intent.attempt.unwrap());
    intent.invoice
}

/// The charge of the newest invoice is refused.
pub fn decline_newest(shop: &Business, owner: &CustomerId) {
    let attempt = collect(&shop.engine, &shop.id, &shop.newest_invoice(owner)).unwrap().unwrap();
    shop.decline(&attempt, DeclineKind::InsufficientFunds);
}

pub fn quoted(shop: &Business, sub: &SubscriptionId, wish: &Wish) -> Quoted {
    quote(&shop.engine, &shop.id, &Actor::Operator, sub, wish).unwrap()
}

/// Quotes a change and confirms it.
pub fn change_to(shop: &Business, sub: &SubscriptionId, wish: &Wish) -> Confirmation {
    confirm(&shop.engine, &shop.id, &Actor::Operator, &quoted(shop, sub, wish).ticket).unwrap()
}

/// As [`change_to`]; what it costs now is paid.
pub fn paid_change_to(shop: &Business, sub: &SubscriptionId, wish: &Wish) -> InvoiceId {
    let Confirmation::Paying(invoice) = change_to(shop, sub, wish) else { panic!("nothing to pay") };
    let open = shop.engine.db.read(|conn| store::attempts::open_of(conn, &shop.id, &invoice));
    shop.succeed(&open.unwrap().unwrap().id);
    invoice
}

/// So many calls now.
pub fn call(shop: &Business, sub: &SubscriptionId, key: &str, calls: u32) -> Result<Intake> {
    call_at(shop, sub, key, calls, None)
}

/// So many calls at that moment.
pub fn call_at(
    shop: &Business,
    sub: &SubscriptionId,
    key: &str,
    calls: u32,
    at: Option<Instant>,
) -> Result<Intake> {
    let new = NewUsage {
        subscription: sub.clone(),
        meter: "calls".to_owned(),
        key: key.to_owned(),
        value: calls.to_string(),
        at,
    };
    record(&shop.engine, &shop.id, new)
}

/// Its customer ends a subscription at once.
pub fn cancel_now(shop: &Business, owner: &CustomerId, sub: &SubscriptionId) {
    cancel_as_shown(shop, owner, sub, None).unwrap();
}

/// As [`cancel_now`], if what comes back is what was shown.
pub fn cancel_as_shown(
    shop: &Business,
    owner: &CustomerId,
    sub: &SubscriptionId,
    shown: Option<Shown>,
) -> Result<CancelDecision> {
    let (subscription, timing) = (sub.clone(), CancelTiming::Now);
    let request = CancelRequest { subscription, timing, reason: None, comment: None, shown };
    cancel(&shop.engine, &shop.id, owner, request)
}

/// Moves a subscription over the boundary that it has reached.
pub fn step(shop: &Business, sub: &SubscriptionId) -> Advanced {
    advance(&shop.engine, &shop.id, sub).unwrap()
}

/// The word for where a subscription stands.
pub fn status(shop: &Business, sub: &SubscriptionId) -> &'static str {
    let read = shop.engine.db.read(|conn| store::subscriptions::get(conn, &shop.id, sub));
    read.unwrap().status.as_str()
}

/// A customer's invoices, oldest first.
pub fn invoices(shop: &Business, owner: &CustomerId) -> Vec<Invoice> {
    let mut all = shop.engine.db.read(|conn| store::invoices::list(conn, &shop.id, owner)).unwrap();
    all.reverse();
    all
}

/// What an invoice's lines come to, tax included, in their order.
pub fn lines(shop: &Business, of: &InvoiceId) -> Vec<i64> {
    let lines = shop.engine.db.read(|conn| store::invoices::lines(conn, &shop.id, of)).unwrap();
    lines.iter().map(|line| line.net + line.tax).collect()
}

pub fn balance(shop: &Business, owner: &CustomerId) -> i64 {
    let euro = "EUR".parse().unwrap();
    shop.engine.db.read(|conn| store::ledger::balance(conn, &shop.id, owner, euro)).unwrap()
}

pub fn code_of<T: std::fmt::Debug>(refused: Result<T>) -> &'static str {
    match refused.unwrap_err() {
        Error::Refused { code, .. } => code,
        other => panic!("{other}"),
    }
}
