//! A PayPal that gives the answers of a script in turn, and what it was asked.

use plugin_sdk::http::Method;
use plugin_sdk::types::Account;
use plugin_sdk::{Request, testing};
use serde_json::Value;

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
    /// `POST /v2/checkout/orders`, with the query.
    pub fn line(&self) -> String {
        let method = match self.0.method {
            Method::Get => "GET",
            Method::Delete => "DELETE",
            _ => "POST",
        };
        format!("{method} {}", self.0.url.strip_prefix("https://paypal.example").unwrap())
    }

    pub fn step(&self) -> Option<&str> {
        self.0.step.as_deref()
    }

    pub fn header(&self, name: &str) -> Option<&str> {
        self.0.headers.iter().find(|header| header.name == name).map(|header| header.value.as_str())
    }

    pub fn body(&self) -> Value {
        serde_json::from_slice(&self.0.body).unwrap()
    }
}

pub fn account() -> Account {
    testing::account(&[
        ("client_id", "AfY"),
        ("client_secret", "{{secret:client_secret}}"),
        ("base_url", "https://paypal.example/"),
    ])
}
