//! The payment service of a story: its ledger is the oracle, its dials make it misbehave.

use reqwest::Client;
use serde::Deserialize;
use serde_json::{Value, json};
use simulator::{Options, Running};
use tempfile::TempDir;

/// A simulator in this process. It survives the processes of Portico that a story kills.
pub struct Simulator {
    running: Running,
    client: Client,
    secret: String,
    _folder: TempDir,
}

/// What really happened.
#[derive(Debug, Deserialize)]
pub struct Ledger {
    /// Every charge, whatever became of it.
    pub charges: Vec<MovedCharge>,
    /// Every refund.
    pub refunds: Vec<MovedRefund>,
    /// Every request that arrived.
    pub requests: Vec<Sent>,
}

/// A charge as the payment service knows it.
#[derive(Debug, Clone, Deserialize)]
pub struct MovedCharge {
    /// The service's name for it.
    pub id: String,
    /// `succeeded`, `failed` ...
    pub status: String,
    /// Minor units.
    pub amount: i64,
    /// Three letters.
    pub currency: String,
    /// What it paid, in Portico's words.
    pub reference: String,
    /// The idempotency key it came under.
    pub key: Option<String>,
    /// What was charged.
    pub method: String,
    /// Nobody was at the browser.
    pub off_session: bool,
}

/// A refund as the payment service knows it.
#[derive(Debug, Clone, Deserialize)]
pub struct MovedRefund {
    /// The service's name for it.
    pub id: String,
    /// The charge that it gives back.
    pub charge: String,
    /// Minor units.
    pub amount: i64,
    /// The idempotency key it came under.
    pub key: Option<String>,
}

/// A request as it arrived.
#[derive(Debug, Clone, Deserialize)]
pub struct Sent {
    /// HTTP method.
    pub method: String,
    /// Path without the query.
    pub path: String,
    /// Its idempotency key.
    pub key: Option<String>,
    /// Minor units.
    pub amount: Option<i64>,
    /// Three letters.
    pub currency: Option<String>,
    /// What was to be charged.
    pub payment_method: Option<String>,
    /// The status it was answered with; none when the answer was lost.
    pub status: Option<u16>,
}

impl Ledger {
    /// The charges that took money.
    pub fn taken(&self) -> Vec<&MovedCharge> {
        self.charges.iter().filter(|charge| charge.status == "succeeded").collect()
    }

    /// Requests for charges: submissions, first and repeated.
    pub fn submissions(&self) -> Vec<&Sent> {
        let charge = |sent: &&Sent| sent.method == "POST" && sent.path == "/v1/charges";
        self.requests.iter().filter(charge).collect()
    }

    /// Requests for refunds, first and repeated.
    pub fn refund_submissions(&self) -> Vec<&Sent> {
        let refund = |sent: &&Sent| sent.method == "POST" && sent.path == "/v1/refunds";
        self.requests.iter().filter(refund).collect()
    }
}

impl Simulator {
    pub(crate) async fn open(secret: &str) -> Self {
        let folder = TempDir::new().unwrap();
        let options = Options {
            bind: ([127, 0, 0, 1], 0).into(),
            data_dir: folder.path().to_owned(),
            secret_key: Some(secret.to_owned()),
        };
        let running = simulator::start(options).await.unwrap();
        let client = Client::builder().no_proxy().build().unwrap();
        Self { running, client, secret: secret.to_owned(), _folder: folder }
    }

    pub(crate) async fn close(self) {
        self.running.stop().await.unwrap();
    }

    /// Where it answers.
    pub fn url(&self) -> String {
        self.running.url()
    }

    /// What really happened so far.
    pub async fn ledger(&self) -> Ledger {
        let answer = self.client.get(format!("{}/_ledger", self.url())).send().await.unwrap();
        answer.error_for_status().unwrap().json().await.unwrap()
    }

    /// Adds a rule by which it misbehaves: see its README.
    pub async fn script(&self, rule: Value) {
        self.post("/_script", &rule).await;
    }

    /// Forgets every rule of [`Simulator::script`].
    pub async fn behave(&self) {
        let cleared = self.client.delete(format!("{}/_script", self.url())).send().await.unwrap();
        cleared.error_for_status().unwrap();
    }

    /// Changes how it treats keys and questions as a whole: see its README.
    pub async fn mode(&self, mode: Value) {
        self.post("/_mode", &mode).await;
    }

    /// A charge that was on its way fails.
    pub async fn fails(&self, charge: &str) {
        self.post(&format!("/_charges/{charge}/settle"), &json!({ "decline": "insufficient_funds" })).await;
    }

    /// A charge that was on its way arrives.
    pub async fn succeeds(&self, charge: &str) {
        self.post(&format!("/_charges/{charge}/settle"), &json!({})).await;
    }

    /// Somebody of the business gives money back at the service, by hand.
    pub async fn refund_by_hand(&self, charge: &str, amount: i64) {
        self.post(&format!("/_charges/{charge}/refund"), &json!({ "amount": amount })).await;
    }

    /// The customer's bank takes a charge back.
    pub async fn dispute(&self, charge: &str, amount: i64) {
        self.post(&format!("/_charges/{charge}/dispute"), &json!({ "amount": amount })).await;
    }

    /// Sets the dials of webhooks: see its README.
    pub async fn webhooks(&self, dials: Value) {
        self.post("/_webhooks", &dials).await;
    }

    /// Sends the webhooks that were held.
    pub async fn release(&self) {
        self.post("/_webhooks/release", &json!({})).await;
    }

    /// Tells this address what happens, by a clock that is so many seconds ahead.
    pub(crate) async fn tell(&self, url: &str, secret: &str, ahead_s: i64) {
        let endpoint = json!({ "url": url, "secret": secret, "ahead_s": ahead_s });
        let put = self.client.put(format!("{}/_webhooks/endpoints/story", self.url())).json(&endpoint);
        put.send().await.unwrap().error_for_status().unwrap();
    }

    /// How many webhooks are neither taken nor given up.
    pub(crate) async fn webhooks_under_way(&self) -> u64 {
        self.read("/_webhooks").await["under_way"].as_u64().unwrap()
    }

    /// A charge as its webhooks describe it.
    ///
    /// # Panics
    /// When there is none of that name.
    pub async fn charge(&self, id: &str) -> Value {
        let ledger = self.read("/_ledger").await;
        let charges = ledger["charges"].as_array().unwrap();
        charges.iter().find(|charge| charge["id"] == id).cloned().expect("a charge")
    }

    async fn read(&self, path: &str) -> Value {
        let answer = self.client.get(format!("{}{path}", self.url())).send().await.unwrap();
        answer.error_for_status().unwrap().json().await.unwrap()
    }

    /// The bank changes its mind: another test card stands behind a saved method.
    pub async fn swap_card(&self, method_ref: &str, number: &str) {
        self.post(&format!("/_methods/{method_ref}"), &json!({ "number": number })).await;
    }

    /// Saves a card without a browser and answers with the method.
    pub(crate) async fn save_card(&self, number: &str, exp_year: i32) -> Value {
        let body = json!({ "number": number, "exp_month": 9, "exp_year": exp_year });
        let answer = self.post("/v1/methods", &body).await;
        answer.json().await.unwrap()
    }

    async fn post(&self, path: &str, body: &Value) -> reqwest::Response {
        let request = self.client.post(format!("{}{path}", self.url())).bearer_auth(&self.secret).json(body);
        request.send().await.unwrap().error_for_status().unwrap()
    }
}
