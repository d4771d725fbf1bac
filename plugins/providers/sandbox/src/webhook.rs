//! The simulator's events: whether it sent them, and what they say.

use crate::api::Method;
use crate::outcome::{self, Charge};
use plugin_sdk::types::{Account, Change, Delivery, Event, Money, Movement, Reversal, WebhookError};
use plugin_sdk::{Settings, signature};
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::Value;

#[derive(Deserialize)]
struct Envelope {
    id: String,
    #[serde(rename = "type")]
    kind: String,
    object: Value,
}

/// What only has a name.
#[derive(Deserialize)]
struct Named {
    id: String,
}

/// A dispute, or a refund that nobody asked for by the API.
#[derive(Deserialize)]
struct Back {
    id: String,
    charge: String,
    amount: i64,
    currency: String,
    #[serde(default)]
    reason: String,
}

/// Verifies a delivery and reads it. `is_mac` says whether a MAC of a message was made with the secret of a handle.
pub fn events(
    account: &Account,
    delivery: &Delivery,
    is_mac: impl Fn(&str, &[u8], &[u8]) -> bool,
) -> Result<Vec<Event>, WebhookError> {
    let secret = Settings::of(account).get("webhook_secret").ok_or(WebhookError::BadSignature)?;
    signature::verify(delivery, "simulator-signature", secret, is_mac)?;
    let envelope: Envelope = read(&delivery.body)?;
    Ok(vec![Event { change: change(&envelope)?, id: envelope.id }])
}

fn change(envelope: &Envelope) -> Result<Change, WebhookError> {
    let object = envelope.object.to_string();
    let object = object.as_bytes();
    match envelope.kind.as_str() {
        "charge" => settled(Movement::Charge, read(object)?),
        "refund" => {
            let refund: Charge = read(object)?;
            // Without a key it was made at the service, by hand.
            if refund.key.is_some() { settled(Movement::Refund, refund) } else { reversed(read(object)?) }
        }
        "dispute" => reversed(read(object)?),
        "hint" => Ok(Change::Refetch(read::<Named>(object)?.id)),
        "setup" => Ok(Change::Setup(read::<Named>(object)?.id)),
        "method.updated" => Ok(Change::MethodUpdated(outcome::new_method(read::<Method>(object)?))),
        "method.detached" => Ok(Change::MethodRemoved(read::<Named>(object)?.id)),
        _ => Ok(Change::Ignored),
    }
}

fn read<T: DeserializeOwned>(bytes: &[u8]) -> Result<T, WebhookError> {
    serde_json::from_slice(bytes).map_err(|_| WebhookError::Malformed)
}

fn settled(movement: Movement, moved: Charge) -> Result<Change, WebhookError> {
    crate::listed(movement, moved).map(Change::Settled).map_err(|_| WebhookError::Malformed)
}

fn reversed(back: Back) -> Result<Change, WebhookError> {
    Ok(Change::Reversed(Reversal {
        charge_ref: back.charge,
        provider_ref: back.id,
        amount: Money { minor: back.amount, currency: back.currency },
        reason: back.reason,
    }))
}
