//! Settings that follow their files while the process runs.

use super::sources::Fingerprint;
use super::{Explained, Settings, SettingsError, Sources};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::mpsc::{RecvTimeoutError, Sender, channel};
use std::sync::{Arc, PoisonError, RwLock};
use std::thread::JoinHandle;
use std::time::Duration;

/// Keys that are read once, at start.
const AT_START: [&str; 15] = [
    "tenant.",
    "data_dir",
    "secret_file",
    "fonts_dir",
    "templates_dir",
    "database.",
    "http.bind",
    "mail.transport",
    "mail.folder",
    "mail.smtp.",
    "worker.",
    "payments.connect_seconds",
    "payments.request_seconds",
    "payments.call_seconds",
    "log.",
];

/// The settings in force. Readers take one snapshot a request or job and keep to it.
#[derive(Debug)]
pub struct LiveSettings {
    sources: Sources,
    seen_at_load: Fingerprint,
    current: RwLock<Arc<Settings>>,
}

/// What a reload changed.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Changed {
    /// Keys whose value is another now, `acme: portal.cancel.enabled` for those of a business.
    pub keys: Vec<String>,
    /// Those of `keys` that take effect at the next start only.
    pub after_restart: Vec<String>,
}

impl LiveSettings {
    /// Loads from `sources`. Errors as [`Settings::load`].
    pub fn load(sources: Sources) -> Result<Self, SettingsError> {
        let seen_at_load = sources.fingerprint();
        let settings = Settings::from_sources(&sources)?;
        Ok(Self { sources, seen_at_load, current: RwLock::new(Arc::new(settings)) })
    }

    /// The settings in force now.
    pub fn current(&self) -> Arc<Settings> {
        Arc::clone(&self.current.read().unwrap_or_else(PoisonError::into_inner))
    }

    /// Reads the sources again. On an error the settings in force stay.
    ///
    /// # Errors
    /// As [`Settings::load`].
    pub fn reload(&self) -> Result<Changed, SettingsError> {
        let fresh = Settings::from_sources(&self.sources)?;
        let mut current = self.current.write().unwrap_or_else(PoisonError::into_inner);
        let changed = Changed::between(&current, &fresh);
        *current = Arc::new(fresh);
        Ok(changed)
    }
}

impl Changed {
    fn between(old: &Settings, new: &Settings) -> Self {
        let slugs: BTreeSet<&String> = old.explained.keys().chain(new.explained.keys()).collect();
        let mut keys = Vec::new();
        for slug in slugs {
            let values = |settings: &Settings| -> BTreeMap<String, String> {
                let own = |e: &&Explained| slug.is_empty() || settings.is_of_tenant(&e.key);
                let all = settings.explained.get(slug).into_iter().flatten();
                all.filter(own).map(|e| (e.key.clone(), e.value.clone())).collect()
            };
            let (before, after) = (values(old), values(new));
            let differs = before.keys().chain(after.keys()).filter(|key| before.get(*key) != after.get(*key));
            let named = |key: &String| {
                if slug.is_empty() { key.clone() } else { format!("{slug}: {key}") }
            };
            keys.extend(differs.map(named));
        }
        keys.sort();
        keys.dedup();
        let after_restart =
            keys.iter().filter(|key| AT_START.iter().any(|at| bare(key).starts_with(at))).cloned().collect();
        Self { keys, after_restart }
    }
}

/// A key without the business it is of.
fn bare(key: &str) -> &str {
    key.split_once(": ").map_or(key, |(_, key)| key)
}

impl Settings {
    /// Whether a key of an explanation is the business's and not the installation's.
    fn is_of_tenant(&self, key: &str) -> bool {
        let installation = self.explained.get("").into_iter().flatten();
        !installation.into_iter().any(|e| e.key == key)
    }
}

/// Follows the files in a thread of its own until dropped.
#[derive(Debug)]
pub struct Watcher {
    stop: Option<Sender<()>>,
    thread: Option<JoinHandle<()>>,
}

/// Looks every `pause` whether a file changed, by time and size, and reloads. A refused file is logged with its
/// place and key, and the settings in force stay.
///
/// # Errors
/// When the system gives no thread.
pub fn watch(live: Arc<LiveSettings>, pause: Duration) -> std::io::Result<Watcher> {
    let (stop, stopped) = channel();
    let mut seen = live.seen_at_load.clone();
    let follow = move || {
        while let Err(RecvTimeoutError::Timeout) = stopped.recv_timeout(pause) {
            let now = live.sources.fingerprint();
            if now != seen {
                seen = now;
                reload_and_log(&live);
            }
        }
    };
    let thread = std::thread::Builder::new().name("settings".to_owned()).spawn(follow)?;
    Ok(Watcher { stop: Some(stop), thread: Some(thread) })
}

fn reload_and_log(live: &LiveSettings) {
    match live.reload() {
        Ok(changed) if changed.keys.is_empty() => {}
        Ok(changed) => {
            tracing::info!(keys = ?changed.keys, "settings changed");
            if !changed.after_restart.is_empty() {
                tracing::warn!(keys = ?changed.after_restart, "these settings take effect at the next start");
            }
        }
        Err(error) => {
            for problem in error.problems {
                let (place, key) = (&problem.place, &problem.key);
                tracing::error!(%place, %key, "settings refused, the old ones stay: {}", problem.message);
            }
        }
    }
}

impl Drop for Watcher {
    fn drop(&mut self) {
        drop(self.stop.take());
        if let Some(thread) = self.thread.take() {
            // A panic in the thread has been reported already; stopping goes on.
            let _ = thread.join();
        }
    }
}
