//! When in the day and in the week dunning may act, in the billing zone.

use crate::Instant;
use crate::period::resolve;
use crate::words;
use chrono::{Datelike, Days, NaiveDateTime, NaiveTime, TimeZone};
use chrono_tz::{GapInfo, Tz};
use serde::{Deserialize, Serialize};

words! {
    /// A day of the week.
    WeekDay {
        /// Monday.
        Monday = "mon",
        /// Tuesday.
        Tuesday = "tue",
        /// Wednesday.
        Wednesday = "wed",
        /// Thursday.
        Thursday = "thu",
        /// Friday.
        Friday = "fri",
        /// Saturday.
        Saturday = "sat",
        /// Sunday.
        Sunday = "sun",
    }
}

/// When retries and mails may happen. By default always.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Hours {
    /// Nothing happens in this part of the day.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub quiet: Option<QuietHours>,
    /// Days on which something may happen; empty means every day.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub weekdays: Vec<WeekDay>,
}

/// A part of the day, end excluded; may reach over midnight.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct QuietHours {
    /// First quiet moment, `22:00`.
    pub from: NaiveTime,
    /// First moment that is not, `08:00`.
    pub to: NaiveTime,
}

/// Why hours are refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum HoursError {
    /// They would be empty, or never end.
    #[error("quiet hours begin and end at different times")]
    Quiet,
    /// A day is named twice.
    #[error("each weekday is named once")]
    Weekdays,
}

impl QuietHours {
    fn contains(self, time: NaiveTime) -> bool {
        if self.from <= self.to {
            self.from <= time && time < self.to
        } else {
            self.from <= time || time < self.to
        }
    }
}

impl Hours {
    /// Checks that something may happen at some time.
    pub fn check(&self) -> Result<(), HoursError> {
        if self.quiet.is_some_and(|quiet| quiet.from == quiet.to) {
            return Err(HoursError::Quiet);
        }
        let twice = self.weekdays.iter().enumerate().any(|(i, day)| self.weekdays[..i].contains(day));
        if twice { Err(HoursError::Weekdays) } else { Ok(()) }
    }

    /// The first moment not before `at` that is allowed in `zone`.
    pub fn next_allowed(&self, zone: Tz, at: Instant) -> Instant {
        let mut at = at;
        // Two looks a day are enough for a week; hours that allow nothing do not pass `check`.
        for _ in 0..16 {
            let local = zone.from_utc_datetime(&at).naive_local();
            match self.blocked_until(local) {
                Some(until) => at = first_showing(zone, until, at),
                None => return at,
            }
        }
        at
    }

    /// The civil moment at which what forbids `local` is over.
    fn blocked_until(&self, local: NaiveDateTime) -> Option<NaiveDateTime> {
        let tomorrow = local.date().checked_add_days(Days::new(1)).unwrap_or(local.date());
        let today = WeekDay::ALL.get(local.weekday().num_days_from_monday() as usize);
        let allowed_day = self.weekdays.is_empty() || today.is_some_and(|day| self.weekdays.contains(day));
        if !allowed_day {
            return Some(tomorrow.and_time(NaiveTime::MIN));
        }
        let quiet = self.quiet.filter(|quiet| quiet.contains(local.time()))?;
        let ends_on = if quiet.to > local.time() { local.date() } else { tomorrow };
        Some(ends_on.and_time(quiet.to))
    }
}

/// The first moment after `after` at which the wall clock shows `local`, or has skipped it.
fn first_showing(zone: Tz, local: NaiveDateTime, after: Instant) -> Instant {
    let shown = zone.from_local_datetime(&local);
    let skipped = || GapInfo::new(&local, &zone).and_then(|gap| gap.end).map(|end| end.naive_utc());
    [shown.earliest(), shown.latest()]
        .into_iter()
        .flatten()
        .map(|moment| moment.naive_utc())
        .find(|moment| *moment > after)
        .or_else(skipped)
        .unwrap_or_else(|| resolve(zone, local))
}
