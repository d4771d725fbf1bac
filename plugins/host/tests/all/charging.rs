//! What goes well, and what the customer's bank refuses.

use crate::shop::*;
use domain::provider::{
    CallError, DeclineKind, Found, Movement, Outcome, RefundRequest, SetupRequest, SetupState,
};
use plugin_host::Host;

#[tokio::test]
async fn the_bundled_sandbox_says_what_it_can_do() {
    let host = host(limits());
    for (name, bytes) in Host::bundled() {
        let provider = host.install(name, bytes).await.unwrap();
        assert_eq!(provider.manifest().name, *name);
        assert_eq!(provider.digest().len(), 64);
    }
    let sandbox = host.provider("sandbox").unwrap();
    let capabilities = &sandbox.manifest().capabilities;
    let idempotency = capabilities.idempotency.as_ref().unwrap();
    assert_eq!(idempotency.window_s, 86_400);
    assert_eq!(idempotency.header.as_deref(), Some("Idempotency-Key"));
    assert!(capabilities.refund && capabilities.cancel && capabilities.list_since);
    assert!(host.provider("unheard-of").is_none());
}

#[tokio::test]
async fn a_good_card_is_charged_exactly_what_was_asked() {
    let shop = Shop::open().await;
    let card = shop.card(GOOD).await;
    let report = shop.charge("key-1", &card, 1428).await;
    let Ok(Outcome::Succeeded(settled)) = &report.result else { panic!("{report:?}") };
    assert_eq!(settled.amount, euro(1428));
    assert!(settled.provider_ref.starts_with("ch_"));

    let [exchange] = report.evidence.exchanges.as_slice() else { panic!("{report:?}") };
    assert_eq!((exchange.method.as_str(), exchange.status), ("POST", Some(200)));
    assert_eq!(exchange.url, format!("{}/v1/charges", shop.account.settings["base_url"]));
    assert!(report.evidence.bytes_out > 0 && !report.evidence.proves_unexecuted());
    for digest in [&exchange.sent_sha256, &exchange.received_sha256] {
        assert_eq!(digest.as_ref().map(String::len), Some(64), "{exchange:?}");
    }
}

#[tokio::test]
async fn the_host_sends_the_key_so_a_repeated_submission_charges_once() {
    let shop = Shop::open().await;
    let card = shop.card(GOOD).await;
    let first = shop.charge("key-1", &card, 1428).await;
    let again = shop.charge("key-1", &card, 1428).await;
    assert_eq!(again.result, first.result);
    assert_eq!(shop.charges().await, 1);

    let other = shop.charge("key-1", &card, 1429).await;
    assert!(matches!(other.result, Err(CallError::IdempotencyConflict(_))), "{other:?}");
}

#[tokio::test]
async fn a_decline_is_an_outcome_with_a_kind() {
    let shop = Shop::open().await;
    let card = shop.card(NO_MONEY).await;
    let report = shop.charge("key-1", &card, 500).await;
    let Ok(Outcome::Declined(decline)) = report.result else { panic!("{report:?}") };
    assert_eq!(decline.kind, DeclineKind::InsufficientFunds);
    assert!(decline.provider_ref.is_some());
}

#[tokio::test]
async fn a_bank_that_asks_gives_a_page_to_send_the_browser_to() {
    let shop = Shop::open().await;
    let card = shop.card(ALWAYS_ASKS).await;
    let report = shop.charge("key-1", &card, 500).await;
    let Ok(Outcome::RequiresAction { url, expires_at, .. }) = report.result else { panic!("{report:?}") };
    assert!(url.starts_with(&shop.account.settings["base_url"]));
    assert!(expires_at.is_some());
}

