//! Which way a change goes.

use crate::catalog::YearlyCost;
use crate::money::MoneyError;
use crate::subscription::item::{Item, Slot};
use crate::words;
use serde::{Deserialize, Serialize};
use std::cmp::Ordering;
use std::collections::BTreeMap;

words! {
    /// Which way a change goes.
    Direction {
        /// To something dearer, or more of it.
        Upgrade = "upgrade",
        /// To something cheaper, or less of it.
        Downgrade = "downgrade",
        /// To something that costs the same.
        Lateral = "lateral",
    }
}

/// What kind of change leads from one set of items to another.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct ChangeKind {
    /// Which way it goes.
    pub direction: Direction,
    /// Whether it is charged at another interval from then on.
    pub interval_changes: bool,
}

/// Compares two sets of items, each of one currency and interval.
///
/// Prices are compared per year at equal quantity, so that yearly 200 to monthly 100 is an upgrade. When prices and
/// quantities all move one way, or stay, that is the way; when some rise and some fall, the sets' whole cost
/// decides.
///
/// # Errors
/// Only if an amount does not fit into 64 bits.
pub fn classify(from: &[Item], to: &[Item]) -> Result<ChangeKind, MoneyError> {
    let moves = moves(from, to);
    let rises = moves.contains(&Ordering::Greater);
    let falls = moves.contains(&Ordering::Less);
    let way = match (rises, falls) {
        (true, true) => whole_cost(to)?.cmp(&whole_cost(from)?),
        (true, false) => Ordering::Greater,
        (false, true) => Ordering::Less,
        (false, false) => Ordering::Equal,
    };
    let direction = match way {
        Ordering::Greater => Direction::Upgrade,
        Ordering::Less => Direction::Downgrade,
        Ordering::Equal => Direction::Lateral,
    };
    let interval = |items: &[Item]| items.first().map(|item| item.interval);
    Ok(ChangeKind { direction, interval_changes: interval(from) != interval(to) })
}

/// How price and quantity of each slot move; an item that is not there has quantity 0.
fn moves(from: &[Item], to: &[Item]) -> Vec<Ordering> {
    let mut slots = BTreeMap::<Slot, (Option<&Item>, Option<&Item>)>::new();
    for item in from {
        slots.entry(item.slot()).or_default().0 = Some(item);
    }
    for item in to {
        slots.entry(item.slot()).or_default().1 = Some(item);
    }
    let unit = |item: &Item| YearlyCost::new(item.unit_in_advance(), item.interval);
    let quantity = |item: Option<&Item>| item.map_or(0, |item| item.quantity);
    let moved = |(old, new): (Option<&Item>, Option<&Item>)| {
        let price = old.zip(new).map(|(old, new)| unit(new).cmp(&unit(old)));
        [price, Some(quantity(new).cmp(&quantity(old)))]
    };
    slots.into_values().flat_map(moved).flatten().collect()
}

/// What all items cost a year; nothing for no items.
fn whole_cost(items: &[Item]) -> Result<Option<YearlyCost>, MoneyError> {
    let mut minor = 0_i64;
    for item in items {
        let amount = item.quantity.checked_mul(item.unit_in_advance()).ok_or(MoneyError::OutOfRange)?;
        minor = minor.checked_add(amount).ok_or(MoneyError::OutOfRange)?;
    }
    Ok(items.first().map(|item| YearlyCost::new(minor, item.interval)))
}
