//! Webhooks of a story: those that the simulator sends, and those that the story signs itself.

use crate::world::{World, webhook_secret};
use chrono::Utc;
use engine::ids::{AccountId, TenantId};
use engine::store;
use engine::store::inbound::InboundEvent;
use reqwest::Client;
use serde_json::{Value, json};
use std::time::{Duration, Instant};

/// Webhooks that are still under way after so long never arrive.
const PATIENCE: Duration = Duration::from_secs(60);

/// A webhook to post.
#[derive(Debug, Clone)]
pub struct Delivery {
    /// Where to.
    pub url: String,
    /// Its signature; none leaves the header out.
    pub signature: Option<String>,
    /// Its body.
    pub body: Vec<u8>,
    client: Client,
}

impl Delivery {
    /// The same with another signature, or without one.
    pub fn with_signature(&self, signature: Option<String>) -> Self {
        Self { signature, ..self.clone() }
    }

    /// Posts it and answers with the status.
    ///
    /// # Panics
    /// When nothing is answered.
    pub async fn post(self) -> u16 {
        let post = self.client.post(&self.url).header("content-type", "application/json");
        let post = match &self.signature {
            Some(signature) => post.header("simulator-signature", signature),
            None => post,
        };
        post.body(self.body).send().await.unwrap().status().as_u16()
    }
}

impl World {
    /// The address of the webhook of `acme`'s account.
    pub fn webhook_url(&self) -> String {
        format!("{}/webhooks/{}", self.url(), self.account_of(&self.acme))
    }

    /// The account of a business.
    pub fn account_of(&self, tenant: &TenantId) -> AccountId {
        self.engine.db.read(|conn| store::methods::accounts(conn, tenant)).unwrap().remove(0).id
    }

    /// From now on the simulator tells `acme` what happens.
    pub async fn listen(&self) {
        self.listen_at(&self.webhook_url()).await;
    }

    /// From now on the simulator tells whoever answers at `url` what happens to `acme`.
    pub async fn listen_at(&self, url: &str) {
        let ahead = (self.wall.now() - Utc::now().naive_utc()).num_seconds();
        self.simulator.tell(url, &webhook_secret("acme"), ahead).await;
    }

    /// Waits until all that the simulator told is taken in.
    ///
    /// # Panics
    /// When some of it never is.
    pub async fn told(&self) {
        let began = Instant::now();
        while self.simulator.webhooks_under_way().await > 0 {
            assert!(began.elapsed() < PATIENCE, "webhooks do not arrive");
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
    }

    /// An event of the simulator's for `acme`, signed now.
    pub fn delivery(&self, id: &str, kind: &str, object: &Value) -> Delivery {
        self.delivery_at(0, id, kind, object)
    }

    /// As [`World::delivery`], signed so many seconds from now.
    pub fn delivery_at(&self, seconds: i64, id: &str, kind: &str, object: &Value) -> Delivery {
        let time = u64::try_from(self.wall.now().and_utc().timestamp() + seconds).unwrap();
        let body = json!({ "id": id, "type": kind, "object": object }).to_string().into_bytes();
        self.signed(&webhook_secret("acme"), time, body)
    }

    /// A body for `acme`'s webhook, signed with some secret at some time.
    pub fn signed(&self, secret: &str, time: u64, body: Vec<u8>) -> Delivery {
        let client = Client::builder().no_proxy().build().unwrap();
        let signature = Some(simulator::sign(secret, time, &body));
        Delivery { url: self.webhook_url(), signature, body, client }
    }

    /// What `acme`'s providers have told, oldest first, as far as it waits.
    pub fn waiting(&self) -> Vec<InboundEvent> {
        self.engine.db.read(|conn| store::inbound::open(conn, &self.acme)).unwrap()
    }

    /// Whether `acme` has kept an event of this name.
    pub fn has_heard(&self, event: &str) -> bool {
        let account = self.account_of(&self.acme);
        self.engine.db.read(|conn| store::inbound::is_known(conn, &self.acme, &account, event)).unwrap()
    }
}
