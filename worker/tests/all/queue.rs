//! Stories of the job queue under real workers, on both databases.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant as Stopwatch};

use chrono::TimeDelta;
use domain::Instant;
use engine::clock::{Clock, ManualClock};
use engine::db::Db;
use engine::db::testing::TestDb;
use engine::job::{Job, Queue};
use engine::store::jobs::{self, ClaimedJob, JobState};
use engine::{Error, Result};
use futures::future::BoxFuture;
use tokio::sync::oneshot;
use worker::monitor::{Handler, WorkerOptions, Workers};

use crate::probe::{Probe, invoice, options};

const PATIENCE: Duration = Duration::from_secs(30);

fn collect(invoice: &str) -> Job {
    Job::Collect { tenant_id: "biz_1".into(), invoice_id: invoice.into() }
}

fn ask(db: &Db, invoice: &str, due_at: Instant) {
    let job = collect(invoice);
    db.write(move |tx| jobs::enqueue(tx, &job, due_at, due_at)).expect("enqueued");
}

fn number(db: &Db, state: JobState) -> i64 {
    let counts = db.read(jobs::counts).expect("counts");
    counts.iter().filter(|count| count.1 == state).map(|count| count.2).sum()
}

fn wait_until(what: &str, condition: impl Fn() -> bool) {
    let started = Stopwatch::now();
    while !condition() {
        assert!(started.elapsed() < PATIENCE, "waited too long until {what}");
        std::thread::sleep(Duration::from_millis(5));
    }
}

/// Workers inside the test process, stopped in order at the end.
fn with_workers(
    db: &Db,
    clock: Clock,
    options: WorkerOptions,
    handler: impl Fn(ClaimedJob) -> BoxFuture<'static, Result<()>> + Send + Sync + 'static,
    story: impl FnOnce(),
) {
    let handler: Handler = Arc::new(handler);
    let sweep = Arc::new(|| Box::pin(async { Ok(()) }) as BoxFuture<'static, Result<()>>);
    let workers = Workers { db: db.clone(), clock, options, handler, sweep };
    let runtime = tokio::runtime::Runtime::new().expect("runtime");
    let (stop, stopped) = oneshot::channel::<()>();
    let running = runtime.spawn(workers.run(async move {
        let _ = stopped.await;
        Ok(())
    }));
    story();
    drop(stop);
    runtime.block_on(running).expect("joined").expect("an orderly end");
}

/// A handler that notes what it did.
fn noting(notes: &Arc<Mutex<Vec<String>>>) -> impl Fn(ClaimedJob) -> BoxFuture<'static, Result<()>> + use<> {
    let notes = Arc::clone(notes);
    move |job| {
        let notes = Arc::clone(&notes);
        Box::pin(async move {
            notes.lock().expect("notes").push(invoice(&job).to_string());
            Ok(())
        })
    }
}

#[test]
fn a_job_whose_worker_is_killed_is_finished_by_another() {
    TestDb::each(|db| {
        ask(db, "inv_slow", Clock::default().now());
        let first = Probe::start(db.url());
        first.expect("probe started inv_slow");
        first.kill("-KILL");
        assert!(!first.end().success());
        assert_eq!(number(db, JobState::Claimed), 1, "the dead still holds it");

        let second = Probe::start(db.url());
        second.expect("probe finished inv_slow");
        wait_until("it is done", || number(db, JobState::Done) == 1);
    });
}

#[test]
fn sigint_and_sigterm_let_the_running_job_finish() {
    TestDb::each(|db| {
        for (round, signal) in ["-INT", "-TERM"].into_iter().enumerate() {
            ask(db, "inv_slow", Clock::default().now());
            let probe = Probe::start(db.url());
            probe.expect("probe started inv_slow");
            probe.kill(signal);
            probe.expect("probe finished inv_slow");
            probe.expect("probe ended in order");
            assert!(probe.end().success(), "{signal}");
            assert_eq!(number(db, JobState::Done), 1 + round as i64, "{signal}");
        }
    });
}

#[test]
fn a10_a_job_that_kills_its_worker_three_times_is_put_aside_and_the_others_are_done() {
    TestDb::each(|db| {
        for invoice in ["inv_poison", "inv_1", "inv_2", "inv_3"] {
            ask(db, invoice, Clock::default().now());
        }
        let (mut killed, started) = (0, Stopwatch::now());
        let mut probe = Probe::start(db.url());
        while number(db, JobState::Dead) != 1 || number(db, JobState::Done) != 3 {
            assert!(started.elapsed() < PATIENCE, "waited too long after {killed} killed workers");
            if probe.has_ended() {
                killed += 1;
                probe = Probe::start(db.url());
            }
            std::thread::sleep(Duration::from_millis(5));
        }
        assert_eq!(killed, 3);
        probe.kill("-TERM");
        assert!(probe.end().success());
    });
}

