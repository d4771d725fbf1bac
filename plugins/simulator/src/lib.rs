//! A payment service with its own ledger, for demo and tests.
//!
//! It behaves as a provider's service does: an HTTP API with idempotency keys, saved cards, hosted pages for
//! card entry and 3-D Secure, declines by test card. Its ledger is an append-only file that is flushed before
//! an effect is answered, so it can testify in tests what really happened, whoever was killed. Fault dials
//! (`/_script`, `/_mode`, `/_webhooks`) make it lie, stall and break as real services do. `README.md` holds the reference.
//!
//! Time is the wall clock's: billing time does not reach a provider.

mod api;
mod book;
mod cards;
mod control;
mod faults;
mod ledger;
mod pages;
mod saved;
mod server;
mod service;
mod webhooks;
mod wire;

pub use saved::saved_method;
pub use server::{Error, Options, Running, run_until_signal, start};
pub use webhooks::sign;
