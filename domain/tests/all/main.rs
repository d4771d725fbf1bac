//! The rules of billing, told as vectors, tables and properties. `PROPTEST_CASES` raises the number of cases.

// clippy.toml lets test functions unwrap; this lets their helpers.
#![allow(clippy::unwrap_used)]

mod assemble;
mod attempt;
mod balance;
mod bank;
mod brake;
mod by_hand;
mod cancel;
mod catalog;
mod catch_up;
mod chain;
mod change;
mod circuit;
mod credit_note;
mod discount;
mod due;
mod dunning;
mod dunning_pinned;
mod entitlement;
mod event;
mod formula;
mod hold;
mod home;
mod key;
mod ledger;
mod model;
mod money;
mod number;
mod pause;
mod period;
mod reconcile;
mod refund;
mod reminder;
mod resolve;
mod reversal;
mod sale;
mod states;
mod tax;
mod trial;
mod usage;
mod vat;

use chrono::NaiveDate;
use domain::Instant;

/// `2026-03-08 07:30` or `2026-03-08`, in UTC.
pub fn at(text: &str) -> Instant {
    let (date, time) = text.split_once(' ').unwrap_or((text, "00:00"));
    Instant::new(day(date), chrono::NaiveTime::parse_from_str(time, "%H:%M").unwrap())
}

/// `2026-03-08`.
pub fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}
