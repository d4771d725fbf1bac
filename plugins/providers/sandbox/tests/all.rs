//! The sandbox provider natively, against a service that answers from a script.

use plugin_sdk::http::{Failure, HttpError};
use plugin_sdk::types::{
    Account, CallContext, CallError, ChargeRequest, DeclineKind, Found, LookupQuery, Money, Movement, Outcome,
};
use plugin_sdk::{Http, Provider, Request, Response};
use provider_sandbox::Sandbox;
use std::cell::RefCell;

/// Gives one answer, and keeps the request.
struct Service {
    answer: Result<(u16, &'static str), HttpError>,
    asked: RefCell<Option<Request>>,
}

impl Service {
    fn answers(status: u16, body: &'static str) -> Self {
        Self { answer: Ok((status, body)), asked: RefCell::default() }
    }

    fn fails(sent: bool) -> Self {
        let message = "no answer".to_owned();
        Self {
            answer: Err(HttpError { failure: Failure::TimedOut, sent, message }),
            asked: RefCell::default(),
        }
    }
}

impl Http for Service {
    fn send(&self, request: Request) -> Result<Response, HttpError> {
        self.asked.replace(Some(request));
        let (status, body) = self.answer.clone()?;
        Ok(Response { status, headers: Vec::new(), body: body.as_bytes().to_vec() })
    }
}

fn account() -> Account {
    let setting = |key: &str, value: &str| (key.to_owned(), value.to_owned());
    Account {
        settings: vec![
            setting("base_url", "http://simulator.example/"),
            setting("secret_key", "{{secret:secret_key}}"),
        ],
    }
}

fn charge(service: &Service) -> Result<Outcome, CallError> {
    let context = CallContext {
        key: "pk1_a".to_owned(),
        reference: "inst:sub_1:4".to_owned(),
        seq: 1,
        deadline_ms: 45_000,
    };
    let request = ChargeRequest {
        amount: Money { minor: 1428, currency: "EUR".to_owned() },
        method_ref: "pm_1".to_owned(),
        customer_ref: None,
        description: "Fieldnote Team".to_owned(),
        off_session: true,
        return_url: "https://portal.example/pay".to_owned(),
    };
    Sandbox::charge(service, &account(), &context, &request)
}

#[test]
fn a_charge_asks_for_exactly_what_was_meant_and_names_its_secret_by_handle() {
    let service = Service::answers(
        200,
        r#"{"id":"ch_1","status":"succeeded","amount":1428,"currency":"EUR","created":1}"#,
    );
    let Ok(Outcome::Succeeded(settled)) = charge(&service) else { panic!("not settled") };
    assert_eq!((settled.provider_ref.as_str(), settled.amount.minor), ("ch_1", 1428));

    let asked = service.asked.take().unwrap();
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
    let service = Service::answers(
        200,
        r#"{"id":"ch_1","status":"succeeded","amount":1429,"currency":"USD","created":1}"#,
    );
    let Ok(Outcome::Succeeded(settled)) = charge(&service) else { panic!("not settled") };
    assert_eq!(settled.amount, Money { minor: 1429, currency: "USD".to_owned() });
}

#[test]
fn a_402_is_a_decline_of_its_kind() {
    let service = Service::answers(
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
        assert!(
            matches!(charge(&Service::answers(status, "{}")), Err(CallError::NotExecuted(_))),
            "{status}"
        );
    }
    for status in [401, 403] {
        assert!(
            matches!(charge(&Service::answers(status, "{}")), Err(CallError::Misconfigured(_))),
            "{status}"
        );
    }
    for status in [301, 402, 408, 409, 500, 502, 503, 504] {
        assert!(matches!(charge(&Service::answers(status, "{}")), Err(CallError::Unknown(_))), "{status}");
    }
    let mismatch = Service::answers(409, r#"{"error":{"code":"idempotency_mismatch"}}"#);
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
        assert!(matches!(charge(&Service::answers(200, body)), Err(CallError::Unknown(_))), "{body}");
    }
}

#[test]
fn a_lost_answer_is_unknown_and_a_request_that_never_left_is_not_executed() {
    assert!(matches!(charge(&Service::fails(true)), Err(CallError::Unknown(_))));
    assert!(matches!(charge(&Service::fails(false)), Err(CallError::NotExecuted(_))));
}

#[test]
fn a_lookup_asks_by_key_and_never_by_the_reference_that_all_attempts_share() {
    let service = Service::answers(200, r#"{"data":[],"next_cursor":null}"#);
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
    assert_eq!(service.asked.take().unwrap().url, "http://simulator.example/v1/charges?key=pk1_a%26b");
}
