//! Billing periods: computed from an anchor and a number, never from the previous end.

use crate::Instant;
use crate::words;
use chrono::{Days, Months, NaiveDate, NaiveDateTime, Offset, TimeDelta, TimeZone};
use chrono_tz::Tz;
use serde::{Deserialize, Serialize};

words! {
    /// Units of a billing interval.
    IntervalUnit {
        /// Civil days.
        Day = "day",
        /// Seven civil days.
        Week = "week",
        /// Calendar months.
        Month = "month",
        /// Calendar years.
        Year = "year",
    }
}

/// How long a period is: every `count` units.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Interval {
    /// The unit.
    pub unit: IntervalUnit,
    /// How many of them; 0 counts as 1.
    pub count: u32,
}

impl Interval {
    /// Every `count` units.
    pub const fn new(unit: IntervalUnit, count: u32) -> Self {
        Self { unit, count }
    }
}

/// The civil moment from which all periods of a subscription are counted, in its billing zone.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Anchor {
    /// Date and time on the wall in `zone`.
    pub local: NaiveDateTime,
    /// IANA zone.
    pub zone: Tz,
}

/// A stretch of time, end excluded.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Period {
    /// First moment.
    pub start: Instant,
    /// First moment after it.
    pub end: Instant,
}

/// When the clock on the wall in `zone` shows `local`.
///
/// A time that the wall clock skips (spring) is read with the offset from before the gap; a time that it
/// shows twice (autumn) is the first of the two.
pub fn resolve(zone: Tz, local: NaiveDateTime) -> Instant {
    zone.from_local_datetime(&local).earliest().map_or_else(
        || {
            // No offset reaches a day, so a day earlier is before the gap in every zone.
            let before = zone.offset_from_utc_datetime(&(local - TimeDelta::days(1))).fix();
            local - TimeDelta::seconds(i64::from(before.local_minus_utc()))
        },
        |moment| moment.naive_utc(),
    )
}

impl Anchor {
    /// The anchor at an instant. In the second showing of a repeated hour it reads as the first.
    pub fn at(instant: Instant, zone: Tz) -> Self {
        Self { local: zone.from_utc_datetime(&instant).naive_local(), zone }
    }

    /// Start of period `n` and end of period `n - 1`; `n` may be negative.
    ///
    /// Months and years keep the anchor's day where the month has it and take its last day where not.
    /// Intervals saturate a hundred thousand years from the anchor.
    pub fn boundary(&self, interval: Interval, n: i64) -> Instant {
        let steps = i128::from(n) * i128::from(interval.count.max(1));
        let date = match interval.unit {
            IntervalUnit::Day => plus_days(self.local.date(), steps),
            IntervalUnit::Week => plus_days(self.local.date(), steps * 7),
            IntervalUnit::Month => plus_months(self.local.date(), steps),
            IntervalUnit::Year => plus_months(self.local.date(), steps * 12),
        };
        resolve(self.zone, date.and_time(self.local.time()))
    }

    /// Period `n`.
    pub fn period(&self, interval: Interval, n: i64) -> Period {
        Period { start: self.boundary(interval, n), end: self.boundary(interval, n + 1) }
    }

    /// The number of the period that contains `instant`.
    pub fn number_at(&self, interval: Interval, instant: Instant) -> i64 {
        let elapsed = (self.zone.from_utc_datetime(&instant).naive_local() - self.local).num_days();
        // Longest length of a unit in days: the guess is never past the answer by more than rounding.
        let longest = match interval.unit {
            IntervalUnit::Day => 1,
            IntervalUnit::Week => 7,
            IntervalUnit::Month => 31,
            IntervalUnit::Year => 366,
        };
        let mut n = elapsed.div_euclid(longest * i64::from(interval.count.max(1)));
        while self.boundary(interval, n) > instant {
            n -= 1;
        }
        while self.boundary(interval, n + 1) <= instant {
            n += 1;
        }
        n
    }
}

/// The periods of one subscription: index `anchor_index` is the anchor's period 0.
///
/// Indexes only grow over a subscription's life, over changes of anchor too, so that a natural reference
/// made from one never comes back.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Schedule {
    /// Where counting starts.
    pub anchor: Anchor,
    /// How long each period is.
    pub interval: Interval,
    /// The index that starts at the anchor.
    pub anchor_index: i64,
}

impl Schedule {
    /// The period with this index.
    pub fn period(&self, period_index: i64) -> Period {
        self.anchor.period(self.interval, period_index - self.anchor_index)
    }

    /// The index of the period that contains `instant`.
    pub fn index_at(&self, instant: Instant) -> i64 {
        self.anchor.number_at(self.interval, instant) + self.anchor_index
    }
}

/// A hundred thousand years, well inside the calendar's range.
const FAR_DAYS: i128 = 36_524_250;
const FAR_MONTHS: i128 = 1_200_000;

fn plus_days(date: NaiveDate, days: i128) -> NaiveDate {
    let far = days.unsigned_abs().min(FAR_DAYS.unsigned_abs());
    let days_apart = Days::new(u64::try_from(far).unwrap_or(0));
    let moved = if days < 0 { date.checked_sub_days(days_apart) } else { date.checked_add_days(days_apart) };
    moved.unwrap_or(date)
}

fn plus_months(date: NaiveDate, months: i128) -> NaiveDate {
    let far = months.unsigned_abs().min(FAR_MONTHS.unsigned_abs());
    let months_apart = Months::new(u32::try_from(far).unwrap_or(0));
    let moved = if months < 0 {
        date.checked_sub_months(months_apart)
    } else {
        date.checked_add_months(months_apart)
    };
    moved.unwrap_or(date)
}
