//! `portico plugin`: payment providers as components.

use crate::components::{Candidate, Folder, permissions, try_candidate, try_on_past};
use crate::{boot, print};
use anyhow::{Context, bail};
use chrono::TimeDelta;
use engine::Engine;
use engine::ids::AttemptId;
use engine::settings::{Settings, Sources};
use engine::store::provider_calls::Which;
use engine::store::tenants::Tenant;
use plugin_host::Host;
use std::io::{IsTerminal, Write};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

#[derive(clap::Subcommand)]
pub enum Command {
    /// Try a component against a service that fails in every way. Exit code 1 when it does what it must not.
    Test {
        /// The component.
        component: PathBuf,
        /// How its service answers; NAME.conformance.toml beside the component where there is one.
        #[arg(long)]
        scenario: Option<PathBuf>,
        /// For programs.
        #[arg(long)]
        json: bool,
    },
    /// Show what a component asks for, try it, and have it used from now on. What runs follows without a restart.
    Install {
        /// The component.
        component: PathBuf,
        /// How its service answers; NAME.conformance.toml beside the component where there is one.
        #[arg(long)]
        scenario: Option<PathBuf>,
        /// Do not ask.
        #[arg(long)]
        yes: bool,
        /// Install it though recorded calls come to something else with it.
        #[arg(long)]
        despite_differences: bool,
    },
    /// Run recorded calls again, without the network: they must come to the same. Exit code 1 when one differs.
    Replay {
        /// The component to try; what is installed when not given.
        component: Option<PathBuf>,
        /// The business's short name; all of them when not given.
        #[arg(long)]
        tenant: Option<String>,
        /// Only the calls about this charge or refund.
        #[arg(long, value_name = "ID")]
        attempt: Option<String>,
        /// Only the calls of so many last days.
        #[arg(long)]
        days: Option<u16>,
    },
    /// Providers that come with Portico and those that are installed.
    List,
}

pub async fn run(config_dir: Option<&Path>, command: Command) -> anyhow::Result<ExitCode> {
    match command {
        Command::Test { component, scenario, json } => test(&component, scenario.as_deref(), json).await,
        Command::Install { component, scenario, yes, despite_differences } => {
            let candidate = Candidate::read(&component, scenario.as_deref()).await?;
            install(config_dir, &candidate, yes, despite_differences).await
        }
        Command::Replay { component, tenant, attempt, days } => {
            let (engine, tenants) = super::businesses(config_dir, tenant.as_deref())?;
            let since = days.map(|days| engine.clock.now() - TimeDelta::days(days.into()));
            let attempt = attempt.map(AttemptId::from);
            let which = Which { provider: None, attempt, since };
            replay(&engine, &tenants, which, component.as_deref()).await
        }
        Command::List => list(config_dir),
    }
}

