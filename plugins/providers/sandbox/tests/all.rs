//! The sandbox provider natively, against a service that answers from a script.

#![expect(clippy::unwrap_used, reason = "clippy takes only functions marked as tests for tests")]

use hmac::{Hmac, KeyInit, Mac};
use plugin_sdk::Provider;
use plugin_sdk::testing::{self, Script, context};
use plugin_sdk::types::{
    Account, CallError, Change, ChargeRequest, DeclineKind, Delivery, Event, Found, LookupQuery, Money,
    Movement, Outcome, WebhookError,
};
use provider_sandbox::{Sandbox, webhook};
use sha2::Sha256;

fn account() -> Account {
    testing::account(&[("base_url", "http://simulator.example/"), ("secret_key", "{{secret:secret_key}}")])
}

fn charge(service: &Script) -> Result<Outcome, CallError> {
    let request = ChargeRequest {
        amount: Money { minor: 1428, currency: "EUR".to_owned() },
        method_ref: "pm_1".to_owned(),
        customer_ref: None,
        description: "Fieldnote Team".to_owned(),
        off_session: true,
        return_url: "https://portal.example/pay".to_owned(),
    };
    Sandbox::charge(service, &account(), &context(), &request)
}

#[test]
fn a_charge_asks_for_exactly_what_was_meant_and_names_its_secret_by_handle() {
    let service = Script::answers(
        200,
        r#"{"id":"ch_1","status":"succeeded","amount":1428,"currency":"EUR","created":1}"#,
    );
    let Ok(Outcome::Succeeded(settled)) = charge(&service) else { panic!("not settled") };
    assert_eq!((settled.provider_ref.as_str(), settled.amount.minor), ("ch_1", 1428));

    let asked = &service.asked()[0];
    assert_eq!(asked.url, "http://simulator.example/v1/charges");
    let authorization = asked.headers.iter().find(|header| header.name == "authorization").unwrap();
    assert_eq!(authorization.value, "Bearer {{secret:secret_key}}");
    let body: serde_json::Value = serde_json::from_slice(&asked.body).unwrap();
    let meant = serde_json::json!({
        "amount": 1428, "currency": "EUR", "method": "pm_1", "reference": "inst:sub_1:4", "description": "Fieldnote Team",
        "off_session": true, "return_url": "https://portal.example/pay",
    });
    assert_eq!(body, meant);
}

#[test]
fn what_the_service_took_is_reported_even_if_it_is_not_what_was_asked() {
    let service = Script::answers(
        200,
        r#"{"id":"ch_1","status":"succeeded","amount":1429,"currency":"USD","created":1}"#,
    );
    let Ok(Outcome::Succeeded(settled)) = charge(&service) else { panic!("not settled") };
    assert_eq!(settled.amount, Money { minor: 1429, currency: "USD".to_owned() });
}

#[test]
fn a_402_is_a_decline_of_its_kind() {
    let service = Script::answers(
        402,
        r#"{"error":{"code":"stolen_card","message":"No.","kind":"fraud","charge":"ch_1"}}"#,
    );
    let Ok(Outcome::Declined(decline)) = charge(&service) else { panic!("not declined") };
    assert_eq!((decline.kind, decline.code.as_str()), (DeclineKind::Fraud, "stolen_card"));
    assert_eq!(decline.provider_ref.as_deref(), Some("ch_1"));
}

