//! Time in a story: wall time stands still, billing time moves by the test clock, and the worker works when asked.

use crate::world::World;
use chrono::TimeDelta;
use domain::period::{Anchor, Interval, IntervalUnit};
use engine::job::Queue;
use engine::usecase::test_clock::{advance_clock, set_clock};
use std::time::Duration;
use worker::Drained;

/// A clock that has not arrived after so long waits for something that never comes.
const PATIENCE: Duration = Duration::from_secs(120);

impl World {
    /// The worker does all that is due.
    pub async fn settle(&self) -> Drained {
        let drain = worker::drain(&self.env, Queue::ALL);
        tokio::time::timeout(PATIENCE, drain).await.expect("the worker comes to rest").unwrap()
    }

    /// As [`World::settle`], but mails and documents wait: for stories of many customers.
    pub async fn settle_money(&self) -> Drained {
        let drain = worker::drain(&self.env, &[Queue::Billing, Queue::Payments]);
        tokio::time::timeout(PATIENCE, drain).await.expect("the worker comes to rest").unwrap()
    }

    /// Lets so much billing time pass for `acme` ("1 month", "3 days"), the worker doing all that falls due.
    pub async fn advance(&self, by: &str) {
        self.settle().await;
        advance_clock(&self.engine, &self.acme, interval(by)).unwrap();
        let moved = worker::drain_clocks(&self.env, Queue::ALL);
        tokio::time::timeout(PATIENCE, moved).await.expect("the clock arrives").unwrap();
        self.settle().await;
    }

    /// Moves the billing clock of `acme` without any work done on the way, as after a worker's holiday.
    pub fn jump(&self, by: &str) {
        let (zone, now) = self
            .engine
            .read(&self.acme, |_, scope| Ok((scope.settings.identity.timezone, scope.now.billing)))
            .unwrap();
        let target = Anchor::at(now, zone).boundary(interval(by), 1);
        set_clock(&self.engine, &self.acme, Some(target)).unwrap();
    }

    /// Sets the billing clock of `acme` outright, before anything is due, so that a story can tell of certain days.
    pub fn begin_at(&self, moment: &str) {
        let start = domain::Instant::parse_from_str(moment, "%Y-%m-%d %H:%M").expect("a date and a time");
        set_clock(&self.engine, &self.acme, Some(start)).unwrap();
    }

    /// A moment as the calendar of `acme` has it, for dates that customers read: `%B %-d, %Y`.
    pub fn date(&self, moment: domain::Instant, format: &str) -> String {
        let zone = self.engine.read(&self.acme, |_, scope| Ok(scope.settings.identity.timezone)).unwrap();
        moment.and_utc().with_timezone(&zone).format(format).to_string()
    }

    /// The billing time of `acme`.
    pub fn now(&self) -> domain::Instant {
        self.engine.read(&self.acme, |_, scope| Ok(scope.now.billing)).unwrap()
    }

    /// Lets wall time pass: for sessions, links, leases and pauses between tries.
    pub fn wait(&self, by: TimeDelta) {
        self.wall.advance(by);
    }
}

/// Reads "1 month" or "3 days".
fn interval(text: &str) -> Interval {
    let (count, unit) = text.split_once(' ').expect("a count and a unit");
    let unit = match unit.trim_end_matches('s') {
        "day" => IntervalUnit::Day,
        "week" => IntervalUnit::Week,
        "month" => IntervalUnit::Month,
        "year" => IntervalUnit::Year,
        other => panic!("{other} is no unit of time"),
    };
    Interval { unit, count: count.parse().expect("a count") }
}
