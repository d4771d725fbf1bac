//! `portico usage`: what was used.

use super::moment;
use crate::boot;
use domain::usage::Intake;
use engine::ids::SubscriptionId;
use engine::usecase::usage::{NewUsage, record};
use std::path::Path;

#[derive(clap::Subcommand)]
pub enum Command {
    /// Count something. The same key again changes nothing.
    Record {
        /// How much, or what is counted where different values are.
        value: String,
        /// The subscription.
        #[arg(long)]
        subscription: String,
        /// The meter's short name.
        #[arg(long)]
        meter: String,
        /// Your own name for this event; the same key counts once.
        #[arg(long)]
        key: String,
        /// When it was used, in UTC: 2027-01-31 or 2027-01-31T10:00. Now when not given.
        #[arg(long)]
        at: Option<String>,
        /// The business's short name.
        #[arg(long)]
        tenant: String,
    },
}

pub fn run(config_dir: Option<&Path>, command: Command) -> anyhow::Result<()> {
    let Command::Record { value, subscription, meter, key, at, tenant } = command;
    let at = at.as_deref().map(moment).transpose()?;
    let (engine, tenant) = boot::tool(config_dir, &tenant)?;
    let new = NewUsage { subscription: SubscriptionId::from(subscription), meter, key, value, at };
    match record(&engine, &tenant.id, new)? {
        Intake::New => println!("counted"),
        Intake::Repeated => println!("counted before"),
    }
    Ok(())
}
