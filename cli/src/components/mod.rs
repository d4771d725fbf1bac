//! Provider components that an operator brings in: from the file to the running processes.

mod candidate;
mod folder;
mod follow;
#[cfg(test)]
mod tests;

pub use candidate::{Candidate, load, permissions};
pub use folder::Folder;
pub use follow::{bring_up, follow};
