//! Services that are asked by POST: a search is no money leaving, and nothing else is a search.

use crate::guest::{Guest, Image, Shown};
use crate::shop::{host, limits, query};
use crate::upstream::Upstream;
use domain::provider::{Found, Movement, Report};
use plugin_host::Account;

/// A lookup that posts to this path.
async fn look_up(service: &Upstream, path: &str) -> Report<Found> {
    let mut image = Image::at(4096);
    let url = image.push(&format!("{}{path}", service.url()));
    let shown =
        Shown { hosts: &["${settings.base_url}"], lookup_posts: &["/v1/charges/search"], token_url: None };
    let guest =
        Guest { shown, image, look_up: format!("(call $post {url}) (call $told)"), ..Guest::default() };
    let provider = host(limits()).install("searching", &guest.build()).await.unwrap();
    let account = Account {
        settings: [("base_url".to_owned(), service.url())].into(),
        grants: vec![service.url()],
        ..Account::default()
    };
    provider.lookup(&account, &query(Movement::Charge, "key-1")).await
}

#[tokio::test]
async fn a_search_leaves_without_a_key_and_counts_as_reading() {
    let service = Upstream::start().await;
    for path in ["/v1/charges/search", "/v1/charges/search?limit=1"] {
        let report = look_up(&service, path).await;
        assert_eq!(report.evidence.bytes_out, 0, "{report:?}");
        let [exchange] = report.evidence.exchanges.as_slice() else { panic!("{report:?}") };
        assert_eq!((exchange.method.as_str(), exchange.status), ("POST", Some(200)));
        assert!(!service.heads().pop().unwrap().contains("idempotency-key"));
    }
}

#[tokio::test]
async fn a_lookup_posts_nowhere_else() {
    let service = Upstream::start().await;
    for path in ["/v1/charges", "/v1/charges/search/", "/v1/charges/search/../1", "/V1/charges/search", "/"] {
        let report = look_up(&service, path).await;
        assert!(report.evidence.exchanges.is_empty(), "{path}: {report:?}");
    }
    assert!(service.heads().is_empty());
}
