//! What server and worker share: the clock, settings, stores and use cases.
//!
//! A use case has one shape: `db.write(move |tx| { load; decide(.., now)?; save; enqueue })`.

pub mod clock;
pub mod crash;
pub mod db;
pub mod error;
mod home;
pub mod ids;
pub mod job;
pub mod keys;
pub mod mail;
pub mod query;
pub mod rehearsal;
pub mod scope;
pub mod settings;
pub mod store;
#[cfg(any(test, feature = "testing"))]
pub mod testing;
pub mod text;
pub mod usecase;
pub mod vault;
pub mod verify;

pub use error::{Error, Result};
pub use scope::{Engine, Now, Scope};
