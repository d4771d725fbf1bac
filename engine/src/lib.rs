//! What server and worker share: the clock, settings, stores and use cases.
//!
//! A use case has one shape: `db.write(move |tx| { load; decide(.., now)?; save; enqueue })`.

pub mod db;
pub mod error;
pub mod ids;
pub mod keys;
pub mod settings;
pub mod vault;

pub use error::{Error, Result};
