//! `portico payment`: what a person decides about charges and refunds whose outcome nobody else can tell.

use crate::{boot, print};
use anyhow::bail;
use domain::payment::by_hand::Finding;
use engine::ids::AttemptId;
use engine::store;
use engine::store::attempts::Attempt;
use engine::store::events::Actor;
use engine::usecase::charge;
use engine::usecase::review_payment::review_payment;
use engine::usecase::settle_payment::settle_payment;
use engine::usecase::withdraw_payment::withdraw_payment;
use std::path::Path;

#[derive(clap::Subcommand)]
pub enum Command {
    /// List charges and refunds that wait for a person. See also `portico refund list`.
    List {
        /// The business's short name.
        #[arg(long)]
        tenant: String,
    },
    /// Say what became of a charge or a refund, as the provider's own books or the bank's statement have it.
    Settle {
        /// The charge or refund.
        id: String,
        /// The money moved in full; this is what the provider, or the statement, calls it.
        #[arg(long, value_name = "REFERENCE", required_unless_present = "not_moved")]
        moved: Option<String>,
        /// It did not, and will not. A charge is tried again, or its customer is asked to pay.
        #[arg(long, conflicts_with = "moved")]
        not_moved: bool,
        /// The business's short name.
        #[arg(long)]
        tenant: String,
    },
    /// Give up a charge that its provider has accepted and that never arrives, such as a bank transfer: the worker has
    /// the provider cancel it, and then its invoice can be paid in another way.
    Withdraw {
        /// The charge.
        id: String,
        /// The business's short name.
        #[arg(long)]
        tenant: String,
    },
    /// Take a charge or a refund that has ended off the list: somebody has seen to it.
    Reviewed {
        /// The charge or refund.
        id: String,
        /// The business's short name.
        #[arg(long)]
        tenant: String,
    },
}

pub async fn run(config_dir: Option<&Path>, command: Command) -> anyhow::Result<()> {
    match command {
        Command::List { tenant } => {
            let (engine, tenant) = boot::tool(config_dir, &tenant)?;
            let waiting = engine.db.read(|conn| store::attempts::in_review(conn, &tenant.id))?;
            print::lines(waiting.iter().map(line))
        }
        Command::Settle { id, moved, not_moved: _, tenant } => {
            let finding = match moved {
                Some(provider_ref) => Finding::Moved { provider_ref },
                None => Finding::NotMoved,
            };
            let (engine, tenant) = boot::tool(config_dir, &tenant)?;
            Ok(settle_payment(&engine, &tenant.id, &AttemptId::from(id), finding)?)
        }
        Command::Withdraw { id, tenant } => {
            let (engine, tenant) = boot::tool(config_dir, &tenant)?;
            let id = AttemptId::from(id);
            let account = charge::account_of(&engine, &tenant.id, &id)?;
            let providers = boot::providers(&engine, &[]).await?;
            let Some(provider) = providers.provider(&account.provider) else {
                bail!("the provider {} cannot be used just now", account.provider);
            };
            if !provider.manifest().capabilities.cancel {
                bail!("{} cannot give up what it has accepted", account.provider);
            }
            Ok(withdraw_payment(&engine, &tenant.id, &id)?)
        }
        Command::Reviewed { id, tenant } => {
            let (engine, tenant) = boot::tool(config_dir, &tenant)?;
            Ok(review_payment(&engine, &tenant.id, &AttemptId::from(id), Actor::Operator)?)
        }
    }
}

fn line(attempt: &Attempt) -> String {
    let Attempt { id, purpose, state, invoice_id, .. } = attempt;
    let known = attempt.provider_ref.as_deref().unwrap_or("-");
    let since = attempt.review_since.map(|at| at.format("%Y-%m-%d %H:%M").to_string()).unwrap_or_default();
    format!("{id}  {purpose}  {state}  {}  {invoice_id}  {known}  since {since} UTC", attempt.amount())
}
