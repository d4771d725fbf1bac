//! Businesses with everything that can be sold, and customers of every kind.

use crate::ledger::BEHAVIOURS;
use crate::random::Random;
use domain::catalog::{ProductKind, QuantityBounds};
use domain::discount::{Coupon, Lasts, Off};
use domain::entitlement::BenefitKind;
use domain::period::{Interval, IntervalUnit};
use domain::provider::NewMethod;
use domain::subscription::item::ItemRole;
use domain::usage::rating::{Rating, Tier};
use domain::usage::{Aggregation, Decimal};
use engine::ids::{AccountId, CustomerId, MethodId, SubscriptionId, TenantId};
use engine::store;
use engine::store::events::Actor;
use engine::usecase::add_method;
use engine::usecase::benefit::{self, NewBenefit};
use engine::usecase::catalog::{self, NewAccount, NewCustomer, NewPrice, NewProduct, PriceTerms};
use engine::usecase::coupon::{self, NewCoupon};
use engine::usecase::edit_customer::{AddressEdit, save_address};
use engine::usecase::subscribe::{NewSubscription, subscribe};
use engine::usecase::usage::{NewMeter, add_meter};
use engine::{Engine, Result};
use std::collections::BTreeMap;

/// Currencies of the first business, with what a small plan costs a month in minor units.
const CURRENCIES: [(&str, i64); 3] = [("EUR", 1_900), ("JPY", 1_500), ("KWD", 7_350)];

/// Zones of customers who do not live in their business's.
pub const ZONES: [&str; 7] = [
    "Europe/Berlin",
    "America/New_York",
    "Asia/Tokyo",
    "Asia/Kolkata",
    "Australia/Lord_Howe",
    "Pacific/Apia",
    "America/Sao_Paulo",
];

/// Names and VAT ids of buyers in other member states.
const BUYERS: [(&str, &str); 3] = [("AT", "ATU12345675"), ("FR", "FR40303265045"), ("NL", "NL004495445B01")];

/// A business of the year.
#[derive(Clone)]
pub struct Business {
    pub id: TenantId,
    pub account: AccountId,
    /// Codes of plans, by collection.
    pub plans: Vec<Vec<String>>,
    /// Codes of add-ons, by collection.
    pub addons: Vec<String>,
}

/// A subscription that the year follows.
#[derive(Clone)]
pub struct Held {
    pub business: usize,
    pub collection: usize,
    pub customer: CustomerId,
    pub id: SubscriptionId,
}

/// Fills a business's shelves.
pub fn stock(engine: &Engine, slug: &str) -> Business {
    let id = engine.db.read(|conn| store::tenants::by_slug(conn, slug)).unwrap().unwrap().id;
    let account = NewAccount {
        provider: "pretended".to_owned(),
        name: "main".to_owned(),
        settings: BTreeMap::new(),
        secrets: BTreeMap::new(),
        grants: Vec::new(),
    };
    let account = catalog::add_account(engine, &id, account).unwrap();
    let meters =
        [("calls", Aggregation::Sum), ("peak", Aggregation::Max), ("seats", Aggregation::UniqueCount)];
    for (code, aggregation) in meters {
        let meter = NewMeter { code: code.to_owned(), name: code.to_owned(), aggregation };
        add_meter(engine, &id, meter).unwrap();
    }
    for (code, off, lasts) in [
        ("TWENTY", Off::Percent(200_000), Lasts::Forever),
        ("THIRD", Off::Percent(333_333), Lasts::Periods(3)),
        ("FREE", Off::Percent(1_000_000), Lasts::Once),
    ] {
        let new = NewCoupon { code: code.to_owned(), terms: Coupon { off, lasts }, redeem_by: None };
        coupon::create(engine, &id, new).unwrap();
    }
    let currencies = match slug {
        "acme" => &CURRENCIES[..],
        "kyoto" => &CURRENCIES[1..2],
        _ => &CURRENCIES[..1],
    };
    let mut business = Business { id, account, plans: Vec::new(), addons: Vec::new() };
    for &(currency, amount) in currencies {
        let collection = currency.to_lowercase();
        catalog::add_collection(engine, &business.id, &collection, currency).unwrap();
        let plans = plans(engine, &business.id, &collection, currency, amount).unwrap();
        business.plans.push(plans);
        business.addons.push(addon(engine, &business.id, &collection, currency, amount).unwrap());
    }
    business
}

