//! When money stands still by itself: a clock that jumped says that everybody owes.

use crate::Instant;
use chrono::TimeDelta;

/// A jump further than this, forward, makes a year of renewals due at once.
const FORWARD: TimeDelta = TimeDelta::hours(26);

/// Clocks of one installation may differ by less; further back, what was done seems to lie ahead.
const BACK: TimeDelta = TimeDelta::minutes(5);

/// A running machine, and for how long it has run, suspension included.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Boot {
    /// Another one after each start.
    pub id: String,
    /// Time since it started, by a clock that nobody sets.
    pub up: TimeDelta,
}

/// A sign of life.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Beat {
    /// Wall time.
    pub at: Instant,
    /// On which machine, where that can be told.
    pub boot: Option<Boot>,
}

/// Whether the wall clock jumped between two signs of life. Within one run of the machine its own time tells; time
/// spent switched off is no jump, however long it was, and time that went back always is.
pub fn has_jumped(last: &Beat, now: &Beat) -> bool {
    let passed = now.at - last.at;
    let jumped = match (&last.boot, &now.boot) {
        (Some(before), Some(after)) if before.id == after.id => passed - (after.up - before.up),
        _ => passed.min(TimeDelta::zero()),
    };
    jumped > FORWARD || jumped < -BACK
}
