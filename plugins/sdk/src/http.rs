//! Requests: what a provider sends through, and the few helpers that make JSON services short to write.

use crate::types::CallError;
use serde::Serialize;
use serde::de::DeserializeOwned;

pub use crate::bindings::portico::payment::http::{Failure, Header, HttpError, Method, Request, Response};

/// Where a provider sends its requests: the host in a component, a script in tests.
pub trait Http {
    /// Sends a request and waits for the whole answer.
    fn send(&self, request: Request) -> Result<Response, HttpError>;
}

impl Request {
    /// A GET.
    pub fn get(url: impl Into<String>) -> Self {
        Self { method: Method::Get, url: url.into(), headers: Vec::new(), body: Vec::new(), step: None }
    }

    /// A POST without a body.
    pub fn post(url: impl Into<String>) -> Self {
        Self { method: Method::Post, ..Self::get(url) }
    }

    /// With a header.
    #[must_use]
    pub fn header(mut self, name: &str, value: impl Into<String>) -> Self {
        self.headers.push(Header { name: name.to_owned(), value: value.into() });
        self
    }

    /// With a JSON body.
    pub fn json(mut self, body: &impl Serialize) -> Result<Self, CallError> {
        self.body = serde_json::to_vec(body).map_err(|e| CallError::NotExecuted(e.to_string()))?;
        Ok(self.header("content-type", "application/json"))
    }

    /// With the word that tells this request's idempotency key from the others of the same call.
    #[must_use]
    pub fn step(mut self, step: &str) -> Self {
        self.step = Some(step.to_owned());
        self
    }
}

impl Response {
    /// Whether the status is 2xx.
    pub const fn is_success(&self) -> bool {
        self.status >= 200 && self.status < 300
    }

    /// A header's value.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|h| h.name.eq_ignore_ascii_case(name)).map(|h| h.value.as_str())
    }

    /// The body as JSON. A body that cannot be read says nothing about what happened.
    pub fn json<T: DeserializeOwned>(&self) -> Result<T, CallError> {
        serde_json::from_slice(&self.body).map_err(|e| CallError::Unknown(format!("unreadable answer: {e}")))
    }

    /// Seconds that the `Retry-After` header asks to wait.
    pub fn retry_after(&self) -> Option<u32> {
        self.header("retry-after")?.trim().parse().ok()
    }
}

impl From<HttpError> for CallError {
    /// A request that may have left may have taken effect.
    fn from(error: HttpError) -> Self {
        if error.sent { Self::Unknown(error.message) } else { Self::NotExecuted(error.message) }
    }
}

/// `text` as one segment or value of a URL.
pub fn encode(text: &str) -> String {
    let mut encoded = String::with_capacity(text.len());
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
            encoded.push(char::from(byte));
        } else {
            encoded.push_str(&format!("%{byte:02X}"));
        }
    }
    encoded
}
