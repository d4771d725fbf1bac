//! The folder `providers` in the data folder: components that were dropped in, those that are installed, and which digest
//! of each is pinned.

use anyhow::{Context, bail};
use plugin_host::Provider;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::fs::{self, File};
use std::io::{ErrorKind, Write};
use std::path::{Path, PathBuf};

/// The folder.
#[derive(Debug, Clone)]
pub struct Folder(PathBuf);

/// Which component of a provider runs.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Pin {
    /// SHA-256 of the component, in hexadecimal.
    pub digest: String,
    /// The provider's own version.
    pub version: String,
    /// The digest before; its file stays.
    pub previous: Option<String>,
}

/// Providers by name.
pub type Pins = BTreeMap<String, Pin>;

impl Folder {
    /// The folder in a data folder, made where it is missing.
    pub fn of(data_dir: &Path) -> anyhow::Result<Self> {
        let dir = data_dir.join("providers");
        crate::boot::make_private(&dir.join("installed"))
            .with_context(|| format!("{} cannot be made", dir.display()))?;
        Ok(Self(dir))
    }

    /// What is installed.
    pub fn pins(&self) -> anyhow::Result<Pins> {
        let path = self.list();
        match fs::read(&path) {
            Ok(text) => serde_json::from_slice(&text).with_context(|| path.display().to_string()),
            Err(error) if error.kind() == ErrorKind::NotFound => Ok(Pins::new()),
            Err(error) => Err(error).with_context(|| path.display().to_string()),
        }
    }

    /// An installed component, if its file is still the one that was pinned.
    pub fn component(&self, name: &str, pin: &Pin) -> anyhow::Result<Vec<u8>> {
        let path = self.file(name, &pin.digest);
        let bytes = fs::read(&path).with_context(|| path.display().to_string())?;
        if plugin_host::digest(&bytes) != pin.digest {
            bail!("{} is not what was installed: its digest is another", path.display());
        }
        Ok(bytes)
    }

    /// Keeps a component and pins it. Processes that run follow within seconds.
    pub fn pin(&self, provider: &Provider, bytes: &[u8]) -> anyhow::Result<()> {
        let lock = File::create(self.0.join(".lock"))?;
        lock.lock()?;
        let (manifest, digest) = (provider.manifest(), provider.digest());
        replace(&self.file(&manifest.name, digest), bytes)?;
        let mut pins = self.pins()?;
        let before = pins.remove(&manifest.name);
        let previous =
            before.and_then(|pin| if pin.digest == digest { pin.previous } else { Some(pin.digest) });
        let pin = Pin { digest: digest.to_owned(), version: manifest.version.clone(), previous };
        pins.insert(manifest.name.clone(), pin);
        replace(&self.list(), &serde_json::to_vec_pretty(&pins)?)
    }

    /// Components that somebody laid down here.
    pub fn dropped(&self) -> anyhow::Result<Vec<PathBuf>> {
        let mut found = Vec::new();
        for entry in fs::read_dir(&self.0).with_context(|| self.0.display().to_string())? {
            let path = entry?.path();
            if path.extension().is_some_and(|ending| ending == "wasm") {
                found.push(path);
            }
        }
        found.sort();
        Ok(found)
    }

    fn list(&self) -> PathBuf {
        self.0.join("installed.json")
    }

    fn file(&self, name: &str, digest: &str) -> PathBuf {
        self.0.join("installed").join(format!("{name}-{digest}.wasm"))
    }
}

/// Writes a file so that a reader finds the old one or the new one, whole.
fn replace(path: &Path, bytes: &[u8]) -> anyhow::Result<()> {
    let beside = path.with_extension("new");
    let mut file = File::create(&beside).with_context(|| beside.display().to_string())?;
    file.write_all(bytes)?;
    file.sync_all()?;
    fs::rename(&beside, path).with_context(|| path.display().to_string())
}
