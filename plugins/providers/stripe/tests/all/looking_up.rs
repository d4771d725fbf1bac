//! What became of it, and what there is since a moment.

use crate::service::*;
use plugin_sdk::Provider;
use plugin_sdk::types::{CallError, DeclineKind, Found, LookupQuery, Movement, Outcome};
use provider_stripe::Stripe;

fn query(movement: Movement) -> LookupQuery {
    LookupQuery {
        movement,
        key: context().key,
        reference: context().reference,
        provider_ref: None,
        charge_ref: None,
        customer_ref: Some("cus_1".to_owned()),
        since: 1_800_000_000,
    }
}

fn look_up(service: &Script, query: &LookupQuery) -> Result<Found, CallError> {
    Stripe::look_up(service, &account(), query)
}

#[test]
fn a_payment_is_found_among_those_of_its_customer_by_its_key() {
    let service = answers(200, "list.payment_intents");
    let found = look_up(&service, &query(Movement::Charge));
    let Ok(Found::Outcome(Outcome::Succeeded(settled))) = found else { panic!("{found:?}") };
    assert_eq!(settled.provider_ref, "pi_3Portico0000000000000001");
    let asked = &asked(service)[0];
    assert_eq!(asked.line(), "GET /v1/payment_intents");
    assert_eq!(asked.value("customer").as_deref(), Some("cus_1"));
    assert_eq!(asked.value("created[gte]").as_deref(), Some("1799999400"));
}

#[test]
fn another_attempts_payment_is_not_this_one_and_the_next_page_is_read() {
    let other = fixture("list.payment_intents").replace("pk1_abcdefghijklmnopqrstuvwxyz234567", "pk1_other");
    let service = Script::default().then(200, &other).then(200, &fixture("list.empty"));
    assert_eq!(look_up(&service, &query(Movement::Charge)), Ok(Found::NotFound));
    let asked = asked(service);
    assert_eq!(asked[1].value("starting_after").as_deref(), Some("pi_3Portico0000000000000001"));
}

#[test]
fn without_a_customer_the_key_is_searched_for() {
    let service = answers(200, "search.payment_intents");
    let query = LookupQuery { customer_ref: None, ..query(Movement::Charge) };
    assert!(matches!(look_up(&service, &query), Ok(Found::Outcome(Outcome::Succeeded(_)))));
    let asked = &asked(service)[0];
    assert_eq!(asked.line(), "GET /v1/payment_intents/search");
    let words = "metadata['portico_key']:'pk1_abcdefghijklmnopqrstuvwxyz234567'";
    assert_eq!(asked.value("query").as_deref(), Some(words));
}

#[test]
fn a_payment_with_an_id_is_asked_for_by_it() {
    let query = LookupQuery { provider_ref: Some("pi_9".to_owned()), ..query(Movement::Charge) };
    let service = answers(200, "payment_intent.declined");
    let found = look_up(&service, &query);
    let Ok(Found::Outcome(Outcome::Declined(decline))) = found else { panic!("{found:?}") };
    assert_eq!(decline.kind, DeclineKind::InsufficientFunds);
    assert_eq!(asked(service)[0].line(), "GET /v1/payment_intents/pi_9");
    assert_eq!(look_up(&Script::default().then(404, "{}"), &query), Ok(Found::NotFound));
}

#[test]
fn a_service_that_is_down_knows_nothing_and_says_so() {
    for status in [500, 503] {
        let found = look_up(&Script::default().then(status, "{}"), &query(Movement::Charge));
        assert!(matches!(found, Err(CallError::Unknown(_))), "{found:?}");
    }
}

#[test]
fn a_refund_is_found_among_those_of_its_payment() {
    let service = answers(200, "list.refunds");
    let query = LookupQuery {
        key: "pk1_refundrefundrefundrefundrefund22".to_owned(),
        charge_ref: Some("pi_9".to_owned()),
        ..query(Movement::Refund)
    };
    assert!(matches!(look_up(&service, &query), Ok(Found::Outcome(Outcome::Succeeded(_)))));
    assert_eq!(asked(service)[0].value("payment_intent").as_deref(), Some("pi_9"));
}

#[test]
fn the_list_since_a_moment_has_payments_first_then_refunds_and_only_what_portico_made() {
    let service = answers(200, "list.payment_intents")
        .then(200, &fixture("list.empty"))
        .then(200, &fixture("list.refunds"));
    let page =
        |cursor: Option<&str>| Stripe::list_since(&service, &account(), 1_700_000_000, cursor).unwrap();

    let first = page(None);
    assert_eq!(first.items.len(), 1);
    assert_eq!(first.items[0].movement, Movement::Charge);
    assert_eq!(first.items[0].key.as_deref(), Some("pk1_abcdefghijklmnopqrstuvwxyz234567"));
    assert_eq!(first.next.as_deref(), Some("payment_intents:pi_3Portico0000000000000001"));
    let second = page(first.next.as_deref());
    assert_eq!((second.items.len(), second.next.as_deref()), (0, Some("refunds:")));
    let third = page(second.next.as_deref());
    assert_eq!((third.items[0].movement, third.next), (Movement::Refund, None));

    let asked = asked(service);
    assert_eq!(asked[0].value("created[gte]").as_deref(), Some("1700000000"));
    assert_eq!(asked[1].value("starting_after").as_deref(), Some("pi_3Portico0000000000000001"));
    assert_eq!(asked[2].line(), "GET /v1/refunds");
}
