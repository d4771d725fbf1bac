use crate::support::*;
use futures::future::join_all;
use serde_json::json;

#[tokio::test]
async fn a_good_card_is_charged_once_however_often_the_request_is_repeated() {
    let shop = Shop::open().await;
    let card = shop.card(GOOD).await;

    let first = shop.charge("key-1", &card, 1428).await;
    assert_eq!(first.status, 200);
    assert_eq!(first.json()["status"], "succeeded");
    assert_eq!(first.header("Idempotent-Replayed"), "");

    let again = shop.charge("key-1", &card, 1428).await;
    assert_eq!(again.json(), first.json());
    assert_eq!(again.header("Idempotent-Replayed"), "true");

    let other = shop.charge("key-1", &card, 1429).await;
    assert_eq!((other.status, other.code().as_str()), (409, "idempotency_mismatch"));

    let ledger = shop.ledger().await;
    assert_eq!(ledger["charges"].as_array().unwrap().len(), 1);
    let effects: Vec<_> =
        ledger["requests"].as_array().unwrap().iter().filter(|r| r["key"] == "key-1").collect();
    assert_eq!(
        effects.iter().map(|r| r["effect"].as_bool().unwrap()).collect::<Vec<_>>(),
        [true, false, false]
    );
    assert_eq!(effects[0]["reference"], "inst:sub_1:4");
    assert_eq!(effects[0]["payment_method"], card.as_str());
}

#[tokio::test]
async fn a_decline_has_a_kind_and_stays_a_decline_for_its_key() {
    let shop = Shop::open().await;
    for (number, code, kind) in [
        (ALWAYS_DECLINED, "card_declined", "soft"),
        ("4000000000009995", "insufficient_funds", "insufficient_funds"),
        ("4000000000000069", "expired_card", "expired_method"),
        ("4000000000009979", "stolen_card", "fraud"),
    ] {
        let card = shop.card(number).await;
        let declined = shop.charge(number, &card, 500).await;
        assert_eq!(declined.status, 402);
        assert_eq!(declined.json()["error"]["code"], code);
        assert_eq!(declined.json()["error"]["kind"], kind);

        // The card behind the method works from now on; the old key still tells what happened then.
        shop.post(&format!("/_methods/{card}"), "", &json!({ "number": GOOD })).await;
        assert_eq!(shop.charge(number, &card, 500).await.text, declined.text);
        assert_eq!(shop.charge(&format!("{number}-2"), &card, 500).await.status, 200);

        let id = declined.json()["error"]["charge"].as_str().unwrap().to_owned();
        let charge = shop.get(&format!("/v1/charges/{id}")).await.json();
        assert_eq!(charge["status"], "failed");
        assert_eq!(charge["decline"]["kind"], kind);
    }
}

#[tokio::test]
async fn a_service_that_keeps_only_successes_decides_anew_after_a_decline() {
    let shop = Shop::open().await;
    shop.mode(json!({ "replay_errors": false })).await;
    let card = shop.card(ALWAYS_DECLINED).await;
    assert_eq!(shop.charge("key", &card, 500).await.status, 402);
    shop.post(&format!("/_methods/{card}"), "", &json!({ "number": GOOD })).await;
    assert_eq!(shop.charge("key", &card, 500).await.status, 200);
}

#[tokio::test]
async fn charges_are_found_by_key_and_by_reference_newest_first() {
    let shop = Shop::open().await;
    let card = shop.card(GOOD).await;
    let first = shop.charge("a", &card, 100).await.json();
    let second = shop.charge("b", &card, 200).await.json();

    let by_key = shop.get("/v1/charges?key=a").await.json();
    assert_eq!(by_key["data"], json!([first]));
    let by_reference = shop.get("/v1/charges?reference=inst%3Asub_1%3A4").await.json();
    assert_eq!(by_reference["data"], json!([second, first]));
    assert_eq!(shop.get("/v1/charges?key=unheard-of").await.json()["data"], json!([]));
}

#[tokio::test]
async fn a_long_history_is_listed_page_by_page_without_gap_or_repeat() {
    let shop = Shop::open().await;
    let card = shop.card(GOOD).await;
    for n in 0..205 {
        shop.charge(&format!("k{n}"), &card, 100 + n).await;
    }
    let (mut amounts, mut cursor) = (Vec::new(), String::new());
    loop {
        let page = shop.get(&format!("/v1/charges?since=0&cursor={cursor}")).await.json();
        amounts
            .extend(page["data"].as_array().unwrap().iter().map(|charge| charge["amount"].as_i64().unwrap()));
        match page["next_cursor"].as_str() {
            Some(next) => cursor = next.to_owned(),
            None => break,
        }
    }
    assert_eq!(amounts, (100..305).collect::<Vec<_>>());
}

