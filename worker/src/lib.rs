//! Renewals, collection, dunning, mails and documents in the background

pub mod app;
pub mod document;
pub mod env;
pub mod jobs;
pub mod mail;
pub mod monitor;
pub mod pdf;
pub mod queue;
mod vies;

pub use app::{Drained, drain, drain_clocks, options, run};
pub use env::Env;
