//! Taking money and giving it back.

use crate::service::*;
use plugin_sdk::Provider;
use plugin_sdk::types::{CallError, ChargeRequest, Decline, DeclineKind, Money, Outcome, RefundRequest};
use provider_paypal::PayPal;
use serde_json::json;

const CAPTURE: &str = "3C679366HH908993F";
const ORDER: &str = "5O190127TN364715T";

fn euro(minor: i64) -> Money {
    Money { minor, currency: "EUR".to_owned() }
}

fn charge_of(service: &Script, amount: Money) -> Result<Outcome, CallError> {
    let request = ChargeRequest {
        amount,
        method_ref: "8kk8451t".to_owned(),
        customer_ref: Some("customer_4029352050".to_owned()),
        description: "Fieldnote Team".to_owned(),
        off_session: true,
        return_url: "https://portal.example/pay".to_owned(),
    };
    PayPal::charge(service, &account(), &context(), &request)
}

fn charge(service: &Script) -> Result<Outcome, CallError> {
    charge_of(service, euro(1428))
}

fn declined(service: &Script) -> Decline {
    match charge(service) {
        Ok(Outcome::Declined(decline)) => decline,
        other => panic!("not declined: {other:?}"),
    }
}

fn refused(issue: &str) -> Script {
    let body = fixture("error.instrument_declined").replace("\"INSTRUMENT_DECLINED\"", &format!("{issue:?}"));
    Script::default().then(422, &body)
}

#[test]
fn a_charge_asks_for_exactly_what_was_meant_and_leaves_the_token_to_the_host() {
    let service = answers(201, "order.completed");
    let Ok(Outcome::Succeeded(settled)) = charge(&service) else { panic!("not settled") };
    assert_eq!((settled.provider_ref.as_str(), settled.amount), (CAPTURE, euro(1428)));

    let asked = &asked(service)[0];
    assert_eq!((asked.line().as_str(), asked.step()), ("POST /v2/checkout/orders", Some("order")));
    assert_eq!(asked.header("authorization"), None);
    assert_eq!(asked.header("prefer"), Some("return=representation"));
    let meant = json!({
        "intent": "CAPTURE",
        "purchase_units": [{
            "amount": { "currency_code": "EUR", "value": "14.28" },
            "description": "Fieldnote Team",
            "invoice_id": "pk1_abcdefghijklmnopqrstuvwxyz234567",
            "custom_id": "inst:sub_1:4",
        }],
        "payment_source": { "paypal": {
            "vault_id": "8kk8451t",
            "experience_context": {
                "return_url": "https://portal.example/pay",
                "cancel_url": "https://portal.example/pay",
                "shipping_preference": "NO_SHIPPING",
            },
        } },
    });
    assert_eq!(asked.body(), meant);
}

#[test]
fn what_paypal_took_is_reported_even_if_it_is_not_what_was_asked() {
    let body = fixture("order.completed").replace("14.28", "14.29").replace("EUR", "USD");
    let Ok(Outcome::Succeeded(settled)) = charge(&Script::default().then(201, &body)) else {
        panic!("not settled")
    };
    assert_eq!(settled.amount, Money { minor: 1429, currency: "USD".to_owned() });
}

#[test]
fn an_order_that_is_only_approved_is_captured() {
    let service = answers(201, "order.approved").then(201, &fixture("order.completed"));
    assert!(matches!(charge(&service), Ok(Outcome::Succeeded(_))));
    let asked = asked(service);
    assert_eq!(asked[1].line(), format!("POST /v2/checkout/orders/{ORDER}/capture"));
    assert_eq!(asked[1].step(), Some("capture"));

    let lost = answers(201, "order.approved").then_lost(true);
    assert!(matches!(charge(&lost), Err(CallError::Unknown(_))));
}

#[test]
fn an_order_that_wants_the_customer_takes_nothing() {
    let decline = declined(&answers(201, "order.payer_action_required"));
    assert_eq!(decline.kind, DeclineKind::AuthenticationRequired);
    assert_eq!(decline.provider_ref.as_deref(), Some(ORDER));
}

#[test]
fn a_payment_from_a_bank_account_is_pending() {
    assert_eq!(charge(&answers(201, "order.pending")), Ok(Outcome::Pending(CAPTURE.to_owned())));
}

