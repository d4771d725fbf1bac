//! `portico price`: what products cost.

use super::clock::Unit;
use crate::boot;
use anyhow::Context;
use domain::catalog::QuantityBounds;
use domain::currency::Currency;
use domain::usage::Decimal;
use domain::usage::rating::Rating;
use engine::usecase::catalog::{NewPrice, PriceTerms, add_price_on, archive_price};
use std::path::Path;

#[derive(clap::Subcommand)]
pub enum Command {
    /// Add a price.
    Add(New),
    /// Sell at a price no longer. Who pays it goes on paying it.
    Archive {
        /// The price's short name.
        code: String,
        /// The business's short name.
        #[arg(long)]
        tenant: String,
    },
}

/// A price to add.
#[derive(clap::Args)]
pub struct New {
    /// Your own short name for it.
    code: String,
    /// The product's short name.
    #[arg(long)]
    product: String,
    /// Amount in minor units (cents, yen) per interval; of usage the price of one unit, such as 0.02.
    #[arg(long)]
    amount: String,
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
    /// Position in the product's collection; higher is bigger.
    #[arg(long, default_value_t = 0)]
    rank: i32,
    /// Fewest pieces.
    #[arg(long, default_value_t = 1)]
    min: i64,
    /// Most pieces.
    #[arg(long)]
    max: Option<i64>,
    /// Of usage: the meter that counts it.
    #[arg(long)]
    meter: Option<String>,
    /// Of usage: what costs nothing, each period.
    #[arg(long, default_value = "0", requires = "meter")]
    included: String,
    /// The business's short name.
    #[arg(long)]
    tenant: String,
}

pub fn run(config_dir: Option<&Path>, command: Command) -> anyhow::Result<()> {
    match command {
        Command::Add(new) => add(config_dir, new),
        Command::Archive { code, tenant } => {
            let (engine, tenant) = boot::tool(config_dir, &tenant)?;
            Ok(archive_price(&engine, &tenant.id, &code)?)
        }
    }
}

fn add(config_dir: Option<&Path>, new: New) -> anyhow::Result<()> {
    let currency = new.currency.map(|code| code.parse::<Currency>()).transpose().context("--currency")?;
    let (unit_amount, usage) = match new.meter {
        None => (new.amount.parse().context("--amount")?, None),
        Some(meter) => {
            let unit: Decimal = new.amount.parse().context("--amount")?;
            let included = new.included.parse().context("--included")?;
            (0, Some((meter, Rating { included, ..Rating::per_unit(unit) })))
        }
    };
    let quantity = QuantityBounds { min: new.min, max: new.max };
    let terms = PriceTerms { rank: new.rank, quantity, usage };
    let (engine, tenant) = boot::tool(config_dir, &new.tenant)?;
    let price = NewPrice {
        code: new.code,
        product_code: new.product,
        unit_amount,
        currency,
        interval: new.interval.interval(new.every),
        trial_days: new.trial_days,
    };
    println!("{}", add_price_on(&engine, &tenant.id, price, terms)?);
    Ok(())
}
