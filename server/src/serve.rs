//! Runs the portal on a listener, on threads of its own, until it is told to stop.

use crate::app::App;
use crate::routes::configure;
use actix_web::dev::{Server, ServerHandle};
use actix_web::rt::System;
use actix_web::{App as Actix, HttpServer};
use std::io;
use std::net::TcpListener;
use std::sync::{Arc, mpsc};
use std::thread::{self, JoinHandle};
use tokio::sync::oneshot;

/// Seconds that requests under way get when the server stops.
const STOP_S: u64 = 10;

/// A portal that answers.
pub struct Running {
    url: String,
    handle: ServerHandle,
    thread: JoinHandle<()>,
    /// Answers when the server has ended, for whatever reason.
    ended: oneshot::Receiver<io::Result<()>>,
}

/// Starts answering on `listener` with so many worker threads, one a core when not given.
///
/// # Errors
/// When settings make browsers come without TLS and the listener is not on this machine only, and when the server
/// does not start.
pub fn start(app: Arc<App>, listener: TcpListener, workers: Option<usize>) -> io::Result<Running> {
    let address = listener.local_addr()?;
    if app.is_plain() && !address.ip().is_loopback() {
        let message = format!(
            "plain http on {address} would expose sessions: listen on 127.0.0.1, or set http.public_url to the \
             https address of the proxy in front"
        );
        return Err(io::Error::new(io::ErrorKind::InvalidInput, message));
    }
    let (tell_handle, handle) = mpsc::channel();
    let (tell_end, ended) = oneshot::channel();
    let thread = thread::Builder::new().name("portal".to_owned()).spawn(move || {
        System::new().block_on(async move {
            let server = match server(app, listener, workers) {
                Ok(server) => server,
                // Whoever started us waits for exactly one word.
                Err(error) => return drop(tell_handle.send(Err(error))),
            };
            drop(tell_handle.send(Ok(server.handle())));
            drop(tell_end.send(server.await));
        });
    })?;
    let handle = handle.recv().map_err(|_| died())??;
    Ok(Running { url: format!("http://{address}"), handle, thread, ended })
}

fn server(app: Arc<App>, listener: TcpListener, workers: Option<usize>) -> io::Result<Server> {
    let server = HttpServer::new(move || Actix::new().configure(configure(app.clone())))
        .workers(workers.unwrap_or_else(cores))
        .disable_signals()
        .shutdown_timeout(STOP_S)
        .listen(listener)?;
    Ok(server.run())
}

impl Running {
    /// Where it answers, by address: `http://127.0.0.1:8080`.
    pub fn url(&self) -> &str {
        &self.url
    }

    /// Lets requests under way finish, at most ten seconds, and ends.
    ///
    /// # Errors
    /// What the server ended with.
    pub async fn stop(self) -> io::Result<()> {
        self.handle.stop(true).await;
        let result = self.ended.await.unwrap_or_else(|_| Err(died()));
        // It has said its last word; joining only waits for its stack to unwind.
        let _ = self.thread.join();
        result
    }
}

fn died() -> io::Error {
    io::Error::other("the portal's thread died")
}

fn cores() -> usize {
    thread::available_parallelism().map_or(2, usize::from)
}
