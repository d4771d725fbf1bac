//! Webhooks: verified by the component, which can send nothing and is not believed beyond its words.

use crate::guest::{Fields, Guest, Image};
use crate::shop::{host, limits};
use chrono::DateTime;
use domain::provider::{Change, Delivery, Event, WebhookError};
use plugin_host::Account;

/// What comes of a delivery when the component's `verify-webhook` is these instructions.
async fn verify(guest: Guest<'_>, body: &[u8]) -> Result<Vec<Event>, WebhookError> {
    let provider = host(limits()).install("test", &guest.build()).await.unwrap();
    let delivery = Delivery {
        headers: vec![("x-signature".to_owned(), "v1=1".to_owned())],
        body: body.to_vec(),
        received_at: DateTime::from_timestamp(1_800_000_000, 0).unwrap().naive_utc(),
    };
    provider.verify_webhook(&Account::default(), &delivery).await
}

fn verifying(body: &str) -> Guest<'static> {
    Guest { verify_webhook: body.to_owned(), ..Guest::default() }
}

/// A guest that tells of one event: something became of this charge.
pub fn refetching(charge: &str) -> Guest<'static> {
    let mut image = Image::at(4096);
    let mut event = Fields::default();
    event.pair(image.text("evt_1")).align(8).byte(1).align(8).pair(image.text(charge)).0.resize(104, 0);
    let events = image.put(&event.0);
    let mut result = Fields::default();
    result.byte(0).pair([events, 1]);
    let result = image.put(&result.0);
    Guest { verify_webhook: format!("(i32.const {result})"), image, ..Guest::default() }
}

#[tokio::test]
async fn events_come_through() {
    let events = verify(refetching("ch_1"), b"{}").await;
    assert_eq!(
        events,
        Ok(vec![Event { id: "evt_1".to_owned(), change: Change::Refetch("ch_1".to_owned()) }])
    );
}

#[tokio::test]
async fn a_reference_that_cannot_be_one_is_no_event() {
    for charge in ["", "ch 1", "ch_\u{1b}[31m", "ch_\u{e9}"] {
        assert!(
            matches!(verify(refetching(charge), b"{}").await, Err(WebhookError::Failed(_))),
            "{charge:?}"
        );
    }
}

#[tokio::test]
async fn a_component_that_breaks_says_nothing_about_the_delivery() {
    assert!(matches!(verify(verifying("unreachable"), b"{}").await, Err(WebhookError::Failed(_))));
}

#[tokio::test]
async fn refusals_have_their_kinds() {
    let kinds =
        [WebhookError::BadSignature, WebhookError::Stale, WebhookError::Malformed, WebhookError::Unsupported];
    for (number, kind) in (0..).zip(kinds) {
        let mut image = Image::at(4096);
        let result = image.put(&[1, 0, 0, 0, number, 0, 0, 0, 0, 0, 0, 0]);
        let guest = Guest { image, ..verifying(&format!("(i32.const {result})")) };
        assert_eq!(verify(guest, b"{}").await, Err(kind));
    }
}

#[tokio::test]
async fn what_is_too_large_is_not_even_shown_to_the_component() {
    assert_eq!(verify(verifying("unreachable"), &[b' '; 256 * 1024 + 1]).await, Err(WebhookError::Malformed));
}
