//! Rows in and out of the database, one file per area. Every function takes the business first and sees only
//! its rows; decisions are made elsewhere.
//!
//! What `update` leaves alone (`skip_update`) is fixed when a row is inserted: whose it is, what was asked for, what was
//! printed. For SQLite that is also what makes updates cheap, for a written key is looked for in every table that
//! points to it. One row by its key is asked for with `get_result`, not `first`: given `LIMIT ?`, SQLite plans the
//! query anew each time.

pub mod access;
pub mod attempts;
pub mod billed;
pub mod catalog;
pub mod changes;
pub mod circuits;
pub mod credit_notes;
pub mod customers;
pub mod discounts;
pub mod documents;
pub mod drafts;
pub mod due;
pub mod dunning;
pub mod entitlements;
pub mod events;
pub mod inbound;
pub mod invoices;
pub mod jobs;
pub mod ledger;
pub mod mails;
pub mod methods;
pub mod pending_lines;
pub mod provider_calls;
pub mod receipts;
pub mod reconciliation;
pub mod refunds;
pub mod reversals;
pub mod subscriptions;
pub mod tenants;
pub mod usage;
