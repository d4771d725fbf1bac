//! `portico subscription`: starts, changes, pauses and ends subscriptions.

mod change;

use super::moment;
use crate::boot;
use anyhow::Context;
use engine::ids::SubscriptionId;
use engine::store::customers::Customer;
use engine::store::events::Actor;
use engine::store::tenants::Tenant;
use engine::usecase::cancel_on::{cancel_on, set_contract};
use engine::usecase::change::undo;
use engine::usecase::confirm_review::{Missed, confirm_review};
use engine::usecase::pause::pause;
use engine::usecase::resume::resume;
use engine::usecase::subscribe::{NewSubscription, subscribe};
use engine::usecase::uncancel::uncancel;
use engine::usecase::unpark::unpark;
use engine::usecase::{sign_in, trial};
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
    /// Let a parked subscription (`error`) go on, once what kept it from renewing is mended.
    Resolve {
        /// The subscription.
        id: String,
        /// The business's short name.
        #[arg(long)]
        tenant: String,
    },
    /// Quote a change of plan, quantity or add-ons, and print the ticket that confirms it.
    Change(change::Wanted),
    /// Carry out a change as it was quoted.
    Confirm {
        /// What `change` has printed.
        ticket: String,
        /// The business's short name.
        #[arg(long)]
        tenant: String,
    },
    /// Undo a change that has not begun.
    Undo {
        /// The subscription.
        id: String,
        /// The business's short name.
        #[arg(long)]
        tenant: String,
    },
    /// Let a subscription pause when its period is over.
    Pause {
        /// The subscription.
        id: String,
        /// When it goes on by itself, in UTC: 2027-01-31 or 2027-01-31T10:00.
        #[arg(long)]
        until: Option<String>,
        /// The business's short name.
        #[arg(long)]
        tenant: String,
    },
    /// Let a paused subscription go on with a new period now, or undo a pause that has not begun.
    Resume {
        /// The subscription.
        id: String,
        /// The business's short name.
        #[arg(long)]
        tenant: String,
    },
    /// Give more of a trial, or end it now.
    Trial {
        /// The subscription.
        id: String,
        /// Its new end, in UTC: 2027-01-31 or 2027-01-31T10:00; now when not given.
        #[arg(long)]
        until: Option<String>,
        /// The business's short name.
        #[arg(long)]
        tenant: String,
    },
    /// End a subscription on a date, whatever its trial or contract says.
    Cancel {
        /// The subscription.
        id: String,
        /// When, in UTC: 2027-01-31 or 2027-01-31T10:00; a date that has come means now.
        #[arg(long)]
        on: String,
        /// Do not let the customer revoke it.
        #[arg(long)]
        lock: bool,
        /// The business's short name.
        #[arg(long)]
        tenant: String,
    },
    /// Let a subscription go on whose end is scheduled, also where only the business may revoke that.
    Uncancel {
        /// The subscription.
        id: String,
        /// The business's short name.
        #[arg(long)]
        tenant: String,
    },
    /// Agree until when a subscription runs at least.
    Contract {
        /// The subscription.
        id: String,
        /// Until when, in UTC: 2027-01-31 or 2027-01-31T10:00; without it the agreement ends.
        #[arg(long)]
        until: Option<String>,
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
        Command::Resolve { id, tenant } => {
            let (engine, tenant) = boot::tool(config_dir, &tenant)?;
            println!("{}", unpark(&engine, &tenant.id, &SubscriptionId::from(id))?);
        }
        Command::Change(wanted) => change::quote(config_dir, wanted)?,
        Command::Confirm { ticket, tenant } => change::confirm(config_dir, &ticket, &tenant)?,
        Command::Undo { id, tenant } => {
            let (engine, tenant) = boot::tool(config_dir, &tenant)?;
            undo(&engine, &tenant.id, &Actor::Operator, &SubscriptionId::from(id))?;
        }
        Command::Pause { id, until, tenant } => {
            let until = until.as_deref().map(moment).transpose()?;
            let (engine, tenant) = boot::tool(config_dir, &tenant)?;
            pause(&engine, &tenant.id, &SubscriptionId::from(id), until, &Actor::Operator)?;
        }
        Command::Resume { id, tenant } => {
            let (engine, tenant) = boot::tool(config_dir, &tenant)?;
            resume(&engine, &tenant.id, &SubscriptionId::from(id), &Actor::Operator)?;
        }
        Command::Trial { id, until, tenant } => {
            let (id, until) = (SubscriptionId::from(id), until.as_deref().map(moment).transpose()?);
            let (engine, tenant) = boot::tool(config_dir, &tenant)?;
            match until {
                Some(until) => trial::extend(&engine, &tenant.id, &id, until)?,
                None => trial::end(&engine, &tenant.id, &id)?,
            }
        }
        Command::Cancel { id, on, lock, tenant } => {
            let on = moment(&on)?;
            let (engine, tenant) = boot::tool(config_dir, &tenant)?;
            cancel_on(&engine, &tenant.id, &SubscriptionId::from(id), on, lock)?;
        }
        Command::Uncancel { id, tenant } => {
            let (engine, tenant) = boot::tool(config_dir, &tenant)?;
            uncancel(&engine, &tenant.id, &Actor::Operator, &SubscriptionId::from(id))?;
        }
        Command::Contract { id, until, tenant } => {
            let until = until.as_deref().map(moment).transpose()?;
            let (engine, tenant) = boot::tool(config_dir, &tenant)?;
            set_contract(&engine, &tenant.id, &SubscriptionId::from(id), until)?;
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
