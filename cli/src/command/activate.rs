//! `portico activate`: makes this machine and folder the home of the data, after it came from a backup or elsewhere.

use super::reconcile::compare;
use crate::{boot, print};
use anyhow::ensure;
use chrono::TimeDelta;
use domain::event::Why;
use domain::payment::home::Away;
use engine::settings::Sources;
use engine::store;
use engine::store::events::Actor;
use engine::usecase::activate::{activate, last_alive, standing};
use engine::usecase::pause_money::pause_money;
use engine::usecase::reconcile::Occasion;
use std::path::Path;

/// Clocks differ, and what was under way when the backup was made was charged a little earlier.
const BEFORE: TimeDelta = TimeDelta::days(1);

#[derive(clap::Args)]
#[group(required = true, multiple = false)]
pub struct Args {
    /// First take in what providers have charged since the data was last alive. No other host may use the data any more.
    #[arg(long)]
    reconcile: bool,
    /// Another host beside those that use the same living database.
    #[arg(long)]
    join: bool,
}

pub async fn run(config_dir: Option<&Path>, args: &Args) -> anyhow::Result<()> {
    let engine = boot::engine(Sources::new(config_dir))?;
    let standing = standing(&engine)?;
    if standing.is_none() {
        return print::lines(["This is the home of the data already. Nothing was changed."]);
    }
    if args.join {
        ensure!(
            standing != Some(Away::Behind),
            "the database is older than this folder knows it: portico activate --reconcile"
        );
    } else {
        reconcile(&engine).await?;
    }
    activate(&engine)?;
    print::lines(["Activated: this machine and folder are the home of the data now."])
}

/// Takes in what happened since the data was last alive. Where a provider cannot say, the money of its business stands
/// still.
async fn reconcile(engine: &engine::Engine) -> anyhow::Result<()> {
    let since = last_alive(engine)? - BEFORE;
    let providers = boot::providers(engine, &[]).await?;
    let env = boot::worker_env(engine, &providers, &boot::renderer(engine)?)?;
    for tenant in engine.db.read(store::tenants::all)? {
        let told = compare(&env, &tenant, None, Some(since), Occasion::Restored).await?;
        print::lines(told.lines)?;
        if told.unlisted {
            pause_money(engine, &tenant.id, Why::NotListed.into(), Actor::Operator)?;
            print::lines([format!("{}: money stands still; see portico resume-money", tenant.slug)])?;
        }
    }
    Ok(())
}
