//! Settings: what an operator decides, checked once and then trusted.
//!
//! Layers, lowest first: built-in defaults, `default.toml`, `tenants/<slug>.toml`, the environment
//! (`PORTICO__SECTION__KEY`), the command line. `config/default.toml` documents every key and is itself the
//! built-in default. A configuration with a mistake is refused as a whole, with file, line and key of each.

pub mod installation;
pub mod policy;
pub mod tenant;
pub mod values;
pub mod words;

mod explain;
mod layer;
mod live;
mod problem;
mod read;
mod rules;
pub(crate) mod secret;
mod sources;
#[cfg(test)]
mod tests;

pub use explain::Explained;
pub use installation::{Database, Http, Installation, Limits, Log, Mail, Payments, Security, Smtp, Worker};
pub use live::{Changed, LiveSettings, Watcher, watch};
pub use policy::{Billing, Cancel, Dunning, DunningStep, Entitlements, Portal, Sections, WinBack};
pub use problem::{Problem, SettingsError};
pub use secret::{DatabaseUrl, Secret};
pub use sources::Sources;
pub use tenant::{Contact, Identity, Invoice, Seller, Sender, Tax, TenantSettings, Theme};
pub use values::{Colour, Country, EmailAddress, HostName, Line, Locale, Network, WebAddress};
pub use words::{
    CancelReasons, Font, LogFormat, MailTransport, Mode, Scheme, SmtpTls, TrialEndWithoutMethod,
};

use crate::ids::AccountId;
use layer::{empty, overlay, parse_toml};
use read::{place_of, read};
use sources::{EXAMPLE_TENANT, Layers, SENDER_KEYS, TENANT_SECTIONS};
use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;

/// Every setting of an installation and its businesses.
#[derive(Debug, Clone)]
pub struct Settings {
    /// What holds for the installation.
    pub installation: Installation,
    tenants: BTreeMap<String, Arc<TenantSettings>>,
    explained: BTreeMap<String, Vec<Explained>>,
}

impl Settings {
    /// Loads the files of `config_dir`, if any, and the environment over the built-in defaults.
    ///
    /// # Errors
    /// Every mistake found, each with its place, key and one sentence.
    pub fn load(config_dir: Option<&Path>) -> Result<Self, SettingsError> {
        Self::from_sources(&Sources::new(config_dir))
    }

    /// Loads from chosen sources. Errors as [`Settings::load`].
    pub fn from_sources(sources: &Sources) -> Result<Self, SettingsError> {
        let (layers, mut problems) = sources.read();
        let installation = read_installation(&layers, &mut problems);
        let tenants = read_tenants(&layers, installation.as_ref(), &mut problems);
        match installation {
            Some(installation) if problems.is_empty() => {
                let explained = explain::all(&layers);
                Ok(Self { installation, tenants, explained })
            }
            _ => Err(SettingsError::new(problems)),
        }
    }

    /// The businesses, ordered by slug.
    pub fn tenants(&self) -> impl Iterator<Item = &Arc<TenantSettings>> {
        self.tenants.values()
    }

    /// The settings of the business with this slug.
    pub fn tenant(&self, slug: &str) -> Option<&Arc<TenantSettings>> {
        self.tenants.get(slug)
    }

    /// The business that answers on `host`, which is lower case and without a port.
    pub fn tenant_by_host(&self, host: &str) -> Option<&Arc<TenantSettings>> {
        self.tenants.values().find(|tenant| tenant.identity.hosts.iter().any(|h| h.as_str() == host))
    }

    /// Where links into a business's portal lead, without a trailing slash: `https://billing.example.com`. Only
    /// configuration decides, never a request; `http.public_url` gives scheme and port.
    pub fn portal_url(&self, tenant: &TenantSettings) -> String {
        let public = self.installation.http.public_url.as_ref();
        let scheme = public.map_or("https", |url| url.scheme());
        let port = public.and_then(|url| url.port()).map(|port| format!(":{port}")).unwrap_or_default();
        format!("{scheme}://{}{port}", tenant.link_host())
    }

    /// Where a provider posts what it tells one of a business's accounts.
    pub fn webhook_url(&self, tenant: &TenantSettings, account: &AccountId) -> String {
        format!("{}/webhooks/{account}", self.portal_url(tenant))
    }

    /// Each setting of a business, or of the installation alone for `None`, with its value and where it was set.
    /// Secrets are masked. `None` for an unknown slug.
    pub fn explain(&self, slug: Option<&str>) -> Option<&[Explained]> {
        self.explained.get(slug.unwrap_or_default()).map(Vec::as_slice)
    }
}

