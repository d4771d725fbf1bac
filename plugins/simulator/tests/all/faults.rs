use crate::support::*;
use serde_json::{Value, json};
use std::time::Duration;
use tokio::time::timeout;

/// What the service tells about a key after the dust has settled.
async fn found(shop: &Shop, key: &str) -> Vec<Value> {
    shop.get(&format!("/v1/charges?key={key}")).await.json()["data"].as_array().unwrap().clone()
}

#[tokio::test]
async fn an_error_before_the_effect_takes_no_money_and_one_after_it_does() {
    let shop = Shop::open().await;
    let card = shop.card(GOOD).await;
    for (when, charges) in [("before", 0), ("after_effect", 1)] {
        shop.script(
            json!({ "match": { "key_prefix": when }, "nth": 1, "when": when, "do": { "http": 503 } }),
        )
        .await;
        let broken = shop.charge(when, &card, 100).await;
        assert_eq!((broken.status, broken.header("Retry-After")), (503, "2"));
        assert_eq!(found(&shop, when).await.len(), charges);
        // The rule was for the first only; a repeat of the key ends with one charge either way.
        assert_eq!(shop.charge(when, &card, 100).await.status, 200);
        assert_eq!(found(&shop, when).await.len(), 1);
    }
}

#[tokio::test]
async fn a_stored_error_comes_back_for_ever_while_lookup_knows_better() {
    let shop = Shop::open().await;
    let card = shop.card(GOOD).await;
    shop.script(json!({ "nth": 1, "when": "after_effect", "do": { "stored_http": 500 }, "match": { "method": "POST" } })).await;
    for _ in 0..3 {
        assert_eq!(shop.charge("k", &card, 100).await.status, 500);
    }
    assert_eq!(found(&shop, "k").await[0]["status"], "succeeded");
}

#[tokio::test]
async fn a_reset_connection_leaves_the_caller_in_the_dark() {
    let shop = Shop::open().await;
    let card = shop.card(GOOD).await;
    for (when, charges) in [("before", 0), ("after_effect", 1)] {
        shop.script(json!({ "match": { "key_prefix": when }, "times": 1, "when": when, "do": "reset" }))
            .await;
        let request = shop.post_request("/v1/charges", when, &charge_of(&card, 100));
        let error = shop.send(request).await.unwrap_err();
        assert!(error.is_request(), "{error:?}");
        assert_eq!(found(&shop, when).await.len(), charges);
    }
    let requests = shop.ledger().await["requests"].clone();
    let unanswered =
        requests.as_array().unwrap().iter().filter(|request| request["status"].is_null()).count();
    assert_eq!(unanswered, 2);
}

#[tokio::test]
async fn a_black_hole_swallows_the_request_with_or_without_its_effect() {
    let shop = Shop::open().await;
    let card = shop.card(GOOD).await;
    for (when, charges) in [("before", 0), ("after_effect", 1)] {
        shop.script(json!({ "match": { "key_prefix": when }, "when": when, "do": "blackhole" })).await;
        let request = shop.post_request("/v1/charges", when, &charge_of(&card, 100));
        assert!(timeout(Duration::from_millis(300), shop.send(request)).await.is_err());
        assert_eq!(found(&shop, when).await.len(), charges);
    }
    // Stopping does not wait for them.
    timeout(Duration::from_secs(10), shop.close()).await.unwrap();
}

#[tokio::test]
async fn a_delayed_effect_comes_even_after_the_caller_has_gone() {
    let shop = Shop::open().await;
    let card = shop.card(GOOD).await;
    shop.script(json!({ "match": { "path": "/v1/charges", "method": "POST" }, "nth": 1, "do": { "delay_effect": 400 } })).await;
    let request = shop.post_request("/v1/charges", "k", &charge_of(&card, 100));
    assert!(timeout(Duration::from_millis(100), shop.send(request)).await.is_err());

    assert!(found(&shop, "k").await.is_empty());
    let meanwhile = shop.charge("k", &card, 100).await;
    assert_eq!((meanwhile.status, meanwhile.code().as_str()), (409, "in_progress"));

    while found(&shop, "k").await.is_empty() {
        tokio::task::yield_now().await;
    }
    assert_eq!(shop.charge("k", &card, 100).await.header("Idempotent-Replayed"), "true");
    assert_eq!(shop.charges().await.len(), 1);
}

#[tokio::test]
async fn answers_can_be_garbage_or_huge_or_slow() {
    let shop = Shop::open().await;
    let card = shop.card(GOOD).await;
    shop.script(json!([
        { "match": { "key_prefix": "garbage" }, "when": "after_effect", "do": "garbage" },
        { "match": { "key_prefix": "huge" }, "do": { "huge": 3_000_000 } },
        { "match": { "key_prefix": "slow" }, "do": { "slow": 2000 } },
    ]))
    .await;

    let garbage = shop.charge("garbage", &card, 100).await;
    assert_eq!(garbage.status, 200);
    assert!(serde_json::from_str::<Value>(&garbage.text).is_err());
    assert_eq!(found(&shop, "garbage").await.len(), 1);

    assert_eq!(shop.charge("huge", &card, 100).await.text.len(), 3_000_000);
    assert!(found(&shop, "huge").await.is_empty());

    let started = std::time::Instant::now();
    let slow = shop.charge("slow", &card, 100).await;
    assert_eq!(slow.json()["status"], "succeeded");
    let fair = Duration::from_millis(slow.text.len() as u64 / 2) / 2;
    assert!(started.elapsed() > fair, "{} bytes in {:?}", slow.text.len(), started.elapsed());
}

