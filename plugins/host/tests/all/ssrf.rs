//! Ninety ways to ask for an address that is nobody's business, and listeners there that count.

use crate::guest::{ASKS, Guest, Shown, charging};
use crate::shop::{charge_of, context, host_with, limits};
use crate::upstream::Doorbell;
use domain::provider::{ChargeRequest, Outcome, Report};
use plugin_host::{Account, Host, Limits, Names, Provider};
use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

/// Addresses written out, in every notation that some parser knows. `PORT` is the listeners'.
const LITERALS: &[&str] = &[
    "http://127.0.0.1:PORT/",
    "http://127.0.0.1.:PORT/",
    "http://127.1:PORT/",
    "http://127.0.1:PORT/",
    "http://127.9.9.9:PORT/",
    "http://2130706433:PORT/",
    "http://0x7f000001:PORT/",
    "http://0x7f.0.0.1:PORT/",
    "http://0x7f.1:PORT/",
    "http://017700000001:PORT/",
    "http://0177.0.0.1:PORT/",
    "http://0177.0.0.0x1:PORT/",
    "http://%31%32%37.0.0.1:PORT/",
    "http://0.0.0.0:PORT/",
    "http://0:PORT/",
    "http://[::1]:PORT/",
    "http://[0:0:0:0:0:0:0:1]:PORT/",
    "http://[::]:PORT/",
    "http://[::127.0.0.1]:PORT/",
    "http://[::ffff:127.0.0.1]:PORT/",
    "http://[::ffff:7f00:1]:PORT/",
    "http://[::ffff:0:127.0.0.1]:PORT/",
    "http://[64:ff9b::127.0.0.1]:PORT/",
    "http://[64:ff9b:1::127.0.0.1]:PORT/",
    "http://[2002:7f00:1::]:PORT/",
    "http://[2001:0:7f00:1::]:PORT/",
    "http://[fe80::1%25lo]:PORT/",
    "http://[fe80::1]:PORT/",
    "http://[fd00::1]:PORT/",
    "http://[fd00:ec2::254]:PORT/",
    "http://[ff02::1]:PORT/",
    "https://127.0.0.1:PORT/",
    "https://[::1]:PORT/",
    "http://10.0.0.1:PORT/",
    "http://172.16.0.1:PORT/",
    "http://192.168.0.1:PORT/",
    "http://100.64.0.1:PORT/",
    "http://169.254.169.254/latest/meta-data/",
    "http://2852039166/latest/meta-data/",
    "http://0xa9fea9fe/latest/meta-data/",
    "http://[::ffff:a9fe:a9fe]/latest/meta-data/",
    "http://100.100.100.200/latest/meta-data/",
    "http://192.0.0.192/opc/v1/instance/",
    "http://255.255.255.255:PORT/",
    "http://224.0.0.1:PORT/",
];

/// Names that nobody granted, and spellings that parsers read differently. Every name leads to the listeners.
const SPELLINGS: &[&str] = &[
    "http://localhost:PORT/",
    "http://localhost.:PORT/",
    "http://LOCALHOST:PORT/",
    "http://localhost.localdomain:PORT/",
    "http://ip6-localhost:PORT/",
    "http://metadata.google.internal/computeMetadata/v1/",
    "http://metadata/computeMetadata/v1/",
    "https://127.0.0.1.nip.example/",
    "https://api.example.com:PORT/",
    "http://api.example.com/",
    "https://api.example.com./",
    "https://api.example.com@127.0.0.1:PORT/",
    "https://127.0.0.1:PORT@api.example.com/",
    "https://api.example.com:443@127.0.0.1:PORT/",
    "https://127.0.0.1:PORT#@api.example.com/",
    "https://127.0.0.1:PORT?@api.example.com/",
    "https://127.0.0.1:PORT\\@api.example.com/",
    "https:\\\\127.0.0.1:PORT\\",
    "https://api.example.com\t@127.0.0.1:PORT/",
    "https://api.example.com%2f@127.0.0.1:PORT/",
    "https://api.example.com%00.evil.example/",
    "https://api\u{3002}example\u{3002}com/",
    "https://\u{ff11}27.0.0.1:PORT/",
    "https://\u{2460}27.0.0.1:PORT/",
    "https:///127.0.0.1:PORT/",
    "https:127.0.0.1:PORT/",
    "//127.0.0.1:PORT/",
    "ftp://127.0.0.1:PORT/",
    "gopher://127.0.0.1:PORT/_GET",
    "file:///etc/passwd",
    "https://a.b.example.net/",
    "https://example.net/",
];

/// Names that the manifest asks for and the operator granted, and what they lead to, lookup after lookup.
const NAMES: &[(&str, &[&str])] = &[
    ("https://loopback.example.net/", &["127.0.0.1"]),
    ("https://loopback-v6.example.net/", &["::1"]),
    ("https://mapped.example.net/", &["::ffff:127.0.0.1"]),
    ("https://nat64.example.net/", &["64:ff9b::7f00:1"]),
    ("https://six-to-four.example.net/", &["2002:7f00:1::"]),
    ("https://unspecified.example.net/", &["0.0.0.0"]),
    ("https://private.example.net/", &["10.0.0.1"]),
    ("https://carrier.example.net/", &["100.64.0.1"]),
    ("https://link-local.example.net/", &["169.254.169.254"]),
    ("https://unique-local.example.net/", &["fd00::1"]),
    ("https://one-of-two.example.net/", &["3ffe::1 127.0.0.1"]),
    ("https://rebinding.example.net/", &["3ffe::1", "127.0.0.1"]),
    ("https://rebinding-back.example.net/", &["127.0.0.1", "3ffe::1"]),
];

/// One guest, and listeners at one port of both loopback addresses.
struct Range {
    provider: Arc<Provider>,
    doors: Vec<Doorbell>,
    port: u16,
}