#[test]
fn only_refusals_count_as_not_executed() {
    for status in [400, 404, 422] {
        assert!(matches!(charge(&Script::answers(status, "{}")), Err(CallError::NotExecuted(_))), "{status}");
    }
    for status in [401, 403] {
        assert!(
            matches!(charge(&Script::answers(status, "{}")), Err(CallError::Misconfigured(_))),
            "{status}"
        );
    }
    for status in [301, 402, 408, 409, 500, 502, 503, 504] {
        assert!(matches!(charge(&Script::answers(status, "{}")), Err(CallError::Unknown(_))), "{status}");
    }
    let mismatch = Script::answers(409, r#"{"error":{"code":"idempotency_mismatch"}}"#);
    assert!(matches!(charge(&mismatch), Err(CallError::IdempotencyConflict(_))));
}

#[test]
fn answers_that_make_no_sense_are_unknown() {
    for body in [
        "",
        "<html>",
        r#"{"id":"ch_1"}"#,
        r#"{"id":"ch_1","status":"odd","amount":1428,"currency":"EUR"}"#,
        r#"{"id":"ch_1","status":"requires_action","amount":1428,"currency":"EUR"}"#,
        r#"{"id":"ch_1","status":"succeeded","amount":14.28,"currency":"EUR"}"#,
    ] {
        assert!(matches!(charge(&Script::answers(200, body)), Err(CallError::Unknown(_))), "{body}");
    }
}

#[test]
fn a_lost_answer_is_unknown_and_a_request_that_never_left_is_not_executed() {
    assert!(matches!(charge(&Script::default().then_lost(true)), Err(CallError::Unknown(_))));
    assert!(matches!(charge(&Script::default().then_lost(false)), Err(CallError::NotExecuted(_))));
}

#[test]
fn a_lookup_asks_by_key_and_never_by_the_reference_that_all_attempts_share() {
    let service = Script::answers(200, r#"{"data":[],"next_cursor":null}"#);
    let query = LookupQuery {
        movement: Movement::Charge,
        key: "pk1_a&b".to_owned(),
        reference: "inst:sub_1:4".to_owned(),
        provider_ref: None,
        charge_ref: None,
        customer_ref: None,
        since: 0,
    };
    assert_eq!(Sandbox::look_up(&service, &account(), &query), Ok(Found::NotFound));
    assert_eq!(service.asked()[0].url, "http://simulator.example/v1/charges?key=pk1_a%26b");
}

/// When webhooks of these tests arrive.
const NOW: u64 = 1_800_000_000;

/// What comes of an event that the service signed so many seconds ago.
fn told(kind: &str, object: &str, seconds_ago: u64) -> Result<Vec<Event>, WebhookError> {
    let body = format!(r#"{{"id":"evt_1","type":"{kind}","object":{object}}}"#);
    let time = NOW - seconds_ago;
    let mac = |message: &[u8]| Hmac::<Sha256>::new_from_slice(b"whsec").unwrap().chain_update(message);
    let signed = mac(format!("{time}.{body}").as_bytes()).finalize().into_bytes();
    let signature = format!("t={time},v1={}", data_encoding::HEXLOWER.encode(&signed));
    let account = testing::account(&[("webhook_secret", "{{secret:webhook_secret}}")]);
    let delivery = Delivery {
        headers: vec![("simulator-signature".to_owned(), signature)],
        body: body.into_bytes(),
        received_at: NOW,
    };
    assert_eq!(
        webhook::events(&account, &delivery, |_, _, _| false),
        Err(WebhookError::BadSignature),
        "only the host can tell a MAC"
    );
    webhook::events(&account, &delivery, |handle, message, given| {
        handle == "{{secret:webhook_secret}}" && mac(message).verify_slice(given).is_ok()
    })
}

#[test]
fn events_say_what_happened() {
    let charge =
        r#"{"id":"ch_1","status":"succeeded","amount":1428,"currency":"EUR","key":"pk1_a","created":1}"#;
    let change = |kind, object| told(kind, object, 0).unwrap().remove(0).change;
    let Change::Settled(listed) = change("charge", charge) else { panic!("not settled") };
    assert_eq!((listed.provider_ref.as_str(), listed.key.as_deref()), ("ch_1", Some("pk1_a")));
    let by_hand = r#"{"id":"re_1","charge":"ch_1","status":"succeeded","amount":5,"currency":"EUR"}"#;
    let Change::Reversed(reversal) = change("refund", by_hand) else { panic!("not reversed") };
    assert_eq!((reversal.charge_ref.as_str(), reversal.amount.minor), ("ch_1", 5));
    assert_eq!(change("hint", r#"{"id":"ch_1"}"#), Change::Refetch("ch_1".to_owned()));
    assert_eq!(change("setup", r#"{"id":"set_1"}"#), Change::Setup("set_1".to_owned()));
    assert_eq!(change("weather", "{}"), Change::Ignored);
}

#[test]
fn events_are_good_for_five_minutes() {
    assert!(told("hint", r#"{"id":"ch_1"}"#, 300).is_ok());
    assert_eq!(told("hint", r#"{"id":"ch_1"}"#, 301), Err(WebhookError::Stale));
}

#[test]
fn a_signed_event_that_makes_no_sense_is_malformed() {
    for object in ["{}", "[]", r#"{"id":"ch_1","status":"odd","amount":1,"currency":"EUR"}"#] {
        assert_eq!(told("charge", object, 0), Err(WebhookError::Malformed), "{object}");
    }
}
