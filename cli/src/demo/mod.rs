//! `portico demo`: everything in one process on this machine, with a business that is already there.

mod business;
mod mailbox;
mod ready;
mod seed;

use crate::{boot, components};
use anyhow::{Context, bail};
use engine::Engine;
use engine::settings::{Sources, watch};
use engine::store;
use engine::store::tenants::Tenant;
use engine::usecase::activate::activate;
use server::App;
use std::net::{Ipv4Addr, SocketAddr, TcpListener};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, Instant};
use tokio::sync::oneshot;

#[derive(clap::Args)]
pub struct Args {
    /// Port of the portal; the simulator and the mailbox take the next two. 0 takes three free ones.
    #[arg(long, default_value_t = 8080)]
    port: u16,
    /// Folder for everything the demo keeps.
    #[arg(long, default_value = "portico-data")]
    data_dir: PathBuf,
    /// Start over: throw away what the demo kept.
    #[arg(long)]
    fresh: bool,
    /// Write where everything is, as JSON, once it answers.
    #[arg(long, value_name = "FILE")]
    ready_file: Option<PathBuf>,
}

/// The three listeners, bound before anything else happens, so that a busy port is said at once.
struct Ports {
    portal: TcpListener,
    simulator: SocketAddr,
    mailbox: TcpListener,
}

/// Runs the demo until it is stopped.
pub async fn run(named: Option<&Path>, args: Args) -> anyhow::Result<()> {
    let began = Instant::now();
    let ports = bind(args.port)?;
    refuse_fresh_on_a_server(named, &args)?;
    prepare_folder(&args)?;
    let engine = boot::engine(sources(named, &args, &ports)?)?;
    // It charges nobody but its own simulator, wherever its folder is moved to.
    activate(&engine)?;
    let settings = engine.settings.current();
    boot::log(&settings.installation);
    say(began, "database ready");

    let options = simulator::Options {
        bind: ports.simulator,
        data_dir: args.data_dir.clone(),
        secret_key: Some(business::SECRET_KEY.to_owned()),
    };
    let simulator = simulator::start(options).await?;
    let mailbox = mailbox::start(ports.mailbox, settings.installation.mail_folder())?;
    let providers = boot::providers(&engine, &[business::PROVIDER]).await?;
    components::follow(engine.clone(), providers.clone(), true);
    let renderer = boot::renderer(&engine)?;
    let env = boot::worker_env(&engine, &providers, &renderer)?;
    say(began, "payment simulator, mailbox and provider ready");

    let tenant = tenant(&engine)?;
    business::point_account_at(&engine, &tenant, &simulator.url())?;
    if seed::is_needed(&engine, &tenant, &args.data_dir)? {
        seed::seed(&engine, &env, &tenant, &simulator.url(), |line| say(began, line)).await?;
        seed::mark_done(&args.data_dir)?;
    }

    let _watcher = watch(engine.settings.clone(), Duration::from_secs(2))?;
    let app = App::new(engine.clone(), renderer, providers, Some(mailbox.url()));
    let portal = server::start(Arc::new(app), ports.portal, None)?;
    if let Some(url) = business::webhook_url(&engine, &tenant)? {
        simulator.tell(&url, business::WEBHOOK_SECRET);
    }
    let (stop, stopped) = oneshot::channel::<()>();
    let worker = tokio::spawn(worker::run(env, worker::options(&settings.installation), async move {
        // Sent or dropped: either way it is time to stop.
        let _ = stopped.await;
        Ok(())
    }));

    let place = ready::Place {
        portal_url: settings.portal_url(settings.tenant(business::SLUG).context("the demo's business")?),
        mailbox_url: mailbox.url(),
        simulator_url: simulator.url(),
        data_dir: std::path::absolute(&args.data_dir)?,
    };
    ready::announce(&engine, &tenant, &place, args.ready_file.as_deref(), began.elapsed())?;

    worker::monitor::stop_signal().await?;
    println!("Stopping.");
    drop(stop);
    portal.stop().await?;
    worker.await??;
    mailbox.stop().await;
    simulator.stop().await?;
    Ok(())
}

fn say(began: Instant, line: &str) {
    println!("  {:>5.1} s  {line}", began.elapsed().as_secs_f32());
}

fn bind(port: u16) -> anyhow::Result<Ports> {
    let at = |port: u16| -> anyhow::Result<TcpListener> {
        let address = SocketAddr::from((Ipv4Addr::LOCALHOST, port));
        TcpListener::bind(address)
            .with_context(|| format!("port {port} is taken or not allowed; choose another with --port"))
    };
    let next = |by: u16| if port == 0 { Ok(0) } else { port.checked_add(by).context("--port is too high") };
    // The simulator binds for itself; holding the port until then keeps the message the same.
    let simulator = at(next(1)?)?.local_addr()?;
    Ok(Ports { portal: at(port)?, simulator, mailbox: at(next(2)?)? })
}

fn prepare_folder(args: &Args) -> anyhow::Result<()> {
    let dir = &args.data_dir;
    if args.fresh && dir.exists() {
        if !seed::is_ours(dir) {
            bail!("{} was not made by the demo, so --fresh leaves it alone", dir.display());
        }
        std::fs::remove_dir_all(dir).with_context(|| format!("{} cannot be removed", dir.display()))?;
    }
    boot::make_private(dir).with_context(|| format!("the data folder {} cannot be made", dir.display()))?;
    seed::claim_folder(dir).with_context(|| format!("the data folder {} cannot be written to", dir.display()))
}

/// The demo's settings: a folder of its own with its data, unless one was named. Its business's file is kept as
/// it is once it is there, so that anything can be tried by editing it.
fn sources(named: Option<&Path>, args: &Args, ports: &Ports) -> anyhow::Result<Sources> {
    let portal = ports.portal.local_addr()?;
    let data_dir = std::path::absolute(&args.data_dir)?;
    let data_dir = data_dir.to_str().context("--data-dir must be valid UTF-8")?;
    if let Some(dir) = named {
        return Ok(Sources::new(Some(dir))
            .with_argument("data_dir", data_dir, "--data-dir")
            .with_argument("http.bind", &portal.to_string(), "--port")
            .with_argument("http.public_url", &format!("http://127.0.0.1:{}", portal.port()), "--port")
            .with_argument("mail.transport", "folder", "demo")
            .with_tenant(business::SLUG, "the demo", business::SETTINGS));
    }
    let dir = args.data_dir.join("config");
    let file = dir.join("tenants").join(format!("{}.toml", business::SLUG));
    std::fs::create_dir_all(dir.join("tenants"))?;
    std::fs::write(dir.join("default.toml"), business::installation(data_dir, portal))?;
    if !file.exists() {
        std::fs::write(&file, business::SETTINGS)?;
    }
    Ok(Sources::new(Some(&dir)))
}

/// `--fresh` empties the data folder, which a database server knows nothing of.
fn refuse_fresh_on_a_server(named: Option<&Path>, args: &Args) -> anyhow::Result<()> {
    let url = engine::settings::Settings::load(named)?.installation.database.url;
    if args.fresh && url.is_some_and(|url| !url.expose().starts_with("sqlite:")) {
        bail!(
            "--fresh works with the demo's own database only; drop and create yours, then start without it"
        );
    }
    Ok(())
}

fn tenant(engine: &Engine) -> anyhow::Result<Tenant> {
    engine
        .db
        .read(|conn| store::tenants::by_slug(conn, business::SLUG))?
        .context("the demo's business is missing from the database")
}
