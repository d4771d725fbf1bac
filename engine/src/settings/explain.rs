//! Which value holds, and where it was set.

use super::layer::{BUILT_IN, leaves};
use super::secret::mask_password;
use super::sources::Layers;
use config::{Value, ValueKind};
use std::collections::BTreeMap;

/// One setting as it holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Explained {
    /// The key: `portal.cancel.modes`.
    pub key: String,
    /// The value as TOML writes it; secrets are masked.
    pub value: String,
    /// `built-in default`, `config/tenants/acme.toml:12`, `environment PORTICO__HTTP__BIND`, `command line --port`.
    pub source: String,
}

/// Every explanation by slug; the installation's alone under the empty slug.
pub(super) fn all(layers: &Layers) -> BTreeMap<String, Vec<Explained>> {
    let installation = of(&layers.installation());
    let mut explained = BTreeMap::new();
    for (slug, (_, file)) in &layers.tenants {
        let mut both = of(&layers.tenant(file));
        both.extend(installation.iter().cloned());
        both.sort_by(|a, b| a.key.cmp(&b.key));
        explained.insert(slug.clone(), both);
    }
    explained.insert(String::new(), installation);
    explained
}

fn of(tree: &Value) -> Vec<Explained> {
    leaves(tree)
        .into_iter()
        .map(|(key, value)| Explained {
            value: masked(&key, value),
            source: value.origin().unwrap_or(BUILT_IN).to_owned(),
            key,
        })
        .collect()
}

fn masked(key: &str, value: &Value) -> String {
    match (key, &value.kind) {
        ("mail.smtp.password", _) => "\"***\"".to_owned(),
        ("database.url", ValueKind::String(url)) => format!("{:?}", mask_password(url)),
        _ => written(value),
    }
}

/// The value as TOML writes it.
fn written(value: &Value) -> String {
    match &value.kind {
        ValueKind::String(text) => format!("{text:?}"),
        ValueKind::Array(items) => format!("[{}]", items.iter().map(written).collect::<Vec<_>>().join(", ")),
        ValueKind::Table(_) => {
            let pairs = leaves(value).into_iter().map(|(key, value)| format!("{key} = {}", written(value)));
            format!("{{ {} }}", pairs.collect::<Vec<_>>().join(", "))
        }
        other => other.to_string(),
    }
}
