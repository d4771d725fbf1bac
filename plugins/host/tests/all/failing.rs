//! Lost answers, dead services and missing grants: what the host makes of them.

use crate::shop::*;
use crate::upstream::Doorbell;
use domain::provider::{CallError, Evidence, Found, Movement, Outcome};
use plugin_host::{Account, Limits, SecretValue};
use serde_json::json;
use std::time::Duration;

#[tokio::test]
async fn c2_a_lost_answer_is_unknown_and_a_lookup_finds_the_charge() {
    let shop = Shop::open().await;
    let card = shop.card(GOOD).await;
    shop.script(json!({ "match": { "path": "/v1/charges", "method": "POST" }, "nth": 1, "when": "after_effect", "do": "reset" }))
        .await;
    let lost = shop.charge("key-1", &card, 700).await;
    assert!(matches!(lost.result, Err(CallError::Unknown(_))), "{lost:?}");
    assert!(lost.evidence.bytes_out > 0);

    let found = shop.provider.lookup(&shop.account, &query(Movement::Charge, "key-1")).await;
    let Ok(Found::Outcome(Outcome::Succeeded(settled))) = found.result else { panic!("{found:?}") };
    assert_eq!(settled.amount, euro(700));
    let again = shop.charge("key-1", &card, 700).await;
    assert_eq!(again.result, Ok(Outcome::Succeeded(settled)));
    assert_eq!(shop.charges().await, 1);
}

#[tokio::test]
async fn a_charge_nobody_made_is_not_found() {
    let shop = Shop::open().await;
    let found = shop.provider.lookup(&shop.account, &query(Movement::Charge, "key-1")).await;
    assert_eq!(found.result, Ok(Found::NotFound));
}

#[tokio::test]
async fn c1_an_answer_that_never_comes_is_unknown() {
    let shop = Shop::with(Limits { exchange: Duration::from_millis(300), ..limits() }).await;
    let card = shop.card(GOOD).await;
    shop.script(json!({ "match": { "path": "/v1/charges" }, "do": "blackhole" })).await;
    let report = shop.charge("key-1", &card, 700).await;
    assert!(matches!(report.result, Err(CallError::Unknown(_))), "{report:?}");
    assert!(report.evidence.bytes_out > 0);
}

#[tokio::test]
async fn c6_answers_that_make_no_sense_are_unknown() {
    let shop = Shop::open().await;
    let card = shop.card(GOOD).await;
    for (key, trick) in [
        ("garbage", json!("garbage")),
        ("huge", json!({ "huge": 3_000_000 })),
        ("server-error", json!({ "http": 500 })),
        ("conflict", json!({ "http": 409 })),
    ] {
        shop.script(json!({ "match": { "key_prefix": key }, "when": "after_effect", "do": trick })).await;
        let report = shop.charge(key, &card, 700).await;
        assert!(matches!(report.result, Err(CallError::Unknown(_))), "{key}: {report:?}");
        assert!(!report.evidence.proves_unexecuted(), "{key}");
    }
}

#[tokio::test]
async fn c4_a_rate_limit_did_not_execute() {
    let shop = Shop::open().await;
    let card = shop.card(GOOD).await;
    shop.script(json!({ "match": { "path": "/v1/charges" }, "do": { "http": 429 } })).await;
    let report = shop.charge("key-1", &card, 700).await;
    assert!(matches!(report.result, Err(CallError::RateLimited(Some(_)))), "{report:?}");
    assert!(report.evidence.proves_unexecuted());
}

#[tokio::test]
async fn another_amount_than_asked_for_is_passed_on_as_it_is() {
    let shop = Shop::open().await;
    let card = shop.card(GOOD).await;
    shop.script(json!({ "match": { "path": "/v1/charges" }, "do": "wrong_amount" })).await;
    let Ok(Outcome::Succeeded(settled)) = shop.charge("key-1", &card, 700).await.result else {
        panic!("not settled")
    };
    assert_eq!(settled.amount, euro(701));
}

#[tokio::test]
async fn c2_a_dead_service_did_not_execute() {
    let shop = Shop::open().await;
    let (provider, account) = (shop.provider.clone(), shop.account.clone());
    shop.close().await;
    let report = provider.charge(&account, &context("key-1"), &charge_of("pm_1", 700)).await;
    assert!(matches!(report.result, Err(CallError::NotExecuted(_))), "{report:?}");
    assert_eq!(report.evidence.bytes_out, 0);
}

#[tokio::test]
async fn a_wrong_secret_is_a_matter_of_configuration() {
    let shop = Shop::open().await;
    let secrets = [("secret_key".to_owned(), SecretValue::new("sk_wrong".to_owned()))].into();
    let account = Account { secrets, ..shop.account.clone() };
    let report = shop.provider.charge(&account, &context("key-1"), &charge_of("pm_1", 700)).await;
    assert!(matches!(report.result, Err(CallError::Misconfigured(_))), "{report:?}");
    assert!(report.evidence.refused);
}

#[tokio::test]
async fn without_its_secret_the_component_is_not_even_asked() {
    let shop = Shop::open().await;
    let account = Account { secrets: [].into(), ..shop.account.clone() };
    let report = shop.provider.charge(&account, &context("key-1"), &charge_of("pm_1", 700)).await;
    assert_eq!(report.result, Err(CallError::Misconfigured("secret_key is missing".to_owned())));
    assert_eq!(report.evidence, Evidence::default());
}

#[tokio::test]
async fn nobody_connects_where_the_operator_granted_nothing() {
    let provider = sandbox(&host(limits())).await;
    let door = Doorbell::new();
    let granted = account(&door.url());
    let port = door.address().port();
    for grants in [vec![], vec!["http://127.0.0.1".to_owned()], vec![format!("http://localhost:{port}")]] {
        let account = Account { grants, ..granted.clone() };
        let report = provider.charge(&account, &context("key-1"), &charge_of("pm_1", 700)).await;
        assert!(matches!(report.result, Err(CallError::NotExecuted(_))), "{report:?}");
        assert_eq!(report.evidence, Evidence::default());
    }
    assert!(!door.rang());
}

#[tokio::test]
async fn no_money_request_starts_after_the_fence_has_closed() {
    let provider = sandbox(&host(Limits { fence: Duration::ZERO, ..limits() })).await;
    let door = Doorbell::new();
    let report = provider.charge(&account(&door.url()), &context("key-1"), &charge_of("pm_1", 700)).await;
    assert!(matches!(report.result, Err(CallError::NotExecuted(_))), "{report:?}");
    assert_eq!(report.evidence.bytes_out, 0);
    assert!(!door.rang());
}
