//! Stories of the plugin host: the sandbox provider against the simulator, and components that misbehave.

#![expect(clippy::unwrap_used, reason = "clippy takes only functions marked as tests for tests")]

mod charging;
mod contract;
mod dying;
mod examples;
mod failing;
mod fairness;
mod guest;
mod hostile;
mod languages;
mod lies;
mod limits;
mod providers;
mod replaying;
mod searching;
mod shop;
mod ssrf;
mod tokens;
mod upstream;
mod webhooks;
