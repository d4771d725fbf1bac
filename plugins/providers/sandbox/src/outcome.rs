//! The simulator's objects in the words of the contract.

use crate::api::{ErrorDetail, Method, Setup};
use plugin_sdk::types::{
    Action, CallError, Decline, DeclineKind, Money, NewMethod, Outcome, Settled, SetupState,
};
use serde::Deserialize;

/// A charge or refund, as the simulator answers.
#[derive(Debug, Deserialize)]
pub struct Charge {
    pub id: String,
    pub status: String,
    pub amount: i64,
    pub currency: String,
    pub reference: Option<String>,
    pub key: Option<String>,
    pub action_url: Option<String>,
    pub expires_at: Option<u64>,
    #[serde(default)]
    pub created: u64,
    pub decline: Option<DeclineReason>,
}

/// Why a charge failed.
#[derive(Debug, Deserialize)]
pub struct DeclineReason {
    pub code: String,
    pub kind: Option<String>,
}

impl Charge {
    /// What became of it. A status this provider doesn't know is an outcome that it doesn't know.
    pub fn outcome(self) -> Result<Outcome, CallError> {
        match self.status.as_str() {
            "succeeded" => Ok(Outcome::Succeeded(Settled {
                provider_ref: self.id,
                amount: Money { minor: self.amount, currency: self.currency },
                raw_status: self.status,
            })),
            "pending" => Ok(Outcome::Pending(self.id)),
            "requires_action" => match self.action_url {
                Some(url) => Ok(Outcome::RequiresAction(Action {
                    provider_ref: self.id,
                    url,
                    expires_at: self.expires_at,
                })),
                None => Err(CallError::Unknown(format!("{} wants an action without a page", self.id))),
            },
            "cancelled" => Ok(Outcome::Cancelled(Some(self.id))),
            "failed" => {
                let reason = self.decline;
                Ok(Outcome::Declined(Decline {
                    kind: decline_kind(reason.as_ref().and_then(|r| r.kind.as_deref())),
                    code: reason.map_or_else(|| "failed".to_owned(), |r| r.code),
                    provider_ref: Some(self.id),
                }))
            }
            other => Err(CallError::Unknown(format!("{} has the unknown status {other}", self.id))),
        }
    }
}

/// A 402.
pub fn declined(detail: ErrorDetail) -> Outcome {
    Outcome::Declined(Decline {
        kind: decline_kind(detail.kind.as_deref()),
        code: detail.code,
        provider_ref: detail.charge,
    })
}

/// A kind that is missing or unknown may pass later.
fn decline_kind(word: Option<&str>) -> DeclineKind {
    match word {
        Some("hard") => DeclineKind::Hard,
        Some("authentication_required") => DeclineKind::AuthenticationRequired,
        Some("expired_method") => DeclineKind::ExpiredMethod,
        Some("insufficient_funds") => DeclineKind::InsufficientFunds,
        Some("fraud") => DeclineKind::Fraud,
        Some("limit") => DeclineKind::Limit,
        _ => DeclineKind::Soft,
    }
}

/// How a setup stands.
pub fn setup_state(setup: Setup) -> Result<SetupState, CallError> {
    match (setup.status.as_str(), setup.method) {
        ("done", Some(method)) => Ok(SetupState::Done(new_method(method))),
        ("open", _) => Ok(SetupState::Open),
        ("verifying", _) => Ok(SetupState::Verifying),
        ("failed", _) => Ok(SetupState::Failed(setup.failure.unwrap_or_default())),
        (status, _) => Err(CallError::Unknown(format!("{} has the unknown status {status}", setup.id))),
    }
}

/// A saved card.
pub fn new_method(method: Method) -> NewMethod {
    NewMethod {
        method_ref: method.id,
        customer_ref: method.customer,
        kind: method.kind,
        brand: method.brand,
        last4: method.last4,
        exp_month: method.exp_month,
        exp_year: method.exp_year,
        fingerprint: method.fingerprint,
    }
}
