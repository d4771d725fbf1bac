//! Renewals a second, from the moment they are all due until the money of all is settled: found, invoiced, charged
//! through the provider component over HTTP at the simulator in a process of its own, posted, receipt and PDF
//! queued. Once with the queues of mails and documents standing still, once with every mail written and every
//! PDF rendered.

use crate::database::{Database, Databases};
use crate::portico::Portico;
use crate::shop::{SECRET_KEY, Shop};
use anyhow::{Result, ensure};
use chrono::TimeDelta;
use engine::job::Queue;
use engine::{Engine, store};
use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::{Duration, Instant};
use tokio::sync::oneshot;
use tokio::task::JoinHandle;
use worker::jobs;
use worker::monitor::{Handler, Sweep, WorkerOptions, Workers};

/// Longer than any measurement: what takes as long is given up.
const PATIENCE: Duration = Duration::from_secs(30 * 60);
/// How often the database is asked whether all is done.
const LOOK: Duration = Duration::from_millis(100);

/// What becomes of receipts and invoices in PDF.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Paper {
    /// They stay queued.
    Queued,
    /// They are written.
    Written,
}

/// Measures on every database there is; numbers given replace 1,000 and 10,000.
pub async fn run(databases: &Databases, numbers: &[String]) -> Result<()> {
    let given: Vec<usize> = numbers.iter().map(|number| number.parse()).collect::<Result<_, _>>()?;
    let sizes = if given.is_empty() { vec![1_000, 10_000] } else { given };
    println!(
        "{:<12}{:>15}{:>10}{:>10}{:>10}{:>14}{:>10}{:>10}",
        "database", "subscriptions", "paper", "seconds", "settled/s", "with paper/s", "receipts", "PDFs"
    );
    for (number, &size) in sizes.iter().enumerate() {
        // Writing the paper of ten thousand shows nothing more than that of the first.
        let papers: &[Paper] = if number == 0 { &[Paper::Queued, Paper::Written] } else { &[Paper::Queued] };
        for &paper in papers {
            for database in databases.empty(&format!("renewals-{size}-{}", paper.word()))? {
                measure(&database, size, paper).await?;
            }
        }
    }
    Ok(())
}

async fn measure(database: &Database, size: usize, paper: Paper) -> Result<()> {
    let folder = tempfile::tempdir()?;
    let arguments =
        ["simulator", "--bind", "127.0.0.1:0", "--data-dir", "simulator", "--secret-key", SECRET_KEY];
    let mut simulator = Portico::start(&arguments, folder.path(), &[])?;
    let simulator_url = simulator.says(|line| line.starts_with("http://"))?;
    let shop = Arc::new(Shop::open(folder.path(), &database.url, &simulator_url).await?);

    shop.fill(size).await?;
    let first = work(&shop, paper).await?;
    let before = Paperwork::count(&shop)?;
    shop.a_month_passes()?;
    let renewal = work(&shop, paper).await?;

    let charges = shop.charges().await?;
    let different: BTreeSet<&String> = charges.iter().collect();
    ensure!(
        charges.len() == 2 * size && different.len() == 2 * size,
        "the ledger has {} charges for {} periods, {} were to be",
        charges.len(),
        different.len(),
        2 * size
    );
    let after = Paperwork::count(&shop)?;
    let rate = |time: Duration| size as f64 / time.as_secs_f64();
    println!(
        "{:<12}{size:>15}{:>10}{:>10.1}{:>10.0}{:>14}{:>10}{:>10}",
        database.label,
        paper.word(),
        renewal.settled.as_secs_f64(),
        rate(renewal.settled),
        renewal.written.map(|time| format!("{:.0}", rate(time))).unwrap_or_default(),
        after.mails - before.mails,
        after.documents - before.documents,
    );
    println!(
        "{:<12}{:>15} their first payments, without the search for what is due: {:.0}/s",
        "",
        "",
        rate(first.settled)
    );
    Ok(())
}

/// How long it took.
struct Took {
    /// Until the money of all was settled.
    settled: Duration,
    /// Until all mails and PDFs were written, where they were to be.
    written: Option<Duration>,
}

