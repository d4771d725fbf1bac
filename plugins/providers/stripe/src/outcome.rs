//! Stripe's payments and refunds in the words of the contract.

use crate::amount::from_stripe;
use crate::decline;
use crate::objects::{KEY, Metadata, PaymentIntent, REFERENCE, Refund};
use plugin_sdk::types::{Action, CallError, Decline, DeclineKind, Listed, Movement, Outcome, Settled};
use serde::de::DeserializeOwned;

/// A payment or refund: what moves money at Stripe.
pub trait Record: DeserializeOwned {
    /// Where Stripe keeps these, below `/v1/`.
    const COLLECTION: &'static str;
    const MOVEMENT: Movement;

    fn id(&self) -> &str;
    fn created(&self) -> u64;
    fn metadata(&self) -> &Metadata;

    /// What became of it. A status that says neither yes nor no is an outcome that is not known.
    fn outcome(self) -> Result<Outcome, CallError>;

    /// Whether Portico made it.
    fn is_ours(&self) -> bool {
        self.metadata().contains_key(KEY)
    }

    /// As an entry of a list; none where its outcome is not known.
    fn listed(self) -> Option<Listed> {
        Some(Listed {
            movement: Self::MOVEMENT,
            provider_ref: self.id().to_owned(),
            key: self.metadata().get(KEY).cloned(),
            reference: self.metadata().get(REFERENCE).cloned(),
            created_at: self.created(),
            outcome: self.outcome().ok()?,
        })
    }
}

impl Record for PaymentIntent {
    const COLLECTION: &'static str = "payment_intents";
    const MOVEMENT: Movement = Movement::Charge;

    fn id(&self) -> &str {
        &self.id
    }

    fn created(&self) -> u64 {
        self.created
    }

    fn metadata(&self) -> &Metadata {
        &self.metadata
    }

    fn outcome(self) -> Result<Outcome, CallError> {
        match self.status.as_str() {
            "succeeded" => match from_stripe(self.amount_received, &self.currency) {
                Some(amount) => {
                    Ok(Outcome::Succeeded(Settled { provider_ref: self.id, amount, raw_status: self.status }))
                }
                None => Err(CallError::Unknown(format!("{} took an amount without minor units", self.id))),
            },
            "processing" => Ok(Outcome::Pending(self.id)),
            "requires_action" => self.action(),
            "canceled" => Ok(Outcome::Cancelled(Some(self.id))),
            // A refused payment waits for another method, which it will not get: the next attempt is a new payment.
            "requires_payment_method" => match self.last_payment_error {
                Some(error) => Ok(Outcome::Declined(Decline {
                    kind: decline::kind(error.reason()),
                    code: error.reason().to_owned(),
                    provider_ref: Some(self.id),
                })),
                None => Err(CallError::Unknown(format!("{} has not been confirmed", self.id))),
            },
            status => Err(CallError::Unknown(format!("{} has the status {status}", self.id))),
        }
    }
}

impl PaymentIntent {
    fn action(self) -> Result<Outcome, CallError> {
        match self.next_action.and_then(|next| next.redirect_to_url).and_then(|redirect| redirect.url) {
            Some(url) => Ok(Outcome::RequiresAction(Action { provider_ref: self.id, url, expires_at: None })),
            None => Err(CallError::Unknown(format!("{} wants an action without a page", self.id))),
        }
    }
}

impl Record for Refund {
    const COLLECTION: &'static str = "refunds";
    const MOVEMENT: Movement = Movement::Refund;

    fn id(&self) -> &str {
        &self.id
    }

    fn created(&self) -> u64 {
        self.created
    }

    fn metadata(&self) -> &Metadata {
        &self.metadata
    }

    fn outcome(self) -> Result<Outcome, CallError> {
        match self.status.as_deref() {
            Some("succeeded") => match from_stripe(self.amount, &self.currency) {
                Some(amount) => Ok(Outcome::Succeeded(Settled {
                    provider_ref: self.id,
                    amount,
                    raw_status: "succeeded".to_owned(),
                })),
                None => {
                    Err(CallError::Unknown(format!("{} gave back an amount without minor units", self.id)))
                }
            },
            // With `requires_action` Stripe asks the customer by mail where the money should go.
            Some("pending" | "requires_action") => Ok(Outcome::Pending(self.id)),
            Some("failed") => Ok(Outcome::Declined(Decline {
                kind: DeclineKind::Hard,
                code: self.failure_reason.unwrap_or_else(|| "failed".to_owned()),
                provider_ref: Some(self.id),
            })),
            Some("canceled") => Ok(Outcome::Cancelled(Some(self.id))),
            status => Err(CallError::Unknown(format!("{} has the status {status:?}", self.id))),
        }
    }
}
