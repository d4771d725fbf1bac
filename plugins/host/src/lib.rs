//! Runs payment providers as sandboxed components.
//!
//! A provider is a WebAssembly component of the contract in `plugins/wit/v1`. It reaches the world through the
//! host's imports alone, sees no secret, and is not believed: the host keeps its own record of what left the machine
//! and lets that record decide what a failed call can mean (`docs/charging.md`).

mod account;
mod bindings;
mod boot;
mod call;
mod convert;
mod crash;
mod engine;
mod host;
mod http;
mod limits;
mod log;
mod manifest;
mod provider;
mod running;
mod setting;
mod shape;
mod tape;
mod turns;
mod verdict;
mod wasi;

pub use account::{Account, SecretValue};
pub use crash::tell_points;
pub use host::{Host, HostError, HostOptions, Now, digest};
pub use http::address::{Names, is_global};
pub use limits::Limits;
pub use provider::Provider;
pub use setting::fits;
pub use tape::{Difference, Keep, Part, Tape};
pub use verdict::SUCCESS_WITHOUT_ASKING;
