//! The contract with payment providers, in the host's own words. `plugins/wit/v1` says the same to guests;
//! `plugins/host` translates.

mod manifest;
mod webhook;

pub use manifest::{
    Authorization, Capabilities, Choice, Idempotency, Lookup, Manifest, SettingField, SettingKind,
};
pub use webhook::{Change, ChangeKind, Delivery, Event, Reversal, WebhookError};

use crate::Instant;
use crate::money::Money;
use crate::words;
use serde::{Deserialize, Serialize};

/// Rides on every money call.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CallContext {
    /// Idempotency key, the same for every submission of one attempt.
    pub key: String,
    /// Natural reference of what is paid, the same over all attempts.
    pub reference: String,
    /// Number of the attempt for this reference, from 1.
    pub seq: u32,
    /// Milliseconds the call may take.
    pub deadline_ms: u32,
}

/// A charge to make with a saved payment method. The same for every submission of one attempt, to the byte.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ChargeRequest {
    /// Exactly what to take.
    pub amount: Money,
    /// The provider's reference of the payment method.
    pub method_ref: String,
    /// The provider's reference of the customer, where it has one.
    pub customer_ref: Option<String>,
    /// What the statement may say.
    pub description: String,
    /// Nobody is at the browser; a confirmation that is wanted all the same is given later, from a mail.
    pub off_session: bool,
    /// Where the browser returns after a confirmation, whenever that is.
    pub return_url: String,
}

/// A refund of an earlier charge.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RefundRequest {
    /// Exactly what to give back.
    pub amount: Money,
    /// The provider's reference of the charge.
    pub charge_ref: String,
}

/// What a provider says became of a charge or refund.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Outcome {
    /// Money moved.
    Succeeded(Settled),
    /// Accepted; settles later.
    Pending {
        /// The provider's reference.
        provider_ref: String,
    },
    /// The customer has to act in a browser.
    RequiresAction {
        /// The provider's reference.
        provider_ref: String,
        /// Where to send the browser.
        url: String,
        /// When the page stops working.
        expires_at: Option<Instant>,
    },
    /// Refused.
    Declined(Decline),
    /// Cancelled before it took effect.
    Cancelled {
        /// The provider's reference, where it gave one.
        provider_ref: Option<String>,
    },
}

/// Money that moved, as the provider reports it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Settled {
    /// The provider's reference, at most 255 printable ASCII characters.
    pub provider_ref: String,
    /// What was taken, by the provider's word; compared with what was asked for.
    pub amount: Money,
    /// The provider's own status word.
    pub raw_status: String,
}

/// Why a charge was refused.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Decline {
    /// What kind of refusal; decides about retries and words.
    pub kind: DeclineKind,
    /// The provider's code, for support.
    pub code: String,
    /// The provider's reference, where it gave one.
    pub provider_ref: Option<String>,
}

words! {
    /// Kinds of refusal.
    DeclineKind {
        /// May pass later.
        Soft = "soft",
        /// Will not pass with this method.
        Hard = "hard",
        /// The bank wants the customer to confirm.
        AuthenticationRequired = "authentication_required",
        /// The card has expired.
        ExpiredMethod = "expired_method",
        /// Not enough money.
        InsufficientFunds = "insufficient_funds",
        /// Suspected fraud, lost or stolen. Never shown as such.
        Fraud = "fraud",
        /// Over a limit of the card.
        Limit = "limit",
    }
}

impl DeclineKind {
    /// Whether an automatic retry with the same method makes sense.
    pub const fn retryable(self) -> bool {
        matches!(self, Self::Soft | Self::InsufficientFunds | Self::Limit)
    }
}

/// Why a call gave no outcome.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, thiserror::Error)]
pub enum CallError {
    /// The provider says it did not execute this submission.
    #[error("not executed: {0}")]
    NotExecuted(String),
    /// Nobody knows whether it was executed.
    #[error("unknown: {0}")]
    Unknown(String),
    /// The key was used before with other parameters.
    #[error("idempotency conflict: {0}")]
    IdempotencyConflict(String),
    /// Ask again later, after so many seconds.
    #[error("rate limited")]
    RateLimited(Option<u32>),
    /// The account's settings or credentials are wrong.
    #[error("misconfigured: {0}")]
    Misconfigured(String),
    /// The provider cannot do this.
    #[error("unsupported")]
    Unsupported,
}

