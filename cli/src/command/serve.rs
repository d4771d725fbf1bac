//! `portico serve`: the portal.

use crate::{boot, components};
use anyhow::Context;
use engine::settings::{Sources, watch};
use server::App;
use std::net::TcpListener;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

pub async fn run(config_dir: Option<&Path>) -> anyhow::Result<()> {
    let engine = boot::engine(Sources::new(config_dir))?;
    let settings = engine.settings.current();
    boot::log(&settings.installation);
    boot::examine(&engine)?;
    if let Err(error) = boot::insist_on_home(&engine) {
        tracing::error!(%error, "pages are served, and nobody is sent to a provider");
    }
    let bind = settings.installation.http.bind;
    let listener = TcpListener::bind(bind).with_context(|| format!("cannot listen on {bind}"))?;
    let _watcher = watch(engine.settings.clone(), Duration::from_secs(2))?;
    let providers = boot::providers(&engine, &[]).await?;
    components::follow(engine.clone(), providers.clone(), false);
    let renderer = boot::renderer(&engine)?;
    let running = server::start(Arc::new(App::new(engine, renderer, providers, None)), listener, None)?;
    tracing::info!(url = running.url(), "portal started");
    worker::monitor::stop_signal().await?;
    running.stop().await?;
    Ok(())
}
