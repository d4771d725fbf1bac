//! The tables as diesel sees them: one file per area, kept by hand, checked against both databases by a test.

pub mod job;

pub use job::job;
