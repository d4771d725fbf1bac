//! Provider components that an operator brings in: from the file to the running processes.

mod candidate;
mod folder;
mod follow;
mod past;
#[cfg(test)]
mod tests;

pub use candidate::{Candidate, load, permissions};
pub use folder::Folder;
pub use follow::{bring_up, follow};
pub use past::{try_candidate, try_on_past};
