//! What pages read: rows gathered into facts, on one consistent view of the data. Nothing is changed here.

pub mod account;
pub mod billing;
pub mod change;
pub mod entitlements;
pub mod journal;
pub mod paying;
pub mod payment;
pub mod portal;
pub mod provider_calls;

#[cfg(test)]
mod tests;
