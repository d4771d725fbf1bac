//! `portico resume-money`: what would be charged, and then the end of a pause.

use crate::print;
use engine::store::events::Actor;
use engine::usecase::pause_money::resume_money;
use std::path::Path;

#[derive(clap::Args)]
pub struct Args {
    /// Let it move; without this, only say what would follow.
    #[arg(long)]
    yes: bool,
    /// The business's short name; all of them when not given.
    #[arg(long)]
    tenant: Option<String>,
}

pub fn run(config_dir: Option<&Path>, args: &Args) -> anyhow::Result<()> {
    let (engine, tenants) = super::businesses(config_dir, args.tenant.as_deref())?;
    let paused: Vec<_> = tenants.into_iter().filter(|tenant| tenant.money_paused_since.is_some()).collect();
    if paused.is_empty() {
        return print::lines(["Money moves."]);
    }
    for tenant in &paused {
        if args.yes {
            resume_money(&engine, &tenant.id, Actor::Operator)?;
            print::lines([format!("{}: money moves again", tenant.slug)])?;
        } else {
            print::lines([super::status::money(tenant)])?;
            print::lines(super::simulate::within_an_hour(&engine, tenant)?)?;
        }
    }
    if !args.yes {
        print::lines(["", "Nothing was changed. If that is right: portico resume-money --yes"])?;
    }
    Ok(())
}
