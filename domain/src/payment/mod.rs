//! Payment attempts: their states, their keys and the charge protocol.

pub mod brake;
pub mod by_hand;
pub mod circuit;
pub mod home;
pub mod key;
pub mod protocol;
pub mod reconcile;
pub mod refund;
pub mod resolve;
pub mod reversal;
pub mod state;