#[tokio::test]
async fn what_is_still_open_can_be_cancelled_and_what_is_settled_cannot() {
    let shop = Shop::open().await;
    let (slow, good) = (shop.card(STAYS_PENDING).await, shop.card(GOOD).await);
    let pending = shop.charge("p", &slow, 900).await.json();
    assert_eq!(pending["status"], "pending");

    let path = format!("/v1/charges/{}/cancel", pending["id"].as_str().unwrap());
    // The host sends the attempt's key with every request; cancelling is no repeat of charging.
    assert_eq!(shop.post(&path, "p", &json!(null)).await.json()["status"], "cancelled");
    assert_eq!(shop.post(&path, "p", &json!(null)).await.status, 409);

    let paid = shop.charge("g", &good, 900).await.json();
    let refused =
        shop.post(&format!("/v1/charges/{}/cancel", paid["id"].as_str().unwrap()), "", &json!({})).await;
    assert_eq!(refused.status, 409);
    assert_eq!(refused.json()["status"], "succeeded");
}

#[tokio::test]
async fn a_pending_charge_settles_when_the_bank_says_so() {
    let shop = Shop::open().await;
    let card = shop.card(STAYS_PENDING).await;
    let (one, two) = (shop.charge("1", &card, 900).await.json(), shop.charge("2", &card, 901).await.json());
    let settle = |charge: &serde_json::Value| format!("/_charges/{}/settle", charge["id"].as_str().unwrap());

    assert_eq!(shop.submit(&settle(&one), &[]).await.json()["status"], "succeeded");
    let failed = shop.post(&settle(&two), "", &json!({ "decline": "insufficient_funds" })).await.json();
    assert_eq!(
        (&failed["status"], &failed["decline"]["kind"]),
        (&json!("failed"), &json!("insufficient_funds"))
    );
    assert_eq!(shop.post(&settle(&one), "", &json!({})).await.status, 409);
}

#[tokio::test]
async fn no_more_is_refunded_than_was_taken_even_when_all_ask_at_once() {
    let shop = Shop::open().await;
    let card = shop.card(GOOD).await;
    let charge = shop.charge("c", &card, 1000).await.json();
    let refund = |amount: i64, reference: String| json!({ "charge": charge["id"], "amount": amount, "reference": reference });

    let bodies: Vec<_> = (0..16).map(|n| refund(600, format!("cn_{n}"))).collect();
    let asks = bodies.iter().map(|body| shop.post("/v1/refunds", "", body));
    // Futures of one task, but each request is handled on the server's threads at the same time.
    let statuses: Vec<u16> = join_all(asks).await.iter().map(|reply| reply.status).collect();
    assert_eq!(statuses.iter().filter(|status| **status == 200).count(), 1);
    assert_eq!(statuses.iter().filter(|status| **status == 400).count(), 15);

    let rest = shop.post("/v1/refunds", "r", &refund(400, "cn_rest".to_owned())).await;
    assert_eq!((rest.status, &rest.json()["currency"]), (200, &json!("EUR")));
    assert_eq!(shop.post("/v1/refunds", "r", &refund(400, "cn_rest".to_owned())).await.json(), rest.json());
    assert_eq!(shop.get("/v1/refunds?reference=cn_rest").await.json()["data"], json!([rest.json()]));
    assert_eq!(shop.get("/v1/refunds?key=r").await.json()["data"], json!([rest.json()]));
}

#[tokio::test]
async fn wrong_requests_are_refused_with_a_reason_and_no_effect() {
    let shop = Shop::open().await;
    let card = shop.card(GOOD).await;
    let mut nothing = charge_of(&card, 0);
    assert_eq!(shop.post("/v1/charges", "k", &nothing).await.code(), "invalid_amount");
    nothing["amount"] = json!(12.5);
    assert_eq!(shop.post("/v1/charges", "k", &nothing).await.code(), "invalid_body");
    nothing["amount"] = json!(100);
    nothing["currency"] = json!("XXX");
    assert_eq!(shop.post("/v1/charges", "k", &nothing).await.code(), "invalid_currency");
    nothing["currency"] = json!("EUR");
    nothing["customer"] = json!("cus_other");
    assert_eq!(shop.post("/v1/charges", "k", &nothing).await.code(), "customer_mismatch");
    assert_eq!(shop.charge("k", "pm_none", 100).await.status, 404);

    shop.post(&format!("/v1/methods/{card}/detach"), "", &json!({})).await;
    assert_eq!(shop.charge("k", &card, 100).await.code(), "unknown_method");
    assert_eq!(shop.get(&format!("/v1/methods/{card}")).await.status, 404);

    let real = json!({ "number": "4111111111111111", "exp_month": 12, "exp_year": 2090 });
    assert_eq!(shop.post("/v1/methods", "", &real).await.code(), "invalid_number");
    let old = json!({ "number": GOOD, "exp_month": 12, "exp_year": 2020 });
    assert_eq!(shop.post("/v1/methods", "", &old).await.code(), "invalid_expiry");

    let stranger = shop.client.post(shop.url("/v1/charges")).bearer_auth("guess").json(&charge_of(&card, 1));
    assert_eq!(shop.send(stranger).await.unwrap().status, 401);
    assert!(shop.charges().await.is_empty());
}
