//! Starting and stopping.

use crate::ledger::{Ledger, OpenError};
use crate::service::Service;
use crate::webhooks::{self, Endpoint};
use crate::{control, pages, wire};
use actix_web::dev::ServerHandle;
use actix_web::rt::System;
use actix_web::web::{self, Data, ServiceConfig};
use actix_web::{App, HttpServer};
use std::fmt;
use std::io;
use std::net::{Ipv4Addr, SocketAddr, TcpListener};
use std::path::PathBuf;
use std::thread::{self, JoinHandle};
use std::time::Duration;
use tokio::signal::unix::{SignalKind, signal};
use tokio::sync::oneshot;

/// Seconds that open requests have when the service stops; a request without an answer would wait for ever.
const SHUTDOWN_S: u64 = 1;
/// How long an idle connection is kept: longer than clients keep theirs, so that none is closed under a request
/// and only the script breaks connections.
const KEEP_ALIVE: Duration = Duration::from_secs(120);
/// Threads that answer.
const WORKERS: usize = 2;

/// How to run a simulator.
#[derive(Clone)]
pub struct Options {
    /// Address to listen on; port 0 takes a free one.
    pub bind: SocketAddr,
    /// Folder of the ledger, created if it is missing.
    pub data_dir: PathBuf,
    /// The only bearer token accepted; without one any token will do.
    pub secret_key: Option<String>,
}

impl fmt::Debug for Options {
    /// Without the secret.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Options")
            .field("bind", &self.bind)
            .field("data_dir", &self.data_dir)
            .finish_non_exhaustive()
    }
}

/// Why a simulator could not start, or failed while running.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The address is taken or not ours.
    #[error("the payment simulator cannot listen on {address}: {reason}")]
    Bind {
        /// The address asked for.
        address: SocketAddr,
        /// What the system says.
        reason: io::Error,
    },
    /// The ledger cannot be opened, is damaged or is in use.
    #[error("the payment simulator cannot use {}: {reason}", path.display())]
    Ledger {
        /// The data folder.
        path: PathBuf,
        /// What is wrong, for people.
        reason: String,
    },
    /// The server ended by itself.
    #[error("the payment simulator stopped: {0}")]
    Server(#[from] io::Error),
}

/// A simulator at work. It serves until `stop`, on threads of its own.
pub struct Running {
    service: Data<Service>,
    handle: ServerHandle,
    thread: JoinHandle<io::Result<()>>,
}

impl fmt::Debug for Running {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Running").field("url", &self.service.base).finish_non_exhaustive()
    }
}

impl Running {
    /// Where it is reached, without a slash at the end: `http://127.0.0.1:40123`.
    pub fn url(&self) -> String {
        self.service.base.clone()
    }

    /// Tells an account of Portico what happens, at the address of its webhook, signed with this secret.
    pub fn tell(&self, url: &str, secret: &str) {
        let endpoint = Endpoint { url: url.to_owned(), secret: secret.to_owned(), ahead_s: 0 };
        self.service.state().post.endpoints.insert("portico".to_owned(), endpoint);
    }

    /// Stops it. The ledger is on the disk afterwards, and another simulator may open it.
    pub async fn stop(self) -> Result<(), Error> {
        let Self { service, handle, thread } = self;
        handle.stop(true).await;
        let ended = tokio::task::spawn_blocking(move || thread.join()).await.map_err(io::Error::other)?;
        ended.unwrap_or_else(|_| Err(io::Error::other("its thread panicked")))?;
        Ok(service.ledger.release()?)
    }
}

