//! The conformance kit: tries a provider's component against services that fail in every way, and says by name what it
//! must not do.
//!
//! A provider speaks its own service's language, so its author writes down a dialogue that goes well (a [`Scenario`]).
//! The kit plays the service's part on loopback and breaks the dialogue at each request. It keeps the service's books
//! itself: what a component claims is compared with what the service did, never with what the component said before.

mod account;
mod checks;
mod findings;
mod operation;
mod scenario;
mod service;
mod stage;
mod trick;
mod wire;

pub use findings::{Check, Findings, Lie, Verdict};
pub use scenario::{Scenario, ScenarioError};

use plugin_host::HostError;
use stage::Stage;

/// Tries a component. With [`Scenario::made_up`] only that is tried which needs no knowledge of its service.
///
/// # Errors
/// When the component cannot be installed at all.
pub async fn examine(component: &[u8], scenario: &Scenario) -> Result<Findings, HostError> {
    let stage = Stage::open(component, scenario).await?;
    let mut findings = Findings::of(&stage.provider);
    checks::all(&stage, &mut findings).await;
    Ok(findings)
}
