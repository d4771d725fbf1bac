//! What stories are told with: a whole Portico on a database of its own, the payment simulator beside it, browsers,
//! a mailbox, and a clock that the story moves.
//!
//! A story reads like a script and ends with [`World::check`], which compares what Portico believes with the
//! simulator's ledger.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    reason = "a story that cannot go on has failed, and says so by a panic"
)]

mod browser;
mod check;
mod history;
mod mailbox;
mod parts;
mod people;
mod process;
mod simulator;
mod time;
mod vies;
mod webhooks;
mod world;

pub use browser::{Browser, Page, squeeze};
pub use mailbox::Letter;
pub use people::Customer;
pub use process::Portico;
pub use simulator::{Ledger, MovedCharge, MovedRefund, Sent, Simulator};
pub use vies::Vies;
pub use webhooks::Delivery;
pub use world::{World, WorldOptions};

/// Test cards of the simulator by what they do.
pub mod cards {
    /// Always works.
    pub const GOOD: &str = "4242424242424242";
    /// Works, too.
    pub const OTHER: &str = "5555555555554444";
    /// Saves; every charge is declined.
    pub const DECLINED: &str = "4000000000000341";
    /// 3-D Secure when it is saved, then works.
    pub const ASKS_WHEN_SAVED: &str = "4000002500003155";
    /// 3-D Secure when it is saved and at every charge.
    pub const ALWAYS_ASKS: &str = "4000002760003184";
    /// Charges stay on their way until the story settles them, as bank debits do.
    pub const SLOW: &str = "4000000000000077";
}
