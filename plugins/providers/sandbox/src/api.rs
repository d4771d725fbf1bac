//! The simulator's HTTP API: what is sent, what comes back, and what an error status means.

use crate::outcome::{self, Charge};
use plugin_sdk::types::{Account, CallError, Outcome};
use plugin_sdk::{Http, Request, Response, Settings};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

/// `POST /v1/charges`
#[derive(Debug, Serialize)]
pub struct ChargeBody<'a> {
    pub amount: i64,
    pub currency: &'a str,
    pub method: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub customer: Option<&'a str>,
    pub reference: &'a str,
    pub description: &'a str,
    pub off_session: bool,
    pub return_url: &'a str,
}

/// `POST /v1/refunds`
#[derive(Debug, Serialize)]
pub struct RefundBody<'a> {
    pub charge: &'a str,
    pub amount: i64,
    pub reference: &'a str,
}

/// `POST /v1/setups`
#[derive(Debug, Serialize)]
pub struct SetupBody<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub customer: Option<&'a str>,
    pub customer_id: &'a str,
    pub email: &'a str,
    pub kind: &'a str,
    pub return_url: &'a str,
    pub locale: &'a str,
}

/// A setup, as the simulator answers.
#[derive(Debug, Deserialize)]
pub struct Setup {
    pub id: String,
    pub url: Option<String>,
    pub status: String,
    pub failure: Option<String>,
    pub method: Option<Method>,
}

/// A payment method, as the simulator answers.
#[derive(Debug, Deserialize)]
pub struct Method {
    pub id: String,
    pub customer: Option<String>,
    pub kind: String,
    #[serde(default)]
    pub brand: String,
    #[serde(default)]
    pub last4: String,
    pub exp_month: Option<u8>,
    pub exp_year: Option<u16>,
    pub fingerprint: Option<String>,
}

/// A list of charges or refunds, newest first.
#[derive(Debug, Deserialize)]
pub struct List {
    pub data: Vec<Charge>,
    pub next_cursor: Option<String>,
}

/// `{"error": ..}`
#[derive(Debug, Deserialize)]
struct ErrorBody {
    error: ErrorDetail,
}

/// Why the simulator refused.
#[derive(Debug, Deserialize)]
pub struct ErrorDetail {
    pub code: String,
    #[serde(default)]
    pub message: String,
    /// Declines only.
    pub kind: Option<String>,
    /// The charge that was declined.
    pub charge: Option<String>,
}

/// The simulator as one account reaches it.
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

    pub fn get(&self, path: &str) -> Result<Answer, CallError> {
        self.send(Request::get(format!("{}{path}", self.base_url)))
    }

    pub fn post(&self, path: &str, body: &impl Serialize) -> Result<Answer, CallError> {
        self.send(Request::post(format!("{}{path}", self.base_url)).json(body)?)
    }

    fn send(&self, request: Request) -> Result<Answer, CallError> {
        Ok(Answer(self.http.send(request.header("authorization", &self.authorization))?))
    }
}

/// What the simulator answered.
pub struct Answer(Response);

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

    /// The answer as what became of a charge or refund.
    pub fn outcome(&self) -> Result<Outcome, CallError> {
        match self.detail() {
            Some(detail) if self.0.status == 402 => Ok(outcome::declined(detail)),
            _ => self.body::<Charge>()?.outcome(),
        }
    }

    /// What a charge is after trying to cancel it: a 409 carries the charge that cannot be cancelled any more.
    pub fn after_cancel(&self) -> Result<Outcome, CallError> {
        match self.0.json::<Charge>() {
            Ok(charge) if self.0.status == 409 => charge.outcome(),
            _ => self.outcome(),
        }
    }

    fn detail(&self) -> Option<ErrorDetail> {
        if self.0.is_success() {
            return None;
        }
        serde_json::from_slice::<ErrorBody>(&self.0.body).ok().map(|body| body.error)
    }

    /// Only statuses that the simulator answers before it acts prove that nothing happened.
    fn error(&self) -> CallError {
        let detail = self.detail();
        let code = detail.as_ref().map_or("", |d| d.code.as_str());
        let message = detail.as_ref().map_or("", |d| d.message.as_str());
        let words = format!("{} {code} {message}", self.0.status);
        match self.0.status {
            401 | 403 => CallError::Misconfigured(words),
            400 | 404 | 422 => CallError::NotExecuted(words),
            409 if code == "idempotency_mismatch" => CallError::IdempotencyConflict(words),
            429 => CallError::RateLimited(self.0.retry_after()),
            _ => CallError::Unknown(words),
        }
    }
}
