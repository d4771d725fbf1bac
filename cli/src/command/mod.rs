//! One file a command.

use anyhow::Context;
use chrono::{NaiveDate, NaiveTime};
use domain::Instant;

pub mod account;
mod account_form;
pub mod benefit;
pub mod check_config;
pub mod clock;
pub mod coupon;
pub mod customer;
pub mod dispute;
pub mod draft;
pub mod invoice;
pub mod license;
pub mod meter;
pub mod method;
pub mod payment;
pub mod plugin;
pub mod price;
pub mod product;
pub mod refund;
pub mod serve;
pub mod settings;
pub mod simulate;
pub mod simulator;
pub mod subscription;
pub mod usage;
pub mod verify;
pub mod worker;

/// A moment in UTC as people type it: `2027-01-31` or `2027-01-31T10:00`.
fn moment(text: &str) -> anyhow::Result<Instant> {
    let date = |text: &str| text.parse::<NaiveDate>().map(|date| date.and_time(NaiveTime::MIN));
    let minute = |text: &str| Instant::parse_from_str(text, "%Y-%m-%dT%H:%M");
    date(text).or_else(|_| minute(text)).with_context(|| format!("{text:?} is no date such as 2027-01-31"))
}
