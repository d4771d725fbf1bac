//! Whether a URL may be requested, or a browser sent to it: the manifest asks, the operator's grant allows.

use super::address::Reach;
use crate::account::Account;
use domain::provider::Manifest;
use std::net::IpAddr;
use url::{Host, Url};

/// Longest URL.
const MAX_URL: usize = 8 * 1024;

/// A URL that may be requested.
#[derive(Debug, Clone)]
pub struct Target {
    /// The URL.
    pub url: Url,
    /// How far the request may reach.
    pub reach: Reach,
}

/// The target of `text`, or why it must not be requested.
pub fn target(text: &str, manifest: &Manifest, account: &Account) -> Result<Target, &'static str> {
    let url = strict_url(text)?;
    let asked = asked_for(&url, &manifest.hosts, account).ok_or("the manifest does not name this host")?;
    if !account.grants.iter().any(|grant| grants(grant, &url)) {
        return Err("the operator did not grant this origin");
    }
    let reach = match asked {
        Asked::ByName => Reach::Global,
        Asked::BySetting => Reach::Granted,
    };
    if literal_address(&url).is_some_and(|address| !reach.allows(address)) {
        return Err("the address is out of reach");
    }
    Ok(Target { url, reach })
}

/// Whether a customer's browser may be sent to `text`.
pub fn may_redirect(text: &str, manifest: &Manifest, account: &Account) -> bool {
    strict_url(text).is_ok_and(|url| asked_for(&url, &manifest.redirect_hosts, account).is_some())
}

/// How a manifest names a host.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Asked {
    ByName,
    BySetting,
}

fn asked_for(url: &Url, patterns: &[String], account: &Account) -> Option<Asked> {
    patterns.iter().find_map(|pattern| match setting_key(pattern) {
        Some(key) => {
            let origin = strict_url(account.settings.get(key)?).ok()?.origin();
            (origin == url.origin()).then_some(Asked::BySetting)
        }
        None => (url.scheme() == "https" && url.port().is_none() && host_matches(pattern, url))
            .then_some(Asked::ByName),
    })
}

/// The key in `${settings.KEY}`.
pub fn setting_key(pattern: &str) -> Option<&str> {
    pattern.strip_prefix("${settings.")?.strip_suffix('}')
}

/// Whether `pattern` is a host name, perhaps with one wildcard label in front, and no address.
pub fn is_host_pattern(pattern: &str) -> bool {
    let name = pattern.strip_prefix("*.").unwrap_or(pattern);
    name.contains('.')
        && matches!(Host::parse(name), Ok(Host::Domain(domain)) if domain == name && !domain.ends_with('.'))
}

fn host_matches(pattern: &str, url: &Url) -> bool {
    let Some(Host::Domain(host)) = url.host() else {
        return false;
    };
    match pattern.strip_prefix("*.") {
        Some(parent) => host.split_once('.').is_some_and(|(_, rest)| rest == parent),
        None => host == pattern,
    }
}

fn grants(grant: &str, url: &Url) -> bool {
    match grant.strip_prefix("https://*.") {
        Some(parent) => {
            url.scheme() == "https" && url.port().is_none() && host_matches(&format!("*.{parent}"), url)
        }
        None => strict_url(grant).is_ok_and(|granted| granted.origin() == url.origin()),
    }
}

/// Parses a URL and refuses what parsers disagree about.
fn strict_url(text: &str) -> Result<Url, &'static str> {
    if text.len() > MAX_URL || !text.bytes().all(|byte| byte.is_ascii_graphic() && byte != b'\\') {
        return Err("the URL has characters it must not have, or too many");
    }
    let url = Url::parse(text).map_err(|_| "the URL cannot be read")?;
    let plain = matches!(url.scheme(), "http" | "https")
        && url.has_host()
        && url.username().is_empty()
        && url.password().is_none()
        && url.fragment().is_none();
    if plain {
        Ok(url)
    } else {
        Err("the URL is not a plain http or https URL")
    }
}

fn literal_address(url: &Url) -> Option<IpAddr> {
    match url.host()? {
        Host::Ipv4(v4) => Some(v4.into()),
        Host::Ipv6(v6) => Some(v6.into()),
        Host::Domain(_) => None,
    }
}
