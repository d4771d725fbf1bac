//! The bank transfer provider natively. It never sends a request.

use plugin_sdk::http::HttpError;
use plugin_sdk::types::{
    Account, CallContext, CallError, ChargeRequest, Found, LookupQuery, Money, Movement, Outcome,
    RefundRequest, SetupRequest, SetupState,
};
use plugin_sdk::{Http, Provider, Request, Response};
use provider_bank_transfer::BankTransfer;

struct Nobody;

impl Http for Nobody {
    fn send(&self, request: Request) -> Result<Response, HttpError> {
        panic!("asked for {}", request.url)
    }
}

const ACCOUNT: Account = Account { settings: Vec::new() };

fn context(key: &str) -> CallContext {
    CallContext { key: key.to_owned(), reference: "inst:sub_1:4".to_owned(), seq: 1, deadline_ms: 45_000 }
}

fn charge(key: &str) -> Result<Outcome, CallError> {
    let request = ChargeRequest {
        amount: Money { minor: 1428, currency: "EUR".to_owned() },
        method_ref: "setup_1".to_owned(),
        customer_ref: None,
        description: "Fieldnote Team".to_owned(),
        off_session: true,
        return_url: "https://portal.example/pay".to_owned(),
    };
    BankTransfer::charge(&Nobody, &ACCOUNT, &context(key), &request)
}

fn query(movement: Movement) -> LookupQuery {
    LookupQuery {
        movement,
        key: "pk1_a".to_owned(),
        reference: "inst:sub_1:4".to_owned(),
        provider_ref: None,
        charge_ref: None,
        customer_ref: None,
        since: 0,
    }
}

#[test]
fn a_method_is_made_without_a_page() {
    let request = SetupRequest {
        customer_ref: None,
        customer_id: "cus_1".to_owned(),
        email: "mira@example.com".to_owned(),
        kind: "bank-transfer".to_owned(),
        return_url: "https://portal.example/return".to_owned(),
        locale: "de".to_owned(),
    };
    let started = BankTransfer::begin_setup(&Nobody, &ACCOUNT, &context("setup_1"), &request).unwrap();
    assert_eq!(started.url, "https://portal.example/return");
    let Ok(SetupState::Done(method)) = BankTransfer::complete_setup(&Nobody, &ACCOUNT, &started.setup_ref)
    else {
        panic!("not done")
    };
    assert_eq!((method.method_ref.as_str(), method.kind.as_str()), ("setup_1", "bank-transfer"));

    let card = SetupRequest { kind: "card".to_owned(), ..request };
    assert!(BankTransfer::begin_setup(&Nobody, &ACCOUNT, &context("setup_1"), &card).is_err());
}

#[test]
fn a_charge_waits_under_its_own_reference_however_often_it_is_asked_for() {
    assert_eq!(charge("pk1_a"), Ok(Outcome::Pending("pk1_a".to_owned())));
    assert_eq!(charge("pk1_a"), charge("pk1_a"));
    assert_ne!(charge("pk1_a"), charge("pk1_b"));
}

#[test]
fn a_lookup_knows_what_the_charge_said() {
    let found = BankTransfer::look_up(&Nobody, &ACCOUNT, &query(Movement::Charge));
    assert_eq!(found, charge("pk1_a").map(Found::Outcome));
}

#[test]
fn a_transfer_can_be_called_off_but_not_sent_back() {
    let cancelled = BankTransfer::cancel(&Nobody, &ACCOUNT, &context("pk1_a"), "pk1_a");
    assert_eq!(cancelled, Ok(Outcome::Cancelled(Some("pk1_a".to_owned()))));
    let refund = RefundRequest {
        amount: Money { minor: 1428, currency: "EUR".to_owned() },
        charge_ref: "pk1_a".to_owned(),
    };
    assert_eq!(
        BankTransfer::refund(&Nobody, &ACCOUNT, &context("pk1_c"), &refund),
        Err(CallError::Unsupported)
    );
    assert_eq!(
        BankTransfer::look_up(&Nobody, &ACCOUNT, &query(Movement::Refund)),
        Err(CallError::Unsupported)
    );
}
