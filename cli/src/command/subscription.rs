//! `portico subscription`: starts subscriptions.

use crate::boot;
use anyhow::Context;
use engine::ids::SubscriptionId;
use engine::store::customers::Customer;
use engine::store::events::Actor;
use engine::store::tenants::Tenant;
use engine::usecase::confirm_review::{Missed, confirm_review};
use engine::usecase::sign_in;
use engine::usecase::subscribe::{NewSubscription, subscribe};
use engine::{Engine, store};
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
    /// Let a subscription go on whose periods were missed while nothing ran.
    Reviewed {
        /// The subscription.
        id: String,
        /// Do not bill what was missed.
        #[arg(long)]
        forgive: bool,
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
    match command {
        Command::Add { price, customer, quantity, trial_days, tenant } => {
            let (engine, tenant) = boot::tool(config_dir, &tenant)?;
            let owner = owner(&engine, &tenant, &customer)?;
            let new =
                NewSubscription { customer: owner.id, price_code: price, quantity, trial_days, method: None };
            println!("{}", subscribe(&engine, &tenant.id, new, Actor::Operator)?);
        }
        Command::Reviewed { id, forgive, tenant } => {
            let (engine, tenant) = boot::tool(config_dir, &tenant)?;
            let missed = if forgive { Missed::Forgive } else { Missed::Bill };
            confirm_review(&engine, &tenant.id, &SubscriptionId::from(id), missed)?;
        }
        Command::List { customer, tenant } => {
            let (engine, tenant) = boot::tool(config_dir, &tenant)?;
            let owner = owner(&engine, &tenant, &customer)?;
            for sub in engine.db.read(|conn| store::subscriptions::list(conn, &tenant.id, &owner.id))? {
                let until = sub.current_period_end.format("%Y-%m-%d %H:%M");
                let review = if sub.review_since.is_some() { "  waits for review" } else { "" };
                println!("{}  {}  until {until} UTC{review}", sub.id, sub.status);
            }
        }
    }
    Ok(())
}

fn owner(engine: &Engine, tenant: &Tenant, email: &str) -> anyhow::Result<Customer> {
    let email = sign_in::parse_email(email)?;
    engine
        .db
        .read(|conn| store::customers::by_email(conn, &tenant.id, &email))?
        .with_context(|| format!("{} has no customer {email}", tenant.slug))
}
