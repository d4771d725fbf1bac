//! PayPal's HTTP API as one account reaches it: what is sent, and what an error status means. The host adds the token.

use crate::decline::{self, Issue};
use plugin_sdk::http::Method;
use plugin_sdk::types::{Account, CallError, Decline, DeclineKind, Outcome};
use plugin_sdk::{Http, Request, Response, Settings};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

/// PayPal as one account reaches it.
pub struct Api<'a, H> {
    http: &'a H,
    base_url: &'a str,
}

impl<'a, H: Http> Api<'a, H> {
    pub fn of(http: &'a H, account: &'a Account) -> Result<Self, CallError> {
        let base_url = Settings::of(account).require("base_url")?.trim_end_matches('/');
        Ok(Self { http, base_url })
    }

    pub fn get(&self, path: &str) -> Result<Answer, CallError> {
        self.send(Request::get(format!("{}{path}", self.base_url)))
    }

    pub fn post(&self, path: &str, body: &impl Serialize) -> Result<Answer, CallError> {
        self.send(self.posting(path, body)?)
    }

    /// A POST that is not the only one of its call.
    pub fn post_step(&self, step: &str, path: &str, body: &impl Serialize) -> Result<Answer, CallError> {
        self.send(self.posting(path, body)?.step(step))
    }

    pub fn delete(&self, path: &str) -> Result<Answer, CallError> {
        self.send(Request { method: Method::Delete, ..Request::get(format!("{}{path}", self.base_url)) })
    }

    /// Answers are short unless the whole object is asked for.
    fn posting(&self, path: &str, body: &impl Serialize) -> Result<Request, CallError> {
        Ok(Request::post(format!("{}{path}", self.base_url))
            .json(body)?
            .header("prefer", "return=representation"))
    }

    fn send(&self, request: Request) -> Result<Answer, CallError> {
        Ok(Answer(self.http.send(request)?))
    }
}

/// What PayPal answered.
pub struct Answer(Response);

#[derive(Default, Deserialize)]
struct ErrorBody {
    #[serde(default)]
    name: String,
    #[serde(default)]
    details: Vec<ErrorDetail>,
}

#[derive(Deserialize)]
struct ErrorDetail {
    issue: String,
}

impl ErrorBody {
    fn issue(&self) -> &str {
        self.details.first().map_or(&self.name, |detail| &detail.issue)
    }
}

impl Answer {
    pub const fn is_not_found(&self) -> bool {
        self.0.status == 404
    }

    pub fn success(&self) -> Result<(), CallError> {
        if self.0.is_success() { Ok(()) } else { Err(self.error()) }
    }

    pub fn body<T: DeserializeOwned>(&self) -> Result<T, CallError> {
        self.success()?;
        self.0.json()
    }

    /// A payment or refund that was refused.
    pub fn refusal(&self) -> Option<Outcome> {
        if self.0.status != 422 {
            return None;
        }
        let error = self.detail();
        let Issue::Refused(kind) = decline::issue(error.issue()) else { return None };
        Some(declined(kind, error.issue(), None))
    }

    fn detail(&self) -> ErrorBody {
        serde_json::from_slice(&self.0.body).unwrap_or_default()
    }

    /// Only statuses that PayPal answers before it acts prove that nothing happened.
    fn error(&self) -> CallError {
        let error = self.detail();
        let words = format!("{} {} {}", self.0.status, error.name, error.issue());
        match (self.0.status, decline::issue(error.issue())) {
            (400 | 409 | 422, Issue::Conflict) => CallError::IdempotencyConflict(words),
            (400 | 403 | 422, Issue::Account) | (401 | 403, _) => CallError::Misconfigured(words),
            (400 | 422, Issue::InProgress) => CallError::Unknown(words),
            (400 | 404 | 422, _) => CallError::NotExecuted(words),
            (429, _) => CallError::RateLimited(self.0.retry_after()),
            _ => CallError::Unknown(words),
        }
    }
}

/// A refusal with PayPal's code.
pub fn declined(kind: DeclineKind, code: &str, provider_ref: Option<String>) -> Outcome {
    Outcome::Declined(Decline { kind, code: code.to_owned(), provider_ref })
}
