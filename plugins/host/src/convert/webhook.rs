//! Webhooks, between the host's words and the contract's.

use super::{MAX_MESSAGE, Read, listed, money_from, new_method, plain, reference, seconds};
use crate::bindings::exports::portico::payment::provider as wit;
use domain::provider as host;

/// Events one delivery may carry.
const MAX_EVENTS: usize = 100;

pub fn delivery(delivery: &host::Delivery) -> wit::Delivery {
    wit::Delivery {
        headers: delivery.headers.clone(),
        body: delivery.body.clone(),
        received_at: seconds(delivery.received_at),
    }
}

pub fn events(events: Vec<wit::Event>) -> Read<Vec<host::Event>> {
    if events.len() > MAX_EVENTS {
        return Err("a delivery has too many events".to_owned());
    }
    events.into_iter().map(event).collect()
}

fn event(event: wit::Event) -> Read<host::Event> {
    Ok(host::Event { id: reference(event.id)?, change: change(event.change)? })
}

fn change(change: wit::Change) -> Read<host::Change> {
    Ok(match change {
        wit::Change::Settled(item) => host::Change::Settled(listed(item)?),
        wit::Change::Refetch(charge) => host::Change::Refetch(reference(charge)?),
        wit::Change::Reversed(reversal) => host::Change::Reversed(host::Reversal {
            charge_ref: reference(reversal.charge_ref)?,
            provider_ref: reference(reversal.provider_ref)?,
            amount: money_from(&reversal.amount)?,
            reason: plain(&reversal.reason, MAX_MESSAGE),
        }),
        wit::Change::Setup(setup) => host::Change::Setup(reference(setup)?),
        wit::Change::MethodUpdated(method) => host::Change::MethodUpdated(new_method(method)?),
        wit::Change::MethodRemoved(method) => host::Change::MethodRemoved(reference(method)?),
        wit::Change::Ignored => host::Change::Ignored,
    })
}

pub fn error(error: wit::WebhookError) -> host::WebhookError {
    match error {
        wit::WebhookError::BadSignature => host::WebhookError::BadSignature,
        wit::WebhookError::Stale => host::WebhookError::Stale,
        wit::WebhookError::Malformed => host::WebhookError::Malformed,
        wit::WebhookError::Unsupported => host::WebhookError::Unsupported,
    }
}
