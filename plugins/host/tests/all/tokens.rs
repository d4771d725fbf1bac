//! Accounts whose service wants a bearer token: the host fetches it, and no component sees it.

use crate::guest::{ASKS, Guest, Shown, charging};
use crate::replaying::Tapes;
use crate::shop::{charge_of, context, host, limits};
use crate::upstream::Upstream;
use domain::provider::{CallError, ChargeRequest, Outcome, Report};
use plugin_host::{Account, Provider, SecretValue};
use std::sync::Arc;

async fn provider(token_url: &str) -> Arc<Provider> {
    let shown = Shown { hosts: &["${settings.base_url}"], lookup_posts: &[], token_url: Some(token_url) };
    host(limits()).install("bearer", &Guest { shown, ..charging(ASKS) }.build()).await.unwrap()
}

fn account(service: &Upstream, id: &str) -> Account {
    let setting = |key: &str, value: String| (key.to_owned(), value);
    Account {
        settings: [setting("base_url", service.url()), setting("client_id", id.to_owned())].into(),
        secrets: [("secret_key".to_owned(), SecretValue::new("open sesame".to_owned()))].into(),
        grants: vec![service.url()],
        ..Account::default()
    }
}

async fn ask(provider: &Provider, account: &Account, path: &str) -> Report<Outcome> {
    let description = format!("{}{path}", account.settings["base_url"]);
    let request = ChargeRequest { description, ..charge_of("pm_1", 100) };
    provider.charge(account, &context("key-1"), &request).await
}

#[tokio::test]
async fn a_token_is_fetched_once_and_kept_from_the_component() {
    let (service, provider) = (Upstream::start().await, provider("/token").await);
    let account = account(&service, "Aladdin");
    for _ in 0..3 {
        let echoed = ask(&provider, &account, "/echo").await.result.unwrap_err().to_string();
        assert!(echoed.contains("Bearer {{token}}") && !echoed.contains("token-number"), "{echoed}");
    }
    assert_eq!((service.asked("/token"), service.asked("/echo")), (1, 3));
    let heads = service.heads();
    assert!(heads[0].starts_with("post /token"), "{}", heads[0]);
    assert!(heads[0].contains("authorization: basic qwxhzgrpbjpvcgvuihnlc2ftzq=="), "{}", heads[0]);
    assert!(heads[1].contains("authorization: bearer token-number-1"), "{}", heads[1]);
}

#[tokio::test]
async fn the_request_for_a_token_is_no_money_leaving() {
    let (service, provider) = (Upstream::start().await, provider("/token").await);
    let report = ask(&provider, &account(&service, "a"), "/fine").await;
    assert_eq!(report.evidence.bytes_out, 0);
    assert_eq!(report.evidence.exchanges.len(), 1, "the token's request is the host's own");
}

#[tokio::test]
async fn a_token_that_the_service_refuses_is_fetched_anew_by_the_next_call() {
    let (service, provider) = (Upstream::start().await, provider("/token").await);
    let account = account(&service, "a");
    ask(&provider, &account, "/unauthorized").await.result.unwrap_err();
    ask(&provider, &account, "/fine").await.result.unwrap_err();
    assert!(service.heads().last().unwrap().contains("bearer token-number-2"));
    assert_eq!(service.asked("/token"), 2);
}

#[tokio::test]
async fn accounts_do_not_share_tokens() {
    let (service, provider) = (Upstream::start().await, provider("/token").await);
    for id in ["a", "b"] {
        ask(&provider, &account(&service, id), "/fine").await.result.unwrap_err();
    }
    assert_eq!(service.asked("/token"), 2);
}

#[tokio::test]
async fn credentials_that_the_service_refuses_are_a_matter_of_configuration() {
    let (service, provider) = (Upstream::start().await, provider("/no-token").await);
    let report = ask(&provider, &account(&service, "a"), "/fine").await;
    assert!(matches!(report.result, Err(CallError::Misconfigured(_))), "{report:?}");
    assert_eq!(service.asked("/fine"), 0);
}

#[tokio::test]
async fn a_recorded_call_holds_no_token_and_needs_none() {
    let service = Upstream::start().await;
    for (token_url, path) in [("/token", "/echo"), ("/no-token", "/fine")] {
        let (provider, tapes) = (provider(token_url).await, Tapes::default());
        let account = account(&service, "Aladdin");
        ask(&tapes.of(&provider), &account, path).await.result.unwrap_err();
        let asked = service.heads().len();
        let tape = tapes.only();
        assert!(!tape.to_text().contains("token-number"), "{}", tape.to_text());
        assert_eq!(provider.replay(&tape).await, None, "{token_url}");
        assert_eq!(service.heads().len(), asked);
    }
}
