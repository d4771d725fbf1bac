//! What can be done, one verb a file. Each is `write(|tx| { load; decide; save; enqueue })`.

pub mod add_method;
pub mod advance;
pub mod bill;
pub mod cancel;
pub mod catalog;
pub mod charge;
pub mod collect;
pub mod confirm_review;
pub mod credit;
pub mod dispute;
pub mod document;
pub mod dun;
pub mod edit_customer;
pub mod install;
pub mod one_off;
pub mod pay;
pub mod request_refund;
pub mod resolve_refund;
pub mod schedule;
pub mod sign_in;
pub mod subscribe;
pub mod test_clock;
pub mod uncancel;
pub mod use_method;
pub mod void;
pub mod write_off;

mod attempt;
mod record;
mod refund;
mod settle;
