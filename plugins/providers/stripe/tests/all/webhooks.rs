//! Events: which are believed, and what they say.

use crate::service::*;
use hmac::{Hmac, KeyInit, Mac};
use plugin_sdk::Provider;
use plugin_sdk::types::{Change, Delivery, Event, Money, Movement, Outcome, WebhookError};
use provider_stripe::{Stripe, webhook};
use sha2::Sha256;

const SECRET: &str = "whsec_portico";
const NOW: u64 = 1_800_000_010;

fn mac(secret: &str, message: &[u8]) -> Hmac<Sha256> {
    let mut mac = Hmac::new_from_slice(secret.as_bytes()).unwrap();
    mac.update(message);
    mac
}

fn sign(secret: &str, time: u64, body: &str) -> String {
    let mac = mac(secret, format!("{time}.{body}").as_bytes()).finalize().into_bytes();
    format!("v1={}", data_encoding::HEXLOWER.encode(&mac))
}

fn read(signature: &str, body: &str) -> Result<Vec<Event>, WebhookError> {
    let delivery = Delivery {
        headers: vec![("stripe-signature".to_owned(), signature.to_owned())],
        body: body.as_bytes().to_vec(),
        received_at: NOW,
    };
    webhook::events(&account(), &delivery, |handle, message, given| {
        handle == "{{secret:webhook_secret}}" && mac(SECRET, message).verify_slice(given).is_ok()
    })
}

/// The change that a signed event reports.
fn change(name: &str) -> Change {
    change_of(&fixture(name))
}

fn change_of(body: &str) -> Change {
    let signature = format!("t={NOW},{},v0=6ffbb59b", sign(SECRET, NOW, body));
    let mut events = read(&signature, body).unwrap();
    assert_eq!(events.len(), 1);
    assert_eq!(events[0].id, "evt_3Portico0000000000000001");
    events.remove(0).change
}

#[test]
fn a_signature_is_of_this_body_this_time_and_this_secret() {
    let body = fixture("event.payment_intent.succeeded");
    let good = sign(SECRET, NOW, &body);
    assert!(read(&format!("t={NOW},{good}"), &body).is_ok());

    let forged = sign("whsec_other", NOW, &body);
    assert_eq!(read(&format!("t={NOW},{forged}"), &body), Err(WebhookError::BadSignature));
    assert_eq!(read(&format!("t={},{good}", NOW + 1), &body), Err(WebhookError::BadSignature));
    let altered = body.replace("1428", "1");
    assert_eq!(read(&format!("t={NOW},{good}"), &altered), Err(WebhookError::BadSignature));
    for header in ["", "t=", &good, &format!("t={NOW}"), &format!("t={NOW},v1=zz"), &format!("t={NOW},v1=")] {
        assert_eq!(read(header, &body), Err(WebhookError::BadSignature), "{header}");
    }
}

#[test]
fn while_a_secret_is_replaced_one_good_signature_of_several_is_enough() {
    let body = fixture("event.payment_intent.succeeded");
    let header = format!("t={NOW},{},{}", sign("whsec_new", NOW, &body), sign(SECRET, NOW, &body));
    assert!(read(&header, &body).is_ok());
}

#[test]
fn a_delivery_that_is_too_old_is_stale() {
    let body = fixture("event.payment_intent.succeeded");
    for (time, believed) in [(NOW - 300, true), (NOW - 301, false), (NOW + 300, true), (NOW + 301, false)] {
        let answer = read(&format!("t={time},{}", sign(SECRET, time, &body)), &body);
        assert_eq!(answer.is_ok(), believed, "{time}");
        assert!(believed || answer == Err(WebhookError::Stale));
    }
}

#[test]
fn a_signed_body_that_is_no_event_is_malformed() {
    for body in ["", "[]", r#"{"id":"evt_1","type":"refund.updated","data":{"object":{"id":7}}}"#] {
        let answer = read(&format!("t={NOW},{}", sign(SECRET, NOW, body)), body);
        assert_eq!(answer, Err(WebhookError::Malformed), "{body}");
    }
}

