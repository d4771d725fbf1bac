//! The worked examples in `plugins/examples`, built, each once through the host against the simulator. They are too large
//! to be committed: `plugins/examples/build FOLDER` builds them, and `PORTICO_EXAMPLE_COMPONENTS=FOLDER` names them here.

use crate::shop::*;
use chrono::DateTime;
use domain::provider::{
    CallError, Change, DeclineKind, Delivery, Found, Movement, Outcome, RefundRequest, SetupRequest,
    SetupState, WebhookError,
};
use hmac::{Hmac, KeyInit, Mac};
use plugin_host::{Account, SecretValue};
use sha2::Sha256;
use std::path::PathBuf;
use std::time::{Duration, Instant};

/// A component and the name it goes by, or none where nobody built it.
fn component(language: &str) -> Option<(String, Vec<u8>)> {
    let Some(folder) = std::env::var_os("PORTICO_EXAMPLE_COMPONENTS") else {
        println!(
            "skipped: PORTICO_EXAMPLE_COMPONENTS names no folder that plugins/examples/build has filled"
        );
        return None;
    };
    let path = PathBuf::from(folder).join(language).with_extension("wasm");
    Some((format!("acme-{language}"), std::fs::read(path).unwrap()))
}

/// A simulator that the component reaches, with how long it took to install.
async fn shop(name: &str, bytes: &[u8]) -> Shop {
    let started = Instant::now();
    let provider = host(limits()).install(name, bytes).await.unwrap();
    println!("{name}: {} bytes, installed in {:?}", bytes.len(), started.elapsed());
    assert_eq!(provider.manifest().name, name);
    let mut shop = Shop::open().await;
    shop.provider = provider;
    shop.account.secrets.insert("webhook_secret".to_owned(), SecretValue::new("whsec_1".to_owned()));
    shop
}

async fn works(language: &str) {
    let Some((name, bytes)) = component(language) else { return };
    let shop = shop(&name, &bytes).await;
    let card = saved_on_the_page(&shop).await;
    let charge = charged_once(&shop, &card).await;
    given_back(&shop, &charge).await;
    declined(&shop).await;
    lost_answers(&shop, &card).await;
    believes_what_is_signed(&shop).await;
    how_long_a_call_takes(&shop, &name).await;
}

#[tokio::test]
async fn javascript() {
    works("javascript").await;
}

#[tokio::test]
async fn python() {
    works("python").await;
}

/// The customer types a card; says which method it is.
async fn saved_on_the_page(shop: &Shop) -> String {
    let request = SetupRequest {
        customer_ref: None,
        customer_id: "cus_1".to_owned(),
        email: "mira@example.com".to_owned(),
        kind: "card".to_owned(),
        return_url: RETURN_URL.to_owned(),
        locale: "en".to_owned(),
    };
    let begun = shop.provider.begin_setup(&shop.account, &context("set-1"), &request).await.result.unwrap();
    let state = async || shop.provider.complete_setup(&shop.account, &begun.setup_ref).await.result;
    assert_eq!(state().await, Ok(SetupState::Open));
    assert_eq!(shop.type_card(&begun.url, GOOD).await, RETURN_URL);
    let Ok(SetupState::Done(method)) = state().await else { panic!("the setup is not done") };
    assert_eq!((method.kind.as_str(), method.last4.as_str()), ("card", "4242"));
    assert_eq!((method.exp_month, method.exp_year), (Some(12), Some(2090)));
    method.method_ref
}

async fn charged_once(shop: &Shop, card: &str) -> String {
    let report = shop.charge("key-1", card, 1428).await;
    let Ok(Outcome::Succeeded(settled)) = &report.result else { panic!("{report:?}") };
    assert_eq!(settled.amount, euro(1428));
    assert_eq!(shop.charge("key-1", card, 1428).await.result, report.result);
    assert_eq!(shop.charges().await, 1);
    let other = shop.charge("key-1", card, 1429).await;
    assert!(matches!(other.result, Err(CallError::IdempotencyConflict(_))), "{other:?}");
    settled.provider_ref.clone()
}

async fn given_back(shop: &Shop, charge: &str) {
    let request = RefundRequest { amount: euro(428), charge_ref: charge.to_owned() };
    let report = shop.provider.refund(&shop.account, &context("key-2"), &request).await;
    let Ok(Outcome::Succeeded(settled)) = &report.result else { panic!("{report:?}") };
    assert_eq!(settled.amount, euro(428));
    let found = shop.provider.lookup(&shop.account, &query(Movement::Refund, "key-2")).await;
    assert_eq!(found.result, Ok(Found::Outcome(Outcome::Succeeded(settled.clone()))));
}

