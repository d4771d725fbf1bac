//! `portico dispute`: what banks take back, as the payment provider tells the business.

use super::invoice::named;
use crate::boot;
use anyhow::Context;
use domain::payment::state::AttemptState;
use engine::store;
use engine::store::events::Actor;
use engine::usecase::dispute::{Verdict, close_dispute, open_dispute};
use std::path::Path;

#[derive(clap::Subcommand)]
pub enum Command {
    /// A bank has taken the latest payment of an invoice back.
    Open(About),
    /// The bank has given it back to the business.
    Won(About),
    /// The customer keeps it.
    Lost(About),
}

#[derive(clap::Args)]
pub struct About {
    /// The invoice's number or id.
    invoice: String,
    /// The business's short name.
    #[arg(long)]
    tenant: String,
}

pub fn run(config_dir: Option<&Path>, command: Command) -> anyhow::Result<()> {
    let (about, state, verdict) = match command {
        Command::Open(about) => (about, AttemptState::Succeeded, None),
        Command::Won(about) => (about, AttemptState::Reversed, Some(Verdict::Won)),
        Command::Lost(about) => (about, AttemptState::Reversed, Some(Verdict::Lost)),
    };
    let (engine, tenant) = boot::tool(config_dir, &about.tenant)?;
    let invoice = named(&engine, &tenant, &about.invoice)?;
    let charges = engine.db.read(|conn| store::attempts::of_invoice(conn, &tenant.id, &invoice.id))?;
    let charge = charges.iter().rev().find(|charge| charge.state == state);
    let charge = charge.with_context(|| format!("no payment of {} is {state}", about.invoice))?;
    match verdict {
        None => open_dispute(&engine, &tenant.id, &charge.id, Actor::Operator).map(drop)?,
        Some(verdict) => close_dispute(&engine, &tenant.id, &charge.id, verdict, Actor::Operator)?,
    }
    Ok(())
}
