//! Invoices: their amounts, their states and their numbers.

pub mod assemble;
pub mod credit_note;
pub mod number;
pub mod series;
pub mod state;