#[test]
fn a_refusal_is_of_the_kind_that_its_issue_says() {
    for (issue, kind) in [
        ("INSTRUMENT_DECLINED", DeclineKind::Soft),
        ("PAYER_ACTION_REQUIRED", DeclineKind::AuthenticationRequired),
        ("CARD_EXPIRED", DeclineKind::ExpiredMethod),
        ("TRANSACTION_LIMIT_EXCEEDED", DeclineKind::Limit),
        ("TRANSACTION_BLOCKED_BY_PAYEE", DeclineKind::Fraud),
        ("AGREEMENT_ALREADY_CANCELLED", DeclineKind::Hard),
    ] {
        let decline = declined(&refused(issue));
        assert_eq!((decline.kind, decline.code.as_str()), (kind, issue));
    }
    let decline = declined(&answers(201, "order.declined"));
    assert_eq!((decline.kind, decline.code.as_str()), (DeclineKind::InsufficientFunds, "5120"));
    assert_eq!(decline.provider_ref.as_deref(), Some(CAPTURE));
}

#[test]
fn an_invoice_number_that_was_paid_before_is_a_conflict_and_no_refusal() {
    assert!(matches!(charge(&refused("DUPLICATE_INVOICE_ID")), Err(CallError::IdempotencyConflict(_))));
    assert!(matches!(charge(&refused("PREVIOUS_REQUEST_IN_PROGRESS")), Err(CallError::Unknown(_))));
    assert!(matches!(charge(&refused("PAYEE_ACCOUNT_RESTRICTED")), Err(CallError::Misconfigured(_))));
    assert!(matches!(charge(&refused("DECIMAL_PRECISION")), Err(CallError::NotExecuted(_))));
}

#[test]
fn only_what_paypal_answers_before_it_acts_counts_as_not_executed() {
    let answer = |status| charge(&Script::default().then(status, "{}"));
    for status in [400, 404, 422] {
        assert!(matches!(answer(status), Err(CallError::NotExecuted(_))), "{status}");
    }
    for status in [401, 403] {
        assert!(matches!(answer(status), Err(CallError::Misconfigured(_))), "{status}");
    }
    assert_eq!(answer(429), Err(CallError::RateLimited(None)));
    for status in [302, 402, 409, 500, 502, 503, 504] {
        assert!(matches!(answer(status), Err(CallError::Unknown(_))), "{status}");
    }
}

#[test]
fn answers_that_make_no_sense_are_unknown() {
    let order = fixture("order.completed");
    for body in [
        String::new(),
        "<html>".to_owned(),
        "{\"id\":\"5O190127TN364715T\"}".to_owned(),
        fixture("order.approved").replace("APPROVED", "SAVED"),
        order.replace("\"value\": \"14.28\"", "\"value\": 14.28"),
        order.replace("\"value\": \"14.28\"", "\"value\": \"14.281\""),
        order.replace("\"COMPLETED\"", "\"ODD\""),
    ] {
        let outcome = charge(&Script::default().then(201, &body));
        assert!(matches!(outcome, Err(CallError::Unknown(_))), "{body}");
    }
    assert!(matches!(charge(&Script::default().then_lost(true)), Err(CallError::Unknown(_))));
}

#[test]
fn an_amount_that_paypal_cannot_express_is_not_sent() {
    let forint = Money { minor: 12_345, currency: "HUF".to_owned() };
    let service = Script::default();
    assert!(matches!(charge_of(&service, forint), Err(CallError::NotExecuted(_))));
    assert!(asked(service).is_empty());
}

fn refund(service: &Script) -> Result<Outcome, CallError> {
    let request = RefundRequest { amount: euro(428), charge_ref: CAPTURE.to_owned() };
    PayPal::refund(service, &account(), &context(), &request)
}

#[test]
fn a_refund_names_its_capture_and_carries_its_key() {
    let service = answers(201, "refund.completed");
    let Ok(Outcome::Succeeded(settled)) = refund(&service) else { panic!("not settled") };
    assert_eq!((settled.provider_ref.as_str(), settled.amount), ("1JU08902781691411", euro(428)));
    let asked = &asked(service)[0];
    assert_eq!(asked.line(), format!("POST /v2/payments/captures/{CAPTURE}/refund"));
    let amount = json!({ "currency_code": "EUR", "value": "4.28" });
    let meant = json!({ "amount": amount, "invoice_id": context().key, "custom_id": "inst:sub_1:4" });
    assert_eq!(asked.body(), meant);
}

#[test]
fn a_refund_may_take_its_time_or_be_refused() {
    let pending = refund(&answers(201, "refund.pending"));
    assert_eq!(pending, Ok(Outcome::Pending("1JU08902781691411".to_owned())));
    for (issue, kind) in [
        ("REFUND_FAILED_INSUFFICIENT_FUNDS", DeclineKind::InsufficientFunds),
        ("REFUND_TIME_LIMIT_EXCEEDED", DeclineKind::Hard),
    ] {
        let Ok(Outcome::Declined(decline)) = refund(&refused(issue)) else { panic!("{issue} is no refusal") };
        assert_eq!(decline.kind, kind, "{issue}");
    }
    assert!(matches!(refund(&refused("CAPTURE_FULLY_REFUNDED")), Err(CallError::NotExecuted(_))));
}
