//! `portico product`: what is sold.

use crate::boot;
use engine::usecase::catalog::{NewProduct, add_product};
use std::path::Path;

#[derive(clap::Subcommand)]
pub enum Command {
    /// Add a product.
    Add {
        /// Your own short name for it.
        code: String,
        /// Name shown to customers.
        #[arg(long)]
        name: String,
        /// One sentence for customers.
        #[arg(long, default_value = "")]
        description: String,
        /// The business's short name.
        #[arg(long)]
        tenant: String,
    },
}

pub fn run(config_dir: Option<&Path>, command: Command) -> anyhow::Result<()> {
    let Command::Add { code, name, description, tenant } = command;
    let (engine, tenant) = boot::tool(config_dir, &tenant)?;
    println!("{}", add_product(&engine, &tenant.id, NewProduct { code, name, description })?);
    Ok(())
}
