//! What pages and webhooks need to know of payment providers.

use crate::app::App;
use engine::Engine;
use engine::store::methods::ProviderAccount;
use engine::usecase::catalog::open_account;
use plugin_host::{Account, SecretValue};
use std::collections::BTreeMap;
use url::Url;

/// An account with its secrets opened, for the host alone.
///
/// # Errors
/// When they were sealed with another key, or damaged.
pub(crate) fn opened(engine: &Engine, row: &ProviderAccount) -> engine::Result<Account> {
    let opened = open_account(engine, row)?;
    let secrets = opened.secrets.into_iter();
    Ok(Account {
        tenant: row.tenant_id.to_string(),
        id: row.id.to_string(),
        settings: opened.settings,
        secrets: secrets.map(|(key, secret)| (key, SecretValue::new(secret.expose().to_owned()))).collect(),
        grants: opened.grants,
    })
}

/// Origins that customers' browsers are sent to by these accounts, as their providers' manifests say.
pub(crate) fn redirect_origins(app: &App, accounts: &[ProviderAccount]) -> Vec<String> {
    let mut origins: Vec<String> = accounts.iter().flat_map(|account| origins_of(app, account)).collect();
    origins.sort();
    origins.dedup();
    origins
}

fn origins_of(app: &App, account: &ProviderAccount) -> Vec<String> {
    let Some(provider) = app.providers.provider(&account.provider) else {
        return Vec::new();
    };
    let settings: BTreeMap<String, String> = serde_json::from_str(&account.settings).unwrap_or_default();
    let hosts = &provider.manifest().redirect_hosts;
    hosts.iter().filter_map(|host| origin(host, &settings)).collect()
}

/// `pay.example.com`, `*.example.com` or `${settings.base_url}` as a source of a content security policy.
fn origin(host: &str, settings: &BTreeMap<String, String>) -> Option<String> {
    let Some(key) = host.strip_prefix("${settings.").and_then(|rest| rest.strip_suffix('}')) else {
        let plain = |c: char| c.is_ascii_alphanumeric() || ".-*:".contains(c);
        return host.chars().all(plain).then(|| format!("https://{host}"));
    };
    let url = Url::parse(settings.get(key)?).ok()?;
    Some(url.origin().ascii_serialization()).filter(|origin| origin != "null")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn manifests_name_hosts_or_settings() {
        let settings = BTreeMap::from([("base_url".to_owned(), "http://127.0.0.1:4010/pay".to_owned())]);
        let of = |host| origin(host, &settings);
        assert_eq!(of("checkout.example.com").unwrap(), "https://checkout.example.com");
        assert_eq!(of("${settings.base_url}").unwrap(), "http://127.0.0.1:4010");
        assert_eq!(of("${settings.other}"), None);
        assert_eq!(of("evil.example; script-src *"), None);
    }
}
