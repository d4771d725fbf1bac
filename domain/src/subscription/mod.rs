//! Subscriptions: their states, what falls due, and how they end.

pub mod cancel;
pub mod due;
pub mod state;
