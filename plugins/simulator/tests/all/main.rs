//! Stories over real HTTP: each starts its own simulator on a free port.

#![expect(clippy::unwrap_used, reason = "clippy takes only functions marked as tests for tests")]

mod charging;
mod faults;
mod hosted_pages;
mod ledger;
mod support;
