//! `portico refund`: what a person decides about: refunds that came to nothing, and wishes of customers.

use super::invoice::named;
use crate::{boot, print};
use domain::payment::state::Purpose;
use engine::ids::AttemptId;
use engine::store;
use engine::store::events::Actor;
use engine::store::refunds::RefundRequest;
use engine::text::one_line;
use engine::usecase::request_refund::decide_request;
use engine::usecase::resolve_refund::{Decision, resolve_refund};
use std::path::Path;

#[derive(clap::Subcommand)]
pub enum Command {
    /// List what waits for a person: refunds that came to nothing, and wishes of customers.
    List {
        /// The business's short name.
        #[arg(long)]
        tenant: String,
    },
    /// Grant a customer's wish to have the money of an invoice back.
    Grant {
        /// The invoice's number or id.
        invoice: String,
        /// The business's short name.
        #[arg(long)]
        tenant: String,
    },
    /// Decline it.
    Decline {
        /// The invoice's number or id.
        invoice: String,
        /// The business's short name.
        #[arg(long)]
        tenant: String,
    },
    /// Send a refund again that the provider has refused.
    Retry {
        /// The refund.
        id: String,
        /// The business's short name.
        #[arg(long)]
        tenant: String,
    },
    /// Let the customer's balance keep what a refund was to send back.
    ToBalance {
        /// The refund.
        id: String,
        /// The business's short name.
        #[arg(long)]
        tenant: String,
    },
}

pub fn run(config_dir: Option<&Path>, command: Command) -> anyhow::Result<()> {
    match command {
        Command::List { tenant } => {
            let (engine, tenant) = boot::tool(config_dir, &tenant)?;
            let waiting = engine.db.read(|conn| store::attempts::in_review(conn, &tenant.id))?;
            let failed = waiting.iter().filter(|attempt| attempt.purpose == Purpose::Refund);
            print::lines(failed.map(|refund| {
                let why = refund.raw_status.as_deref().or(refund.decline_code.as_deref()).unwrap_or_default();
                format!("{}  {}  {}  {why}", refund.id, refund.state, refund.amount())
            }))?;
            let wishes = engine.db.read(|conn| store::refunds::open_requests(conn, &tenant.id))?;
            let wish = |wish: &RefundRequest| {
                format!("{}  wanted  {}  {}", wish.id, wish.invoice_id, one_line(&wish.comment))
            };
            print::lines(wishes.iter().map(wish))
        }
        Command::Grant { invoice, tenant } => answer(config_dir, &invoice, &tenant, true),
        Command::Decline { invoice, tenant } => answer(config_dir, &invoice, &tenant, false),
        Command::Retry { id, tenant } => decide(config_dir, id, &tenant, Decision::Retry),
        Command::ToBalance { id, tenant } => decide(config_dir, id, &tenant, Decision::ToBalance),
    }
}

fn decide(config_dir: Option<&Path>, id: String, tenant: &str, decision: Decision) -> anyhow::Result<()> {
    let (engine, tenant) = boot::tool(config_dir, tenant)?;
    Ok(resolve_refund(&engine, &tenant.id, &AttemptId::from(id), decision, Actor::Operator)?)
}

fn answer(config_dir: Option<&Path>, invoice: &str, tenant: &str, granted: bool) -> anyhow::Result<()> {
    let (engine, tenant) = boot::tool(config_dir, tenant)?;
    let invoice = named(&engine, &tenant, invoice)?;
    Ok(decide_request(&engine, &tenant.id, &invoice.id, granted, Actor::Operator)?)
}
