//! A simulated year: businesses, customers and a provider, 400 days in a few minutes, with everything going wrong
//! that does. The books are verified as it goes, and the provider's own ledger agrees with ours at the end. In a whole
//! year each kind of thing that can happen does, or it fails.
//!
//! ```text
//! cargo run --profile year -p engine --features testing --example year
//! ```
//! `PORTICO_YEAR_SUBSCRIPTIONS` (2000), `PORTICO_YEAR_DAYS` (400) and `PORTICO_YEAR_SEED` (printed) change it. Where
//! something does not hold, `PORTICO_YEAR_KEEP=FILE` keeps the database.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    reason = "a year that cannot go on has failed, and says so"
)]

mod actions;
mod books;
mod keep;
mod kinds;
mod ledger;
mod money;
mod random;
mod refusals;
mod settings;
mod shop;

use actions::{Life, Tally};
use chrono::TimeDelta;
use domain::Instant;
use engine::clock::{Clock, ManualClock};
use engine::db::testing::TestDb;
use engine::rehearsal::Rehearsal;
use ledger::Ledger;
use random::Random;
use shop::{Business, Held};
use std::path::Path;
use std::process::ExitCode;

/// The last day of a month, before a leap day and two changes of clocks.
const START: &str = "2027-01-31T09:30:00";

/// How often the worker looks.
const TICK: TimeDelta = TimeDelta::hours(3);

/// On this day the worker stops, for so long.
const OFF: (i64, TimeDelta) = (150, TimeDelta::days(16));

/// A year that is smaller in either respect need not have seen everything.
const WHOLE: (usize, i64) = (1_000, 365);

struct Plan {
    subscriptions: usize,
    days: i64,
    seed: u64,
}

impl Plan {
    fn from_environment() -> Self {
        let number = |name: &str, otherwise: u64| {
            std::env::var(name)
                .ok()
                .map_or(otherwise, |text| text.parse().unwrap_or_else(|_| panic!("{name} is no number")))
        };
        Self {
            subscriptions: number("PORTICO_YEAR_SUBSCRIPTIONS", 2_000) as usize,
            days: number("PORTICO_YEAR_DAYS", 400) as i64,
            seed: number("PORTICO_YEAR_SEED", 1),
        }
    }
}