/// Looks for mistakes without using the settings. Empty when all is well.
pub fn check(config_dir: Option<&Path>) -> Vec<Problem> {
    Settings::load(config_dir).map_or_else(|error| error.problems, |_| Vec::new())
}

fn read_installation(layers: &Layers, problems: &mut Vec<Problem>) -> Option<Installation> {
    const HOME: &str = "default.toml";
    let tree = layers.installation();
    let mut settings: Installation = match read(&tree, &layers.built_in, HOME) {
        Ok(settings) => settings,
        Err(found) => {
            problems.extend(found);
            return None;
        }
    };
    let mut report = |key: &str, message: String| {
        problems.push(Problem { place: place_of(&tree, key, HOME), key: key.to_owned(), message });
    };
    if let Some(file) = &settings.mail.smtp.password_file {
        match std::fs::read_to_string(file) {
            Ok(text) => settings.mail.smtp.password = Some(Secret::new(text.trim_end_matches(['\r', '\n']))),
            Err(error) => {
                report("mail.smtp.password_file", format!("{} cannot be read: {error}", file.display()))
            }
        }
    }
    for (key, message) in rules::of_installation(&settings) {
        report(key, message);
    }
    Some(settings)
}

fn read_tenants(
    layers: &Layers,
    installation: Option<&Installation>,
    problems: &mut Vec<Problem>,
) -> BTreeMap<String, Arc<TenantSettings>> {
    let mut tenants = BTreeMap::new();
    for (slug, (name, file)) in &layers.tenants {
        problems.extend(foreign_keys(file));
        let tree = layers.tenant(file);
        let mut settings: TenantSettings = match read(&tree, &layers.built_in, name) {
            Ok(settings) => settings,
            Err(found) => {
                problems.extend(found);
                continue;
            }
        };
        settings.slug.clone_from(slug);
        let transport = installation.map_or(MailTransport::Folder, |i| i.mail.transport);
        for (key, message) in rules::of_tenant(&settings, transport) {
            problems.push(Problem { place: place_of(&tree, key, name), key: key.to_owned(), message });
        }
        tenants.insert(slug.clone(), Arc::new(settings));
    }
    if layers.tenants.is_empty() {
        problems.extend(shared_problems(layers));
    }
    problems.extend(shared_hosts(layers, &tenants, installation));
    tenants
}

/// Keys in a tenant's file that are not a business's.
fn foreign_keys(file: &config::Value) -> Vec<Problem> {
    let belongs = |key: &str| {
        let (section, rest) = key.split_once('.').unwrap_or((key, ""));
        TENANT_SECTIONS.contains(&section) || (section == "mail" && SENDER_KEYS.contains(&rest))
    };
    let foreign = layer::leaves(file).into_iter().filter(|(key, _)| !belongs(key));
    foreign
        .map(|(key, value)| Problem {
            place: value.origin().unwrap_or_default().to_owned(),
            key,
            message: "this is no setting of one business; it belongs into default.toml or is misspelt"
                .to_owned(),
        })
        .collect()
}

/// Without any business, the defaults for businesses are checked with the example in their place.
fn shared_problems(layers: &Layers) -> Vec<Problem> {
    let mut tree = layers.built_in.clone();
    for layer in
        [parse_toml("example-tenant.toml", EXAMPLE_TENANT).unwrap_or_else(|_| empty()), layers.shared.clone()]
    {
        overlay(&mut tree, layer);
    }
    overlay(&mut tree, layers.above.clone());
    read::<TenantSettings>(&sources::tenant_part(tree), &layers.built_in, "default.toml")
        .err()
        .unwrap_or_default()
}

/// A host leads to one business, or to the installation's own pages.
fn shared_hosts(
    layers: &Layers,
    tenants: &BTreeMap<String, Arc<TenantSettings>>,
    installation: Option<&Installation>,
) -> Vec<Problem> {
    let own = installation.and_then(|i| i.http.installation_host.as_ref());
    let mut owners: BTreeMap<&HostName, &str> =
        own.map(|host| (host, "the installation's own pages")).into_iter().collect();
    let mut problems = Vec::new();
    for (slug, tenant) in tenants {
        for host in &tenant.identity.hosts {
            if let Some(owner) = owners.insert(host, slug) {
                let (name, file) = &layers.tenants[slug];
                problems.push(Problem {
                    place: place_of(file, "tenant.hosts", name),
                    key: "tenant.hosts".to_owned(),
                    message: format!("{host} is taken already, by {owner}"),
                });
            }
        }
    }
    problems
}
