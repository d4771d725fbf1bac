//! A component that may be installed: what it asks for, and how it does.

use anyhow::Context;
use chrono::DateTime;
use domain::provider::{Manifest, SettingField};
use plugin_conformance::{Findings, Scenario};
use plugin_host::{Host, HostOptions, Limits, Provider};
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// A component, inspected in a host of its own.
pub struct Candidate {
    pub bytes: Vec<u8>,
    pub provider: Arc<Provider>,
    /// Its scenario, where there is one.
    pub scenario: Option<PathBuf>,
}

impl Candidate {
    /// Reads a component. Its scenario is the file that is named, else `NAME.conformance.toml` beside it.
    pub async fn read(path: &Path, scenario: Option<&Path>) -> anyhow::Result<Self> {
        let bytes = std::fs::read(path).with_context(|| path.display().to_string())?;
        let provider = load(&path.display().to_string(), &bytes).await?;
        let beside = path.with_extension("conformance.toml");
        let scenario = scenario.map(Path::to_owned).or_else(|| beside.exists().then_some(beside));
        Ok(Self { bytes, provider, scenario })
    }

    /// Runs the conformance kit.
    pub async fn examine(&self) -> anyhow::Result<Findings> {
        let scenario = match &self.scenario {
            Some(path) => Scenario::read(path)?,
            None => Scenario::made_up()?,
        };
        Ok(plugin_conformance::examine(&self.bytes, &scenario).await?)
    }
}

/// Loads a component to look at it; it gets no clock and calls nobody.
pub async fn load(name: &str, bytes: &[u8]) -> anyhow::Result<Arc<Provider>> {
    let now = Arc::new(|| DateTime::UNIX_EPOCH.naive_utc());
    let host = Host::new(HostOptions { cache_dir: None, limits: Limits::default(), now })?;
    Ok(host.load(name, bytes).await?)
}

/// What a component asks for, a line each, and what its service promises.
pub fn permissions(manifest: &Manifest) -> Vec<String> {
    let can = &manifest.capabilities;
    let mut lines: Vec<String> =
        manifest.hosts.iter().map(|host| format!("sends requests to {host}")).collect();
    lines.extend(manifest.redirect_hosts.iter().map(|host| format!("sends customers to {host}")));
    lines.extend(manifest.lookup_posts.iter().map(|path| format!("searches by POST at {path}")));
    let secrets = manifest.settings.iter().filter(|field| field.is_secret());
    lines.extend(secrets.map(|SettingField { key, label, .. }| format!("uses the secret {key}: {label}")));
    lines.push(match &can.idempotency {
        Some(promise) => format!("a repeated key is safe for {} minutes", promise.window_s / 60),
        None => "a charge is never sent twice: the service knows no keys".to_owned(),
    });
    lines.push(match &can.lookup {
        Some(promise) => format!("can be asked what became of a charge, {} s behind at most", promise.lag_s),
        None => "cannot be asked what became of a charge".to_owned(),
    });
    for (can, what) in [(can.refund, "gives money back"), (can.cancel, "cancels"), (can.list_since, "lists")]
    {
        lines.extend(can.then(|| what.to_owned()));
    }
    lines
}
