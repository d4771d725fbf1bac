//! A running process keeps its providers as the operator wants them: what accounts use, as it is pinned.

use super::candidate::Candidate;
use super::folder::{Folder, Pin, Pins};
use super::past::try_candidate;
use anyhow::bail;
use engine::{Engine, store};
use plugin_host::Host;
use std::collections::{BTreeSet, HashMap};
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

/// How often it looks.
const EVERY: Duration = Duration::from_secs(2);

/// Makes known what is installed, and of what comes with the binary that which accounts use or `also` names.
///
/// # Errors
/// With everything that failed; the rest is there all the same.
pub async fn bring_up(engine: &Engine, host: &Host, also: &[&str]) -> anyhow::Result<()> {
    let folder = Folder::of(&engine.settings.current().installation.data_dir)?;
    let mut used = used(engine).await?;
    used.extend(also.iter().map(|&name| name.to_owned()));
    let pins = folder.pins()?;
    let mut trouble = activate_all(host, &folder, &pins).await;
    for (name, bytes) in Host::bundled() {
        // One that was installed is not replaced behind the operator's back where its file is gone.
        if used.contains(*name) && !pins.contains_key(*name) && host.provider(name).is_none() {
            let installed = host.install(name, bytes).await;
            trouble.extend(installed.err().map(|error| error.to_string()));
        }
    }
    if trouble.is_empty() { Ok(()) } else { bail!("{}", trouble.join("; ")) }
}

/// Goes over to what is pinned; says what cannot be used.
pub async fn activate_all(host: &Host, folder: &Folder, pins: &Pins) -> Vec<String> {
    let mut trouble = Vec::new();
    for (name, pin) in pins {
        let activated = activate(host, folder, name, pin).await;
        trouble.extend(activated.err().map(|error| format!("provider {name}: {error:#}")));
    }
    trouble
}

async fn activate(host: &Host, folder: &Folder, name: &str, pin: &Pin) -> anyhow::Result<()> {
    if host.provider(name).is_some_and(|known| known.digest() == pin.digest) {
        return Ok(());
    }
    let provider = host.load(name, &folder.component(name, pin)?).await?;
    if provider.manifest().name != name {
        bail!("it calls itself {}", provider.manifest().name);
    }
    host.activate(provider);
    tracing::info!(provider = name, version = pin.version, digest = pin.digest, "provider activated");
    Ok(())
}

/// Names of the providers that accounts of any business have.
async fn used(engine: &Engine) -> anyhow::Result<BTreeSet<String>> {
    let engine = engine.clone();
    let read = move || {
        engine.db.read(|conn| {
            let mut names = BTreeSet::new();
            for tenant in store::tenants::all(conn)? {
                let accounts = store::methods::accounts(conn, &tenant.id)?;
                names.extend(accounts.into_iter().map(|account| account.provider));
            }
            Ok(names)
        })
    };
    Ok(tokio::task::spawn_blocking(read).await??)
}

/// Goes on looking until the process ends. `adopts` says whether it installs what is dropped into the folder, too: one
/// process is enough for that.
pub fn follow(engine: Engine, host: Host, adopts: bool) {
    tokio::spawn(async move {
        let (mut seen, mut trouble) = (HashMap::new(), String::new());
        loop {
            tokio::time::sleep(EVERY).await;
            let looked = async {
                if adopts {
                    adopt(&engine, &mut seen).await?;
                }
                bring_up(&engine, &host, &[]).await
            };
            // The same trouble is told once.
            let now = looked.await.err().map(|error| format!("{error:#}")).unwrap_or_default();
            if !now.is_empty() && now != trouble {
                tracing::error!(error = now, "the providers cannot be looked after");
            }
            trouble = now;
        }
    });
}

/// Installs components that were dropped into the folder and pass by the scenario beside them.
async fn adopt(engine: &Engine, seen: &mut HashMap<PathBuf, SystemTime>) -> anyhow::Result<()> {
    let folder = Folder::of(&engine.settings.current().installation.data_dir)?;
    for path in folder.dropped()? {
        let changed = std::fs::metadata(&path)?.modified()?;
        if seen.insert(path.clone(), changed) == Some(changed) {
            continue;
        }
        if let Err(error) = take_in(engine, &folder, &path).await {
            let (file, error) = (path.display().to_string(), format!("{error:#}"));
            tracing::error!(file, error, "a component that was dropped in is not installed");
        }
    }
    Ok(())
}

async fn take_in(engine: &Engine, folder: &Folder, path: &Path) -> anyhow::Result<()> {
    let candidate = Candidate::read(path, None).await?;
    let (manifest, digest) = (candidate.provider.manifest(), candidate.provider.digest());
    if folder.pins()?.values().any(|pin| pin.digest == digest || pin.previous.as_deref() == Some(digest)) {
        return Ok(());
    }
    if candidate.scenario.is_none() {
        bail!("it has no scenario, NAME.conformance.toml; `portico plugin install` takes it without");
    }
    let findings = candidate.examine().await?;
    if !findings.passed() {
        bail!("it does not pass; `portico plugin test` says why");
    }
    if !try_candidate(engine, &candidate.provider).await?.agrees() {
        bail!("recorded calls come to something else; `portico plugin replay` says which");
    }
    folder.pin(&candidate.provider, &candidate.bytes)?;
    let permissions = super::permissions(manifest).join("; ");
    tracing::info!(provider = manifest.name, version = manifest.version, digest, permissions, "installed");
    Ok(())
}
