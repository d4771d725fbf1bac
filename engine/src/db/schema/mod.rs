//! The tables as diesel sees them: one file per area, kept by hand, checked against both databases by a test.

pub mod billing;
pub mod jobs;

pub use billing::*;
pub use jobs::job;
