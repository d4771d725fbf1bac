//! Mail: what each says, and handing it over.

pub mod compose;
mod notices;
mod planned;
mod transport;

pub use transport::{Mailer, Outgoing};