/// What the host itself saw during a call; a component cannot argue with it.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Evidence {
    /// Bytes of requests other than GET that left the machine, or may have.
    pub bytes_out: u64,
    /// Every such request was answered with a status that proves it was not executed (400, 401, 403, 404, 422 or
    /// 429).
    pub refused: bool,
    /// One line a request, redacted.
    pub exchanges: Vec<Exchange>,
}

impl Evidence {
    /// This submission provably had no effect.
    pub fn proves_unexecuted(&self) -> bool {
        self.bytes_out == 0 || self.refused
    }
}

/// One HTTP exchange of a call, without bodies.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Exchange {
    /// `POST`, `GET` ...
    pub method: String,
    /// Origin and path, no query.
    pub url: String,
    /// Answer's status; absent when none came.
    pub status: Option<u16>,
    /// Bytes sent.
    pub sent: u64,
    /// Bytes received.
    pub received: u64,
    /// SHA-256 of the body sent, in hexadecimal; absent without a body.
    #[serde(default)]
    pub sent_sha256: Option<String>,
    /// SHA-256 of the body received; absent when it did not come whole.
    #[serde(default)]
    pub received_sha256: Option<String>,
}

/// A call's result together with what the host saw.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Report<T> {
    /// What the component answered, or why it could not.
    pub result: Result<T, CallError>,
    /// What the host saw.
    pub evidence: Evidence,
}

words! {
    /// Which way money moves.
    Movement {
        /// From the customer.
        Charge = "charge",
        /// Back to the customer.
        Refund = "refund",
    }
}

/// All that is known of a charge or refund whose outcome is not.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LookupRequest {
    /// What it was.
    pub movement: Movement,
    /// Its idempotency key.
    pub key: String,
    /// Its natural reference.
    pub reference: String,
    /// The provider's reference, if it ever gave one.
    pub provider_ref: Option<String>,
    /// The charge that a refund gives back.
    pub charge_ref: Option<String>,
    /// The provider's reference of the customer, where it has one.
    pub customer_ref: Option<String>,
    /// When the first submission left.
    pub since: Instant,
}

/// What a lookup found.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub enum Found {
    /// This became of it.
    Outcome(Outcome),
    /// The provider does not know it (now).
    NotFound,
}

/// A charge or refund as the provider lists it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Listed {
    /// What it is.
    pub movement: Movement,
    /// The provider's reference.
    pub provider_ref: String,
    /// Our key, where the provider gives it back.
    pub key: Option<String>,
    /// Our reference, where the provider gives it back.
    pub reference: Option<String>,
    /// When the provider made it.
    pub created_at: Instant,
    /// What became of it.
    pub outcome: Outcome,
}

/// One page of a provider's list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Page {
    /// In the provider's order.
    pub items: Vec<Listed>,
    /// Cursor of the next page; none on the last.
    pub next: Option<String>,
}

/// A payment method to set up on the provider's own page.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SetupRequest {
    /// The customer's id at the provider, if it already has one there.
    pub customer_ref: Option<String>,
    /// Our customer id, for the provider's records.
    pub customer_id: String,
    /// For the provider's receipts and risk checks.
    pub email: String,
    /// Kind to set up: one of the manifest's.
    pub kind: String,
    /// Where the browser returns.
    pub return_url: String,
    /// BCP 47 language for the provider's page.
    pub locale: String,
}

/// A setup that has begun.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct SetupStarted {
    /// The provider's reference of the setup.
    pub setup_ref: String,
    /// Where to send the browser.
    pub url: String,
}

/// How a setup stands.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub enum SetupState {
    /// The method can be used.
    Done(NewMethod),
    /// The provider still verifies (bank debits).
    Verifying,
    /// The customer has not finished.
    Open,
    /// It will not come to anything: the customer gave up or the bank refused.
    Failed(String),
}

/// A payment method as the provider describes it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct NewMethod {
    /// The provider's reference, used for charges.
    pub method_ref: String,
    /// The provider's reference of the customer, where it has one.
    pub customer_ref: Option<String>,
    /// `card`, `sepa`, `paypal` ...
    pub kind: String,
    /// `visa`, `mastercard` ...
    pub brand: String,
    /// Last digits, for people.
    pub last4: String,
    /// Month of expiry, 1 to 12.
    pub exp_month: Option<u8>,
    /// Year of expiry, four digits.
    pub exp_year: Option<u16>,
    /// Equal for the same card.
    pub fingerprint: Option<String>,
}
