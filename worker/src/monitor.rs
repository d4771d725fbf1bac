//! The workers of one process: one a queue, watched, swept and stopped in order.

use std::future::Future;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use apalis::prelude::{Monitor, WorkerBuilder, WorkerBuilderExt};
use chrono::TimeDelta;
use engine::clock::Clock;
use engine::db::Db;
use engine::job::{Queue, backoff};
use engine::store::jobs::{self, ClaimedJob};
use engine::{Error, Result};
use futures::future::BoxFuture;
use tokio::task::JoinHandle;

use crate::queue::{Claims, JobQueue, blocking};

/// Does one job. It may complete the job itself, in its last transaction; otherwise that is done after `Ok`.
/// After `Err` or a panic the job is tried again later.
pub type Handler = Arc<dyn Fn(ClaimedJob) -> BoxFuture<'static, Result<()>> + Send + Sync>;

/// Asks for everything that is due and has no job: at the start, and regularly.
pub type Sweep = Arc<dyn Fn() -> BoxFuture<'static, Result<()>> + Send + Sync>;

/// How the workers run.
#[derive(Debug, Clone)]
pub struct WorkerOptions {
    /// How often the payments queue is looked at: a customer waits in front of it.
    pub payments_poll: Duration,
    /// How often the others are.
    pub poll: Duration,
    /// Payments that run at once.
    pub payments_concurrency: usize,
    /// Jobs of each other queue that run at once.
    pub concurrency: usize,
    /// How long a job stays with a process that gives no sign of life.
    pub lease: Duration,
    /// How long a job may run.
    pub job_timeout: Duration,
    /// How long an orderly stop waits for running jobs. Longer than any call to a provider.
    pub stop_timeout: Duration,
    /// How often the sweep runs.
    pub sweep: Duration,
    /// How long done and dead jobs are kept.
    pub keep: Duration,
}

impl Default for WorkerOptions {
    fn default() -> Self {
        Self {
            payments_poll: Duration::from_millis(250),
            poll: Duration::from_secs(1),
            payments_concurrency: 8,
            concurrency: 4,
            lease: Duration::from_secs(15),
            job_timeout: Duration::from_secs(120),
            stop_timeout: Duration::from_secs(45),
            sweep: Duration::from_secs(30),
            keep: Duration::from_secs(60 * 60),
        }
    }
}

/// Everything the workers need.
#[derive(Clone)]
pub struct Workers {
    /// Where the job table is.
    pub db: Db,
    /// Wall time, for due times and leases.
    pub clock: Clock,
    /// How they run.
    pub options: WorkerOptions,
    /// What they do.
    pub handler: Handler,
    /// What finds work that nobody asked for.
    pub sweep: Sweep,
}

/// Resolves at SIGINT (a terminal) or SIGTERM (a service manager).
///
/// # Errors
/// When the system refuses to deliver signals.
pub async fn stop_signal() -> std::io::Result<()> {
    use tokio::signal::unix::{SignalKind, signal};
    let (mut interrupt, mut terminate) = (signal(SignalKind::interrupt())?, signal(SignalKind::terminate())?);
    tokio::select! {
        _ = interrupt.recv() => {}
        _ = terminate.recv() => {}
    }
    Ok(())
}

impl Workers {
    /// Runs until `stop` resolves, then lets running jobs finish and gives the others back.
    ///
    /// # Errors
    /// When the workers end without being asked to, or their jobs cannot be given back.
    pub async fn run(self, stop: impl Future<Output = std::io::Result<()>> + Send) -> Result<()> {
        let claims = Claims::new(self.db.clone(), self.clock.clone(), delta(self.options.lease));
        let workers = Arc::new(self);
        let leases = workers.spawn_leases(&claims);
        let sweeps = workers.spawn_sweeps();

        let asked = Arc::new(AtomicBool::new(false));
        let stopping = async {
            let signal = stop.await;
            asked.store(true, Ordering::SeqCst);
            tracing::info!("the workers stop");
            signal
        };
        let ended = workers.monitor(&claims).run_with_signal(stopping).await;

        sweeps.abort();
        let closed = blocking(move || claims.close()).await;
        leases.abort();
        match ended {
            Ok(()) if asked.load(Ordering::SeqCst) => closed,
            Ok(()) => Err(Error::bug("the workers ended without being asked to")),
            Err(error) => Err(Error::bug(error)),
        }
    }

