//! A simulator, a host with the sandbox provider, and an account that joins them.

use chrono::DateTime;
use domain::currency::Currency;
use domain::money::Money;
use domain::provider::{CallContext, ChargeRequest, LookupRequest, Movement, Outcome, Report};
use plugin_host::{Account, Host, HostOptions, Limits, Names, Provider, SecretValue};
use serde_json::{Value, json};
use simulator::{Options, Running};
use std::net::Ipv4Addr;
use std::path::Path;
use std::sync::Arc;
use tempfile::TempDir;

pub const GOOD: &str = "4242424242424242";
pub const NO_MONEY: &str = "4000000000009995";
pub const ALWAYS_ASKS: &str = "4000002760003184";
pub const STAYS_PENDING: &str = "4000000000000077";
pub const RETURN_URL: &str = "http://portal.example/return";

/// Small pools: tests run side by side.
pub fn limits() -> Limits {
    Limits { concurrent_calls: 8, ..Limits::default() }
}

/// A host whose compiled components outlive the test.
pub fn host(limits: Limits) -> Host {
    Host::new(options(limits)).unwrap()
}

/// The same, with names that lead where the test wants.
pub fn host_with(limits: Limits, names: &Names) -> Host {
    Host::with_names(options(limits), names).unwrap()
}

fn options(limits: Limits) -> HostOptions {
    let cache_dir = Some(Path::new(env!("CARGO_TARGET_TMPDIR")).join("plugin-cache"));
    let now = Arc::new(|| DateTime::from_timestamp(1_800_000_000, 0).unwrap().naive_utc());
    HostOptions { cache_dir, limits, now }
}

pub async fn sandbox(host: &Host) -> Arc<Provider> {
    let (name, bytes) = Host::bundled()[0];
    host.install(name, bytes).await.unwrap()
}

/// An account at `base_url`, granted.
pub fn account(base_url: &str) -> Account {
    Account {
        settings: [("base_url".to_owned(), base_url.to_owned())].into(),
        secrets: [("secret_key".to_owned(), SecretValue::new("sk_test".to_owned()))].into(),
        grants: vec![base_url.to_owned()],
        ..Account::default()
    }
}

pub fn context(key: &str) -> CallContext {
    CallContext { key: key.to_owned(), reference: "inst:sub_1:4".to_owned(), seq: 1, deadline_ms: 45_000 }
}

pub fn euro(minor: i64) -> Money {
    Money::new(minor, "EUR".parse::<Currency>().unwrap())
}

pub fn charge_of(method: &str, minor: i64) -> ChargeRequest {
    ChargeRequest {
        amount: euro(minor),
        method_ref: method.to_owned(),
        customer_ref: None,
        description: "Fieldnote Team".to_owned(),
        off_session: false,
        return_url: RETURN_URL.to_owned(),
    }
}

pub fn query(movement: Movement, key: &str) -> LookupRequest {
    LookupRequest {
        movement,
        key: key.to_owned(),
        reference: "inst:sub_1:4".to_owned(),
        provider_ref: None,
        charge_ref: None,
        customer_ref: None,
        since: DateTime::from_timestamp(0, 0).unwrap().naive_utc(),
    }
}

/// A running simulator with a provider that reaches it.
pub struct Shop {
    pub provider: Arc<Provider>,
    pub account: Account,
    client: reqwest::Client,
    running: Running,
    _folder: TempDir,
}

impl Shop {
    pub async fn open() -> Self {
        Self::with(limits()).await
    }

    pub async fn with(limits: Limits) -> Self {
        let folder = TempDir::new().unwrap();
        let running = simulator::start(Options {
            bind: (Ipv4Addr::LOCALHOST, 0).into(),
            data_dir: folder.path().to_owned(),
            secret_key: Some("sk_test".to_owned()),
        })
        .await
        .unwrap();
        let provider = sandbox(&host(limits)).await;
        let client = reqwest::Client::builder()
            .redirect(reqwest::redirect::Policy::none())
            .tls_certs_only([])
            .no_proxy()
            .build();
        Self { provider, account: account(&running.url()), client: client.unwrap(), running, _folder: folder }
    }

    pub async fn charge(&self, key: &str, method: &str, minor: i64) -> Report<Outcome> {
        self.provider.charge(&self.account, &context(key), &charge_of(method, minor)).await
    }

    /// Posts to the simulator past the host, as a test may.
    pub async fn post(&self, path: &str, body: Value) -> Value {
        let url = format!("{}{path}", self.running.url());
        let answer = self.client.post(url).bearer_auth("sk_test").json(&body).send().await.unwrap();
        assert!(answer.status().is_success(), "{path}: {}", answer.status());
        answer.json().await.unwrap()
    }

    /// A saved card's reference.
    pub async fn card(&self, number: &str) -> String {
        let card = json!({ "number": number, "exp_month": 12, "exp_year": 2090 });
        self.post("/v1/methods", card).await["id"].as_str().unwrap().to_owned()
    }

    /// The customer types a card into the simulator's page; says where the browser is sent.
    pub async fn type_card(&self, page: &str, number: &str) -> String {
        let form =
            [("number", number), ("expiry", "12 / 90"), ("cvc", "123"), ("name", "Mira"), ("do", "save")];
        let answer = self.client.post(page).form(&form).send().await.unwrap();
        answer.headers()["location"].to_str().unwrap().to_owned()
    }

    pub async fn script(&self, rule: Value) {
        self.post("/_script", rule).await;
    }

    /// Charges the service has made, by its own books.
    pub async fn charges(&self) -> usize {
        let url = format!("{}/_ledger", self.running.url());
        let ledger: Value = self.client.get(url).send().await.unwrap().json().await.unwrap();
        ledger["charges"].as_array().unwrap().len()
    }

    pub async fn close(self) {
        self.running.stop().await.unwrap();
    }
}
