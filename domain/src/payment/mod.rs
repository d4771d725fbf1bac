//! Payment attempts: their states, their keys and the charge protocol.

pub mod by_hand;
pub mod circuit;
pub mod key;
pub mod protocol;
pub mod refund;
pub mod resolve;
pub mod reversal;
pub mod state;
