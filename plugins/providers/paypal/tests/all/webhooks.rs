//! Notifications: nobody vouches for them, so they only say what to ask about.

use crate::service::*;
use plugin_sdk::Provider;
use plugin_sdk::types::{Change, Delivery, Event, WebhookError};
use provider_paypal::PayPal;

const CAPTURE: &str = "3C679366HH908993F";

fn read(body: &str) -> Result<Vec<Event>, WebhookError> {
    let delivery =
        Delivery { headers: Vec::new(), body: body.as_bytes().to_vec(), received_at: 1_800_000_010 };
    PayPal::verify_webhook(&account(), &delivery)
}

#[test]
fn a_notification_about_a_payment_asks_about_that_payment() {
    for name in [
        "webhook.payment.capture.completed",
        "webhook.payment.capture.refunded",
        "webhook.customer.dispute.created",
    ] {
        let events = read(&fixture(name)).unwrap();
        assert_eq!(events.len(), 1, "{name}");
        assert_eq!(events[0].id, "WH-58D329510W468432D-8HN650336L201105X");
        assert_eq!(events[0].change, Change::Refetch(CAPTURE.to_owned()), "{name}");
    }
}

#[test]
fn a_dispute_over_two_payments_is_two_events() {
    let two = "{ \"seller_transaction_id\": \"1A\" }, { \"seller_transaction_id\": \"2B\" }";
    let body = fixture("webhook.customer.dispute.created");
    let one = body.find("\"disputed_transactions\"").unwrap();
    let (start, end) = (body[one..].find('[').unwrap() + one + 1, body[one..].find(']').unwrap() + one);
    let events = read(&format!("{}{two}{}", &body[..start], &body[end..])).unwrap();
    let changes: Vec<_> = events.iter().map(|event| &event.change).collect();
    assert_eq!(changes, [&Change::Refetch("1A".to_owned()), &Change::Refetch("2B".to_owned())]);
    assert_ne!(events[0].id, events[1].id);
}

#[test]
fn nobody_removes_a_wallet_by_writing_to_us() {
    assert_eq!(read(&fixture("webhook.vault.payment-token.deleted")).unwrap()[0].change, Change::Ignored);
}

#[test]
fn what_is_no_notification_is_malformed() {
    let completed = fixture("webhook.payment.capture.completed");
    for body in [
        String::new(),
        "{}".to_owned(),
        completed.replace(&format!("\"id\": \"{CAPTURE}\""), "\"id\": \"../../orders\""),
        completed.replace(&format!("\"id\": \"{CAPTURE}\""), "\"id\": null"),
        fixture("webhook.payment.capture.refunded").replace("\"up\"", "\"sideways\""),
    ] {
        assert_eq!(read(&body), Err(WebhookError::Malformed), "{body}");
    }
}
