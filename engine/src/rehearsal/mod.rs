//! Plays what a worker does, with the real use cases, on a database of its own: the clock is moved by hand, a
//! stand-in answers for the payment provider, mails count as sent and documents as written.
//!
//! Nothing can leave: this crate knows no network and no mail, a [`Rehearsal`] owns its database, and all that it
//! asks of the world it asks of its [`StandIn`].

mod copy;
mod stand_in;
#[cfg(test)]
mod tests;
mod work;

pub use copy::DbCopy;
pub use stand_in::{Forecaster, StandIn};

use crate::clock::{Clock, ManualClock};
use crate::db::Db;
use crate::error::Result;
use crate::ids::TenantId;
use crate::scope::Engine;
use crate::store;
use chrono::TimeDelta;
use domain::Instant;

/// The longest that the clock goes in one step: what no row announces is found by the sweep, as in a worker.
const LONGEST_STEP: TimeDelta = TimeDelta::hours(6);

/// How long done jobs are kept.
const KEEP: TimeDelta = TimeDelta::hours(1);

/// A run of the real use cases that reaches nobody.
pub struct Rehearsal<P> {
    engine: Engine,
    clock: ManualClock,
    tenants: Vec<TenantId>,
    /// Answers for the provider, and for VIES.
    pub provider: P,
    failures: Vec<String>,
}

impl<P: StandIn> Rehearsal<P> {
    /// A rehearsal of these businesses on a copy of the data, from the moment that `engine` shows.
    ///
    /// # Errors
    /// When the copy cannot be written.
    pub fn on_copy(engine: &Engine, copy: &DbCopy, tenants: Vec<TenantId>, provider: P) -> Result<Self> {
        Self::start(engine, copy.db().clone(), engine.clock.now(), tenants, provider)
    }

    /// A rehearsal on the database of a test, from `start` on.
    ///
    /// # Errors
    /// When the database cannot be written.
    #[cfg(any(test, feature = "testing"))]
    pub fn on_test(engine: &Engine, start: Instant, tenants: Vec<TenantId>, provider: P) -> Result<Self> {
        Self::start(engine, engine.db.clone(), start, tenants, provider)
    }

    fn start(engine: &Engine, db: Db, start: Instant, tenants: Vec<TenantId>, provider: P) -> Result<Self> {
        // Jobs are hints: what is due is found without them, and those of other businesses are not ours to do.
        // What stands still is played as it goes on.
        let played = tenants.clone();
        db.write(move |tx| {
            store::jobs::forget_all(tx)?;
            played.iter().try_for_each(|tenant| store::tenants::set_pause(tx, tenant, None))
        })?;
        let clock = ManualClock::at(start);
        let engine = Engine { db, clock: Clock::from(clock.clone()), ..engine.clone() };
        Ok(Self { engine, clock, tenants, provider, failures: Vec::new() })
    }

    /// Use cases and stores, on the rehearsal's own database and clock.
    pub fn engine(&self) -> &Engine {
        &self.engine
    }

    /// Wall time as it stands.
    pub fn now(&self) -> Instant {
        self.clock.now()
    }

    /// What failed since this was last asked, a sentence each, with the moment. It is tried again as in a worker.
    pub fn take_failures(&mut self) -> Vec<String> {
        std::mem::take(&mut self.failures)
    }

    /// Lets time pass until `until`, due instant by due instant, doing all that falls due on the way.
    ///
    /// # Errors
    /// When the database fails.
    pub fn live_until(&mut self, until: Instant) -> Result<()> {
        self.work()?;
        while self.now() < until {
            let latest = (self.now() + LONGEST_STEP).min(until);
            let next = self.next_due()?.unwrap_or(latest);
            self.go_to(next.min(latest))?;
        }
        Ok(())
    }

    /// Moves the clock to `at` at once, then does all that is due: like a worker that looks that seldom.
    ///
    /// # Errors
    /// When the database fails.
    pub fn go_to(&mut self, at: Instant) -> Result<()> {
        if at.date() != self.now().date() {
            let before = self.now() - KEEP;
            self.engine.db.write(move |tx| store::jobs::prune(tx, before))?;
        }
        self.clock.set(at.max(self.now()));
        self.work()
    }

    fn next_due(&self) -> Result<Option<Instant>> {
        let mut first = None;
        for tenant in &self.tenants {
            let next =
                self.engine.read(tenant, |conn, scope| store::due::next(conn, scope.id(), scope.now))?;
            first = [first, next].into_iter().flatten().min();
        }
        Ok(first)
    }
}
