//! `portico coupon`: what is taken off.

use super::moment;
use crate::boot;
use anyhow::{Context, bail};
use domain::discount::{Coupon, Lasts, Off};
use domain::money::Money;
use domain::usage::Decimal;
use engine::ids::SubscriptionId;
use engine::store::events::Actor;
use engine::usecase::coupon::{NewCoupon, archive, create, redeem};
use std::path::Path;

#[derive(clap::Subcommand)]
pub enum Command {
    /// Add a coupon.
    Add {
        /// What customers type.
        code: String,
        /// Percent off, such as 20 or 12.5.
        #[arg(long, conflicts_with = "amount", required_unless_present = "amount")]
        percent: Option<String>,
        /// Minor units off each period, in the business's currency.
        #[arg(long)]
        amount: Option<i64>,
        /// For how many periods; for ever when not given.
        #[arg(long)]
        periods: Option<u32>,
        /// Last moment to redeem it, in UTC: 2027-01-31 or 2027-01-31T10:00.
        #[arg(long)]
        redeem_by: Option<String>,
        /// The business's short name.
        #[arg(long)]
        tenant: String,
    },
    /// Let nobody redeem a coupon any more. Who has redeemed it keeps it.
    Archive {
        /// The coupon's code.
        code: String,
        /// The business's short name.
        #[arg(long)]
        tenant: String,
    },
    /// Redeem a coupon on a subscription; it holds from the next period on.
    Redeem {
        /// The coupon's code.
        code: String,
        /// The subscription.
        #[arg(long)]
        subscription: String,
        /// The business's short name.
        #[arg(long)]
        tenant: String,
    },
}

pub fn run(config_dir: Option<&Path>, command: Command) -> anyhow::Result<()> {
    match command {
        Command::Add { code, percent, amount, periods, redeem_by, tenant } => {
            let redeem_by = redeem_by.as_deref().map(moment).transpose()?;
            let (engine, tenant) = boot::tool(config_dir, &tenant)?;
            let off = match (percent, amount) {
                (Some(percent), None) => Off::Percent(millionths(&percent)?),
                (None, Some(amount)) => {
                    let currency =
                        engine.read(&tenant.id, |_, scope| Ok(scope.settings.identity.currency))?;
                    Off::Amount(Money::new(amount, currency))
                }
                _ => bail!("say either --percent or --amount"),
            };
            let lasts = match periods {
                None => Lasts::Forever,
                Some(1) => Lasts::Once,
                Some(periods) => Lasts::Periods(periods),
            };
            let new = NewCoupon { code, terms: Coupon { off, lasts }, redeem_by };
            println!("{}", create(&engine, &tenant.id, new)?);
        }
        Command::Archive { code, tenant } => {
            let (engine, tenant) = boot::tool(config_dir, &tenant)?;
            archive(&engine, &tenant.id, &code)?;
        }
        Command::Redeem { code, subscription, tenant } => {
            let (engine, tenant) = boot::tool(config_dir, &tenant)?;
            let id = SubscriptionId::from(subscription);
            println!("{}", redeem(&engine, &tenant.id, &id, &code, &Actor::Operator)?);
        }
    }
    Ok(())
}

/// Per cent as millionths: 12.5 are 125 000.
fn millionths(percent: &str) -> anyhow::Result<u32> {
    let percent: Decimal = percent.parse().context("--percent")?;
    u32::try_from(percent.millionths() / 100).context("--percent")
}
