//! Taking money, giving it back, and letting go of it.

use crate::service::*;
use plugin_sdk::Provider;
use plugin_sdk::types::{CallError, ChargeRequest, DeclineKind, Money, Outcome, RefundRequest};
use provider_stripe::Stripe;

const PAYMENT: &str = "pi_3Portico0000000000000001";

fn euro(minor: i64) -> Money {
    Money { minor, currency: "EUR".to_owned() }
}

fn charge(service: &Script, off_session: bool) -> Result<Outcome, CallError> {
    let request = ChargeRequest {
        amount: euro(1428),
        method_ref: "pm_1".to_owned(),
        customer_ref: Some("cus_1".to_owned()),
        description: "Fieldnote Team".to_owned(),
        off_session,
        return_url: "https://portal.example/pay?a=1&b=2".to_owned(),
    };
    Stripe::charge(service, &account(), &context(), &request)
}

#[test]
fn a_charge_asks_for_exactly_what_was_meant_and_names_its_secret_by_handle() {
    let service = answers(200, "payment_intent.succeeded");
    let Ok(Outcome::Succeeded(settled)) = charge(&service, true) else { panic!("not settled") };
    assert_eq!((settled.provider_ref.as_str(), settled.amount), (PAYMENT, euro(1428)));

    let asked = &asked(service)[0];
    assert_eq!(asked.line(), "POST /v1/payment_intents");
    assert_eq!(asked.header("authorization"), "Bearer {{secret:secret_key}}");
    assert_eq!(asked.header("stripe-version"), "2026-07-29.dahlia");
    let meant = [
        ("amount", "1428"),
        ("currency", "eur"),
        ("customer", "cus_1"),
        ("payment_method", "pm_1"),
        ("confirm", "true"),
        ("return_url", "https://portal.example/pay?a=1&b=2"),
        ("description", "Fieldnote Team"),
        ("statement_descriptor_suffix", "Fieldnote"),
        ("metadata[portico_key]", "pk1_abcdefghijklmnopqrstuvwxyz234567"),
        ("metadata[portico_reference]", "inst:sub_1:4"),
        ("off_session", "true"),
    ];
    assert_eq!(asked.pairs(), meant.map(|(name, value)| (name.to_owned(), value.to_owned())));
}

#[test]
fn what_stripe_took_is_reported_even_if_it_is_not_what_was_asked() {
    let body =
        fixture("payment_intent.succeeded").replace("\"amount_received\": 1428", "\"amount_received\": 1429");
    let service = Script::default().then(200, &body.replace("\"eur\"", "\"usd\""));
    let Ok(Outcome::Succeeded(settled)) = charge(&service, true) else { panic!("not settled") };
    assert_eq!(settled.amount, Money { minor: 1429, currency: "USD".to_owned() });
}

#[test]
fn a_customer_at_the_browser_is_sent_to_their_banks_page() {
    let service = answers(200, "payment_intent.requires_action");
    let Ok(Outcome::RequiresAction(action)) = charge(&service, false) else { panic!("no action") };
    assert_eq!(action.provider_ref, PAYMENT);
    assert_eq!(action.url, "https://hooks.stripe.com/3d_secure_2/hosted?merchant=acct_1Portico");
    assert_eq!(asked(service)[0].value("off_session"), None);
}

#[test]
fn a_bank_that_wants_an_absent_customer_yields_a_page_of_the_same_payment() {
    let service =
        answers(402, "error.authentication_required").then(200, &fixture("payment_intent.requires_action"));
    let Ok(Outcome::RequiresAction(action)) = charge(&service, true) else { panic!("no action") };
    assert_eq!(action.provider_ref, PAYMENT);

    let asked = asked(service);
    assert_eq!(asked[1].line(), format!("POST /v1/payment_intents/{PAYMENT}/confirm"));
    assert_eq!(asked[1].step(), Some("confirm"));
    assert_eq!(asked[1].value("off_session"), None);
    assert_eq!(asked[1].value("payment_method").as_deref(), Some("pm_1"));
}

#[test]
fn where_the_page_cannot_be_had_the_payment_stays_refused_or_unknown() {
    let service = answers(402, "error.authentication_required").then(400, &fixture("error.unexpected_state"));
    let Ok(Outcome::Declined(decline)) = charge(&service, true) else { panic!("not declined") };
    assert_eq!(decline.kind, DeclineKind::AuthenticationRequired);
    assert_eq!(decline.provider_ref.as_deref(), Some(PAYMENT));

    let lost = answers(402, "error.authentication_required").then_lost(true);
    assert!(matches!(charge(&lost, true), Err(CallError::Unknown(_))));
}

#[test]
fn a_debit_that_takes_days_is_pending() {
    let service = answers(200, "payment_intent.processing");
    assert_eq!(charge(&service, true), Ok(Outcome::Pending(PAYMENT.to_owned())));
}