#[test]
fn nothing_is_believed_without_a_host() {
    let body = fixture("event.payment_intent.succeeded");
    let header = format!("t={NOW},{}", sign(SECRET, NOW, &body));
    let headers = vec![("stripe-signature".to_owned(), header)];
    let delivery = Delivery { headers, body: body.into_bytes(), received_at: NOW };
    assert_eq!(Stripe::verify_webhook(&account(), &delivery), Err(WebhookError::BadSignature));
}

#[test]
fn a_payment_that_settled_is_told_with_its_key() {
    let Change::Settled(listed) = change("event.payment_intent.succeeded") else { panic!("not settled") };
    assert_eq!(listed.movement, Movement::Charge);
    assert_eq!(listed.key.as_deref(), Some("pk1_abcdefghijklmnopqrstuvwxyz234567"));
    assert!(matches!(listed.outcome, Outcome::Succeeded(_)));
}

#[test]
fn a_refused_payment_is_asked_about_since_it_may_have_been_confirmed_again() {
    let refetch = Change::Refetch("pi_3Portico0000000000000001".to_owned());
    assert_eq!(change("event.payment_intent.payment_failed"), refetch);
}

#[test]
fn payments_that_others_made_in_the_same_account_are_ignored() {
    for name in ["event.payment_intent.succeeded", "event.payment_intent.payment_failed"] {
        let body = fixture(name).replace("portico_key", "order");
        assert_eq!(change_of(&body), Change::Ignored, "{name}");
    }
}

#[test]
fn own_refunds_settle_and_foreign_ones_reverse() {
    let Change::Settled(listed) = change("event.refund.updated") else { panic!("not settled") };
    assert_eq!(
        (listed.movement, listed.provider_ref.as_str()),
        (Movement::Refund, "re_3Portico0000000000000001")
    );

    let Change::Reversed(reversal) = change("event.refund.made_elsewhere") else { panic!("not reversed") };
    assert_eq!(reversal.charge_ref, "pi_3Portico0000000000000001");
    assert_eq!(reversal.provider_ref, "re_3Portico0000000000000001");
    assert_eq!(reversal.amount, Money { minor: 428, currency: "EUR".to_owned() });
    let pending = fixture("event.refund.made_elsewhere").replace("\"succeeded\"", "\"pending\"");
    assert_eq!(change_of(&pending), Change::Ignored);
}

#[test]
fn a_dispute_reverses_once_the_money_is_gone_and_an_inquiry_does_not() {
    let Change::Reversed(reversal) = change("event.charge.dispute.funds_withdrawn") else {
        panic!("not reversed")
    };
    assert_eq!(
        (reversal.provider_ref.as_str(), reversal.reason.as_str()),
        ("dp_1Portico000000000000001", "fraudulent")
    );
    assert_eq!(change("event.charge.dispute.created"), Change::Ignored);
}

#[test]
fn setups_and_methods_tell_of_themselves() {
    let setup = Change::Setup("cs_test_Portico00000000000000001".to_owned());
    assert_eq!(change("event.checkout.session.completed"), setup);
    let payment = fixture("event.checkout.session.completed").replace("\"setup\"", "\"payment\"");
    assert_eq!(change_of(&payment), Change::Ignored);
    let Change::MethodUpdated(method) = change("event.payment_method.automatically_updated") else {
        panic!("not updated")
    };
    assert_eq!((method.exp_month, method.exp_year), (Some(12), Some(2031)));
    let removed = Change::MethodRemoved("pm_1Portico000000000000001".to_owned());
    assert_eq!(change("event.payment_method.detached"), removed);
}

#[test]
fn events_of_no_interest_are_ignored() {
    assert_eq!(change("event.customer.created"), Change::Ignored);
}
