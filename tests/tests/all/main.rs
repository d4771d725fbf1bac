//! Stories about a whole Portico. Each runs on SQLite, and on PostgreSQL where there is one.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    reason = "clippy takes only functions marked as tests for tests"
)]

mod balances;
mod cancelling;
mod changes;
mod crash_sweep;
mod crashes;
mod disputes;
mod documents;
mod dunning;
mod dunning_policy;
mod endings;
mod first_payments;
mod forecasts;
mod holds;
mod homes;
mod installing;
mod isolation;
mod licenses;
mod methods;
mod one_offs;
mod outages;
mod own_refunds;
mod pausing;
mod plan_changes;
mod provider_faults;
mod racing;
mod reconciling;
mod refund_faults;
mod refunds;
mod reminders;
mod renewal;
mod replaying;
mod scanner;
mod sections;
mod selling;
mod settled_by_hand;
mod sign_in;
mod smtp;
mod standing;
mod storm;
mod three_d_secure;
mod tidy;
mod trials;
mod vat;
mod verifying;
mod webhooks;
