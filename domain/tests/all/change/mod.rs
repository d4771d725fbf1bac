//! Changes of subscriptions: vectors, rules, and what holds for any chain of changes.

mod chain;
mod pending;
mod quoting;
mod rules;
mod vectors;

use crate::at;
use crate::due::{on_trial, running};
use domain::catalog::{Membership, ProductKind, QuantityBounds};
use domain::period::{Anchor, Interval, IntervalUnit, Period, Schedule};
use domain::subscription::change::behaviour::{ChangeBehaviour, ChangePolicy};
use domain::subscription::change::decide::{Change, ChangeError, ChangeFacts, decide_change};
use domain::subscription::change::prorate::{BilledSpan, ChangeLineKind};
use domain::subscription::change::target::{ChangeRefusal, Offer};
use domain::subscription::due::SubscriptionFacts;
use domain::subscription::item::{Item, ItemRole, period_amounts};
use domain::tax::{TaxBehaviour, TaxRate};

pub const MONTHLY: Interval = Interval::new(IntervalUnit::Month, 1);
pub const YEARLY: Interval = Interval::new(IntervalUnit::Year, 1);

/// One piece of a monthly plan in euro, untaxed. Product and price are named after their amount.
pub fn plan(unit_amount: i64) -> Item {
    Item {
        role: ItemRole::Plan,
        product: format!("plan {unit_amount}"),
        price: format!("plan {unit_amount}"),
        kind: ProductKind::Subscription,
        quantity: 1,
        unit_amount,
        currency: "EUR".parse().unwrap(),
        interval: MONTHLY,
        tax_rate: TaxRate::ZERO,
        tax_behaviour: TaxBehaviour::Exclusive,
    }
}

pub fn times(quantity: i64, item: Item) -> Item {
    Item { quantity, ..item }
}

pub fn addon(unit_amount: i64) -> Item {
    let name = format!("addon {unit_amount}");
    Item { role: ItemRole::Addon, product: name.clone(), price: name, ..plan(unit_amount) }
}

pub fn yearly(item: Item) -> Item {
    Item { price: format!("{} yearly", item.price), interval: YEARLY, ..item }
}

pub fn in_plans() -> Option<Membership> {
    Some(Membership { collection: "plans".into(), rank: 1 })
}

pub fn offer(item: Item) -> Offer {
    let bounds = QuantityBounds { min: 1, max: Some(100) };
    let sold_as = item.role;
    Offer { item, bounds, membership: in_plans(), sold_as, archived: false, trial_days: 0 }
}

pub fn offers(items: &[Item]) -> Vec<Offer> {
    items.iter().cloned().map(offer).collect()
}

/// A subscription to these items, billed in full for the period between two days.
pub fn subscribed(items: &[Item], from: &str, to: &str) -> ChangeFacts {
    let period = Period { start: at(from), end: at(to) };
    let anchor = Anchor { local: period.start, zone: chrono_tz::Tz::UTC };
    let schedule = Schedule { anchor, interval: items[0].interval, anchor_index: 1 };
    let sub = SubscriptionFacts { schedule, period_index: 1, current_period_end: period.end, ..running() };
    let mut facts = ChangeFacts {
        subscription: "sub_1".into(),
        sub,
        period_start: period.start,
        attempt_open: false,
        items: items.to_vec(),
        membership: in_plans(),
        discounts: Vec::new(),
        spans: Vec::new(),
        balance: 0,
    };
    bill_in_full(&mut facts);
    facts
}

/// Bills the running period under the coupons that hold for it.
pub fn bill_in_full(facts: &mut ChangeFacts) {
    let coupons: Vec<_> = facts.discounts.iter().filter_map(|d| d.in_running_period()).collect();
    let amounts = period_amounts(&facts.items, &coupons).unwrap();
    let period = facts.period();
    let span = |(i, (item, full)): (usize, (&Item, domain::subscription::item::PeriodAmount))| BilledSpan {
        line: format!("line {i}"),
        slot: item.slot(),
        price: item.price.clone(),
        quantity: item.quantity,
        start: period.start,
        end: period.end,
        amount: full.net_of_discount(),
        credited: 0,
        unpaid: false,
        tax_rate: item.tax_rate,
        tax_behaviour: item.tax_behaviour,
    };
    facts.spans = facts.items.iter().zip(amounts).enumerate().map(span).collect();
}

/// In a trial from 1 to 15 March.
pub fn trying(items: &[Item]) -> ChangeFacts {
    let sub = SubscriptionFacts { period_index: -1, ..on_trial() };
    let start = at("2026-03-01");
    ChangeFacts {
        sub,
        period_start: start,
        spans: Vec::new(),
        ..subscribed(items, "2026-03-01", "2026-03-15")
    }
}

/// Everything is invoiced now.
pub fn all_now() -> ChangePolicy {
    let now = ChangeBehaviour::NowInvoice;
    ChangePolicy { upgrade: now, downgrade: now, lateral: now, ..ChangePolicy::default() }
}

pub fn change(facts: &ChangeFacts, to: &[Item], policy: &ChangePolicy, on: &str) -> Change {
    decide_change(facts, &offers(to), policy, at(on)).unwrap()
}

pub fn refusal(facts: &ChangeFacts, to: &[Offer], on: &str) -> ChangeRefusal {
    match decide_change(facts, to, &all_now(), at(on)) {
        Err(ChangeError::Refused(refusal)) => refusal,
        other => panic!("not refused: {other:?}"),
    }
}

/// The change's lines, credits negative.
pub fn amounts(change: &Change) -> Vec<i64> {
    change.lines.iter().map(|line| line.net_of_discount()).collect()
}

/// Carries out a change within the running period: its lines are billed, and what was credited is used up.
pub fn carry_out(facts: &mut ChangeFacts, change: &Change) {
    for line in &change.lines {
        match line.kind {
            ChangeLineKind::Credit => {
                let billed = facts.spans.iter_mut().find(|span| Some(&span.line) == line.reverses.as_ref());
                let span = billed.unwrap();
                span.credited -= line.amount;
                span.end = line.start;
            }
            ChangeLineKind::Charge => {
                let item = change.items.iter().find(|item| item.price == line.price).unwrap();
                facts.spans.push(BilledSpan {
                    line: format!("line {}", facts.spans.len()),
                    slot: item.slot(),
                    price: line.price.clone(),
                    quantity: line.quantity,
                    start: line.start,
                    end: line.end,
                    amount: line.net_of_discount(),
                    credited: 0,
                    unpaid: false,
                    tax_rate: line.tax_rate,
                    tax_behaviour: line.tax_behaviour,
                });
            }
        }
    }
    facts.items = change.items.clone();
}
