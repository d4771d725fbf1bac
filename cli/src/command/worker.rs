//! `portico worker`: everything that happens by itself.

use crate::{boot, components};
use engine::settings::{Sources, watch};
use std::path::Path;
use std::time::Duration;

pub async fn run(config_dir: Option<&Path>) -> anyhow::Result<()> {
    let engine = boot::engine(Sources::new(config_dir))?;
    let settings = engine.settings.current();
    boot::log(&settings.installation);
    boot::examine(&engine)?;
    let _watcher = watch(engine.settings.clone(), Duration::from_secs(2))?;
    let providers = boot::providers(&engine, &[]).await?;
    components::follow(engine.clone(), providers.clone(), true);
    let renderer = boot::renderer(&engine)?;
    let env = boot::worker_env(&engine, &providers, &renderer)?;
    if !boot::at_home(&engine).await? {
        return Ok(());
    }
    let options = worker::options(&settings.installation);
    tracing::info!(owner = %env.owner, "worker started");
    worker::run(env, options, worker::monitor::stop_signal()).await?;
    Ok(())
}