#[test]
fn a_job_waits_for_its_time_on_our_clock() {
    TestDb::each(|db| {
        let clock = ManualClock::at("2026-11-21T08:00:00".parse().expect("instant"));
        let notes: Arc<Mutex<Vec<String>>> = Arc::default();
        ask(db, "inv_tomorrow", clock.now() + TimeDelta::days(1));
        let noted = |invoice: &str| notes.lock().expect("notes").iter().any(|note| note == invoice);
        with_workers(db, Clock::from(clock.clone()), options(), noting(&notes), || {
            for invoice in ["inv_1", "inv_2"] {
                ask(db, invoice, clock.now());
                wait_until("today's is done", || noted(invoice));
            }
            assert!(!noted("inv_tomorrow"));
            wait_until("nothing runs", || number(db, JobState::Claimed) == 0);
            clock.advance(TimeDelta::days(1));
            wait_until("tomorrow's is done", || noted("inv_tomorrow"));
        });
        assert_eq!(notes.lock().expect("notes").len(), 3);
    });
}

#[test]
fn a11_a_job_that_fails_or_panics_runs_again_later() {
    TestDb::each(|db| {
        let runs = Arc::new(AtomicUsize::new(0));
        let counted = Arc::clone(&runs);
        let clock = ManualClock::at("2026-11-21T08:00:00".parse().expect("instant"));
        let handler = move |job: ClaimedJob| -> BoxFuture<'static, Result<()>> {
            let runs = Arc::clone(&counted);
            Box::pin(async move {
                runs.fetch_add(1, Ordering::SeqCst);
                match (invoice(&job).as_str(), job.failures) {
                    ("inv_failing", 0) => Err(Error::Unavailable("the provider is away".to_owned())),
                    ("inv_failing", 1) => panic!("a defect in a handler"),
                    _ => Ok(()),
                }
            })
        };
        ask(db, "inv_failing", clock.now());
        with_workers(db, Clock::from(clock.clone()), options(), handler, || {
            for run in 1..=2 {
                wait_until("it ran and is given back", || {
                    runs.load(Ordering::SeqCst) == run && number(db, JobState::Ready) == 1
                });
                clock.advance(TimeDelta::seconds(40));
            }
            wait_until("it is done", || number(db, JobState::Done) == 1);
        });
        assert_eq!(runs.load(Ordering::SeqCst), 3);
    });
}

#[test]
fn jobs_that_never_started_are_given_back_at_once_when_the_worker_stops() {
    TestDb::each(|db| {
        let options =
            WorkerOptions { stop_timeout: Duration::from_millis(50), payments_concurrency: 4, ..options() };
        let hang = |_: ClaimedJob| -> BoxFuture<'static, Result<()>> { Box::pin(std::future::pending()) };
        for n in 0..8 {
            ask(db, &format!("inv_{n}"), Clock::default().now());
        }
        with_workers(db, Clock::default(), options, hang, || {
            wait_until("some run", || number(db, JobState::Claimed) == 4);
        });
        assert_eq!(number(db, JobState::Ready), 8);
    });
}

#[test]
fn how_many_jobs_a_second() {
    const JOBS: usize = 2_000;
    TestDb::each(|db| {
        let now = Clock::default().now();
        db.write(move |tx| {
            (0..JOBS).try_for_each(|n| jobs::enqueue(tx, &collect(&format!("inv_{n}")), now, now))
        })
        .expect("enqueued");
        let started = Stopwatch::now();
        with_workers(db, Clock::default(), WorkerOptions::default(), noting(&Arc::default()), || {
            wait_until("all are done", || number(db, JobState::Done) == JOBS as i64);
        });
        let rate = JOBS as f64 / started.elapsed().as_secs_f64();
        println!("{}: {rate:.0} jobs a second", if db.is_sqlite() { "SQLite" } else { "PostgreSQL" });
    });
}

#[test]
fn the_sweep_runs_at_the_start_and_what_it_asks_for_is_done() {
    TestDb::each(|db| {
        let notes: Arc<Mutex<Vec<String>>> = Arc::default();
        let asked = Db::clone(db);
        let workers = Workers {
            db: Db::clone(db),
            clock: Clock::default(),
            options: options(),
            handler: Arc::new(noting(&notes)),
            sweep: Arc::new(move || {
                ask(&asked, "inv_found", Clock::default().now());
                Box::pin(async { Ok(()) })
            }),
        };
        let found_twice = {
            let notes = Arc::clone(&notes);
            async move {
                while notes.lock().expect("notes").len() < 2 {
                    tokio::time::sleep(Duration::from_millis(5)).await;
                }
                Ok(())
            }
        };
        let runtime = tokio::runtime::Runtime::new().expect("runtime");
        let run = async { tokio::time::timeout(PATIENCE, workers.run(found_twice)).await };
        runtime.block_on(run).expect("in time").expect("an orderly end");
        assert_eq!(number(db, JobState::Done), notes.lock().expect("notes").len() as i64);
        assert!(db.read(jobs::counts).expect("counts").iter().all(|count| count.0 == Queue::Payments));
    });
}
