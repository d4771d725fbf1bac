//! Invoices and credit notes: their amounts and why, their states, their numbers, and the chain they form.

pub mod assemble;
pub mod chain;
pub mod credit_note;
pub mod formula;
pub mod number;
pub mod series;
pub mod state;