async fn test(component: &Path, scenario: Option<&Path>, json: bool) -> anyhow::Result<ExitCode> {
    let findings = Candidate::read(component, scenario).await?.examine().await?;
    let text = if json { serde_json::to_string_pretty(&findings)? } else { findings.to_string() };
    print::lines([text])?;
    Ok(if findings.passed() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

async fn install(
    config_dir: Option<&Path>,
    candidate: &Candidate,
    yes: bool,
    despite_differences: bool,
) -> anyhow::Result<ExitCode> {
    let folder = Folder::of(&Settings::load(config_dir)?.installation.data_dir)?;
    let before = component_before(&folder, candidate)?;
    print::lines(introduction(before.as_deref(), candidate).await?)?;
    let findings = candidate.examine().await?;
    if !findings.passed() {
        print::lines([findings])?;
        println!("Not installed; what was there stays.");
        return Ok(ExitCode::FAILURE);
    }
    let tried = if candidate.scenario.is_some() { "It passes." } else { "It was tried without a scenario." };
    println!("{tried}");
    if before.is_some() {
        let engine = boot::engine(Sources::new(config_dir))?;
        let tried = try_candidate(&engine, &candidate.provider).await?;
        print::lines(tried.lines())?;
        if !tried.agrees() && !despite_differences {
            println!(
                "Not installed: recorded calls come to something else. --despite-differences installs it."
            );
            return Ok(ExitCode::FAILURE);
        }
    }
    if !yes && !agreed()? {
        println!("Not installed.");
        return Ok(ExitCode::FAILURE);
    }
    folder.pin(&candidate.provider, &candidate.bytes)?;
    println!("Installed; what runs follows within seconds.");
    Ok(ExitCode::SUCCESS)
}

async fn replay(
    engine: &Engine,
    tenants: &[Tenant],
    which: Which,
    component: Option<&Path>,
) -> anyhow::Result<ExitCode> {
    let tried = match component {
        Some(component) => {
            let bytes = std::fs::read(component).with_context(|| component.display().to_string())?;
            let provider = boot::host(engine)?.load(&component.display().to_string(), &bytes).await?;
            let which = Which { provider: Some(provider.manifest().name.clone()), ..which };
            try_on_past(engine, tenants, &which, |_| Some(provider.clone())).await?
        }
        None => {
            let providers = boot::providers(engine, &[]).await?;
            try_on_past(engine, tenants, &which, |name| providers.provider(name)).await?
        }
    };
    print::lines(tried.lines())?;
    Ok(if tried.agrees() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

/// The component that a candidate would take the place of: the pinned one, else the one that comes with Portico.
fn component_before(folder: &Folder, candidate: &Candidate) -> anyhow::Result<Option<Vec<u8>>> {
    let name = &candidate.provider.manifest().name;
    if let Some(pin) = folder.pins()?.get(name) {
        return folder.component(name, pin).map(Some);
    }
    let bundled = Host::bundled().iter().find(|(bundled, _)| bundled == name);
    Ok(bundled.map(|(_, bytes)| bytes.to_vec()))
}

/// What it is and asks for; a plus marks what the one before did not ask for.
async fn introduction(before: Option<&[u8]>, candidate: &Candidate) -> anyhow::Result<Vec<String>> {
    let (manifest, digest) = (candidate.provider.manifest(), candidate.provider.digest());
    let known = match before {
        Some(bytes) => Some(crate::components::load(&manifest.name, bytes).await?),
        None => None,
    };
    let old = known.as_ref().map(|known| permissions(known.manifest()));
    let mut lines = vec![format!("{} {}: {}", manifest.name, manifest.version, manifest.display_name)];
    lines.push(format!("sha256 {digest}"));
    if let Some(known) = &known {
        lines.push(format!("in place of {}, sha256 {}", known.manifest().version, known.digest()));
    }
    lines.extend(permissions(manifest).into_iter().map(|line| {
        let is_new = old.as_ref().is_some_and(|old| !old.contains(&line));
        format!("{} {line}", if is_new { "+" } else { " " })
    }));
    Ok(lines)
}

fn agreed() -> anyhow::Result<bool> {
    if !std::io::stdin().is_terminal() {
        bail!("nobody is there to ask; install it with --yes");
    }
    print!("Install it? [y/N] ");
    std::io::stdout().flush()?;
    let mut answer = String::new();
    std::io::stdin().read_line(&mut answer)?;
    Ok(matches!(answer.trim(), "y" | "Y" | "yes"))
}

fn list(config_dir: Option<&Path>) -> anyhow::Result<ExitCode> {
    let pins = Folder::of(&Settings::load(config_dir)?.installation.data_dir)?.pins()?;
    let bundled = Host::bundled().iter().filter(|(name, _)| !pins.contains_key(*name));
    let bundled = bundled.map(|(name, bytes)| format!("{name}  bundled  {}", plugin_host::digest(bytes)));
    let installed = pins.iter().map(|(name, pin)| format!("{name}  {}  {}", pin.version, pin.digest));
    print::lines(bundled.chain(installed))?;
    Ok(ExitCode::SUCCESS)
}
