//! Stripe's objects, as far as they are read.

use serde::{Deserialize, Deserializer};
use std::collections::HashMap;

/// Key of the metadata that carries Portico's idempotency key.
pub const KEY: &str = "portico_key";
/// Key of the metadata that carries Portico's natural reference.
pub const REFERENCE: &str = "portico_reference";
/// Key of the metadata that carries Portico's customer id.
pub const CUSTOMER: &str = "portico_customer";

/// Whatever was stored with an object.
pub type Metadata = HashMap<String, String>;

/// A payment.
#[derive(Debug, Deserialize)]
pub struct PaymentIntent {
    pub id: String,
    pub status: String,
    #[serde(default)]
    pub amount_received: i64,
    pub currency: String,
    #[serde(default)]
    pub created: u64,
    #[serde(default)]
    pub metadata: Metadata,
    pub next_action: Option<NextAction>,
    pub last_payment_error: Option<ErrorDetail>,
}

/// What the customer has to do.
#[derive(Debug, Deserialize)]
pub struct NextAction {
    pub redirect_to_url: Option<RedirectToUrl>,
}

/// A page for the customer.
#[derive(Debug, Deserialize)]
pub struct RedirectToUrl {
    pub url: Option<String>,
}

/// An error, in an answer or kept with a payment.
#[derive(Debug, Default, Deserialize)]
pub struct ErrorDetail {
    #[serde(rename = "type", default)]
    pub kind: String,
    pub code: Option<String>,
    pub decline_code: Option<String>,
    pub param: Option<String>,
    #[serde(default)]
    pub message: String,
    pub payment_intent: Option<Named>,
}

impl ErrorDetail {
    /// The most telling code there is.
    pub fn reason(&self) -> &str {
        self.decline_code.as_deref().or(self.code.as_deref()).unwrap_or("declined")
    }
}

/// An object of which only the id matters.
#[derive(Debug, Deserialize)]
pub struct Named {
    pub id: String,
}

/// Money given back.
#[derive(Debug, Deserialize)]
pub struct Refund {
    pub id: String,
    pub status: Option<String>,
    pub amount: i64,
    pub currency: String,
    #[serde(default)]
    pub created: u64,
    pub payment_intent: Option<String>,
    pub charge: Option<String>,
    pub reason: Option<String>,
    pub failure_reason: Option<String>,
    #[serde(default, deserialize_with = "or_default")]
    pub metadata: Metadata,
}

/// A page on which a customer leaves a payment method.
#[derive(Debug, Deserialize)]
pub struct Session {
    pub id: String,
    pub mode: String,
    pub status: Option<String>,
    pub url: Option<String>,
    /// Expanded when it is asked for, a bare id in events.
    pub setup_intent: Option<serde_json::Value>,
}

/// A payment method being set up.
#[derive(Debug, Deserialize)]
pub struct SetupIntent {
    pub status: String,
    pub payment_method: Option<PaymentMethod>,
    pub last_setup_error: Option<ErrorDetail>,
}

/// A payment method.
#[derive(Debug, Deserialize)]
pub struct PaymentMethod {
    pub id: String,
    #[serde(rename = "type")]
    pub kind: String,
    pub customer: Option<String>,
    pub card: Option<Card>,
    pub sepa_debit: Option<BankAccount>,
}

/// A card.
#[derive(Debug, Deserialize)]
pub struct Card {
    pub brand: Option<String>,
    pub last4: Option<String>,
    pub exp_month: Option<u8>,
    pub exp_year: Option<u16>,
    pub fingerprint: Option<String>,
}

/// A bank account.
#[derive(Debug, Deserialize)]
pub struct BankAccount {
    pub last4: Option<String>,
    pub fingerprint: Option<String>,
}

/// A customer's complaint at their bank.
#[derive(Debug, Deserialize)]
pub struct Dispute {
    pub id: String,
    pub amount: i64,
    pub currency: String,
    pub charge: Option<String>,
    pub payment_intent: Option<String>,
    #[serde(default)]
    pub reason: String,
}

/// A page of a list or of search results, newest first.
#[derive(Debug, Deserialize)]
pub struct List<T> {
    pub data: Vec<T>,
    #[serde(default)]
    pub has_more: bool,
}

fn or_default<'de, D: Deserializer<'de>>(given: D) -> Result<Metadata, D::Error> {
    Ok(Option::deserialize(given)?.unwrap_or_default())
}
