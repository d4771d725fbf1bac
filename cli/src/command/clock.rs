//! `portico clock advance`: time passes for a business in test mode.

use crate::boot;
use clap::ValueEnum;
use domain::period::{Interval, IntervalUnit};
use engine::usecase::test_clock::advance_clock;
use engine::{Engine, store};
use std::path::Path;
use std::time::{Duration, Instant};

#[derive(clap::Subcommand)]
pub enum Command {
    /// Let time pass. A running worker does all that falls due on the way.
    Advance {
        /// How many units.
        #[arg(value_parser = clap::value_parser!(u32).range(1..=120))]
        count: u32,
        /// Of what.
        unit: Unit,
        /// The business's short name.
        #[arg(long)]
        tenant: String,
        /// Do not wait until the clock has arrived.
        #[arg(long)]
        no_wait: bool,
    },
}

/// A unit of time, singular or plural.
#[derive(Clone, Copy, ValueEnum)]
pub enum Unit {
    /// Days.
    #[value(alias = "days")]
    Day,
    /// Weeks.
    #[value(alias = "weeks")]
    Week,
    /// Calendar months.
    #[value(alias = "months")]
    Month,
    /// Calendar years.
    #[value(alias = "years")]
    Year,
}

impl Unit {
    /// The domain's word for it.
    pub fn interval(self, count: u32) -> Interval {
        let unit = match self {
            Self::Day => IntervalUnit::Day,
            Self::Week => IntervalUnit::Week,
            Self::Month => IntervalUnit::Month,
            Self::Year => IntervalUnit::Year,
        };
        Interval { unit, count }
    }
}

pub async fn run(config_dir: Option<&Path>, command: Command) -> anyhow::Result<()> {
    let Command::Advance { count, unit, tenant, no_wait } = command;
    let (engine, tenant) = boot::tool(config_dir, &tenant)?;
    let target = advance_clock(&engine, &tenant.id, unit.interval(count))?;
    println!("The clock of {} moves to {} UTC.", tenant.slug, target.format("%Y-%m-%d %H:%M"));
    if no_wait { Ok(()) } else { wait(&engine, &tenant.slug).await }
}

async fn wait(engine: &Engine, slug: &str) -> anyhow::Result<()> {
    let (began, mut warned) = (Instant::now(), false);
    loop {
        let tenant = engine.db.read(|conn| store::tenants::by_slug(conn, slug))?;
        if tenant.is_none_or(|tenant| tenant.clock_target.is_none()) {
            println!("It has arrived.");
            return Ok(());
        }
        if !warned && began.elapsed() > Duration::from_secs(10) {
            warned = true;
            println!("It is still moving. Is a worker running?");
        }
        tokio::time::sleep(Duration::from_millis(200)).await;
    }
}