/// Small, middle and large, for a week, ten days, a month, a quarter and a year; and one by usage.
fn plans(
    engine: &Engine,
    id: &TenantId,
    collection: &str,
    currency: &str,
    amount: i64,
) -> Result<Vec<String>> {
    use IntervalUnit::{Day, Month, Week, Year};
    let mut codes = Vec::new();
    for (rank, size, factor) in [(1, "small", 2), (2, "middle", 5), (3, "large", 17)] {
        let product = format!("{collection}-{size}");
        add_product(engine, id, &product, collection, ProductKind::Subscription, ItemRole::Plan)?;
        if size != "small" {
            add_license(engine, id, &product)?;
        }
        let intervals = [
            ("week", Week, 1, 1),
            ("ten", Day, 10, 1),
            ("month", Month, 1, 4),
            ("quarter", Month, 3, 11),
            ("year", Year, 1, 40),
        ];
        for (name, unit, count, weight) in intervals {
            let code = format!("{product}-{name}");
            let price = NewPrice {
                code: code.clone(),
                product_code: product.clone(),
                unit_amount: amount * factor * weight / 8,
                currency: Some(currency.parse().unwrap()),
                interval: Interval { unit, count },
                trial_days: if size == "middle" { 14 } else { 0 },
            };
            let terms = PriceTerms { rank, quantity: QuantityBounds { min: 1, max: Some(40) }, usage: None };
            catalog::add_price_on(engine, id, price, terms)?;
            codes.push(code);
        }
    }
    let product = format!("{collection}-metered");
    add_product(engine, id, &product, collection, ProductKind::Usage, ItemRole::Plan)?;
    for meter in ["calls", "peak", "seats"] {
        let code = format!("{product}-{meter}");
        let price = NewPrice {
            code: code.clone(),
            product_code: product.clone(),
            unit_amount: 0,
            currency: Some(currency.parse().unwrap()),
            interval: Interval { unit: Month, count: 1 },
            trial_days: 0,
        };
        let tier = |up_to: Option<u64>, unit: &str| Tier {
            up_to: up_to.map(Decimal::whole),
            unit_amount: unit.parse().unwrap(),
        };
        let rating = Rating {
            included: Decimal::whole(3),
            tiers: vec![tier(Some(10), "125.5"), tier(None, "73.333")],
        };
        let terms = PriceTerms {
            rank: 4,
            quantity: QuantityBounds { min: 1, max: Some(1) },
            usage: Some((meter.to_owned(), rating)),
        };
        catalog::add_price_on(engine, id, price, terms)?;
        codes.push(code);
    }
    Ok(codes)
}

fn add_license(engine: &Engine, id: &TenantId, product: &str) -> Result<()> {
    let new = NewBenefit {
        product: product.to_owned(),
        code: "app".to_owned(),
        name: "App".to_owned(),
        kind: BenefitKind::LicenseKey,
        devices: Some(2),
    };
    benefit::add(engine, id, new).map(drop)
}

fn addon(engine: &Engine, id: &TenantId, collection: &str, currency: &str, amount: i64) -> Result<String> {
    let product = format!("{collection}-support");
    add_product(engine, id, &product, collection, ProductKind::Subscription, ItemRole::Addon)?;
    let code = format!("{product}-month");
    let price = NewPrice {
        code: code.clone(),
        product_code: product,
        unit_amount: amount / 3,
        currency: Some(currency.parse().unwrap()),
        interval: Interval { unit: IntervalUnit::Month, count: 1 },
        trial_days: 0,
    };
    let terms = PriceTerms { rank: 0, quantity: QuantityBounds { min: 1, max: Some(9) }, usage: None };
    catalog::add_price_on(engine, id, price, terms)?;
    Ok(code)
}

