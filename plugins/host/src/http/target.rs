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

/// Whether a URL is on a host that these patterns name, over https at its own port.
pub fn is_named(text: &str, patterns: &[String]) -> bool {
    strict_url(text).is_ok_and(|url| {
        let plain = url.scheme() == "https" && url.port().is_none();
        plain && patterns.iter().any(|pattern| setting_key(pattern).is_none() && host_matches(pattern, &url))
    })
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
    let plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '.' || c == '-';
    name.contains('.')
        && name.chars().all(plain)
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

/// Whether `text` is `https://api.example.com`, perhaps with a port, or the same over http; a slash may follow.
pub fn is_origin(text: &str) -> bool {
    strict_url(text).is_ok_and(|url| url.path() == "/" && url.query().is_none())
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
    if plain { Ok(url) } else { Err("the URL is not a plain http or https URL") }
}

fn literal_address(url: &Url) -> Option<IpAddr> {
    match url.host()? {
        Host::Ipv4(v4) => Some(v4.into()),
        Host::Ipv6(v6) => Some(v6.into()),
        Host::Domain(_) => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::provider::{Authorization, Capabilities};

    fn manifest(hosts: &[&str]) -> Manifest {
        let hosts: Vec<String> = hosts.iter().map(|host| (*host).to_owned()).collect();
        Manifest {
            name: "test".to_owned(),
            version: "1".to_owned(),
            display_name: "Test".to_owned(),
            capabilities: Capabilities {
                idempotency: None,
                lookup: None,
                cancel: false,
                refund: false,
                list_since: false,
                max_in_flight_s: 60,
            },
            authorization: Authorization::Headers,
            redirect_hosts: hosts.clone(),
            hosts,
            lookup_posts: Vec::new(),
            settings: Vec::new(),
            method_kinds: Vec::new(),
            currencies: Vec::new(),
        }
    }

    fn account(base_url: &str, grants: &[&str]) -> Account {
        Account {
            settings: [("base_url".to_owned(), base_url.to_owned())].into(),
            grants: grants.iter().map(|grant| (*grant).to_owned()).collect(),
            ..Account::default()
        }
    }

    #[test]
    fn a_named_host_is_reached_over_https_at_public_addresses_only() {
        let (manifest, account) = (manifest(&["api.example.com"]), account("", &["https://api.example.com"]));
        let reached = target("https://api.example.com/v1/charges?key=1", &manifest, &account).unwrap();
        assert_eq!(reached.reach, Reach::Global);
        for url in [
            "http://api.example.com/",
            "https://api.example.com:8443/",
            "https://api.example.com./",
            "https://evil.example.com/",
            "https://api.example.com.evil.example/",
            "https://evil.example/api.example.com",
            "https://user@api.example.com/",
            "https://api.example.com@evil.example/",
            "https://evil.example\\@api.example.com/",
            "https://evil.example#@api.example.com/",
            "https://api.example.com/#fragment",
            "https://api\u{3002}example.com/",
            "https://api.example.com /",
            "//api.example.com/",
            "ftp://api.example.com/",
            "file:///etc/passwd",
            "https://127.0.0.1/",
            "https://[::1]/",
            "",
        ] {
            assert!(target(url, &manifest, &account).is_err(), "{url}");
        }
    }

    #[test]
    fn a_wildcard_is_one_label() {
        let (manifest, account) = (manifest(&["*.example.com"]), account("", &["https://*.example.com"]));
        assert!(target("https://eu.example.com/", &manifest, &account).is_ok());
        for url in ["https://example.com/", "https://a.b.example.com/", "https://evilexample.com/"] {
            assert!(target(url, &manifest, &account).is_err(), "{url}");
        }
    }

    #[test]
    fn manifest_and_operator_must_both_say_yes() {
        let url = "https://api.example.com/";
        assert!(target(url, &manifest(&["api.example.com"]), &account("", &[])).is_err());
        assert!(target(url, &manifest(&[]), &account("", &["https://api.example.com"])).is_err());
    }

    #[test]
    fn a_setting_names_an_origin_that_may_be_private_once_granted() {
        let manifest = manifest(&["${settings.base_url}"]);
        let granted = account("http://127.0.0.1:8081", &["http://127.0.0.1:8081"]);
        let reached = target("http://127.0.0.1:8081/v1/charges", &manifest, &granted).unwrap();
        assert_eq!(reached.reach, Reach::Granted);
        for url in ["http://127.0.0.1:8082/", "https://127.0.0.1:8081/", "http://localhost:8081/"] {
            assert!(target(url, &manifest, &granted).is_err(), "{url}");
        }
        // The same address in the notations that URL parsers know.
        for url in ["http://2130706433:8081/", "http://0x7f.1:8081/", "http://0177.0.0.1:8081/"] {
            assert!(target(url, &manifest, &granted).is_ok(), "{url}");
        }
        let metadata = account("http://169.254.169.254", &["http://169.254.169.254"]);
        assert!(target("http://169.254.169.254/latest", &manifest, &metadata).is_err());
    }

    #[test]
    fn a_browser_is_only_sent_to_hosts_of_the_manifest() {
        let (manifest, account) = (manifest(&["pay.example.com"]), account("", &[]));
        assert!(may_redirect("https://pay.example.com/c/1", &manifest, &account));
        for url in ["https://evil.example/", "javascript:alert(1)", "http://pay.example.com/", "/c/1"] {
            assert!(!may_redirect(url, &manifest, &account), "{url}");
        }
    }

    #[test]
    fn patterns_are_names_and_no_addresses() {
        for pattern in ["api.example.com", "*.example.com"] {
            assert!(is_host_pattern(pattern), "{pattern}");
        }
        for pattern in [
            "*",
            "*.com.*",
            "localhost",
            "127.0.0.1",
            "0x7f.1",
            "[::1]",
            "API.example.com",
            "a.b.",
            "https://a.b",
            "",
        ] {
            assert!(!is_host_pattern(pattern), "{pattern}");
        }
    }
}
