//! Whether a series of numbered documents is whole.

use chrono::NaiveDate;

/// A document of a series.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Entry {
    /// Its place in the series, from 1.
    pub seq: i64,
    /// When it was issued.
    pub issued: NaiveDate,
}

/// What is wrong with a series.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum SeriesFault {
    /// Places without a document.
    #[error("numbers {first} to {last} are missing")]
    Gap {
        /// First of them.
        first: i64,
        /// Last of them.
        last: i64,
    },
    /// A place with two documents.
    #[error("number {0} exists twice")]
    Twice(i64),
    /// A document that is older than the one before it.
    #[error("number {0} is dated before the one that precedes it")]
    Date(i64),
    /// The counter of the series does not follow its last document.
    #[error("the series would go on with {next}, and its last number is {last}")]
    Counter {
        /// What the counter says.
        next: i64,
        /// The last document's place; 0 if there is none.
        last: i64,
    },
}

/// Everything that is wrong with a series whose counter stands at `next_seq`: its documents, in any order, must
/// carry 1, 2, 3 and so on, with dates that never go back.
pub fn faults(mut entries: Vec<Entry>, next_seq: i64) -> Vec<SeriesFault> {
    entries.sort_unstable_by_key(|entry| (entry.seq, entry.issued));
    let mut faults = Vec::new();
    let mut before: Option<Entry> = None;
    for entry in entries {
        let last = before.map_or(0, |before| before.seq);
        if entry.seq == last {
            faults.push(SeriesFault::Twice(entry.seq));
        } else if entry.seq > last + 1 {
            faults.push(SeriesFault::Gap { first: last + 1, last: entry.seq - 1 });
        }
        if before.is_some_and(|before| entry.issued < before.issued) {
            faults.push(SeriesFault::Date(entry.seq));
        }
        before = Some(entry);
    }
    let last = before.map_or(0, |before| before.seq);
    if next_seq != last + 1 {
        faults.push(SeriesFault::Counter { next: next_seq, last });
    }
    faults
}
