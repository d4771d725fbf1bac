//! What the service tells by itself: an event for every change, signed, sent until it is taken. Endpoints and dials live in
//! memory and are gone after a restart.

use crate::book::{Book, Entry, SetupStatus};
use crate::service::{Ids, now_ms};
use data_encoding::HEXLOWER;
use hmac::{Hmac, KeyInit, Mac};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use sha2::Sha256;
use std::collections::BTreeMap;
use std::fmt;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, OnceLock};
use std::time::Duration;
use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel};

/// How long a receiver may take to answer.
const PATIENCE: Duration = Duration::from_secs(10);
/// Pause after the first failure; each further one is twice as long, up to the longest.
const FIRST_PAUSE: Duration = Duration::from_millis(200);
const LONGEST_PAUSE: Duration = Duration::from_secs(10);
/// Tries before an event is given up.
const TRIES: u32 = 12;

/// Who is told.
#[derive(Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Endpoint {
    /// Where events are posted.
    pub(crate) url: String,
    /// What they are signed with.
    #[serde(skip_serializing)]
    pub(crate) secret: String,
    /// Seconds by which this service's clock is ahead of the real one when it signs.
    #[serde(default)]
    pub(crate) ahead_s: i64,
}

impl fmt::Debug for Endpoint {
    /// Without the secret.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Endpoint").field("url", &self.url).finish_non_exhaustive()
    }
}

/// How events go astray.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct Dials {
    /// Every event is sent so many times more.
    pub(crate) dup_webhook: u32,
    /// What was held goes out last first.
    pub(crate) reorder: bool,
    /// Nothing goes out until it is released.
    pub(crate) hold_webhook: bool,
    /// Events about charges say no more than which one.
    pub(crate) hint_only: bool,
}

/// One event on its way to one endpoint.
#[derive(Debug)]
pub(crate) struct Parcel {
    endpoint: Endpoint,
    body: String,
}

/// Endpoints, dials, and what is held.
#[derive(Debug, Default)]
pub(crate) struct PostOffice {
    /// By name.
    pub(crate) endpoints: BTreeMap<String, Endpoint>,
    pub(crate) dials: Dials,
    held: Vec<String>,
    out: OnceLock<UnboundedSender<Parcel>>,
    under_way: Arc<AtomicUsize>,
}

impl PostOffice {
    /// Where parcels come out, for who carries them. Once.
    pub(crate) fn open(&self) -> Option<(UnboundedReceiver<Parcel>, Arc<AtomicUsize>)> {
        let (sender, receiver) = unbounded_channel();
        self.out.set(sender).ok().map(|()| (receiver, Arc::clone(&self.under_way)))
    }

    /// Tells of a change; `book` is as it was before.
    pub(crate) fn tell(&mut self, ids: &mut Ids, entry: &Entry, book: &Book, base: &str) {
        if self.endpoints.is_empty() {
            return;
        }
        let Some((kind, object)) = described(entry, book, base) else { return };
        let (kind, object) = match object.get("id") {
            Some(id) if kind == "charge" && self.dials.hint_only => ("hint", json!({ "id": id })),
            _ => (kind, object),
        };
        let event =
            json!({ "id": ids.next("evt_"), "type": kind, "created": now_ms() / 1000, "object": object });
        if self.dials.hold_webhook {
            self.held.push(event.to_string());
        } else {
            self.send(&event.to_string());
        }
    }

    /// Sends what was held.
    pub(crate) fn release(&mut self) {
        let mut held = std::mem::take(&mut self.held);
        if self.dials.reorder {
            held.reverse();
        }
        held.iter().for_each(|body| self.send(body));
    }

    fn send(&self, body: &str) {
        let Some(out) = self.out.get() else { return };
        for endpoint in self.endpoints.values() {
            for _ in 0..=self.dials.dup_webhook {
                self.under_way.fetch_add(1, Ordering::SeqCst);
                let parcel = Parcel { endpoint: endpoint.clone(), body: body.to_owned() };
                if out.send(parcel).is_err() {
                    self.under_way.fetch_sub(1, Ordering::SeqCst);
                }
            }
        }
    }

    /// Endpoints and dials, how many events are held, and how many are neither taken nor given up.
    pub(crate) fn view(&self) -> Value {
        json!({
            "endpoints": self.endpoints, "dials": self.dials, "held": self.held.len(),
            "under_way": self.under_way.load(Ordering::SeqCst),
        })
    }
}

/// What is told of a change, if anything is.
fn described(entry: &Entry, book: &Book, base: &str) -> Option<(&'static str, Value)> {
    Some(match entry {
        Entry::Charge(charge) => ("charge", charge.view(base)),
        Entry::Refund(refund) => ("refund", json!(refund)),
        Entry::Dispute(dispute) => ("dispute", json!(dispute)),
        Entry::Setup(setup) if setup.status != SetupStatus::Open => ("setup", json!({ "id": setup.id })),
        Entry::Method(method) if method.detached => ("method.detached", json!({ "id": method.id })),
        Entry::Method(method) if book.methods.contains_key(&method.id) => ("method.updated", method.view()),
        Entry::Setup(_) | Entry::Method(_) | Entry::Answer(_) | Entry::Request(_) => return None,
    })
}

/// Carries parcels, each by itself, so that none waits for another.
pub(crate) async fn carry(mut parcels: UnboundedReceiver<Parcel>, under_way: Arc<AtomicUsize>) {
    let Ok(client) = reqwest::Client::builder().no_proxy().timeout(PATIENCE).build() else { return };
    while let Some(parcel) = parcels.recv().await {
        let (client, under_way) = (client.clone(), Arc::clone(&under_way));
        actix_web::rt::spawn(async move {
            deliver(&client, &parcel).await;
            under_way.fetch_sub(1, Ordering::SeqCst);
        });
    }
}

async fn deliver(client: &reqwest::Client, parcel: &Parcel) {
    let mut pause = FIRST_PAUSE;
    for _ in 0..TRIES {
        let post = client.post(&parcel.endpoint.url).header("content-type", "application/json");
        let post = post.header("simulator-signature", signature(&parcel.endpoint, &parcel.body));
        match post.body(parcel.body.clone()).send().await {
            Ok(answer) if answer.status().is_success() => return,
            _ => tokio::time::sleep(pause).await,
        }
        pause = (pause * 2).min(LONGEST_PAUSE);
    }
}

/// `t=SECONDS,v1=HMAC`: HMAC-SHA-256 over the seconds, a full stop and the body, in hexadecimal.
fn signature(endpoint: &Endpoint, body: &str) -> String {
    let time = (now_ms() / 1000).saturating_add_signed(endpoint.ahead_s);
    sign(&endpoint.secret, time, body.as_bytes())
}

/// The header that vouches for a body at a time, seconds since 1970.
pub fn sign(secret: &str, time: u64, body: &[u8]) -> String {
    // A key of any length is good for HMAC.
    let Ok(mut mac) = Hmac::<Sha256>::new_from_slice(secret.as_bytes()) else { return String::new() };
    mac.update(format!("{time}.").as_bytes());
    mac.update(body);
    format!("t={time},v1={}", HEXLOWER.encode(&mac.finalize().into_bytes()))
}
