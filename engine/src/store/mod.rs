//! Rows in and out of the database, one file per area. Every function takes the business first and sees only
//! its rows; decisions are made elsewhere.

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
pub mod invoices;
pub mod jobs;
pub mod ledger;
pub mod mails;
pub mod methods;
pub mod pending_lines;
pub mod receipts;
pub mod refunds;
pub mod subscriptions;
pub mod tenants;
pub mod usage;
