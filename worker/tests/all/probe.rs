//! A worker in a process of its own: this test binary, started again to run only the test below.

use std::io::{BufRead, BufReader};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::Arc;
use std::sync::mpsc::{Receiver, channel};
use std::time::Duration;

use engine::clock::Clock;
use engine::db::{Db, DbOptions};
use engine::ids::InvoiceId;
use engine::job::Job;
use engine::store::jobs::ClaimedJob;
use worker::monitor::{Handler, WorkerOptions, Workers, stop_signal};

const DATABASE: &str = "PORTICO_PROBE_DATABASE";
const PATIENCE: Duration = Duration::from_secs(30);

/// Quick enough for a test, otherwise as in production.
pub fn options() -> WorkerOptions {
    WorkerOptions {
        payments_poll: Duration::from_millis(10),
        poll: Duration::from_millis(50),
        lease: Duration::from_millis(600),
        sweep: Duration::from_millis(100),
        ..WorkerOptions::default()
    }
}

/// The invoice a job is about: its name tells the handler how to behave.
pub fn invoice(job: &ClaimedJob) -> InvoiceId {
    match &job.job {
        Job::Collect { invoice_id, .. } => invoice_id.clone(),
        other => panic!("not part of these stories: {other:?}"),
    }
}

fn say(what: &str, invoice: &InvoiceId) {
    println!("probe {what} {invoice}");
}

async fn handle(job: ClaimedJob) {
    let invoice = invoice(&job);
    say("started", &invoice);
    match invoice.as_str() {
        "inv_hanging" => std::future::pending().await,
        "inv_slow" => tokio::time::sleep(Duration::from_millis(800)).await,
        "inv_poison" => kill("-KILL", std::process::id()),
        _ => {}
    }
    say("finished", &invoice);
}

/// Sends a signal as an operator would.
pub fn kill(signal: &str, process: u32) {
    let status = Command::new("kill").args([signal, &process.to_string()]).status();
    assert!(status.expect("the kill program").success());
}

/// The process under test. Does nothing in an ordinary test run.
#[test]
fn probe() {
    let Ok(url) = std::env::var(DATABASE) else { return };
    let db = Db::open(&url, DbOptions { synchronous_full: false, ..DbOptions::default() }).expect("database");
    let handler: Handler = Arc::new(|job| {
        Box::pin(async move {
            handle(job).await;
            Ok(())
        })
    });
    let workers = Workers {
        db,
        clock: Clock::default(),
        options: options(),
        handler,
        sweep: Arc::new(|| Box::pin(async { Ok(()) })),
    };
    let runtime = tokio::runtime::Runtime::new().expect("runtime");
    runtime.block_on(workers.run(stop_signal())).expect("an orderly end");
    println!("probe ended in order");
}

/// A running probe and what it says. Killed when dropped.
pub struct Probe {
    child: Child,
    lines: Receiver<String>,
}

impl Probe {
    pub fn start(url: &str) -> Self {
        let itself = std::env::current_exe().expect("this binary");
        let mut child = Command::new(itself)
            .args(["--exact", "probe::probe", "--nocapture"])
            .env(DATABASE, url)
            .stdout(Stdio::piped())
            .spawn()
            .expect("a probe");
        let stdout = child.stdout.take().expect("stdout");
        let (sender, lines) = channel();
        std::thread::spawn(move || {
            BufReader::new(stdout).lines().map_while(Result::ok).try_for_each(|line| sender.send(line))
        });
        Self { child, lines }
    }

    /// Waits until the probe says `what`.
    pub fn expect(&self, what: &str) {
        while self.lines.recv_timeout(PATIENCE).unwrap_or_else(|_| panic!("the probe never said {what:?}"))
            != what
        {}
    }

    pub fn kill(&self, signal: &str) {
        kill(signal, self.child.id());
    }

    /// Waits for the process to end.
    pub fn end(mut self) -> ExitStatus {
        self.child.wait().expect("an end")
    }

    pub fn has_ended(&mut self) -> bool {
        self.child.try_wait().expect("a state").is_some()
    }
}

impl Drop for Probe {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
