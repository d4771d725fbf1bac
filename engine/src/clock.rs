//! The only place that asks the time. Everything else takes `now`.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use chrono::{DateTime, NaiveDateTime, SubsecRound, TimeDelta, Utc};
use domain::Instant;
use domain::payment::brake::Boot;

/// Wall time. Clones are cheap and agree; the default is the system's clock.
#[derive(Debug, Clone, Default)]
pub struct Clock(Option<ManualClock>);

impl Clock {
    /// The moment now, in UTC, to the microsecond: what PostgreSQL keeps, so that a stored instant equals the
    /// one it was stored from on both databases.
    pub fn now(&self) -> Instant {
        match &self.0 {
            None => Utc::now().naive_utc().trunc_subsecs(6),
            Some(manual) => manual.now(),
        }
    }
}

impl From<ManualClock> for Clock {
    fn from(clock: ManualClock) -> Self {
        Self(Some(clock))
    }
}

/// A clock that stands still until a test moves it. Clones move together.
#[derive(Debug, Clone)]
pub struct ManualClock(Arc<AtomicI64>);

impl ManualClock {
    /// A clock that shows `start`.
    pub fn at(start: Instant) -> Self {
        Self(Arc::new(AtomicI64::new(start.and_utc().timestamp_micros())))
    }

    /// What it shows.
    pub fn now(&self) -> Instant {
        DateTime::from_timestamp_micros(self.0.load(Ordering::SeqCst))
            .map_or(NaiveDateTime::MAX, |t| t.naive_utc())
    }

    /// Moves it on, or back with a negative `by`.
    pub fn advance(&self, by: TimeDelta) {
        self.0.fetch_add(by.num_microseconds().unwrap_or(i64::MAX), Ordering::SeqCst);
    }

    /// Moves it to `to`.
    pub fn set(&self, to: Instant) {
        self.0.store(to.and_utc().timestamp_micros(), Ordering::SeqCst);
    }
}

/// The machine's own time, which nobody sets and which goes on while it sleeps. None where the system does not tell.
pub fn boot() -> Option<Boot> {
    let id = std::fs::read_to_string("/proc/sys/kernel/random/boot_id").ok()?;
    let up = std::fs::read_to_string("/proc/uptime").ok()?;
    let seconds = up.split('.').next()?.parse().ok()?;
    Some(Boot { id: id.trim().to_owned(), up: TimeDelta::seconds(seconds) })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_system_clock_keeps_microseconds_and_goes_forward() {
        let clock = Clock::default();
        let (first, second) = (clock.now(), clock.now());
        assert_eq!(first.and_utc().timestamp_subsec_nanos() % 1_000, 0);
        assert!(second >= first);
    }

    #[test]
    fn a_manual_clock_stands_until_it_is_moved() {
        let start: Instant = "2026-11-21T07:40:00.000001".parse().expect("instant");
        let manual = ManualClock::at(start);
        let clock = Clock::from(manual.clone());
        assert_eq!(clock.now(), start);
        manual.advance(TimeDelta::days(31));
        assert_eq!(clock.clone().now(), start + TimeDelta::days(31));
        manual.set(start);
        assert_eq!(clock.now(), start);
    }
}
