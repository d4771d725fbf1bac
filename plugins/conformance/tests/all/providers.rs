//! The providers that come with Portico keep what they promise.

use plugin_conformance::{Findings, Scenario, Verdict, examine};
use std::path::{Path, PathBuf};

fn component(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../dist").join(format!("{name}.wasm"))
}

/// What is found about a provider, by its own scenario.
async fn found(name: &str) -> Findings {
    let scenario = format!("../providers/{name}/conformance/{name}.conformance.toml");
    let scenario = Scenario::read(&Path::new(env!("CARGO_MANIFEST_DIR")).join(scenario)).unwrap();
    let findings = examine(&std::fs::read(component(name)).unwrap(), &scenario).await.unwrap();
    assert!(findings.passed(), "{findings}");
    findings
}

/// Checks that failed for want of something to check are not among these.
fn passed(findings: &Findings) -> usize {
    findings.checks.iter().filter(|check| check.verdict == Verdict::Passed).count()
}

#[tokio::test(flavor = "multi_thread")]
async fn the_sandbox_passes() {
    assert!(passed(&found("sandbox").await) > 200);
}

#[tokio::test(flavor = "multi_thread")]
async fn stripe_passes() {
    assert!(passed(&found("stripe").await) > 200);
}

#[tokio::test(flavor = "multi_thread")]
async fn paypal_passes() {
    assert!(passed(&found("paypal").await) > 200);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_bank_transfer_passes_and_says_that_it_has_no_network() {
    let findings = found("bank-transfer").await;
    let reasons: Vec<&str> = findings
        .checks
        .iter()
        .filter_map(|check| match &check.verdict {
            Verdict::NotApplicable { reason } => Some(reason.as_str()),
            _ => None,
        })
        .collect();
    assert!(reasons.contains(&"it sends no requests"), "{findings}");
}
