//! Usage: events that are counted per period and billed afterwards.

mod decimal;
pub mod rating;

pub use decimal::{BadDecimal, Decimal};

use crate::Instant;
use crate::period::Period;
use crate::words;
use chrono::TimeDelta;
use std::collections::BTreeSet;

words! {
    /// How the events of a period become one quantity.
    Aggregation {
        /// Their sum.
        Sum = "sum",
        /// The largest.
        Max = "max",
        /// The latest.
        Last = "last",
        /// How many different values there are.
        UniqueCount = "unique_count",
    }
}

/// Longest idempotency key and longest value, in bytes.
pub const LONGEST_TEXT: usize = 200;
/// How far a sender's clock may run ahead.
pub const CLOCK_SKEW: TimeDelta = TimeDelta::minutes(5);

/// Something that was used.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UsageEvent {
    /// The sender's idempotency key, unique per meter.
    pub key: String,
    /// A [`Decimal`]; for [`Aggregation::UniqueCount`] what is counted, such as a user's id.
    pub value: String,
    /// When it was used, by the sender's clock.
    pub occurred_at: Instant,
    /// When we heard of it.
    pub received_at: Instant,
    /// An invoice has counted it.
    pub counted: bool,
}

/// What decides whether an event is taken in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct MeterFacts {
    /// How the meter counts.
    pub aggregation: Aggregation,
    /// Start of the subscription that it is counted for.
    pub started_at: Instant,
    /// Its end, where it has ended.
    pub ended_at: Option<Instant>,
    /// The invoice that settles its last period is finalised: nothing can be counted any more.
    pub settled: bool,
    /// Something that it consists of now is billed by this meter.
    pub metered: bool,
}

/// What to do with an event.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Intake {
    /// Store it.
    New,
    /// It is stored already: answer as if it were new.
    Repeated,
}

/// Why an event is refused.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum UsageRefusal {
    /// Empty or too long.
    #[error("an event needs a key of 1 to {LONGEST_TEXT} bytes")]
    Key,
    /// The key was used for another event.
    #[error("this key was used for an event with another value or time")]
    KeyReused,
    /// Not a quantity.
    #[error(transparent)]
    Quantity(#[from] BadDecimal),
    /// Nothing to count, or too long.
    #[error("a value that is counted has 1 to {LONGEST_TEXT} bytes")]
    Value,
    /// It claims to have happened in the future.
    #[error("the event lies in the future")]
    Future,
    /// Nobody would bill it.
    #[error("nothing in the subscription is billed by this meter")]
    NotMetered,
    /// There was no subscription then.
    #[error("the event lies outside the subscription")]
    OutsideSubscription,
    /// No invoice will follow that could count it.
    #[error("the subscription has been settled")]
    Settled,
}

/// Decides about an event that comes in; `stored` is the event that has its key, if there is one.
///
/// The same event may be sent any number of times and counts once, even when it has been billed since.
pub fn take_in(
    event: &UsageEvent,
    stored: Option<&UsageEvent>,
    meter: &MeterFacts,
    now: Instant,
) -> Result<Intake, UsageRefusal> {
    let fits = |text: &str| (1..=LONGEST_TEXT).contains(&text.len());
    if !fits(&event.key) {
        return Err(UsageRefusal::Key);
    }
    if let Some(stored) = stored {
        let same = stored.value == event.value && stored.occurred_at == event.occurred_at;
        return if same { Ok(Intake::Repeated) } else { Err(UsageRefusal::KeyReused) };
    }
    match meter.aggregation {
        Aggregation::UniqueCount if !fits(&event.value) => return Err(UsageRefusal::Value),
        Aggregation::UniqueCount => {}
        Aggregation::Sum | Aggregation::Max | Aggregation::Last => {
            event.value.parse::<Decimal>()?;
        }
    }
    if event.occurred_at > now + CLOCK_SKEW {
        return Err(UsageRefusal::Future);
    }
    let after_end = meter.ended_at.is_some_and(|end| event.occurred_at >= end);
    if event.occurred_at < meter.started_at || after_end {
        return Err(UsageRefusal::OutsideSubscription);
    }
    match (meter.settled, meter.metered) {
        (true, _) => Err(UsageRefusal::Settled),
        (false, false) => Err(UsageRefusal::NotMetered),
        (false, true) => Ok(Intake::New),
    }
}

/// The first moment at which no event can lie that has been taken in until `now`, however fast its sender's clock runs.
pub fn beyond_all(now: Instant) -> Instant {
    now + CLOCK_SKEW + TimeDelta::microseconds(1)
}

/// Whether the invoice of `period` counts an event: it happened before the period's end and no invoice has
/// counted it.
///
/// So an event that comes in late still belongs to its own period as long as that one's invoice is not
/// finalised, and to the next invoice afterwards. None is lost and none counts twice.
pub fn counts_in(event: &UsageEvent, period: Period) -> bool {
    !event.counted && event.occurred_at < period.end
}

/// The quantity of `period`, from the events that [`counts_in`] it; the others are left aside.
///
/// A late event counts as if it had happened at the period's first moment, so it is `last` only when the
/// period has no event of its own. The order of `events` does not matter. Without events it is zero.
pub fn aggregate(
    aggregation: Aggregation,
    events: &[UsageEvent],
    period: Period,
) -> Result<Decimal, BadDecimal> {
    let counted = || events.iter().filter(|event| counts_in(event, period));
    let quantities = || counted().map(|event| event.value.parse::<Decimal>());
    match aggregation {
        Aggregation::Sum => quantities().try_fold(Decimal::ZERO, |sum, next| Ok(sum.plus(next?))),
        Aggregation::Max => quantities().try_fold(Decimal::ZERO, |max, next| Ok(max.max(next?))),
        Aggregation::Last => counted()
            // Two at one moment: the one heard of later, then the key, so that every run agrees.
            .max_by_key(|event| (event.occurred_at, event.received_at, &event.key))
            .map_or(Ok(Decimal::ZERO), |event| event.value.parse()),
        Aggregation::UniqueCount => {
            let different = counted().map(|event| event.value.as_str()).collect::<BTreeSet<_>>().len();
            Ok(Decimal::whole(u64::try_from(different).unwrap_or(u64::MAX)))
        }
    }
}