/// Opens the ledger, starts to listen, and answers once requests are served.
///
/// # Errors
/// The address is taken, or the data folder cannot be used.
pub async fn start(options: Options) -> Result<Running, Error> {
    let unusable =
        |error: OpenError| Error::Ledger { path: options.data_dir.clone(), reason: error.to_string() };
    let unbound = |reason| Error::Bind { address: options.bind, reason };
    let listener = TcpListener::bind(options.bind).map_err(unbound)?;
    let base = base_url(listener.local_addr().map_err(unbound)?);
    let (ledger, book) = Ledger::open(&options.data_dir).map_err(unusable)?;
    let service = Data::new(Service::new(base, ledger, book, options.secret_key));

    let (ready, started) = oneshot::channel();
    let served = service.clone();
    let thread = thread::Builder::new()
        .name("simulator".to_owned())
        .spawn(move || System::new().block_on(serve(listener, served, ready)))?;
    match started.await {
        Ok(handle) => Ok(Running { service, handle, thread }),
        Err(_) => {
            Err(thread.join().unwrap_or(Ok(())).err().unwrap_or_else(|| io::Error::other("no handle")).into())
        }
    }
}

/// Runs a simulator until SIGINT or SIGTERM.
///
/// # Errors
/// As `start`; also when the service fails to stop cleanly.
pub async fn run_until_signal(options: Options) -> Result<(), Error> {
    let mut terminate = signal(SignalKind::terminate())?;
    let mut interrupt = signal(SignalKind::interrupt())?;
    let running = start(options).await?;
    tracing::info!(url = running.url(), "payment simulator ready");
    tokio::select! {
        _ = terminate.recv() => {}
        _ = interrupt.recv() => {}
    }
    running.stop().await
}

/// A service on all addresses is named by the loopback one, which browsers here can reach.
fn base_url(bound: SocketAddr) -> String {
    if bound.ip().is_unspecified() {
        return format!("http://{}:{}", Ipv4Addr::LOCALHOST, bound.port());
    }
    format!("http://{bound}")
}

async fn serve(
    listener: TcpListener,
    service: Data<Service>,
    ready: oneshot::Sender<ServerHandle>,
) -> io::Result<()> {
    let events = service.clone();
    let server = HttpServer::new(move || App::new().app_data(service.clone()).configure(routes))
        .on_connect(wire::on_connect)
        .disable_signals()
        .workers(WORKERS)
        .keep_alive(KEEP_ALIVE)
        .shutdown_timeout(SHUTDOWN_S)
        .listen(listener)?
        .run();
    if let Some((parcels, under_way)) = events.state().post.open() {
        actix_web::rt::spawn(webhooks::carry(parcels, under_way));
    }
    // Nobody waits for this start any more.
    if ready.send(server.handle()).is_err() {
        return Ok(());
    }
    server.await
}

fn routes(config: &mut ServiceConfig) {
    config
        .route("/", web::get().to(pages::home))
        .route("/simulator.css", web::get().to(pages::stylesheet))
        .route("/simulator.svg", web::get().to(pages::icon))
        .service(
            web::resource("/setup/{id}")
                .route(web::get().to(pages::setup::show))
                .route(web::post().to(pages::setup::submit)),
        )
        .service(
            web::resource("/confirm/{id}")
                .route(web::get().to(pages::confirm::show))
                .route(web::post().to(pages::confirm::submit)),
        )
        .service(web::resource("/v1/{path:.*}").to(wire::handle))
        .route("/_ledger", web::get().to(control::ledger))
        .route("/_cards", web::get().to(control::cards))
        .service(
            web::resource("/_script")
                .route(web::get().to(control::script))
                .route(web::post().to(control::add_rules))
                .route(web::delete().to(control::clear_script)),
        )
        .service(
            web::resource("/_mode")
                .route(web::get().to(control::mode))
                .route(web::post().to(control::set_mode)),
        )
        .route("/_methods/{id}", web::post().to(control::swap_card))
        .route("/_charges/{id}/settle", web::post().to(control::settle))
        .route("/_charges/{id}/refund", web::post().to(control::refund))
        .route("/_charges/{id}/dispute", web::post().to(control::dispute))
        .service(
            web::resource("/_webhooks")
                .route(web::get().to(control::webhooks))
                .route(web::post().to(control::set_webhooks)),
        )
        .route("/_webhooks/endpoints/{name}", web::put().to(control::set_endpoint))
        .route("/_webhooks/release", web::post().to(control::release_webhooks));
}