#[test]
fn a_refusal_is_of_the_kind_that_its_code_says() {
    for (code, kind) in [
        ("insufficient_funds", DeclineKind::InsufficientFunds),
        ("expired_card", DeclineKind::ExpiredMethod),
        ("lost_card", DeclineKind::Fraud),
        ("stolen_card", DeclineKind::Fraud),
        ("card_velocity_exceeded", DeclineKind::Limit),
        ("revocation_of_all_authorizations", DeclineKind::Hard),
        ("do_not_honor", DeclineKind::Soft),
        ("a_code_of_next_year", DeclineKind::Soft),
    ] {
        let body = fixture("error.insufficient_funds").replace("insufficient_funds", code);
        let Ok(Outcome::Declined(decline)) = charge(&Script::default().then(402, &body), true) else {
            panic!("{code} is no decline")
        };
        assert_eq!((decline.kind, decline.code.as_str()), (kind, code));
        assert_eq!(decline.provider_ref.as_deref(), Some(PAYMENT));
    }
}

#[test]
fn a_payment_method_that_is_gone_is_a_refusal_for_good() {
    let Ok(Outcome::Declined(decline)) = charge(&answers(400, "error.no_payment_method"), true) else {
        panic!("not declined")
    };
    assert_eq!((decline.kind, decline.code.as_str()), (DeclineKind::Hard, "resource_missing"));
}

#[test]
fn only_what_stripe_answers_before_it_acts_counts_as_not_executed() {
    let answer = |status| charge(&Script::default().then(status, "{}"), true);
    for status in [400, 404] {
        assert!(matches!(answer(status), Err(CallError::NotExecuted(_))), "{status}");
    }
    for status in [401, 403] {
        assert!(matches!(answer(status), Err(CallError::Misconfigured(_))), "{status}");
    }
    assert_eq!(answer(429), Err(CallError::RateLimited(None)));
    for status in [302, 402, 409, 424, 500, 502, 503, 504] {
        assert!(matches!(answer(status), Err(CallError::Unknown(_))), "{status}");
    }
    let conflict = charge(&answers(400, "error.idempotency"), true);
    assert!(matches!(conflict, Err(CallError::IdempotencyConflict(_))));
}

#[test]
fn answers_that_make_no_sense_are_unknown() {
    let intent = fixture("payment_intent.succeeded");
    for body in [
        String::new(),
        "<html>".to_owned(),
        "{\"id\":\"pi_1\"}".to_owned(),
        intent.replace("\"succeeded\"", "\"requires_capture\""),
        intent.replace("\"succeeded\"", "\"requires_payment_method\""),
        intent.replace("\"succeeded\"", "\"requires_action\""),
        intent.replace("\"amount_received\": 1428", "\"amount_received\": 14.28"),
    ] {
        let outcome = charge(&Script::default().then(200, &body), true);
        assert!(matches!(outcome, Err(CallError::Unknown(_))), "{body}");
    }
    assert!(matches!(charge(&Script::default().then_lost(true), true), Err(CallError::Unknown(_))));
}

#[test]
fn a_refund_names_its_payment_and_carries_its_key() {
    let service = answers(200, "refund.succeeded");
    let request = RefundRequest { amount: euro(428), charge_ref: PAYMENT.to_owned() };
    let Ok(Outcome::Succeeded(settled)) = Stripe::refund(&service, &account(), &context(), &request) else {
        panic!("not settled")
    };
    assert_eq!((settled.provider_ref.as_str(), settled.amount), ("re_3Portico0000000000000001", euro(428)));
    let asked = &asked(service)[0];
    assert_eq!(asked.line(), "POST /v1/refunds");
    assert_eq!(asked.value("payment_intent").as_deref(), Some(PAYMENT));
    assert_eq!(asked.value("amount").as_deref(), Some("428"));
    assert_eq!(asked.value("metadata[portico_key]"), Some(context().key));
}

#[test]
fn a_payment_from_before_portico_is_refunded_by_its_charge() {
    let service = answers(200, "refund.succeeded");
    let request = RefundRequest { amount: euro(428), charge_ref: "ch_1".to_owned() };
    Stripe::refund(&service, &account(), &context(), &request).unwrap();
    assert_eq!(asked(service)[0].value("charge").as_deref(), Some("ch_1"));
}

#[test]
fn cancelling_tells_what_the_payment_became() {
    let service = answers(200, "payment_intent.canceled");
    let cancelled = Stripe::cancel(&service, &account(), &context(), PAYMENT);
    assert_eq!(cancelled, Ok(Outcome::Cancelled(Some(PAYMENT.to_owned()))));
    assert_eq!(asked(service)[0].line(), format!("POST /v1/payment_intents/{PAYMENT}/cancel"));

    let too_late = answers(400, "error.unexpected_state").then(200, &fixture("payment_intent.succeeded"));
    let outcome = Stripe::cancel(&too_late, &account(), &context(), PAYMENT);
    assert!(matches!(outcome, Ok(Outcome::Succeeded(_))), "{outcome:?}");
    assert_eq!(asked(too_late)[1].line(), format!("GET /v1/payment_intents/{PAYMENT}"));
}
