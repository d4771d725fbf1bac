//! The PayPal provider natively, against a service that answers from a script.

#![expect(clippy::unwrap_used, reason = "clippy takes only functions marked as tests for tests")]

mod charging;
mod looking_up;
mod saving;
mod service;
mod webhooks;