impl Range {
    async fn open() -> Self {
        let first = Doorbell::new();
        let port = first.address().port();
        let mut doors = vec![first];
        doors.extend(Doorbell::at(SocketAddr::new("::1".parse().unwrap(), port)));
        doors.extend(Doorbell::at(SocketAddr::new("127.0.0.2".parse().unwrap(), port)));
        let host = host_with(Limits { connect: Duration::from_millis(100), ..limits() }, &names(port));
        let provider = install(&host).await;
        Self { provider, doors, port }
    }

    async fn ask(&self, url: &str, account: &Account) -> Report<Outcome> {
        let request = ChargeRequest { description: url.to_owned(), ..charge_of("pm_1", 100) };
        self.provider.charge(account, &context("key-1"), &request).await
    }

    /// Asks, and is refused: nothing left, and nobody was rung at.
    async fn refuses(&self, url: &str, account: &Account) {
        let url = url.replace("PORT", &self.port.to_string());
        let report = self.ask(&url, account).await;
        assert!(report.result.is_err(), "{url:?}: {report:?}");
        assert!(
            report.evidence.exchanges.iter().all(|exchange| exchange.status.is_none()),
            "{url:?}: {report:?}"
        );
        assert!(!self.rang(), "{url:?} reached a listener");
    }

    fn rang(&self) -> bool {
        self.doors.iter().any(Doorbell::rang)
    }
}

async fn install(host: &Host) -> Arc<Provider> {
    let shown = Shown {
        hosts: &["api.example.com", "*.example.net", "${settings.base_url}"],
        lookup_posts: &[],
        token_url: None,
    };
    host.install("asking", &Guest { shown, ..charging(ASKS) }.build()).await.unwrap()
}

/// Leads the names of the table where it says, and all others to the listener.
fn names(port: u16) -> Names {
    let lookups = AtomicUsize::new(0);
    Arc::new(move |name| {
        let turn = lookups.fetch_add(1, Ordering::Relaxed);
        let listed = NAMES.iter().find(|(url, _)| *url == format!("https://{name}/"));
        let addresses = listed.map_or("127.0.0.1", |(_, turns)| turns[turn % turns.len()]);
        Ok(addresses.split(' ').map(|address| SocketAddr::new(address.parse().unwrap(), port)).collect())
    })
}

/// Granted are two public hosts.
fn honest() -> Account {
    let grants = ["https://api.example.com", "https://*.example.net"].map(str::to_owned).to_vec();
    Account { grants, ..Account::default() }
}

#[test]
fn the_corpus_has_90_urls() {
    assert_eq!(LITERALS.len() + SPELLINGS.len() + NAMES.len(), 90);
}

#[tokio::test]
async fn no_url_that_a_component_asks_for_reaches_a_private_address() {
    let range = Range::open().await;
    for url in LITERALS.iter().chain(SPELLINGS) {
        range.refuses(url, &honest()).await;
    }
    // Twice: the second lookup of a name may say something else.
    for (url, _) in NAMES.iter().chain(NAMES) {
        range.refuses(url, &honest()).await;
    }
}

#[tokio::test]
async fn no_url_in_a_setting_reaches_an_address_that_was_not_granted() {
    let range = Range::open().await;
    for url in LITERALS.iter().chain(SPELLINGS) {
        let url = url.replace("PORT", &range.port.to_string());
        let settings = [("base_url".to_owned(), origin(&url))].into();
        range.refuses(&url, &Account { settings, ..honest() }).await;
    }
}

/// Metadata services, link-local and multicast addresses are out of reach whatever an operator grants.
#[tokio::test]
async fn no_grant_opens_what_nobody_may_reach() {
    let range = Range::open().await;
    let never = [
        "169.254",
        "2852039166",
        "0xa9fe",
        "a9fe:a9fe",
        "100.100.100",
        "192.0.0.192",
        "fe80::1]",
        "ff02",
        "224",
        "255.255",
        "0.0.0.0",
        "[::]",
        "fd00:ec2",
    ];
    let urls: Vec<_> = LITERALS.iter().filter(|url| never.iter().any(|part| url.contains(part))).collect();
    assert!(urls.len() >= never.len(), "{urls:?}");
    for url in urls {
        let url = url.replace("PORT", &range.port.to_string());
        let settings = [("base_url".to_owned(), origin(&url))].into();
        range.refuses(&url, &Account { settings, grants: vec![origin(&url)], ..Account::default() }).await;
    }
}

/// The listeners do ring: a grant names an origin to the letter and opens that one alone.
#[tokio::test]
async fn a_granted_origin_is_reached_and_its_neighbour_is_not() {
    let range = Range::open().await;
    let url = format!("http://127.0.0.1:{}/", range.port);
    for setting in [url.clone(), "https://gate.example.org/".to_owned()] {
        let settings = [("base_url".to_owned(), setting.clone())].into();
        let account = Account { settings, grants: vec![origin(&setting)], ..Account::default() };
        let asked = async { range.ask(&setting, &account).await };
        let ring = async {
            while !range.rang() {
                tokio::time::sleep(Duration::from_millis(5)).await;
            }
        };
        // The listener takes the call and never answers.
        tokio::select! {
            report = asked => assert!(range.rang(), "{report:?}"),
            () = ring => {}
        }
        while range.rang() {}
        range.refuses("http://127.0.0.2:PORT/", &account).await;
        range.refuses("http://[::1]:PORT/", &account).await;
    }
}

/// The part of a URL before its path.
fn origin(url: &str) -> String {
    let scheme = url.find("://").map_or(0, |at| at + 3);
    let end = url[scheme..].find('/').map_or(url.len(), |at| scheme + at);
    url[..end].to_owned()
}
