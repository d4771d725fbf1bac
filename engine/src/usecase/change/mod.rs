//! Changes of a running subscription: another plan, other quantities, other add-ons. Quoted, confirmed, paid where
//! something is due, and applied; `domain::subscription::change` decides about all of it.

mod apply;
mod confirm;
mod facts;
mod give_back;
mod lines;
mod metered;
mod outcome;
mod quote;
mod spans;
mod undo;

pub use confirm::{Confirmation, confirm};
pub use lines::Part;
pub use quote::{Quoted, Wish, quote};
pub use undo::undo;

pub(crate) use apply::{TAX_DOES_NOT_MATTER, at_period_start, items_from, pending, target_of};
pub(crate) use give_back::{Credits, by_invoice};
pub(crate) use lines::{bill_line, invoice, parts, waiting};
pub(crate) use outcome::{cancelling, ended, is_being_paid, paid, payment_failed, waits_for};
pub(crate) use spans::of as spans_of;
