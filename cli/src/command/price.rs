//! `portico price`: what products cost.

use super::clock::Unit;
use crate::boot;
use anyhow::Context;
use domain::currency::Currency;
use engine::usecase::catalog::{NewPrice, add_price};
use std::path::Path;

#[derive(clap::Subcommand)]
pub enum Command {
    /// Add a price.
    Add {
        /// Your own short name for it.
        code: String,
        /// The product's short name.
        #[arg(long)]
        product: String,
        /// Amount in minor units (cents, yen) per interval.
        #[arg(long)]
        amount: i64,
        /// ISO 4217 code; the business's currency when not given.
        #[arg(long)]
        currency: Option<String>,
        /// Charged every so many ...
        #[arg(long, default_value_t = 1)]
        every: u32,
        /// ... of these.
        #[arg(long, value_enum)]
        interval: Unit,
        /// Days of trial.
        #[arg(long, default_value_t = 0)]
        trial_days: u32,
        /// The business's short name.
        #[arg(long)]
        tenant: String,
    },
}

pub fn run(config_dir: Option<&Path>, command: Command) -> anyhow::Result<()> {
    let Command::Add { code, product, amount, currency, every, interval, trial_days, tenant } = command;
    let currency = currency.map(|code| code.parse::<Currency>()).transpose().context("--currency")?;
    let (engine, tenant) = boot::tool(config_dir, &tenant)?;
    let interval = interval.interval(every);
    let new = NewPrice { code, product_code: product, unit_amount: amount, currency, interval, trial_days };
    println!("{}", add_price(&engine, &tenant.id, new)?);
    Ok(())
}
