//! Notifications. Only PayPal's API or its certificate could prove that PayPal sent one, and a verification can ask
//! neither. So none is believed: each names what to ask about, and the answer comes from PayPal.
//!
//! <https://developer.paypal.com/api/rest/webhooks/event-names/>

use crate::objects::Link;
use plugin_sdk::types::{Change, Delivery, Event, WebhookError};
use serde::Deserialize;

#[derive(Deserialize)]
struct Notification {
    id: String,
    event_type: String,
    resource: Resource,
}

#[derive(Deserialize)]
struct Resource {
    id: Option<String>,
    #[serde(default)]
    links: Vec<Link>,
    #[serde(default)]
    disputed_transactions: Vec<Disputed>,
}

#[derive(Deserialize)]
struct Disputed {
    seller_transaction_id: Option<String>,
}

/// What a notification is about.
pub fn events(delivery: &Delivery) -> Result<Vec<Event>, WebhookError> {
    let notification: Notification =
        serde_json::from_slice(&delivery.body).map_err(|_| WebhookError::Malformed)?;
    let payments = match notification.event_type.as_str() {
        "PAYMENT.CAPTURE.COMPLETED"
        | "PAYMENT.CAPTURE.PENDING"
        | "PAYMENT.CAPTURE.DECLINED"
        | "PAYMENT.CAPTURE.DENIED" => vec![notification.resource.id.ok_or(WebhookError::Malformed)?],
        // The resource is the refund; its payment is one up.
        "PAYMENT.CAPTURE.REFUNDED" | "PAYMENT.CAPTURE.REVERSED" => vec![notification.resource.parent()?],
        "CUSTOMER.DISPUTE.CREATED" | "CUSTOMER.DISPUTE.RESOLVED" => notification.resource.disputed(),
        _ => Vec::new(),
    };
    if payments.is_empty() {
        return Ok(vec![Event { id: notification.id, change: Change::Ignored }]);
    }
    let single = payments.len() == 1;
    let event = |(number, payment): (usize, String)| {
        let id = if single { notification.id.clone() } else { format!("{}-{number}", notification.id) };
        is_id(&payment)
            .then_some(Event { id, change: Change::Refetch(payment) })
            .ok_or(WebhookError::Malformed)
    };
    payments.into_iter().enumerate().map(event).collect()
}

impl Resource {
    fn parent(&self) -> Result<String, WebhookError> {
        let up = self.links.iter().find(|link| link.rel == "up").ok_or(WebhookError::Malformed)?;
        up.href.rsplit('/').next().map(str::to_owned).ok_or(WebhookError::Malformed)
    }

    fn disputed(self) -> Vec<String> {
        self.disputed_transactions.into_iter().filter_map(|disputed| disputed.seller_transaction_id).collect()
    }
}

/// Ids are upper-case letters and digits. Nobody vouches for a notification, so anything else goes no further.
fn is_id(text: &str) -> bool {
    (1..=36).contains(&text.len())
        && text.bytes().all(|byte| byte.is_ascii_uppercase() || byte.is_ascii_digit())
}
