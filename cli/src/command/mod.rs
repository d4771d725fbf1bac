//! One file a command.

use crate::boot;
use anyhow::Context;
use chrono::{NaiveDate, NaiveTime};
use domain::Instant;
use engine::settings::Sources;
use engine::store::tenants::Tenant;
use engine::{Engine, store};
use std::path::Path;

pub mod account;
mod account_form;
pub mod activate;
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
pub mod pause_money;
pub mod payment;
pub mod plugin;
pub mod price;
pub mod product;
pub mod reconcile;
pub mod refund;
pub mod resume_money;
pub mod serve;
pub mod settings;
pub mod simulate;
pub mod simulator;
pub mod status;
pub mod subscription;
pub mod usage;
pub mod verify;
pub mod worker;

/// The business of this name, or all of them.
fn businesses(config_dir: Option<&Path>, slug: Option<&str>) -> anyhow::Result<(Engine, Vec<Tenant>)> {
    if let Some(slug) = slug {
        return boot::tool(config_dir, slug).map(|(engine, tenant)| (engine, vec![tenant]));
    }
    let engine = boot::engine(Sources::new(config_dir))?;
    let tenants = engine.db.read(store::tenants::all)?;
    Ok((engine, tenants))
}

/// A moment in UTC as people type it: `2027-01-31` or `2027-01-31T10:00`.
fn moment(text: &str) -> anyhow::Result<Instant> {
    let date = |text: &str| text.parse::<NaiveDate>().map(|date| date.and_time(NaiveTime::MIN));
    let minute = |text: &str| Instant::parse_from_str(text, "%Y-%m-%dT%H:%M");
    date(text).or_else(|_| minute(text)).with_context(|| format!("{text:?} is no date such as 2027-01-31"))
}