fn add_product(
    engine: &Engine,
    id: &TenantId,
    code: &str,
    collection: &str,
    kind: ProductKind,
    sold_as: ItemRole,
) -> Result<()> {
    let new = NewProduct { code: code.to_owned(), name: code.to_owned(), description: String::new() };
    catalog::add_product_of(engine, id, new, kind)?;
    catalog::offer_in(engine, id, code, collection, sold_as)
}

/// A new customer of some kind, with or without a payment method.
pub fn customer(engine: &Engine, business: &Business, random: &mut Random, n: usize) -> CustomerId {
    let new = NewCustomer {
        email: format!("customer{n}@example.com"),
        name: format!("Customer {n}"),
        marketing: random.happens(500),
        ..NewCustomer::default()
    };
    let id = catalog::add_customer(engine, &business.id, new).unwrap();
    let (zone, tax, exempt) = (random.happens(600), random.below(20), random.happens(30));
    let (zone, owner) = (zone.then(|| (*random.pick(&ZONES)).to_owned()), id.clone());
    engine
        .write(&business.id, move |tx, scope| {
            let mut row = store::customers::get(tx, scope.id(), &owner)?;
            (row.timezone, row.tax_exempt) = (zone, exempt);
            row.tax_rate = [Some(0), Some(70_000), Some(255_000)].get(tax).copied().flatten();
            store::customers::update(tx, scope.id(), &row)
        })
        .unwrap();
    if random.happens(150) {
        save_address(engine, &business.id, &id, None, address(random, n)).unwrap();
    }
    if random.happens(930) {
        method(engine, business, random, &id, n);
    }
    id
}

/// Where a buyer in another member state sits, with a VAT id.
pub fn address(random: &mut Random, n: usize) -> AddressEdit {
    let (country, vat_id) = *random.pick(&BUYERS);
    AddressEdit {
        name: format!("Customer {n}"),
        company: Some("Buyers".to_owned()),
        line1: "2 Side Street".to_owned(),
        line2: None,
        postal_code: "1010".to_owned(),
        city: "City".to_owned(),
        region: None,
        country: country.to_owned(),
        vat_id: Some(vat_id.to_owned()),
    }
}

/// A new payment method of some behaviour, which becomes the default.
pub fn method(
    engine: &Engine,
    business: &Business,
    random: &mut Random,
    owner: &CustomerId,
    n: usize,
) -> MethodId {
    let behaviour = *random.weighted(&BEHAVIOURS);
    let new = NewMethod {
        method_ref: format!("{behaviour}-{n}-{}", random.below(1_000_000)),
        customer_ref: None,
        kind: "card".to_owned(),
        brand: "visa".to_owned(),
        last4: format!("{:04}", n % 10_000),
        exp_month: Some(1 + random.below(12) as u8),
        exp_year: Some(if random.happens(150) { 2028 } else { 2035 }),
        fingerprint: None,
    };
    add_method::import(engine, &business.id, owner, &business.account, new).unwrap()
}

/// Somebody subscribes to something.
pub fn sell(engine: &Engine, businesses: &[Business], random: &mut Random, n: usize) -> Held {
    let at = *random.weighted(&[(0, 60), (1, 25), (2, 15)]);
    let business = &businesses[at];
    let customer = customer(engine, business, random, n);
    subscribe_again(engine, businesses, random, at, customer)
}

/// A customer subscribes to something more.
pub fn subscribe_again(
    engine: &Engine,
    businesses: &[Business],
    random: &mut Random,
    at: usize,
    customer: CustomerId,
) -> Held {
    let business = &businesses[at];
    let collection = random.below(business.plans.len());
    let plan = random.pick(&business.plans[collection]).clone();
    let new = NewSubscription {
        customer: customer.clone(),
        quantity: if plan.contains("metered") || random.happens(600) {
            1
        } else {
            2 + random.below(9) as i64
        },
        price_code: plan,
        trial_days: random.happens(100).then_some(30),
        method: None,
    };
    let id = subscribe(engine, &business.id, new, Actor::Operator).unwrap();
    if random.happens(150) {
        let code = *random.pick(&["TWENTY", "THIRD", "FREE"]);
        coupon::redeem(engine, &business.id, &id, code, &Actor::Operator).ok();
    }
    Held { business: at, collection, customer, id }
}
