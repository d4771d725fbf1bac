//! Saving and removing wallets.

use crate::service::*;
use plugin_sdk::Provider;
use plugin_sdk::types::{CallError, SetupRequest, SetupState};
use provider_paypal::PayPal;
use serde_json::json;

fn setup(locale: &str, customer: Option<&str>) -> SetupRequest {
    SetupRequest {
        customer_ref: customer.map(str::to_owned),
        customer_id: "cus_1".to_owned(),
        email: "mira@example.com".to_owned(),
        kind: "paypal".to_owned(),
        return_url: "https://portal.example/return".to_owned(),
        locale: locale.to_owned(),
    }
}

#[test]
fn a_setup_sends_the_customer_to_paypals_page() {
    let service = answers(201, "setup_token.created");
    let started = PayPal::begin_setup(&service, &account(), &context(), &setup("de-DE", None)).unwrap();
    assert_eq!(started.setup_ref, "5C991763VB2781612");
    assert_eq!(
        started.url,
        "https://www.paypal.com/agreements/approve?approval_session_id=5C991763VB2781612"
    );

    let asked = &asked(service)[0];
    assert_eq!(asked.line(), "POST /v3/vault/setup-tokens");
    let wallet = &asked.body()["payment_source"]["paypal"];
    assert_eq!(wallet["usage_type"], "MERCHANT");
    let meant = json!({
        "return_url": "https://portal.example/return",
        "cancel_url": "https://portal.example/return",
        "shipping_preference": "NO_SHIPPING",
        "locale": "de-DE",
    });
    assert_eq!(wallet["experience_context"], meant);
}

#[test]
fn a_known_customer_is_named_and_a_language_without_region_is_left_to_paypal() {
    let service = answers(201, "setup_token.created");
    let request = setup("de", Some("customer_4029352050"));
    PayPal::begin_setup(&service, &account(), &context(), &request).unwrap();
    let body = asked(service)[0].body();
    assert_eq!(body["customer"]["id"], "customer_4029352050");
    assert_eq!(body["payment_source"]["paypal"]["experience_context"].get("locale"), None);
}

#[test]
fn an_approved_setup_becomes_a_saved_wallet() {
    let service = answers(200, "setup_token.approved").then(201, &fixture("payment_token"));
    let Ok(SetupState::Done(method)) = PayPal::complete_setup(&service, &account(), "5C991763VB2781612")
    else {
        panic!("not done")
    };
    assert_eq!((method.method_ref.as_str(), method.kind.as_str()), ("8kk8451t", "paypal"));
    assert_eq!(method.customer_ref.as_deref(), Some("customer_4029352050"));
    assert_eq!(method.fingerprint.as_deref(), Some("VYYFH3WJ4JPJQ"));

    let asked = asked(service);
    assert_eq!(asked[0].line(), "GET /v3/vault/setup-tokens/5C991763VB2781612");
    assert_eq!(asked[1].line(), "POST /v3/vault/payment-tokens");
    let token = json!({ "id": "5C991763VB2781612", "type": "SETUP_TOKEN" });
    assert_eq!(asked[1].body(), json!({ "payment_source": { "token": token } }));
}

#[test]
fn a_setup_that_is_not_approved_is_open_and_one_that_is_gone_has_failed() {
    let state = |service: &Script| PayPal::complete_setup(service, &account(), "5C991763VB2781612");
    assert_eq!(state(&answers(200, "setup_token.created")), Ok(SetupState::Open));
    assert!(matches!(state(&Script::default().then(404, "{}")), Ok(SetupState::Failed(_))));
    assert!(matches!(state(&Script::default().then(503, "{}")), Err(CallError::Unknown(_))));
}

#[test]
fn a_wallet_that_is_gone_already_is_removed() {
    let detach = |service: &Script| PayPal::detach(service, &account(), &context(), "8kk8451t");
    let service = Script::default().then(204, "");
    assert_eq!(detach(&service), Ok(()));
    assert_eq!(asked(service)[0].line(), "DELETE /v3/vault/payment-tokens/8kk8451t");
    assert_eq!(detach(&Script::default().then(404, "{}")), Ok(()));
    assert!(detach(&Script::default().then(500, "{}")).is_err());
}
