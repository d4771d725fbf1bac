//! `portico meter`: what is counted and billed afterwards.

use crate::boot;
use domain::usage::Aggregation;
use engine::usecase::usage::{NewMeter, add_meter};
use std::path::Path;

#[derive(clap::Subcommand)]
pub enum Command {
    /// Add a meter.
    Add {
        /// Your own short name for it.
        code: String,
        /// Name shown to customers, such as "API calls".
        #[arg(long)]
        name: String,
        /// How values become one quantity: sum, max, last or unique_count.
        #[arg(long, default_value = "sum")]
        aggregation: Aggregation,
        /// The business's short name.
        #[arg(long)]
        tenant: String,
    },
}

pub fn run(config_dir: Option<&Path>, command: Command) -> anyhow::Result<()> {
    let Command::Add { code, name, aggregation, tenant } = command;
    let (engine, tenant) = boot::tool(config_dir, &tenant)?;
    println!("{}", add_meter(&engine, &tenant.id, NewMeter { code, name, aggregation })?);
    Ok(())
}