async fn declined(shop: &Shop) {
    let report = shop.charge("key-3", &shop.card(NO_MONEY).await, 500).await;
    let Ok(Outcome::Declined(decline)) = report.result else { panic!("{report:?}") };
    assert_eq!(decline.kind, DeclineKind::InsufficientFunds);
    let report = shop.charge("key-4", &shop.card(ALWAYS_ASKS).await, 500).await;
    assert!(matches!(report.result, Ok(Outcome::RequiresAction { .. })), "{report:?}");
}

/// Nobody knows, until it is asked: one charge was made, the other was not.
async fn lost_answers(shop: &Shop, card: &str) {
    let rule = |when: &str| serde_json::json!({ "when": when, "times": 1, "do": { "http": 503 } });
    for (key, when, made) in [("key-5", "after_effect", true), ("key-6", "before", false)] {
        shop.script(rule(when)).await;
        let report = shop.charge(key, card, 700).await;
        assert!(matches!(report.result, Err(CallError::Unknown(_))), "{report:?}");
        let found = shop.provider.lookup(&shop.account, &query(Movement::Charge, key)).await.result;
        assert_eq!(matches!(found, Ok(Found::Outcome(Outcome::Succeeded(_)))), made, "{found:?}");
        assert_eq!(found == Ok(Found::NotFound), !made);
    }
    let nobody = Account { grants: Vec::new(), ..shop.account.clone() };
    let report = shop.provider.charge(&nobody, &context("key-7"), &charge_of(card, 700)).await;
    assert!(matches!(report.result, Err(CallError::NotExecuted(_))), "{report:?}");
}

async fn believes_what_is_signed(shop: &Shop) {
    const NOW: i64 = 1_800_000_000;
    let verify = async |secret: &str, age: i64, body: &str| {
        let time = NOW - age;
        let mut mac = Hmac::<Sha256>::new_from_slice(secret.as_bytes()).unwrap();
        mac.update(format!("{time}.{body}").as_bytes());
        let mac = data_encoding::HEXLOWER.encode(&mac.finalize().into_bytes());
        let delivery = Delivery {
            headers: vec![("acme-signature".to_owned(), format!("t={time},v1={mac}"))],
            body: body.as_bytes().to_vec(),
            received_at: DateTime::from_timestamp(NOW, 0).unwrap().naive_utc(),
        };
        shop.provider.verify_webhook(&shop.account, &delivery).await
    };
    let body = r#"{"id":"evt_1","type":"charge.updated","data":{"id":"ch_1","status":"succeeded","amount":1428,
        "currency":"EUR","key":"key-1","reference":"inst:sub_1:4","created":1800000000}}"#;
    let events = verify("whsec_1", 10, body).await.unwrap();
    assert_eq!(events[0].id, "evt_1");
    let Change::Settled(listed) = &events[0].change else { panic!("{events:?}") };
    assert_eq!((listed.movement, listed.key.as_deref()), (Movement::Charge, Some("key-1")));
    assert!(matches!(&listed.outcome, Outcome::Succeeded(settled) if settled.amount == euro(1428)));

    let removed = r#"{"id":"evt_2","type":"method.removed","data":{"id":"pm_1"}}"#;
    let events = verify("whsec_1", 0, removed).await.unwrap();
    assert_eq!(events[0].change, Change::MethodRemoved("pm_1".to_owned()));

    assert_eq!(verify("whsec_2", 0, body).await, Err(WebhookError::BadSignature));
    assert_eq!(verify("whsec_1", 301, body).await, Err(WebhookError::Stale));
    for body in ["[]", "what", r#"{"id":"evt_3"}"#, r#"{"id":"evt_3","type":"charge.updated","data":{}}"#] {
        assert_eq!(verify("whsec_1", 0, body).await, Err(WebhookError::Malformed), "{body}");
    }
}

/// The median of a call that the host lets send nothing: what the language costs, without a network.
async fn how_long_a_call_takes(shop: &Shop, name: &str) {
    let nobody = Account { grants: Vec::new(), ..shop.account.clone() };
    let mut times = Vec::<Duration>::new();
    for _ in 0..101 {
        let started = Instant::now();
        shop.provider.charge(&nobody, &context("key-8"), &charge_of("pm_1", 700)).await.result.unwrap_err();
        times.push(started.elapsed());
    }
    times.sort();
    println!("{name}: a call takes {:?}, at most {:?}", times[50], times[100]);
}
