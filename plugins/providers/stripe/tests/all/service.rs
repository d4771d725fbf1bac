//! A Stripe that gives the answers of a script in turn, and what it was asked.

use plugin_sdk::http::Method;
use plugin_sdk::types::Account;
use plugin_sdk::{Request, testing};

pub use plugin_sdk::testing::{Script, context};

/// The body that stands in `fixtures/NAME.json`.
pub fn fixture(name: &str) -> String {
    let path = format!("{}/fixtures/{name}.json", env!("CARGO_MANIFEST_DIR"));
    std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{path}: {error}"))
}

/// Answers with a status and a fixture.
pub fn answers(status: u16, name: &str) -> Script {
    Script::answers(status, &fixture(name))
}

/// All that was asked.
pub fn asked(service: Script) -> Vec<Asked> {
    service.asked().into_iter().map(Asked).collect()
}

/// A request that was sent.
pub struct Asked(Request);

impl Asked {
    /// `POST /v1/refunds`, without the query.
    pub fn line(&self) -> String {
        let method = if self.0.method == Method::Get { "GET" } else { "POST" };
        let url = self.0.url.strip_prefix("https://stripe.example").unwrap();
        format!("{method} {}", url.split('?').next().unwrap())
    }

    pub fn step(&self) -> Option<&str> {
        self.0.step.as_deref()
    }

    pub fn header(&self, name: &str) -> &str {
        &self.0.headers.iter().find(|header| header.name == name).unwrap().value
    }

    /// The pairs of the query or the form, decoded, in their order.
    pub fn pairs(&self) -> Vec<(String, String)> {
        let body = String::from_utf8(self.0.body.clone()).unwrap();
        let text = self.0.url.split_once('?').map_or(body.as_str(), |(_, query)| query);
        let pairs = text.split('&').filter_map(|pair| pair.split_once('='));
        pairs.map(|(name, value)| (decode(name), decode(value))).collect()
    }

    pub fn value(&self, name: &str) -> Option<String> {
        self.pairs().into_iter().find(|(known, _)| known == name).map(|(_, value)| value)
    }
}

fn decode(text: &str) -> String {
    let mut bytes = Vec::new();
    let mut rest = text.as_bytes();
    while let Some((&first, tail)) = rest.split_first() {
        if first == b'%' {
            let hex = std::str::from_utf8(&tail[..2]).unwrap();
            bytes.push(u8::from_str_radix(hex, 16).unwrap());
            rest = &tail[2..];
        } else {
            bytes.push(first);
            rest = tail;
        }
    }
    String::from_utf8(bytes).unwrap()
}

pub fn account() -> Account {
    testing::account(&[
        ("base_url", "https://stripe.example/"),
        ("secret_key", "{{secret:secret_key}}"),
        ("webhook_secret", "{{secret:webhook_secret}}"),
        ("three_d_secure", "any"),
    ])
}
