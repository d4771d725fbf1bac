//! `portico subscription`: starts subscriptions.

use crate::boot;
use anyhow::Context;
use engine::store;
use engine::store::events::Actor;
use engine::usecase::sign_in;
use engine::usecase::subscribe::{NewSubscription, subscribe};
use std::path::Path;

#[derive(clap::Subcommand)]
pub enum Command {
    /// Start a subscription now. Without a trial the worker charges its first invoice at once.
    Add {
        /// The price's short name.
        price: String,
        /// The customer's address.
        #[arg(long)]
        customer: String,
        /// How many.
        #[arg(long, default_value_t = 1, value_parser = clap::value_parser!(i64).range(1..))]
        quantity: i64,
        /// Days of trial; the price's when not given.
        #[arg(long)]
        trial_days: Option<u32>,
        /// The business's short name.
        #[arg(long)]
        tenant: String,
    },
    /// List a customer's subscriptions.
    List {
        /// The customer's address.
        #[arg(long)]
        customer: String,
        /// The business's short name.
        #[arg(long)]
        tenant: String,
    },
}

pub fn run(config_dir: Option<&Path>, command: Command) -> anyhow::Result<()> {
    let (tenant, email) = match &command {
        Command::Add { tenant, customer, .. } | Command::List { tenant, customer } => (tenant, customer),
    };
    let (engine, tenant) = boot::tool(config_dir, tenant)?;
    let email = sign_in::parse_email(email)?;
    let owner = engine
        .db
        .read(|conn| store::customers::by_email(conn, &tenant.id, &email))?
        .with_context(|| format!("{} has no customer {email}", tenant.slug))?;
    match command {
        Command::Add { price, quantity, trial_days, .. } => {
            let new =
                NewSubscription { customer: owner.id, price_code: price, quantity, trial_days, method: None };
            println!("{}", subscribe(&engine, &tenant.id, new, Actor::Operator)?);
        }
        Command::List { .. } => {
            for sub in engine.db.read(|conn| store::subscriptions::list(conn, &tenant.id, &owner.id))? {
                println!("{}  {}  until {} UTC", sub.id, sub.status, sub.current_period_end.format("%Y-%m-%d %H:%M"));
            }
        }
    }
    Ok(())
}
