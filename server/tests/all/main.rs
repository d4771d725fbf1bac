//! Stories about the portal over HTTP: a server on a port of its own, an empty database, browsers that keep cookies.
#![allow(clippy::unwrap_used, clippy::expect_used)]

mod addresses;
mod billing_history;
mod browser;
mod cancelling;
mod forms;
mod headers;
mod hosts;
mod methods;
mod paying;
mod profile;
mod sections;
mod signing_in;
mod strangers;
mod subscriptions;
mod world;
