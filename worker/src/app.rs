//! The worker as a process runs it, and the drain by which tests and the demo's seeding do all that is due.

use crate::env::Env;
use crate::jobs;
use crate::monitor::{Handler, Sweep, WorkerOptions, Workers};
use chrono::TimeDelta;
use engine::job::{Queue, backoff};
use engine::settings::Installation;
use engine::store;
use engine::store::jobs::ClaimedJob;
use engine::usecase::heartbeat;
use engine::{Error, Result};
use futures::stream::{FuturesUnordered, StreamExt};
use std::future::Future;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::Notify;

/// How often a moving test clock is looked at.
const CLOCK_TICK: Duration = Duration::from_millis(100);

/// How long after a sweep that found more than it looks at the next one begins.
const FULL_SWEEP_PAUSE: Duration = Duration::from_secs(1);

/// Jobs of one queue that a drain takes at once.
const DRAIN_BATCH: i64 = 16;

/// How the settings want the workers to run.
pub fn options(settings: &Installation) -> WorkerOptions {
    let worker = &settings.worker;
    let seconds = |s: u32| Duration::from_secs(u64::from(s));
    WorkerOptions {
        payments_poll: Duration::from_millis(u64::from(worker.payments_poll_ms)),
        poll: Duration::from_millis(u64::from(worker.poll_ms)),
        payments_concurrency: usize::try_from(worker.payments_concurrency).unwrap_or(8),
        concurrency: usize::try_from(worker.concurrency).unwrap_or(4),
        sweep: seconds(worker.sweep_seconds),
        stop_timeout: seconds(worker.stop_seconds),
        ..WorkerOptions::default()
    }
}

/// Runs the worker until `stop` resolves: queues, sweeps and test clocks.
pub async fn run(
    env: Env,
    options: WorkerOptions,
    stop: impl Future<Output = std::io::Result<()>> + Send,
) -> Result<()> {
    // Before anything falls due by a clock that may have jumped meanwhile.
    env.blocking(|env| heartbeat::beat(&env.engine)).await?;
    let for_jobs = env.clone();
    let handler: Handler = Arc::new(move |claimed: ClaimedJob| {
        let env = for_jobs.clone();
        Box::pin(async move { jobs::run(&env, claimed.job, claimed.failures).await })
    });
    let for_sweeps = env.clone();
    // Another database was put under a running worker: it stops, and waits at its next start.
    let gone = Arc::new(Notify::new());
    let left = gone.clone();
    let stop = async move {
        tokio::select! {
            stopped = stop => stopped,
            () = left.notified() => Ok(()),
        }
    };
    let sweep: Sweep = Arc::new(move || {
        let (env, gone) = (for_sweeps.clone(), gone.clone());
        Box::pin(async move {
            if let Err(error) = env.blocking(|env| heartbeat::beat(&env.engine)).await {
                if matches!(error, Error::Refused { .. }) {
                    gone.notify_one();
                }
                return Err(error);
            }
            // The rest is found as soon as some of what was asked for is done.
            while jobs::sweep::sweep(&env).await? {
                tokio::time::sleep(FULL_SWEEP_PAUSE).await;
            }
            Ok(())
        })
    });
    let clocks = tokio::spawn(tick_clocks(env.clone()));
    let workers =
        Workers { db: env.engine.db.clone(), clock: env.engine.clock.clone(), options, handler, sweep };
    let ended = workers.run(stop).await;
    clocks.abort();
    ended
}

async fn tick_clocks(env: Env) {
    loop {
        if let Err(error) = jobs::sweep::move_test_clocks(&env).await {
            tracing::error!(%error, "a test clock does not move");
        }
        tokio::time::sleep(CLOCK_TICK).await;
    }
}

/// What a drain did.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Drained {
    /// Jobs done.
    pub done: usize,
    /// Jobs that failed and wait for another try.
    pub failed: usize,
}

/// Does all that is due now in these queues, in this process, until nothing is left. Jobs that fail wait for
/// their next try.
pub async fn drain(env: &Env, queues: &'static [Queue]) -> Result<Drained> {
    let mut total = Drained::default();
    loop {
        jobs::sweep::sweep(env).await?;
        let mut claimed = Vec::new();
        for &queue in queues {
            claimed.extend(env.blocking(move |env| claim(env, queue)).await?);
        }
        if claimed.is_empty() {
            return Ok(total);
        }
        let mut running: FuturesUnordered<_> = claimed.into_iter().map(|job| work(env, job)).collect();
        while let Some(outcome) = running.next().await {
            match outcome? {
                true => total.done += 1,
                false => total.failed += 1,
            }
        }
    }
}

/// Drains, and moves test clocks to where they are going, doing all that falls due on the way.
pub async fn drain_clocks(env: &Env, queues: &'static [Queue]) -> Result<Drained> {
    let mut total = Drained::default();
    loop {
        let round = drain(env, queues).await?;
        total.done += round.done;
        total.failed += round.failed;
        if !jobs::sweep::move_test_clocks(env).await? {
            return Ok(total);
        }
    }
}

fn claim(env: &Env, queue: Queue) -> Result<Vec<ClaimedJob>> {
    let (db, now) = (&env.engine.db, env.engine.clock.now());
    store::jobs::claim(db, queue, &env.owner, DRAIN_BATCH, TimeDelta::minutes(2), now)
}

async fn work(env: &Env, claimed: ClaimedJob) -> Result<bool> {
    let (claim, failures, kind) = (claimed.claim, claimed.failures, claimed.job.kind());
    let outcome = jobs::run(env, claimed.job, failures).await;
    let done = outcome.is_ok();
    env.blocking(move |env| {
        let now = env.engine.clock.now();
        env.engine.db.write(move |tx| match outcome {
            Ok(()) => store::jobs::complete(tx, &claim, now),
            Err(error) => {
                tracing::warn!(kind, %error, "a job failed and will be tried again");
                store::jobs::release(tx, &claim, now + backoff(failures + 1), &error.to_string())
            }
        })
    })
    .await?;
    Ok(done)
}
