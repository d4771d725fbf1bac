//! Runs the portal on a listener, on a thread of its own, until it is told to stop.

use crate::app::App;
use crate::routes::configure;
use actix_web::dev::ServerHandle;
use actix_web::rt::System;
use actix_web::{App as Actix, HttpServer};
use std::future::Future;
use std::io;
use std::net::TcpListener;
use std::sync::Arc;
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
    let (tell_handle, handle) = std::sync::mpsc::channel();
    let (tell_end, ended) = oneshot::channel();
    let thread = thread::Builder::new().name("portal".to_owned()).spawn(move || {
        let result = System::new().block_on(async move {
            let server = HttpServer::new(move || Actix::new().configure(configure(app.clone())))
                .workers(workers.unwrap_or_else(cores))
                .disable_signals()
                .shutdown_timeout(STOP_S)
                .listen(listener)?
                .run();
            // Nobody to tell: whoever started us is gone already.
            let _ = tell_handle.send(server.handle());
            server.await
        });
        let _ = tell_end.send(result);
    })?;
    match handle.recv() {
        Ok(handle) => Ok(Running {
            url: format!("http://{address}"),
            handle,
            thread,
            ended,
        }),
        Err(_) => Err(ended.blocking_recv().ok().and_then(Result::err).unwrap_or_else(|| {
            io::Error::other("the portal's thread ended before it began")
        })),
    }
}

/// Answers on `listener` until `shutdown` comes true, then lets requests under way finish. Errors as [`start`].
pub async fn serve(
    app: Arc<App>,
    listener: TcpListener,
    workers: Option<usize>,
    shutdown: impl Future<Output = ()>,
) -> io::Result<()> {
    let mut running = start(app, listener, workers)?;
    tokio::select! {
        ended = &mut running.ended => ended.unwrap_or_else(|_| Err(io::Error::other("the portal's thread died"))),
        () = shutdown => running.stop().await,
    }
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
        let result = self.ended.await.unwrap_or_else(|_| Err(io::Error::other("the portal's thread died")));
        // It has said its last word; joining only waits for its stack to unwind.
        let _ = self.thread.join();
        result
    }
}

fn cores() -> usize {
    thread::available_parallelism().map_or(2, usize::from)
}