    fn monitor(self: &Arc<Self>, claims: &Claims) -> Monitor {
        let monitor = Queue::ALL.iter().fold(Monitor::new(), |monitor, &queue| {
            let (workers, claims) = (Arc::clone(self), claims.clone());
            monitor.register(move |restarts| {
                let (name, options) = (format!("{queue}-{}-r{restarts}", claims.owner), &workers.options);
                let poll = options.poll_of(queue);
                let jobs = JobQueue::new(claims.clone(), queue, options.concurrency_of(queue), poll);
                let workers = Arc::clone(&workers);
                WorkerBuilder::new(name)
                    .backend(jobs)
                    .concurrency(options.concurrency_of(queue))
                    .build(move |job: ClaimedJob| Arc::clone(&workers).work(job))
            })
        });
        monitor
            .should_restart(|worker, error| {
                tracing::error!(worker = worker.name(), %error, "a worker failed and is started again");
                true
            })
            .shutdown_timeout(self.options.stop_timeout)
    }

    /// One job, whatever its handler does, and the answer for it.
    async fn work(self: Arc<Self>, job: ClaimedJob) {
        let (claim, kind, failures) = (job.claim.clone(), job.job.kind(), job.failures);
        // A task of its own: a panic ends the job, not the worker, and a busy job does not hold up the others.
        let mut running = tokio::spawn((self.handler)(job));
        let outcome = match tokio::time::timeout(self.options.job_timeout, &mut running).await {
            Ok(joined) => joined.unwrap_or_else(|_| Err(Error::bug("the handler panicked"))),
            Err(_) => {
                running.abort();
                Err(Error::Unavailable("the job ran too long".to_owned()))
            }
        };
        if let Err(error) = &outcome {
            tracing::warn!(job = %claim.id, kind, failures, %error, "a job failed and will be tried again");
        }
        let id = claim.id.clone();
        let answered = blocking(move || {
            let now = self.clock.now();
            self.db.write(move |tx| match outcome {
                Ok(()) => jobs::complete(tx, &claim, now),
                Err(error) => jobs::release(tx, &claim, now + backoff(failures + 1), &error.to_string()),
            })
        });
        if let Err(error) = answered.await {
            tracing::error!(job = %id, kind, %error, "a job was not answered for; its lease will run out");
        }
    }

    fn spawn_leases(&self, claims: &Claims) -> JoinHandle<()> {
        let (claims, every) = (claims.clone(), self.options.lease / 3);
        tokio::spawn(regularly(every, move || {
            let claims = claims.clone();
            async move { log("leases", blocking(move || claims.keep()).await) }
        }))
    }

    fn spawn_sweeps(self: &Arc<Self>) -> JoinHandle<()> {
        let workers = Arc::clone(self);
        tokio::spawn(regularly(self.options.sweep, move || {
            let workers = Arc::clone(&workers);
            async move {
                let (db, before) = (workers.db.clone(), workers.clock.now() - delta(workers.options.keep));
                log("pruning", blocking(move || db.write(move |tx| jobs::prune(tx, before))).await.map(drop));
                log("sweep", (workers.sweep)().await);
            }
        }))
    }
}

impl WorkerOptions {
    fn concurrency_of(&self, queue: Queue) -> usize {
        match queue {
            Queue::Payments => self.payments_concurrency,
            Queue::Billing | Queue::Outbound | Queue::Documents => self.concurrency,
        }
    }

    fn poll_of(&self, queue: Queue) -> Duration {
        if queue == Queue::Payments { self.payments_poll } else { self.poll }
    }
}

/// Does `work` now and every `period`; when it takes longer, the missed ticks are left out.
async fn regularly<F: Future<Output = ()>>(period: Duration, work: impl Fn() -> F) {
    let mut ticks = tokio::time::interval(period);
    ticks.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
    loop {
        ticks.tick().await;
        work().await;
    }
}

fn log(what: &str, outcome: Result<()>) {
    if let Err(error) = outcome {
        tracing::error!(%error, "{what} failed and will be tried again");
    }
}

fn delta(duration: Duration) -> TimeDelta {
    TimeDelta::from_std(duration).unwrap_or(TimeDelta::MAX)
}
