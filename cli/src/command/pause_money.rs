//! `portico pause-money`: the brake.

use anyhow::ensure;
use domain::event::Reason;
use engine::store::events::Actor;
use engine::usecase::pause_money::pause_money;
use std::path::Path;

#[derive(clap::Args)]
pub struct Args {
    /// Why, for whoever lets it move again.
    #[arg(long)]
    reason: String,
    /// The business's short name; all of them when not given.
    #[arg(long)]
    tenant: Option<String>,
}

pub fn run(config_dir: Option<&Path>, args: Args) -> anyhow::Result<()> {
    ensure!(!args.reason.trim().is_empty(), "say why with --reason");
    let (engine, tenants) = super::businesses(config_dir, args.tenant.as_deref())?;
    for tenant in tenants {
        let moved = pause_money(&engine, &tenant.id, Reason::Text(args.reason.clone()), Actor::Operator)?;
        println!(
            "{}: {}",
            tenant.slug,
            if moved { "money stands still" } else { "money stood still already" }
        );
    }
    Ok(())
}
