//! `portico plugin`: payment providers as components.

use crate::components::{Candidate, Folder, permissions};
use crate::print;
use anyhow::bail;
use engine::settings::Settings;
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
    },
    /// Providers that come with Portico and those that are installed.
    List,
}

pub async fn run(config_dir: Option<&Path>, command: Command) -> anyhow::Result<ExitCode> {
    match command {
        Command::Test { component, scenario, json } => test(&component, scenario.as_deref(), json).await,
        Command::Install { component, scenario, yes } => {
            install(config_dir, &component, scenario.as_deref(), yes).await
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
    component: &Path,
    scenario: Option<&Path>,
    yes: bool,
) -> anyhow::Result<ExitCode> {
    let folder = Folder::of(&Settings::load(config_dir)?.installation.data_dir)?;
    let candidate = Candidate::read(component, scenario).await?;
    print::lines(introduction(&folder, &candidate).await?)?;
    let findings = candidate.examine().await?;
    if !findings.passed() {
        print::lines([findings])?;
        println!("Not installed; what was there stays.");
        return Ok(ExitCode::FAILURE);
    }
    let tried = if candidate.scenario.is_some() { "It passes." } else { "It was tried without a scenario." };
    println!("{tried}");
    if !yes && !agreed()? {
        println!("Not installed.");
        return Ok(ExitCode::FAILURE);
    }
    folder.pin(&candidate.provider, &candidate.bytes)?;
    println!("Installed; what runs follows within seconds.");
    Ok(ExitCode::SUCCESS)
}

/// What it is and asks for; a plus marks what the one before did not ask for.
async fn introduction(folder: &Folder, candidate: &Candidate) -> anyhow::Result<Vec<String>> {
    let (manifest, digest) = (candidate.provider.manifest(), candidate.provider.digest());
    let before = match folder.pins()?.get(&manifest.name) {
        Some(pin) => Some(folder.component(&manifest.name, pin)?),
        None => {
            let bundled = Host::bundled().iter().find(|(name, _)| *name == manifest.name);
            bundled.map(|(_, bytes)| bytes.to_vec())
        }
    };
    let known = match before {
        Some(bytes) => Some(crate::components::load(&manifest.name, &bytes).await?),
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
