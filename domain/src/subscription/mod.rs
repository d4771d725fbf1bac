//! Subscriptions: what they consist of, their states, what falls due, how they change, pause and end.

pub mod cancel;
pub mod change;
pub mod due;
pub mod ending;
pub mod hold;
pub mod item;
pub mod pause;
pub mod state;
pub mod trial;
