//! Start-up shared by all commands: settings, log, database, keys, businesses, providers.

use crate::components;
use anyhow::{Context, bail};
use domain::event::Why;
use engine::clock::Clock;
use engine::db::{Db, DbOptions};
use engine::keys::Keys;
use engine::settings::words::LogFormat;
use engine::settings::{Installation, LiveSettings, Payments, Sources};
use engine::store::events::Actor;
use engine::store::tenants::Tenant;
use engine::usecase::pause_money::pause_everything;
use engine::usecase::{activate, install};
use engine::{Engine, store};
use plugin_host::{Host, HostOptions, Limits};
use std::os::unix::fs::DirBuilderExt;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;
use templates::Renderer;
use tracing_subscriber::EnvFilter;
use worker::mail::Mailer;
use worker::pdf::PdfRenderer;

/// How often a program that waits for its activation looks.
const LOOK_AT_HOME: Duration = Duration::from_secs(1);

/// The folder named on the command line, else `./config` where it exists.
pub fn config_dir(named: Option<PathBuf>) -> Option<PathBuf> {
    named.or_else(|| Some(PathBuf::from("config")).filter(|dir| dir.is_dir()))
}

/// Opens everything that use cases need: reads the settings, brings the schema up to date, makes the
/// installation's identity at the first start and the rows of businesses from their files.
pub fn engine(sources: Sources) -> anyhow::Result<Engine> {
    let live = LiveSettings::load(sources)?;
    let settings = live.current();
    let installation = &settings.installation;
    make_private(&installation.data_dir)
        .with_context(|| format!("the data folder {} cannot be made", installation.data_dir.display()))?;
    let options = DbOptions { connections: installation.database.pool_size, synchronous_full: true };
    let db = Db::open(&installation.database_url(), options)?;
    db.migrate()?;
    let is_new = db.read(store::tenants::installation)?.is_none();
    let path = installation.secret_path();
    // A data folder that lost its key must not quietly get another.
    let keys = if is_new { Keys::load_or_create(&path)? } else { Keys::load(&path)? };
    let clock = Clock::default();
    let instance_id = install::identity(&db, &clock, &keys)?;
    let engine = Engine { db, clock, settings: Arc::new(live), keys: Arc::new(keys), instance_id };
    install::sync_tenants(&engine, &settings)?;
    activate::settle_in(&engine)?;
    Ok(engine)
}

/// Looks at the data before anybody is charged by it. A damaged database stops all money, and what stands still is said.
pub fn examine(engine: &Engine) -> anyhow::Result<()> {
    if let Some(damage) = engine.db.damage()? {
        tracing::error!(damage, "the database is damaged: restore a backup");
        pause_everything(engine, &Why::Damaged.into(), &Actor::Worker)?;
    }
    for tenant in engine.db.read(store::tenants::all)? {
        if let (Some(since), Some(why)) = (tenant.money_paused_since, &tenant.money_paused_why) {
            tracing::warn!(tenant = %tenant.slug, %since, why, "money stands still: see `portico resume-money`");
        }
    }
    Ok(())
}

/// Refuses what would reach a provider from a copy of the data.
pub fn insist_on_home(engine: &Engine) -> anyhow::Result<()> {
    match activate::standing(engine)? {
        None => Ok(()),
        Some(away) => bail!("the data is not at home ({away}): see portico activate --help"),
    }
}

/// Waits until the data is at home; answers whether it is, or the program is to stop.
pub async fn at_home(engine: &Engine) -> anyhow::Result<bool> {
    let mut told = false;
    while let Some(away) = activate::standing(engine)? {
        if !told {
            tracing::error!(%away, "the data is not at home: nothing leaves until `portico activate`");
            told = true;
        }
        tokio::select! {
            stopped = worker::monitor::stop_signal() => return stopped.map(|()| false).map_err(Into::into),
            () = tokio::time::sleep(LOOK_AT_HOME) => {}
        }
    }
    Ok(true)
}

/// Makes a folder that only its owner may enter: the database and captured mail hold what signs people in.
pub fn make_private(dir: &Path) -> std::io::Result<()> {
    std::fs::DirBuilder::new().recursive(true).mode(0o700).create(dir)
}

/// Starts the log as the settings want it. `RUST_LOG` overrides the level.
pub fn log(installation: &Installation) {
    // The libraries tell of every worker thread they start.
    let level = format!("{},actix_server=warn,apalis_core=warn", installation.log.level);
    let filter = EnvFilter::try_from_default_env().unwrap_or_else(|_| EnvFilter::new(level));
    let builder = tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr);
    // A second start in one process (tests) keeps the first one's log.
    let _ = match installation.log.format {
        LogFormat::Json => builder.json().try_init(),
        LogFormat::Text => builder.try_init(),
    };
}

/// The plugin host with the providers that accounts use, and those that are named. One that cannot be used is looked for
/// again by [`components::follow`].
pub async fn providers(engine: &Engine, also: &[&str]) -> anyhow::Result<Host> {
    let host = host(engine)?;
    if let Err(error) = components::bring_up(engine, &host, also).await {
        tracing::error!(error = format!("{error:#}"), "not every provider can be used");
    }
    Ok(host)
}

/// A plugin host that knows no provider yet.
pub fn host(engine: &Engine) -> anyhow::Result<Host> {
    let settings = engine.settings.current();
    let clock = engine.clock.clone();
    plugin_host::tell_points(engine::crash::point);
    Ok(Host::new(HostOptions {
        cache_dir: Some(settings.installation.data_dir.join("provider-cache")),
        limits: limits(&settings.installation.payments),
        now: Arc::new(move || clock.now()),
    })?)
}

/// The host's limits, with the times that the settings name.
fn limits(payments: &Payments) -> Limits {
    let seconds = |s: u32| Duration::from_secs(s.into());
    Limits {
        connect: seconds(payments.connect_seconds),
        exchange: seconds(payments.request_seconds),
        wall: seconds(payments.call_seconds),
        ..Limits::default()
    }
}

/// Templates, with single files replaced from the folder that the settings name.
pub fn renderer(engine: &Engine) -> anyhow::Result<Arc<Renderer>> {
    let settings = engine.settings.current();
    Ok(Arc::new(Renderer::new(settings.installation.templates_dir.as_deref())?))
}

/// What the worker works with.
pub fn worker_env(
    engine: &Engine,
    providers: &Host,
    renderer: &Arc<Renderer>,
) -> anyhow::Result<worker::Env> {
    let settings = engine.settings.current();
    Ok(worker::Env {
        engine: engine.clone(),
        providers: providers.clone(),
        renderer: renderer.clone(),
        pdf: Arc::new(PdfRenderer::new(settings.installation.fonts_dir.as_deref())?),
        mailer: Arc::new(Mailer::open(&settings.installation)?),
        owner: store::jobs::owner().into(),
    })
}

/// An engine for a tool of the operator, and the business it is about.
pub fn tool(config_dir: Option<&Path>, slug: &str) -> anyhow::Result<(Engine, Tenant)> {
    let engine = engine(Sources::new(config_dir))?;
    match engine.db.read(|conn| store::tenants::by_slug(conn, slug))? {
        Some(tenant) => Ok((engine, tenant)),
        None => {
            let known: Vec<String> =
                engine.db.read(store::tenants::all)?.into_iter().map(|t| t.slug).collect();
            bail!("no business is called {slug:?}; there is: {}", known.join(", "))
        }
    }
}
