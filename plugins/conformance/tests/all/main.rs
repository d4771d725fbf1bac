//! Stories of the conformance kit.

#![expect(clippy::unwrap_used, reason = "clippy takes only functions marked as tests for tests")]

mod providers;
