//! `portico benefit`: what products give.

use crate::{boot, print};
use anyhow::Context;
use clap::ValueEnum;
use domain::entitlement::BenefitKind;
use engine::store;
use engine::text::one_line;
use engine::usecase::benefit::{NewBenefit, add};
use std::path::Path;

#[derive(clap::Subcommand)]
pub enum Command {
    /// Add a benefit to a product. Those of the same short name are the same to who changes between products.
    Add {
        /// Your own short name for it.
        code: String,
        /// The product's short name.
        #[arg(long)]
        product: String,
        /// Name shown to customers.
        #[arg(long)]
        name: String,
        /// What it is.
        #[arg(long, value_enum, default_value = "feature")]
        kind: Kind,
        /// License keys: how many devices may use one at once; any number when not given.
        #[arg(long, value_parser = clap::value_parser!(u32).range(1..=1_000_000))]
        devices: Option<u32>,
        /// The business's short name.
        #[arg(long)]
        tenant: String,
    },
    /// List the benefits of a product.
    List {
        /// The product's short name.
        product: String,
        /// The business's short name.
        #[arg(long)]
        tenant: String,
    },
}

/// What a benefit is.
#[derive(Clone, Copy, ValueEnum)]
pub enum Kind {
    /// Something that is switched on.
    Feature,
    /// A key for software.
    LicenseKey,
}

impl From<Kind> for BenefitKind {
    fn from(kind: Kind) -> Self {
        match kind {
            Kind::Feature => Self::Feature,
            Kind::LicenseKey => Self::LicenseKey,
        }
    }
}

pub fn run(config_dir: Option<&Path>, command: Command) -> anyhow::Result<()> {
    match command {
        Command::Add { code, product, name, kind, devices, tenant } => {
            let (engine, tenant) = boot::tool(config_dir, &tenant)?;
            let new = NewBenefit { product, code, name: one_line(&name), kind: kind.into(), devices };
            println!("{}", add(&engine, &tenant.id, new)?);
        }
        Command::List { product, tenant } => {
            let (engine, tenant) = boot::tool(config_dir, &tenant)?;
            let found = engine.db.read(|conn| store::catalog::product_by_code(conn, &tenant.id, &product))?;
            let found = found.with_context(|| format!("{} has no product {product}", tenant.slug))?;
            let all = engine.db.read(|conn| store::entitlements::benefits(conn, &tenant.id, &found.id))?;
            print::lines(all.iter().map(|one| format!("{}  {}  {}", one.code, one.kind, one.name)))?;
        }
    }
    Ok(())
}
