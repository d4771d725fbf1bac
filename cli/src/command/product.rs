//! `portico product`: what is sold.

use crate::boot;
use clap::ValueEnum;
use domain::catalog::ProductKind;
use domain::subscription::item::ItemRole;
use domain::tax::TaxRate;
use engine::usecase::catalog::{
    NewProduct, add_collection, add_product_of, archive_product, offer_in, set_product_tax,
};
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
        /// How it is sold.
        #[arg(long, value_enum, default_value = "subscription")]
        kind: Kind,
        /// The collection to offer it in.
        #[arg(long)]
        collection: Option<String>,
        /// Offer it there as an add-on, not as a plan.
        #[arg(long, requires = "collection")]
        addon: bool,
        /// Its own rate of tax in per cent, such as 7, instead of the business's.
        #[arg(long)]
        tax_rate: Option<TaxRate>,
        /// The business's short name.
        #[arg(long)]
        tenant: String,
    },
    /// Add a collection: customers change among the plans in it, and add what is in it.
    Collection {
        /// Your own short name for it.
        code: String,
        /// What it is called.
        #[arg(long)]
        name: String,
        /// The business's short name.
        #[arg(long)]
        tenant: String,
    },
    /// Offer a product in a collection.
    Offer {
        /// The product's short name.
        code: String,
        /// The collection's short name.
        #[arg(long)]
        collection: String,
        /// As an add-on, not as a plan.
        #[arg(long)]
        addon: bool,
        /// The business's short name.
        #[arg(long)]
        tenant: String,
    },
    /// Give a product its own rate of tax, or the business's again. What is billed already stays as it is.
    Tax {
        /// The product's short name.
        code: String,
        /// In per cent, such as 7; the business's rate when not given.
        #[arg(long)]
        rate: Option<TaxRate>,
        /// The business's short name.
        #[arg(long)]
        tenant: String,
    },
    /// Sell a product no longer. Who has it keeps it.
    Archive {
        /// The product's short name.
        code: String,
        /// The business's short name.
        #[arg(long)]
        tenant: String,
    },
}

/// How a product is sold.
#[derive(Clone, Copy, ValueEnum)]
pub enum Kind {
    /// Again and again, in advance.
    Subscription,
    /// By what was counted, when a period is over.
    Usage,
    /// Once.
    OneTime,
}

impl From<Kind> for ProductKind {
    fn from(kind: Kind) -> Self {
        match kind {
            Kind::Subscription => Self::Subscription,
            Kind::Usage => Self::Usage,
            Kind::OneTime => Self::OneTime,
        }
    }
}

fn role(is_addon: bool) -> ItemRole {
    if is_addon { ItemRole::Addon } else { ItemRole::Plan }
}

pub fn run(config_dir: Option<&Path>, command: Command) -> anyhow::Result<()> {
    match command {
        Command::Add { code, name, description, kind, collection, addon, tax_rate, tenant } => {
            let (engine, tenant) = boot::tool(config_dir, &tenant)?;
            let new = NewProduct { code: code.clone(), name, description };
            let id = add_product_of(&engine, &tenant.id, new, kind.into())?;
            if let Some(collection) = collection {
                offer_in(&engine, &tenant.id, &code, &collection, role(addon))?;
            }
            if tax_rate.is_some() {
                set_product_tax(&engine, &tenant.id, &code, tax_rate)?;
            }
            println!("{id}");
        }
        Command::Collection { code, name, tenant } => {
            let (engine, tenant) = boot::tool(config_dir, &tenant)?;
            println!("{}", add_collection(&engine, &tenant.id, &code, &name)?);
        }
        Command::Offer { code, collection, addon, tenant } => {
            let (engine, tenant) = boot::tool(config_dir, &tenant)?;
            offer_in(&engine, &tenant.id, &code, &collection, role(addon))?;
        }
        Command::Tax { code, rate, tenant } => {
            let (engine, tenant) = boot::tool(config_dir, &tenant)?;
            set_product_tax(&engine, &tenant.id, &code, rate)?;
        }
        Command::Archive { code, tenant } => {
            let (engine, tenant) = boot::tool(config_dir, &tenant)?;
            archive_product(&engine, &tenant.id, &code)?;
        }
    }
    Ok(())
}