#[tokio::test]
async fn an_open_charge_is_cancelled_and_a_settled_one_says_so() {
    let shop = Shop::open().await;
    let (slow, good) = (shop.card(STAYS_PENDING).await, shop.card(GOOD).await);
    let Ok(Outcome::Pending { provider_ref }) = shop.charge("slow", &slow, 500).await.result else {
        panic!("not pending")
    };
    let cancelled = shop.provider.cancel(&shop.account, &context("slow"), &provider_ref).await;
    assert_eq!(cancelled.result, Ok(Outcome::Cancelled { provider_ref: Some(provider_ref) }));

    let Ok(Outcome::Succeeded(settled)) = shop.charge("good", &good, 500).await.result else {
        panic!("not settled")
    };
    let late = shop.provider.cancel(&shop.account, &context("good"), &settled.provider_ref).await;
    assert_eq!(late.result, Ok(Outcome::Succeeded(settled)));
}

#[tokio::test]
async fn a_refund_gives_money_back_and_is_found_by_its_key() {
    let shop = Shop::open().await;
    let card = shop.card(GOOD).await;
    let Ok(Outcome::Succeeded(settled)) = shop.charge("key-1", &card, 1000).await.result else {
        panic!("not settled")
    };
    let request = RefundRequest { amount: euro(400), charge_ref: settled.provider_ref };
    let refund = shop.provider.refund(&shop.account, &context("refund-1"), &request).await;
    let Ok(Outcome::Succeeded(given)) = &refund.result else { panic!("{refund:?}") };
    assert_eq!(given.amount, euro(400));

    let found = shop.provider.lookup(&shop.account, &query(Movement::Refund, "refund-1")).await;
    assert_eq!(found.result, Ok(Found::Outcome(refund.result.unwrap())));
    assert_eq!(found.evidence.bytes_out, 0);
}

#[tokio::test]
async fn what_was_charged_is_listed_with_our_key() {
    let shop = Shop::open().await;
    let card = shop.card(GOOD).await;
    shop.charge("key-1", &card, 100).await.result.unwrap();
    shop.charge("key-2", &card, 200).await.result.unwrap();
    let since = query(Movement::Charge, "").since;
    let page = shop.provider.list_since(&shop.account, since, None).await.result.unwrap();
    let mut keys: Vec<_> = page.items.iter().map(|item| item.key.as_deref().unwrap()).collect();
    keys.sort_unstable();
    assert_eq!(keys, ["key-1", "key-2"]);
}

#[tokio::test]
async fn a_card_is_set_up_on_the_providers_page_charged_and_removed() {
    let shop = Shop::open().await;
    let request = SetupRequest {
        customer_ref: None,
        customer_id: "cus_01".to_owned(),
        email: "mira@okafor.example".to_owned(),
        kind: "card".to_owned(),
        return_url: RETURN_URL.to_owned(),
        locale: "en".to_owned(),
    };
    let started =
        shop.provider.begin_setup(&shop.account, &context("setup-1"), &request).await.result.unwrap();
    let state = async || shop.provider.complete_setup(&shop.account, &started.setup_ref).await.result;
    assert_eq!(state().await, Ok(SetupState::Open));

    assert_eq!(shop.type_card(&started.url, GOOD).await, RETURN_URL);
    let Ok(SetupState::Done(method)) = state().await else { panic!("not done") };
    assert_eq!((method.brand.as_str(), method.last4.as_str()), ("visa", "4242"));
    assert_eq!((method.exp_month, method.exp_year), (Some(12), Some(2090)));
    assert!(matches!(shop.charge("key-1", &method.method_ref, 100).await.result, Ok(Outcome::Succeeded(_))));

    let detach =
        async || shop.provider.detach(&shop.account, &context("detach-1"), &method.method_ref).await.result;
    assert_eq!(detach().await, Ok(()));
    assert_eq!(detach().await, Ok(()), "removing what is gone is no error");
    let charged = shop.charge("key-2", &method.method_ref, 100).await;
    assert!(matches!(charged.result, Err(CallError::NotExecuted(_))), "{charged:?}");
    assert!(charged.evidence.refused);
}
