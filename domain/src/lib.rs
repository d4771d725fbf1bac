//! The rules of billing. Pure: nothing here does IO, asks the time or knows a database.
//!
//! Amounts are `i64` minor units with an ISO 4217 currency; instants are UTC. Every decision takes `now`
//! and answers with a value; the engine loads, asks and saves.

pub mod balance;
pub mod bank;
pub mod catalog;
pub mod currency;
pub mod discount;
pub mod dunning;
pub mod entitlement;
pub mod event;
pub mod invoice;
pub mod ledger;
pub mod money;
pub mod payment;
pub mod period;
pub mod provider;
pub mod reminder;
pub mod sale;
pub mod subscription;
pub mod tax;
pub mod text;
pub mod usage;

/// A moment in UTC, at most microsecond precision. The engine's clock is the only thing that makes one from
/// the wall clock.
pub type Instant = chrono::NaiveDateTime;
