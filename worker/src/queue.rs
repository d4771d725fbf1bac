//! The job table as a source of work for apalis.
//!
//! Apalis brings the workers: concurrency, restarts, an orderly stop. What a claim is, how long it holds and what
//! becomes of it is decided in `engine::store::jobs`, in the same transactions as the business changes, so the
//! acknowledgements of apalis are not used.

use std::convert::Infallible;
use std::sync::{Arc, Mutex, PoisonError};
use std::task::{Context, Poll};
use std::time::Duration;

use apalis_core::backend::finalize::Ephemeral;
use apalis_core::backend::persistence::{Persisted, Persistence, TaskEvent};
use apalis_core::backend::{Backend, BackendConfig};
use apalis_core::layers::Identity;
use apalis_core::task::Task;
use apalis_core::task::builder::TaskBuilder;
use apalis_core::task::task_id::TaskId;
use apalis_core::worker::context::WorkerContext;
use chrono::TimeDelta;
use engine::clock::Clock;
use engine::db::Db;
use engine::job::Queue;
use engine::store::jobs::{self, ClaimedJob};
use engine::{Error, Result};
use tokio::time::{Interval, MissedTickBehavior};

/// Apalis asks for a sign of life now and then; ours are the leases.
const HEARTBEAT: Duration = Duration::from_secs(60);

/// Runs blocking database work beside the async workers.
///
/// # Errors
/// What `work` answers; `Bug` when it panics.
pub async fn blocking<T: Send + 'static>(work: impl FnOnce() -> Result<T> + Send + 'static) -> Result<T> {
    tokio::task::spawn_blocking(work).await.unwrap_or_else(|_| Err(Error::bug("blocking work panicked")))
}

/// The claims of one started process, over all its queues.
#[derive(Clone)]
pub(crate) struct Claims {
    pub(crate) db: Db,
    pub(crate) clock: Clock,
    pub(crate) owner: Arc<str>,
    pub(crate) lease: TimeDelta,
    closed: Arc<Mutex<bool>>,
}

impl Claims {
    pub(crate) fn new(db: Db, clock: Clock, lease: TimeDelta) -> Self {
        Self { db, clock, owner: jobs::owner().into(), lease, closed: Arc::default() }
    }

    fn take(&self, queue: Queue, limit: i64) -> Result<Vec<ClaimedJob>> {
        let closed = self.closed.lock().unwrap_or_else(PoisonError::into_inner);
        if *closed {
            return Ok(Vec::new());
        }
        jobs::claim(&self.db, queue, &self.owner, limit, self.lease, self.clock.now())
    }

    /// Keeps what this process has, and takes back what others lost.
    pub(crate) fn keep(&self) -> Result<()> {
        let now = self.clock.now();
        jobs::extend(&self.db, &self.owner, now + self.lease)?;
        let orphans = jobs::release_orphans(&self.db, now)?;
        if orphans.returned > 0 || orphans.dead > 0 {
            tracing::warn!(returned = orphans.returned, dead = orphans.dead, "jobs of ended workers");
        }
        Ok(())
    }

    /// Takes nothing any more and gives back what was never started. A claim may be under way when the workers
    /// stop; nobody would ever run what it brings.
    pub(crate) fn close(&self) -> Result<()> {
        *self.closed.lock().unwrap_or_else(PoisonError::into_inner) = true;
        let owner = Arc::clone(&self.owner);
        self.db.write(move |tx| jobs::hand_back(tx, &owner))
    }
}

/// What apalis asks of a store, answered by the job table.
#[derive(Clone)]
pub(crate) struct Source {
    claims: Claims,
    queue: Queue,
    limit: i64,
}

impl Persistence for Source {
    type Compact = ClaimedJob;
    type Response = ();
    type Error = Infallible;

    async fn register(&mut self, _: &WorkerContext) -> Result<(), Infallible> {
        Ok(())
    }

    async fn heartbeat(&mut self, _: &WorkerContext) -> Result<(), Infallible> {
        Ok(())
    }

    // An error here would end the worker; a database that does not answer now is asked again at the next poll.
    async fn fetch_next(&mut self, _: &WorkerContext) -> Result<Vec<Task<ClaimedJob>>, Infallible> {
        let source = self.clone();
        let claimed = blocking(move || source.claims.take(source.queue, source.limit)).await;
        let claimed = claimed.unwrap_or_else(|error| {
            tracing::error!(queue = %self.queue, %error, "no jobs could be claimed");
            Vec::new()
        });
        let task = |job: ClaimedJob| {
            let id = TaskId::from_string(job.claim.id.as_str());
            TaskBuilder::new(job).task_id(id).build()
        };
        Ok(claimed.into_iter().map(task).collect())
    }

    // `Claims::close` gives back whatever this process still has, these included.
    async fn reenqueue_abandoned(
        &mut self,
        tasks: Vec<Task<ClaimedJob>>,
        _: &WorkerContext,
    ) -> Result<u64, Infallible> {
        Ok(tasks.len() as u64)
    }

    async fn handle_events(&mut self, _: Vec<TaskEvent<()>>, _: &WorkerContext) -> Result<(), Infallible> {
        Ok(())
    }

    async fn push_tasks(&mut self, _: Vec<Task<ClaimedJob>>) -> Result<(), Infallible> {
        Ok(())
    }
}

/// One queue as an apalis backend.
pub(crate) struct JobQueue {
    source: Persisted<Source>,
    ticks: Interval,
}

impl JobQueue {
    /// Looks every `poll` and claims `limit` jobs at a time: as many as run at once, so that none waits long
    /// inside this process.
    pub(crate) fn new(claims: Claims, queue: Queue, limit: usize, poll: Duration) -> Self {
        let limit = i64::try_from(limit).unwrap_or(i64::MAX);
        let mut ticks = tokio::time::interval(poll);
        ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
        Self { source: Persisted::new(Source { claims, queue, limit }), ticks }
    }
}

impl Backend for JobQueue {
    type Task = Task<ClaimedJob>;
    type Error = Infallible;

    fn poll_ready(&mut self, cx: &mut Context<'_>, worker: &WorkerContext) -> Poll<Result<(), Infallible>> {
        self.source.poll_ready(cx, worker, HEARTBEAT)
    }

    fn poll_next(
        &mut self,
        cx: &mut Context<'_>,
        worker: &WorkerContext,
    ) -> Poll<Option<Result<Task<ClaimedJob>, Infallible>>> {
        // Polled until it is pending, so that the next tick is sure to wake this worker. Apalis's own interval arms
        // its next tick without a waker: when a fetch ends at that moment, the worker sleeps until the heartbeat.
        while self.ticks.poll_tick(cx).is_ready() {}
        self.source.poll_next(cx, worker)
    }

    fn poll_close(&mut self, cx: &mut Context<'_>, worker: &WorkerContext) -> Poll<Result<(), Infallible>> {
        self.source.poll_close(cx, worker)
    }
}

impl BackendConfig for JobQueue {
    type Args = ClaimedJob;
    type Id = String;
    // Jobs leave the table as values: apalis has nothing to decode.
    type Kind = Ephemeral;
    type Config = ();
    type Layer = Identity;

    fn config(&self) -> &() {
        &()
    }

    fn middleware(&mut self, _: &mut WorkerContext) -> Identity {
        Identity::new()
    }
}
