//! A PayPal that gives the answers of a script in turn, and keeps the requests.

use plugin_sdk::http::{Failure, HttpError, Method};
use plugin_sdk::types::{Account, CallContext};
use plugin_sdk::{Http, Request, Response};
use serde_json::Value;
use std::cell::RefCell;
use std::collections::VecDeque;

/// The body that stands in `fixtures/NAME.json`.
pub fn fixture(name: &str) -> String {
    let path = format!("{}/fixtures/{name}.json", env!("CARGO_MANIFEST_DIR"));
    std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{path}: {error}"))
}

/// PayPal, as far as a test wants it.
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
    let setting = |key: &str, value: &str| (key.to_owned(), value.to_owned());
    Account {
        settings: vec![
            setting("client_id", "AfY"),
            setting("client_secret", "{{secret:client_secret}}"),
            setting("base_url", "https://paypal.example/"),
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