fn main() -> ExitCode {
    let plan = Plan::from_environment();
    println!("{} subscriptions, {} days, seed {}", plan.subscriptions, plan.days, plan.seed);
    let began = std::time::Instant::now();
    let mut year = Year::begin(plan);
    year.live();
    let sound = year.close();
    println!("{} s", began.elapsed().as_secs());
    if sound { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

struct Year {
    plan: Plan,
    run: Rehearsal<Ledger>,
    businesses: Vec<Business>,
    held: Vec<Held>,
    random: Random,
    tally: Tally,
    actions: usize,
    wrong: Vec<String>,
    _folder: tempfile::TempDir,
    _db: TestDb,
}

impl Year {
    fn begin(plan: Plan) -> Self {
        let (db, folder) = (TestDb::sqlite().unwrap(), tempfile::tempdir().unwrap());
        let start: Instant = START.parse().unwrap();
        let engine = settings::open_engine(&db, Clock::from(ManualClock::at(start)), folder.path());
        let businesses: Vec<Business> = settings::SLUGS.map(|slug| shop::stock(&engine, slug)).into();
        let tenants = businesses.iter().map(|business| business.id.clone()).collect();
        let ledger = Ledger::new(Random::seeded(plan.seed ^ 0x5eed));
        let run = Rehearsal::on_test(&engine, start, tenants, ledger).unwrap();
        let random = Random::seeded(plan.seed);
        let (held, tally, wrong) = (Vec::new(), Tally::new(), Vec::new());
        Self { plan, run, businesses, held, random, tally, actions: 0, wrong, _folder: folder, _db: db }
    }

    fn live(&mut self) {
        let ticks_a_day = 24 * 60 / TICK.num_minutes();
        let first_month = usize::try_from(31.min(self.plan.days) * ticks_a_day).unwrap();
        for tick in 0..usize::try_from(self.plan.days * ticks_a_day).unwrap() {
            let sold = self.plan.subscriptions * (tick + 1) / first_month;
            while self.held.len() < sold.min(self.plan.subscriptions) {
                self.sell();
            }
            self.happen();
            let is_off = tick as i64 == OFF.0 * ticks_a_day;
            if let Err(error) = self.run.go_to(self.run.now() + if is_off { OFF.1 } else { TICK }) {
                self.wrong.push(format!("{}: {error}", self.run.now()));
            }
            let failures = self.run.take_failures();
            self.wrong.extend(failures);
            if is_off {
                self.review();
            }
            if (tick + 1) as i64 % ticks_a_day == 0 {
                self.end_of_day((tick + 1) as i64 / ticks_a_day);
            }
            if self.wrong.len() > 20 {
                println!("stopped on day {}", tick as i64 / ticks_a_day);
                return;
            }
        }
    }

    fn sell(&mut self) {
        let engine = self.run.engine().clone();
        let again = self.held.len() > 10 && self.random.happens(150);
        let sold = if again {
            let known = self.random.pick(&self.held).clone();
            shop::subscribe_again(&engine, &self.businesses, &mut self.random, known.business, known.customer)
        } else {
            shop::sell(&engine, &self.businesses, &mut self.random, self.held.len())
        };
        self.held.push(sold);
    }

    /// Outages and what people do.
    fn happen(&mut self) {
        if self.random.happens(4) {
            let hours = 1 + self.random.below(60) as i64;
            let until = self.run.now() + TimeDelta::hours(hours);
            self.run.provider.fail_until(until);
        }
        if self.held.is_empty() {
            return;
        }
        for _ in 0..self.random.below(3 + self.held.len() / 150) {
            let held = self.random.pick(&self.held).clone();
            let done = self.life().act(&held);
            self.wrong.extend(done.err());
        }
    }

    /// Somebody decides about all periods that went by unseen.
    fn review(&mut self) {
        for held in self.held.clone() {
            let done = self.life().perform("review", &held);
            self.wrong.extend(done.err());
        }
    }

    fn life(&mut self) -> Life<'_> {
        Life {
            run: &mut self.run,
            businesses: &self.businesses,
            random: &mut self.random,
            tally: &mut self.tally,
            count: &mut self.actions,
        }
    }

    fn end_of_day(&mut self, day: i64) {
        self.wrong.extend(books::verify_day(&self.run, &self.businesses));
        if day % 25 == 0 {
            println!("day {day}: {} submissions", self.run.provider.submissions);
        }
    }

    /// Lets what is under way come to an end, then compares and verifies everything.
    fn close(&mut self) -> bool {
        if self.wrong.is_empty() {
            self.run.provider.calm_down();
            let end = self.run.now() + TimeDelta::days(12);
            while self.run.now() < end {
                self.run.go_to(self.run.now() + TICK).unwrap();
            }
        }
        self.wrong.extend(self.run.take_failures());
        self.wrong.extend(books::verify(&self.run, &self.businesses));
        self.wrong.extend(books::compare(&self.run, &self.businesses));
        for ((name, how), times) in &self.tally {
            println!("{times:7}  {name}: {how}");
        }
        books::print_summary(&self.run, &self.businesses);
        let kinds = kinds::count(&self.run);
        for ((respect, word), times) in &kinds {
            println!("{times:7}  {respect} {word}");
        }
        if self.plan.subscriptions >= WHOLE.0 && self.plan.days >= WHOLE.1 {
            self.wrong.extend(kinds::missing(&kinds));
        }
        for wrong in &self.wrong {
            println!("WRONG  {wrong}");
        }
        if let Some(path) = std::env::var_os("PORTICO_YEAR_KEEP").filter(|_| !self.wrong.is_empty()) {
            self.run.engine().db.copy_to(Path::new(&path)).unwrap();
        }
        self.wrong.is_empty()
    }
}
