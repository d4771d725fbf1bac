//! A Stripe that gives the answers of a script in turn, and keeps the requests.

use plugin_sdk::http::{Failure, HttpError, Method};
use plugin_sdk::types::{Account, CallContext};
use plugin_sdk::{Http, Request, Response};
use std::cell::RefCell;
use std::collections::VecDeque;

/// The body that stands in `fixtures/NAME.json`.
pub fn fixture(name: &str) -> String {
    let path = format!("{}/fixtures/{name}.json", env!("CARGO_MANIFEST_DIR"));
    std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{path}: {error}"))
}

/// Stripe, as far as a test wants it.
#[derive(Default)]
pub struct Service {
    answers: RefCell<VecDeque<Result<(u16, String), HttpError>>>,
    asked: RefCell<Vec<Request>>,
}

impl Service {
    /// Answers with a status and a fixture.
    pub fn answers(status: u16, name: &str) -> Self {
        Self::default().then(status, name)
    }

    /// And the next request with these.
    pub fn then(self, status: u16, name: &str) -> Self {
        self.then_text(status, &fixture(name))
    }

    /// And the next request with these.
    pub fn then_text(self, status: u16, body: &str) -> Self {
        self.answers.borrow_mut().push_back(Ok((status, body.to_owned())));
        self
    }

    /// And the next request with none.
    pub fn then_lost(self) -> Self {
        let lost = HttpError { failure: Failure::TimedOut, sent: true, message: "no answer".to_owned() };
        self.answers.borrow_mut().push_back(Err(lost));
        self
    }

    /// All that was asked. Every answer must have been wanted.
    pub fn asked(self) -> Vec<Asked> {
        assert!(self.answers.borrow().is_empty(), "an answer is left");
        self.asked.into_inner().into_iter().map(Asked).collect()
    }
}

impl Http for Service {
    fn send(&self, request: Request) -> Result<Response, HttpError> {
        self.asked.borrow_mut().push(request);
        let answer = self.answers.borrow_mut().pop_front();
        let (status, body) = answer.unwrap_or_else(|| panic!("nothing is scripted for this request"))?;
        Ok(Response { status, headers: Vec::new(), body: body.into_bytes() })
    }
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
    let setting = |key: &str, value: &str| (key.to_owned(), value.to_owned());
    Account {
        settings: vec![
            setting("base_url", "https://stripe.example/"),
            setting("secret_key", "{{secret:secret_key}}"),
            setting("webhook_secret", "{{secret:webhook_secret}}"),
            setting("three_d_secure", "any"),
        ],
    }
}

pub fn context() -> CallContext {
    CallContext {
        key: "pk1_abcdefghijklmnopqrstuvwxyz234567".to_owned(),
        reference: "inst:sub_1:4".to_owned(),
        seq: 1,
        deadline_ms: 45_000,
    }
}
