//! A simulator of one's own, and the few requests that every story makes.

use reqwest::header::HeaderMap;
use reqwest::redirect::Policy;
use serde_json::{Value, json};
use simulator::{Options, Running};
use std::net::{Ipv4Addr, SocketAddr};
use tempfile::TempDir;

pub(crate) const GOOD: &str = "4242424242424242";
pub(crate) const ALWAYS_DECLINED: &str = "4000000000000341";
pub(crate) const ALWAYS_ASKS: &str = "4000002760003184";
pub(crate) const ASKS_ONCE: &str = "4000002500003155";
pub(crate) const REFUSED_AT_SETUP: &str = "4000000000000002";
pub(crate) const STAYS_PENDING: &str = "4000000000000077";
pub(crate) const RETURN_URL: &str = "http://portal.example/return?session=abc";

/// A running simulator and a client for it.
pub(crate) struct Shop {
    pub(crate) folder: TempDir,
    pub(crate) client: reqwest::Client,
    running: Running,
}

/// An answer, read whole.
#[derive(Debug)]
pub(crate) struct Reply {
    pub(crate) status: u16,
    pub(crate) headers: HeaderMap,
    pub(crate) text: String,
}

impl Reply {
    pub(crate) fn json(&self) -> Value {
        serde_json::from_str(&self.text).unwrap_or_else(|_| panic!("no JSON: {}", self.text))
    }

    pub(crate) fn code(&self) -> String {
        self.json()["error"]["code"].as_str().unwrap_or_default().to_owned()
    }

    pub(crate) fn header(&self, name: &str) -> &str {
        self.headers.get(name).map(|value| value.to_str().unwrap()).unwrap_or_default()
    }
}

impl Shop {
    pub(crate) async fn open() -> Self {
        let folder = TempDir::new().unwrap();
        let running = simulator::start(options(&folder)).await.unwrap();
        // reqwest wants a provider even for plain http; another test may have been first.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let client = reqwest::Client::builder().redirect(Policy::none()).no_proxy().build().unwrap();
        Self { folder, client, running }
    }

    /// Stops it and starts it again on the same folder.
    pub(crate) async fn reopen(self) -> Self {
        let Self { folder, client, running } = self;
        running.stop().await.unwrap();
        let running = simulator::start(options(&folder)).await.unwrap();
        Self { folder, client, running }
    }

    /// Stops it and hands over the folder.
    pub(crate) async fn close(self) -> TempDir {
        self.running.stop().await.unwrap();
        self.folder
    }

    pub(crate) fn url(&self, path: &str) -> String {
        if path.starts_with("http") { path.to_owned() } else { format!("{}{path}", self.running.url()) }
    }

    pub(crate) async fn send(&self, request: reqwest::RequestBuilder) -> reqwest::Result<Reply> {
        let response = request.send().await?;
        let (status, headers) = (response.status().as_u16(), response.headers().clone());
        Ok(Reply { status, headers, text: response.text().await? })
    }

    pub(crate) async fn get(&self, path: &str) -> Reply {
        self.send(self.client.get(self.url(path)).bearer_auth("sk_test")).await.unwrap()
    }

    pub(crate) fn post_request(&self, path: &str, key: &str, body: &Value) -> reqwest::RequestBuilder {
        let request = self.client.post(self.url(path)).bearer_auth("sk_test").json(body);
        if key.is_empty() { request } else { request.header("Idempotency-Key", key) }
    }

    pub(crate) async fn post(&self, path: &str, key: &str, body: &Value) -> Reply {
        self.send(self.post_request(path, key, body)).await.unwrap()
    }

    pub(crate) async fn submit(&self, path: &str, fields: &[(&str, &str)]) -> Reply {
        self.send(self.client.post(self.url(path)).form(fields)).await.unwrap()
    }

    /// A saved card's id.
    pub(crate) async fn card(&self, number: &str) -> String {
        let body = json!({ "number": number, "exp_month": 12, "exp_year": 2090 });
        let reply = self.post("/v1/methods", "", &body).await;
        assert_eq!(reply.status, 200, "{}", reply.text);
        reply.json()["id"].as_str().unwrap().to_owned()
    }

    pub(crate) async fn charge(&self, key: &str, method: &str, amount: i64) -> Reply {
        self.post("/v1/charges", key, &charge_of(method, amount)).await
    }

    pub(crate) async fn script(&self, rule: Value) {
        let reply = self.post("/_script", "", &rule).await;
        assert_eq!(reply.status, 200, "{}", reply.text);
    }

    pub(crate) async fn mode(&self, mode: Value) {
        assert_eq!(self.post("/_mode", "", &mode).await.status, 200);
    }

    pub(crate) async fn ledger(&self) -> Value {
        self.get("/_ledger").await.json()
    }

    /// Charges in the ledger, whatever their status.
    pub(crate) async fn charges(&self) -> Vec<Value> {
        self.ledger().await["charges"].as_array().unwrap().clone()
    }
}

pub(crate) fn options(folder: &TempDir) -> Options {
    Options {
        bind: SocketAddr::from((Ipv4Addr::LOCALHOST, 0)),
        data_dir: folder.path().to_owned(),
        secret_key: Some("sk_test".to_owned()),
    }
}

pub(crate) fn charge_of(method: &str, amount: i64) -> Value {
    json!({
        "amount": amount,
        "currency": "EUR",
        "method": method,
        "reference": "inst:sub_1:4",
        "description": "Fieldnote Team",
    })
}
