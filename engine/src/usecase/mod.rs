//! What can be done, one verb a file. Each is `write(|tx| { load; decide; save; enqueue })`.

pub mod add_method;
pub mod advance;
pub mod bill;
pub mod cancel;
pub mod catalog;
pub mod charge;
pub mod collect;
pub mod confirm_review;
pub mod document;
pub mod dun;
pub mod edit_customer;
pub mod install;
pub mod pay;
pub mod schedule;
pub mod sign_in;
pub mod subscribe;
pub mod test_clock;
pub mod uncancel;
pub mod use_method;

mod record;
mod settle;
