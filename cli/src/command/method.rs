//! `portico method import`: brings along payment methods that a provider knows already.

use crate::boot;
use anyhow::Context;
use domain::provider::NewMethod;
use engine::store;
use engine::usecase::{add_method, sign_in};
use std::path::Path;

#[derive(clap::Subcommand)]
pub enum Command {
    /// Take over a payment method and make it the customer's default.
    Import {
        /// What the provider calls it.
        reference: String,
        /// The customer's address.
        #[arg(long)]
        customer: String,
        /// What the provider calls the customer.
        #[arg(long)]
        provider_customer: Option<String>,
        /// `card`, `sepa` ...
        #[arg(long, default_value = "card")]
        kind: String,
        /// `visa`, `mastercard` ...
        #[arg(long)]
        brand: String,
        /// Last digits.
        #[arg(long)]
        last4: String,
        /// Month of expiry.
        #[arg(long, value_parser = clap::value_parser!(u8).range(1..=12))]
        exp_month: Option<u8>,
        /// Year of expiry.
        #[arg(long)]
        exp_year: Option<u16>,
        /// The business's short name.
        #[arg(long)]
        tenant: String,
    },
}

pub fn run(config_dir: Option<&Path>, command: Command) -> anyhow::Result<()> {
    let Command::Import {
        reference,
        customer,
        provider_customer,
        kind,
        brand,
        last4,
        exp_month,
        exp_year,
        tenant,
    } = command;
    let (engine, tenant) = boot::tool(config_dir, &tenant)?;
    let email = sign_in::parse_email(&customer)?;
    let owner = engine
        .db
        .read(|conn| store::customers::by_email(conn, &tenant.id, &email))?
        .with_context(|| format!("{} has no customer {email}", tenant.slug))?;
    let account = engine
        .db
        .read(|conn| store::methods::accounts(conn, &tenant.id))?
        .into_iter()
        .next()
        .context("the business has no provider account yet; see `portico account add`")?;
    let new = NewMethod {
        method_ref: reference,
        customer_ref: provider_customer,
        kind,
        brand,
        last4,
        exp_month,
        exp_year,
        fingerprint: None,
    };
    println!("{}", add_method::import(&engine, &tenant.id, &owner.id, &account.id, new)?);
    Ok(())
}
