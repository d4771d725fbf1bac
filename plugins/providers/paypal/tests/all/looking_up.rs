//! What became of it, and what there is since a moment.

use crate::service::*;
use plugin_sdk::Provider;
use plugin_sdk::types::{CallError, Found, LookupQuery, Money, Movement, Outcome};
use provider_paypal::PayPal;

/// 2027-01-15T08:00:00Z
const CHARGED: u64 = 1_800_000_000;
const CAPTURE: &str = "3C679366HH908993F";

fn query(movement: Movement) -> LookupQuery {
    LookupQuery {
        movement,
        key: context().key,
        reference: context().reference,
        provider_ref: None,
        charge_ref: None,
        customer_ref: None,
        since: CHARGED,
    }
}

fn refund_query() -> LookupQuery {
    LookupQuery {
        key: "pk1_refundrefundrefundrefundrefund22".to_owned(),
        charge_ref: Some(CAPTURE.to_owned()),
        ..query(Movement::Refund)
    }
}

fn look_up(service: &Script, query: &LookupQuery) -> Result<Found, CallError> {
    PayPal::look_up(service, &account(), query)
}

fn settled(found: Result<Found, CallError>) -> (String, i64) {
    match found {
        Ok(Found::Outcome(Outcome::Succeeded(settled))) => (settled.provider_ref, settled.amount.minor),
        other => panic!("not settled: {other:?}"),
    }
}

#[test]
fn a_payment_with_an_id_is_asked_for_by_it() {
    let query = LookupQuery { provider_ref: Some(CAPTURE.to_owned()), ..query(Movement::Charge) };
    let service = answers(200, "capture.completed");
    assert_eq!(settled(look_up(&service, &query)), (CAPTURE.to_owned(), 1428));
    assert_eq!(asked(service)[0].line(), format!("GET /v2/payments/captures/{CAPTURE}"));
    assert_eq!(look_up(&Script::default().then(404, "{}"), &query), Ok(Found::NotFound));
}

#[test]
fn money_that_was_given_back_had_been_taken() {
    let query = LookupQuery { provider_ref: Some(CAPTURE.to_owned()), ..query(Movement::Charge) };
    assert_eq!(settled(look_up(&answers(200, "capture.refunded"), &query)).1, 1428);
}

#[test]
fn without_an_id_the_search_finds_the_payment_by_its_key_and_the_capture_tells_the_rest() {
    let service = answers(200, "transactions.first_page")
        .then(200, &fixture("transactions.last_page"))
        .then(200, &fixture("capture.completed"));
    assert_eq!(settled(look_up(&service, &query(Movement::Charge))), (CAPTURE.to_owned(), 1428));
    let asked = asked(service);
    let first = "GET /v1/reporting/transactions?start_date=2027-01-15T07%3A50%3A00Z&end_date=2027-01-16T11%3A00%3A00Z\
        &fields=transaction_info&page_size=100&page=1";
    assert_eq!(asked[0].line(), first);
    assert!(asked[1].line().ends_with("&page=2"));
    assert_eq!(asked[2].line(), format!("GET /v2/payments/captures/{CAPTURE}"));
}

#[test]
fn what_the_search_does_not_know_is_not_found() {
    let none = answers(200, "transactions.none");
    assert_eq!(look_up(&none, &query(Movement::Charge)), Ok(Found::NotFound));
    let refused = Script::default().then(403, "{\"name\":\"NOT_AUTHORIZED\"}");
    assert!(matches!(look_up(&refused, &query(Movement::Charge)), Err(CallError::Misconfigured(_))));
}

#[test]
fn what_is_no_page_of_the_search_does_not_say_that_there_is_nothing() {
    for body in ["{}", "[]", "{\"error\":{\"message\":\"try again\"}}"] {
        let found = look_up(&Script::default().then(200, body), &query(Movement::Charge));
        assert!(matches!(found, Err(CallError::Unknown(_))), "{body}: {found:?}");
    }
}

#[test]
fn a_refund_is_found_in_the_order_of_its_payment() {
    let service = answers(200, "capture.completed").then(200, &fixture("order.refunded"));
    assert_eq!(settled(look_up(&service, &refund_query())), ("1JU08902781691411".to_owned(), 428));
    assert_eq!(asked(service)[1].line(), "GET /v2/checkout/orders/5O190127TN364715T");
}

#[test]
fn a_refund_of_an_order_that_is_gone_is_searched_for() {
    let service = answers(200, "capture.completed")
        .then(404, "{}")
        .then(200, &fixture("transactions.last_page"))
        .then(200, &fixture("refund.completed"));
    assert_eq!(settled(look_up(&service, &refund_query())).1, 428);
    assert_eq!(asked(service)[3].line(), "GET /v2/payments/refunds/1JU08902781691411");
}

#[test]
fn the_list_since_a_moment_has_what_portico_made_a_page_and_a_month_at_a_time() {
    let service = answers(200, "transactions.first_page")
        .then(200, &fixture("transactions.last_page"))
        .then(200, &fixture("transactions.none"));
    let page = |cursor: Option<&str>| PayPal::list_since(&service, &account(), CHARGED, cursor).unwrap();

    let first = page(None);
    assert_eq!(first.next.as_deref(), Some("1800000000:2"));
    let keys: Vec<_> = first.items.iter().map(|item| item.key.as_deref()).collect();
    assert_eq!(keys, [Some("pk1_other")]);

    let second = page(first.next.as_deref());
    assert_eq!(second.next.as_deref(), Some("1802592000:1"), "30 days later");
    let movements: Vec<_> = second.items.iter().map(|item| item.movement).collect();
    assert_eq!(movements, [Movement::Charge, Movement::Refund]);
    assert_eq!(second.items[0].created_at, CHARGED + 2);
    let Outcome::Succeeded(refunded) = &second.items[1].outcome else { panic!("not settled") };
    assert_eq!(refunded.amount, Money { minor: 428, currency: "EUR".to_owned() });

    let third = page(second.next.as_deref());
    assert_eq!((third.items.len(), third.next), (0, None));
    assert!(asked(service)[2].line().contains("end_date=2027-02-15T08%3A00%3A00Z"), "no further than now");
}

#[test]
fn a_cursor_of_somebody_else_is_refused() {
    for cursor in ["", "x", "1:x", "x:1"] {
        let page = PayPal::list_since(&Script::default(), &account(), CHARGED, Some(cursor));
        assert!(matches!(page, Err(CallError::NotExecuted(_))), "{cursor}");
    }
}
