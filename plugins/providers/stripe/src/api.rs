//! Stripe's HTTP API as one account reaches it: what is sent, and what an error status means.

use crate::decline;
use crate::form::Form;
use crate::objects::ErrorDetail;
use crate::outcome::Record;
use plugin_sdk::types::{Account, CallError, Decline, DeclineKind, Outcome};
use plugin_sdk::{Http, Request, Response, Settings};
use serde::Deserialize;
use serde::de::DeserializeOwned;

/// Pinned, so that an account's default does not change what answers look like.
pub const VERSION: &str = "2026-07-29.dahlia";

/// Stripe as one account reaches it.
pub struct Api<'a, H> {
    http: &'a H,
    base_url: &'a str,
    authorization: String,
}

impl<'a, H: Http> Api<'a, H> {
    pub fn of(http: &'a H, account: &'a Account) -> Result<Self, CallError> {
        let settings = Settings::of(account);
        Ok(Self {
            http,
            base_url: settings.require("base_url")?.trim_end_matches('/'),
            authorization: format!("Bearer {}", settings.require("secret_key")?),
        })
    }

    pub fn get(&self, path: &str, query: Form) -> Result<Answer, CallError> {
        let query = query.into_query();
        let mark = if query.is_empty() { "" } else { "?" };
        self.send(Request::get(format!("{}{path}{mark}{query}", self.base_url)))
    }

    pub fn post(&self, path: &str, body: Form) -> Result<Answer, CallError> {
        self.send(body.post(format!("{}{path}", self.base_url)))
    }

    /// A POST that is not the only one of its call.
    pub fn post_step(&self, step: &str, path: &str, body: Form) -> Result<Answer, CallError> {
        self.send(body.post(format!("{}{path}", self.base_url)).step(step))
    }

    fn send(&self, request: Request) -> Result<Answer, CallError> {
        let request = request.header("authorization", &self.authorization).header("stripe-version", VERSION);
        Ok(Answer(self.http.send(request)?))
    }
}

/// What Stripe answered.
pub struct Answer(Response);

#[derive(Deserialize)]
struct ErrorBody {
    error: ErrorDetail,
}

impl Answer {
    pub const fn status(&self) -> u16 {
        self.0.status
    }

    pub fn body<T: DeserializeOwned>(&self) -> Result<T, CallError> {
        if self.0.is_success() { self.0.json() } else { Err(self.error()) }
    }

    /// The answer as what became of a payment or refund.
    pub fn outcome<T: Record>(&self) -> Result<Outcome, CallError> {
        match self.refusal() {
            Some(decline) => Ok(Outcome::Declined(decline)),
            None => self.body::<T>()?.outcome(),
        }
    }

    /// A payment that was made and refused. Stripe answers 402 for that; a payment method that is gone, and a failed
    /// authentication, come as plain bad requests.
    pub fn refusal(&self) -> Option<Decline> {
        let detail = self.detail()?;
        let refused = match self.0.status {
            402 => true,
            400 | 404 => match detail.code.as_deref() {
                Some("payment_intent_authentication_failure") => true,
                Some("resource_missing") => detail.param.as_deref() == Some("payment_method"),
                _ => false,
            },
            _ => false,
        };
        refused.then(|| Decline {
            kind: decline::kind(detail.reason()),
            code: detail.reason().to_owned(),
            provider_ref: detail.payment_intent.map(|intent| intent.id),
        })
    }

    /// The payment that the bank refused because it wants the customer.
    pub fn wants_customer(&self) -> Option<String> {
        let decline = self.refusal()?;
        (decline.kind == DeclineKind::AuthenticationRequired).then_some(decline.provider_ref).flatten()
    }

    fn detail(&self) -> Option<ErrorDetail> {
        if self.0.is_success() {
            return None;
        }
        serde_json::from_slice::<ErrorBody>(&self.0.body).ok().map(|body| body.error)
    }

    /// Only statuses that Stripe answers before it acts prove that nothing happened.
    pub fn error(&self) -> CallError {
        let detail = self.detail().unwrap_or_default();
        let code = detail.code.as_deref().unwrap_or_default();
        let words = format!("{} {} {code} {}", self.0.status, detail.kind, detail.message);
        match self.0.status {
            400 if detail.kind == "idempotency_error" => CallError::IdempotencyConflict(words),
            400 | 404 | 422 => CallError::NotExecuted(words),
            401 | 403 => CallError::Misconfigured(words),
            429 => CallError::RateLimited(self.0.retry_after()),
            _ => CallError::Unknown(words),
        }
    }
}