/// Runs a worker as `portico worker` does until everything that is due is settled, and its paper written.
async fn work(shop: &Arc<Shop>, paper: Paper) -> Result<Took> {
    let began = Instant::now();
    let (stop, worker) = start_worker(shop, paper);
    until(shop, began, is_settled).await?;
    let settled = began.elapsed();
    let mut written = None;
    if paper == Paper::Written {
        until(shop, began, is_written).await?;
        written = Some(began.elapsed());
    }
    drop(stop);
    worker.await??;
    Ok(Took { settled, written })
}

async fn until(shop: &Arc<Shop>, began: Instant, done: fn(&Shop) -> Result<bool>) -> Result<()> {
    loop {
        let asked = Arc::clone(shop);
        if tokio::task::spawn_blocking(move || done(&asked)).await?? {
            return Ok(());
        }
        ensure!(began.elapsed() < PATIENCE, "not done after {PATIENCE:?}");
        tokio::time::sleep(LOOK).await;
    }
}

/// No subscription is due, no payment under way, no invoice open.
fn is_settled(shop: &Shop) -> Result<bool> {
    let engine: &Engine = &shop.env.engine;
    let settled = engine.read(&shop.tenant, |conn, scope| {
        let next = store::subscriptions::next_due(conn, scope.id())?;
        Ok(next.is_none_or(|at| at > scope.now.billing) && store::attempts::in_flight(conn, scope.id())? == 0)
    });
    Ok(settled? && engine::usecase::collect::find_uncollected(engine, &shop.tenant, 1)?.is_empty())
}

/// Every mail is sent and every PDF rendered.
fn is_written(shop: &Shop) -> Result<bool> {
    let waiting = shop.env.engine.read(&shop.tenant, |conn, scope| {
        let soon = scope.now.wall + TimeDelta::days(1);
        let mails = store::mails::due(conn, scope.id(), soon, 1)?;
        Ok((mails, store::documents::pending(conn, scope.id(), 1)?))
    });
    let (mails, documents) = waiting?;
    Ok(mails.is_empty() && documents.is_empty())
}

/// What was asked for so far, done or not.
struct Paperwork {
    mails: i64,
    documents: i64,
}

impl Paperwork {
    fn count(shop: &Shop) -> Result<Self> {
        let jobs = shop.env.engine.db.read(store::jobs::counts)?;
        let of = |wanted| jobs.iter().filter(|job| job.0 == wanted).map(|job| job.2).sum();
        Ok(Self { mails: of(Queue::Outbound), documents: of(Queue::Documents) })
    }
}

fn start_worker(shop: &Arc<Shop>, paper: Paper) -> (oneshot::Sender<()>, JoinHandle<engine::Result<()>>) {
    let env = shop.env.clone();
    let for_jobs = env.clone();
    let handler: Handler = Arc::new(move |claimed| {
        let env = for_jobs.clone();
        let stands_still =
            paper == Paper::Queued && matches!(claimed.job.queue(), Queue::Outbound | Queue::Documents);
        Box::pin(async move {
            if stands_still {
                std::future::pending::<()>().await;
            }
            jobs::run(&env, claimed.job, claimed.failures).await
        })
    });
    let for_sweeps = env.clone();
    let sweep: Sweep = Arc::new(move || {
        let env = for_sweeps.clone();
        Box::pin(async move { jobs::sweep::sweep(&env).await.map(drop) })
    });
    let options = WorkerOptions {
        job_timeout: PATIENCE,
        stop_timeout: Duration::from_millis(500),
        ..worker::options(&env.engine.settings.current().installation)
    };
    let workers =
        Workers { db: env.engine.db.clone(), clock: env.engine.clock.clone(), options, handler, sweep };
    let (stop, stopped) = oneshot::channel::<()>();
    let running = tokio::spawn(workers.run(async move {
        // Dropped: it is time to stop.
        let _ = stopped.await;
        Ok(())
    }));
    (stop, running)
}

impl Paper {
    fn word(self) -> &'static str {
        match self {
            Self::Queued => "queued",
            Self::Written => "written",
        }
    }
}