#[tokio::test]
async fn the_script_decides_what_the_bank_says() {
    let shop = Shop::open().await;
    let (good, bad) = (shop.card(GOOD).await, shop.card(ALWAYS_DECLINED).await);
    shop.script(json!([
        { "match": { "key_prefix": "ok" }, "do": "ok" },
        { "match": { "key_prefix": "no" }, "do": { "decline": "limit" } },
        { "match": { "key_prefix": "ask" }, "do": "requires_action" },
        { "match": { "key_prefix": "wait" }, "do": "pending" },
        { "match": { "key_prefix": "more" }, "do": "wrong_amount" },
        { "match": { "key_prefix": "dollars" }, "do": "wrong_currency" },
    ]))
    .await;
    assert_eq!(shop.charge("ok", &bad, 100).await.json()["status"], "succeeded");
    assert_eq!(shop.charge("no", &good, 100).await.json()["error"]["kind"], "limit");
    assert_eq!(shop.charge("ask", &good, 100).await.json()["status"], "requires_action");
    assert_eq!(shop.charge("wait", &good, 100).await.json()["status"], "pending");
    assert_eq!(shop.charge("more", &good, 100).await.json()["amount"], 101);
    assert_eq!(shop.charge("dollars", &good, 100).await.json()["currency"], "USD");
    // The ledger says what was really taken.
    assert_eq!(found(&shop, "more").await[0]["amount"], 101);

    let cleared = shop.send(shop.client.delete(shop.url("/_script"))).await.unwrap();
    assert_eq!(cleared.status, 204);
    assert_eq!(shop.charge("no-2", &good, 100).await.status, 200);
}

#[tokio::test]
async fn a_rule_strikes_from_its_nth_match_for_so_many_times() {
    let shop = Shop::open().await;
    let card = shop.card(GOOD).await;
    shop.script(json!({ "match": { "path": "/v1/charges*", "payment_method": card }, "nth": 2, "times": 2, "do": { "http": 429 } })).await;
    let mut statuses = Vec::new();
    for n in 0..5 {
        statuses.push(shop.charge(&format!("k{n}"), &card, 100).await.status);
    }
    assert_eq!(statuses, [200, 429, 429, 200, 200]);
}

#[tokio::test]
async fn a_typing_mistake_in_a_rule_is_an_error() {
    let shop = Shop::open().await;
    let reply = shop.post("/_script", "", &json!({ "match": { "pth": "/v1/charges" }, "do": "reset" })).await;
    assert_eq!(reply.status, 400);
    assert_eq!(shop.post("/_mode", "", &json!({ "windows": 1 })).await.status, 400);
}

#[tokio::test]
async fn a_redirect_leads_back_to_where_requests_are_counted() {
    let shop = Shop::open().await;
    let card = shop.card(GOOD).await;
    shop.script(json!({ "times": 1, "do": { "http": 307 } })).await;
    let reply = shop.charge("k", &card, 100).await;
    assert_eq!((reply.status, reply.header("Location")), (307, shop.url("/v1/redirected").as_str()));
}

#[tokio::test]
async fn without_idempotency_every_request_takes_money() {
    let shop = Shop::open().await;
    shop.mode(json!({ "idempotency": false })).await;
    let card = shop.card(GOOD).await;
    shop.charge("k", &card, 100).await;
    shop.charge("k", &card, 100).await;
    assert_eq!(found(&shop, "k").await.len(), 2);
}

#[tokio::test]
async fn a_key_is_forgotten_when_its_window_is_over() {
    let shop = Shop::open().await;
    let card = shop.card(GOOD).await;
    shop.mode(json!({ "window_s": 1 })).await;
    let first = shop.charge("k", &card, 100).await.json();
    assert_eq!(shop.charge("k", &card, 100).await.json()["id"], first["id"]);
    while shop.charge("k", &card, 100).await.json()["id"] == first["id"] {
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    assert_eq!(shop.charges().await.len(), 2);
}

#[tokio::test]
async fn without_lookup_the_service_says_so_instead_of_not_found() {
    let shop = Shop::open().await;
    let card = shop.card(GOOD).await;
    let charge = shop.charge("k", &card, 100).await.json();
    shop.mode(json!({ "lookup": false })).await;
    let by_id = format!("/v1/charges/{}", charge["id"].as_str().unwrap());
    for path in ["/v1/charges?key=k", "/v1/charges?since=0", "/v1/refunds?key=k", by_id.as_str()] {
        assert_eq!(shop.get(path).await.code(), "lookup_unsupported", "{path}");
    }
}

#[tokio::test]
async fn a_lagging_lookup_denies_a_charge_that_exists() {
    let shop = Shop::open().await;
    let card = shop.card(GOOD).await;
    shop.mode(json!({ "lookup_lag_s": 3600 })).await;
    let charge = shop.charge("k", &card, 100).await.json();
    assert!(found(&shop, "k").await.is_empty());
    let by_id = shop.get(&format!("/v1/charges/{}", charge["id"].as_str().unwrap())).await;
    assert_eq!(by_id.json()["status"], "succeeded");
    shop.mode(json!({})).await;
    assert_eq!(found(&shop, "k").await.len(), 1);
}
