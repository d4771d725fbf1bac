//! Events: whether Stripe sent them, and what they say.
//!
//! <https://docs.stripe.com/api/events/types>

use crate::amount::from_stripe;
use crate::objects::{Dispute, Named, PaymentIntent, PaymentMethod, Refund, Session};
use crate::outcome::Record;
use plugin_sdk::types::{Account, Change, Delivery, Event, Reversal, WebhookError};
use plugin_sdk::{Settings, signature};
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::Value;

#[derive(Deserialize)]
struct Envelope {
    id: String,
    #[serde(rename = "type")]
    kind: String,
    data: Data,
}

#[derive(Deserialize)]
struct Data {
    object: Value,
}

/// Verifies a delivery and reads it. `is_mac` says whether a MAC of a message was made with the secret of a handle.
pub fn events(
    account: &Account,
    delivery: &Delivery,
    is_mac: impl Fn(&str, &[u8], &[u8]) -> bool,
) -> Result<Vec<Event>, WebhookError> {
    let secret = Settings::of(account).get("webhook_secret").ok_or(WebhookError::BadSignature)?;
    signature::verify(delivery, "stripe-signature", secret, is_mac)?;
    let envelope: Envelope = serde_json::from_slice(&delivery.body).map_err(|_| WebhookError::Malformed)?;
    let change = change(&envelope.kind, envelope.data.object)?;
    Ok(vec![Event { id: envelope.id, change }])
}

fn change(kind: &str, object: Value) -> Result<Change, WebhookError> {
    match kind {
        "payment_intent.succeeded"
        | "payment_intent.processing"
        | "payment_intent.canceled"
        | "payment_intent.requires_action" => payment(read(object)?),
        // The bank may have wanted the customer, and the payment been confirmed again since: what it is now decides.
        "payment_intent.payment_failed" => {
            let intent: PaymentIntent = read(object)?;
            Ok(if intent.is_ours() { Change::Refetch(intent.id) } else { Change::Ignored })
        }
        "refund.created" | "refund.updated" | "refund.failed" | "charge.refund.updated" => {
            refund(read(object)?)
        }
        // Not `charge.dispute.created`: an inquiry, which moves no money, begins with it too.
        "charge.dispute.funds_withdrawn" => dispute(read(object)?),
        "checkout.session.completed" | "checkout.session.expired" => {
            let session: Session = read(object)?;
            Ok(if session.mode == "setup" { Change::Setup(session.id) } else { Change::Ignored })
        }
        "payment_method.updated" | "payment_method.automatically_updated" => {
            let method: PaymentMethod = read(object)?;
            Ok(Change::MethodUpdated(method.described()))
        }
        "payment_method.detached" => Ok(Change::MethodRemoved(read::<Named>(object)?.id)),
        _ => Ok(Change::Ignored),
    }
}

fn read<T: DeserializeOwned>(object: Value) -> Result<T, WebhookError> {
    serde_json::from_value(object).map_err(|_| WebhookError::Malformed)
}

/// Payments of others who sell through the same account are not ours to keep.
fn payment(intent: PaymentIntent) -> Result<Change, WebhookError> {
    if !intent.is_ours() {
        return Ok(Change::Ignored);
    }
    let id = intent.id.clone();
    Ok(intent.listed().map_or(Change::Refetch(id), Change::Settled))
}

/// A refund that Portico did not ask for was made at Stripe, by hand or by another program.
fn refund(refund: Refund) -> Result<Change, WebhookError> {
    if refund.is_ours() {
        return Ok(refund.listed().map_or(Change::Ignored, Change::Settled));
    }
    if refund.status.as_deref() != Some("succeeded") {
        return Ok(Change::Ignored);
    }
    reversed(
        refund.payment_intent.or(refund.charge),
        refund.id,
        refund.amount,
        &refund.currency,
        refund.reason,
    )
}

fn dispute(dispute: Dispute) -> Result<Change, WebhookError> {
    let charge = dispute.payment_intent.or(dispute.charge);
    reversed(charge, dispute.id, dispute.amount, &dispute.currency, Some(dispute.reason))
}

fn reversed(
    charge: Option<String>,
    id: String,
    amount: i64,
    currency: &str,
    reason: Option<String>,
) -> Result<Change, WebhookError> {
    let amount = from_stripe(amount, currency).ok_or(WebhookError::Malformed)?;
    Ok(Change::Reversed(Reversal {
        charge_ref: charge.ok_or(WebhookError::Malformed)?,
        provider_ref: id,
        amount,
        reason: reason.unwrap_or_default(),
    }))
}
