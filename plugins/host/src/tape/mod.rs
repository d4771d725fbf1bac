//! Record and replay: what a component was given in one call, what it did with it, and what came of it. Everything that a
//! component can see comes through the host, so a call can be run again, on the same component or another, without a
//! network and without a secret.

mod difference;
mod player;
mod recorder;
mod wire;

pub use difference::{Difference, Part};
pub use player::Player;
pub use recorder::{Keep, Recorder};
pub use wire::{Answer, Request, given};

use crate::account::{Account, SecretValue, handle};
use crate::http::NoToken;
use domain::Instant;
use domain::provider::{CallContext, ChargeRequest, Delivery, LookupRequest, RefundRequest, SetupRequest};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::sync::Arc;
use wire::Body;

/// The recording of one call. It holds what customers are called and where they live, as their requests do, and handles
/// in the place of secrets.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Tape {
    /// Name of the provider.
    provider: String,
    /// SHA-256 of the component, in hexadecimal.
    component: String,
    asked: Asked,
    account: TapedAccount,
    /// When the call began, in seconds since 1970; the time that WASI shows.
    began: u64,
    /// What random numbers are made from.
    seed: [u8; 32],
    /// Each time that the component asked for.
    times: Vec<u64>,
    exchanges: Vec<Exchange>,
    /// What the host computed with secrets: the answer to each question, which is kept as its digest.
    signatures: BTreeMap<String, Option<String>>,
    /// The account got no token, and why.
    no_token: Option<NoToken>,
    /// The call's time was up before the component came to an end: the outcome is not the component's, and nobody knows what
    /// it would have been.
    cut_off: bool,
    /// What the host made of the component's answer (JSON).
    outcome: String,
}

impl Tape {
    /// Reads what [`Tape::to_text`] wrote.
    ///
    /// # Errors
    /// When `text` is no tape.
    pub fn from_text(text: &str) -> Result<Self, serde_json::Error> {
        serde_json::from_str(text)
    }

    /// The tape as text, for whoever keeps it; to be kept like the personal data that it holds.
    pub fn to_text(&self) -> String {
        serde_json::to_string(self).unwrap_or_default()
    }

    /// Name of the provider.
    pub fn provider(&self) -> &str {
        &self.provider
    }

    /// SHA-256 of the component that was called, in hexadecimal.
    pub fn component(&self) -> &str {
        &self.component
    }

    /// The function of the contract that was called: `charge`, `look-up` ...
    pub const fn function(&self) -> &'static str {
        self.asked.function()
    }

    /// The idempotency key of the charge or refund that it was about, where it was about one.
    pub fn key(&self) -> Option<&str> {
        match &self.asked {
            Asked::Charge { context, .. } | Asked::Refund { context, .. } | Asked::Cancel { context, .. } => {
                Some(&context.key)
            }
            Asked::LookUp(query) => Some(&query.key),
            _ => None,
        }
    }

    pub(crate) const fn asked(&self) -> &Asked {
        &self.asked
    }

    /// The account as the component knows it. Each secret's value is its own handle, so putting it in changes nothing.
    pub(crate) fn account(&self) -> Account {
        let secret = |key: &String| (key.clone(), SecretValue::new(handle(key)));
        Account {
            settings: self.account.settings.clone(),
            secrets: self.account.secrets.iter().map(secret).collect(),
            grants: self.account.grants.clone(),
            ..Account::default()
        }
    }
}

/// What a component is asked, with all that it is told.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Asked {
    Charge { context: CallContext, request: ChargeRequest },
    Refund { context: CallContext, request: RefundRequest },
    Cancel { context: CallContext, provider_ref: String },
    LookUp(LookupRequest),
    ListSince { since: Instant, cursor: Option<String> },
    BeginSetup { context: CallContext, request: SetupRequest },
    CompleteSetup { setup_ref: String },
    Detach { context: CallContext, method_ref: String },
    VerifyWebhook { headers: Vec<(String, String)>, body: Body, received_at: Instant },
}

impl Asked {
    pub fn verify_webhook(delivery: &Delivery) -> Self {
        let Delivery { headers, body, received_at } = delivery.clone();
        Self::VerifyWebhook { headers, body: Body(body), received_at }
    }

    const fn function(&self) -> &'static str {
        match self {
            Self::Charge { .. } => "charge",
            Self::Refund { .. } => "refund",
            Self::Cancel { .. } => "cancel",
            Self::LookUp(_) => "look-up",
            Self::ListSince { .. } => "list-since",
            Self::BeginSetup { .. } => "begin-setup",
            Self::CompleteSetup { .. } => "complete-setup",
            Self::Detach { .. } => "detach",
            Self::VerifyWebhook { .. } => "verify-webhook",
        }
    }
}

/// The account as the operator set it up, without what its secrets hold.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
struct TapedAccount {
    settings: BTreeMap<String, String>,
    /// Keys of the secrets that have a value.
    secrets: Vec<String>,
    grants: Vec<String>,
}

impl TapedAccount {
    fn of(account: &Account) -> Self {
        let secrets = account.secrets.iter().filter(|(_, value)| !value.reveal().is_empty());
        Self {
            settings: account.settings.clone(),
            secrets: secrets.map(|(key, _)| key.clone()).collect(),
            grants: account.grants.clone(),
        }
    }
}

/// One request of a component, and what came of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Exchange {
    pub request: Request,
    /// It left the machine, or may have.
    pub left: bool,
    /// Status of the answer, also of one that did not come whole.
    pub status: Option<u16>,
    /// What the component was given; nothing when the call ended before.
    pub answer: Option<Answer>,
}

/// Where a call's answers come from, and who listens.
#[derive(Debug, Clone)]
pub enum Deck {
    /// From the world; nobody listens.
    Off,
    /// From the world, and they are recorded.
    Recording(Arc<Recorder>),
    /// From a tape.
    Playing(Arc<Player>),
}

impl Deck {
    /// When the call began; `now` unless a tape plays.
    pub fn began(&self, now: u64) -> u64 {
        match self {
            Self::Off => now,
            Self::Recording(recorder) => recorder.began(now),
            Self::Playing(player) => player.tape().began,
        }
    }

    /// What random numbers are made from.
    pub fn seed(&self) -> [u8; 32] {
        match self {
            Self::Off => fresh_seed(),
            Self::Recording(recorder) => recorder.seed(fresh_seed()),
            Self::Playing(player) => player.tape().seed,
        }
    }

    /// The time, where a component asks for it.
    pub fn now(&self, now: u64) -> u64 {
        match self {
            Self::Off => now,
            Self::Recording(recorder) => recorder.now(now),
            Self::Playing(player) => player.now(),
        }
    }

    /// What the host computes with a secret, in answer to a question of these parts.
    ///
    /// # Errors
    /// When a tape plays on which this was not asked: the call cannot go on.
    pub fn signature(
        &self,
        question: &[&[u8]],
        compute: impl FnOnce() -> Option<Vec<u8>>,
    ) -> wasmtime::Result<Option<Vec<u8>>> {
        match self {
            Self::Off => Ok(compute()),
            Self::Recording(recorder) => Ok(recorder.signature(question, compute())),
            Self::Playing(player) => player.signature(question),
        }
    }

    /// The call is over, and this is its result.
    pub fn end<T: Serialize, E: Serialize>(&self, result: &Result<T, E>) {
        let outcome = || serde_json::to_string(result).unwrap_or_default();
        match self {
            Self::Off => {}
            Self::Recording(recorder) => recorder.end(outcome()),
            Self::Playing(player) => player.end(&outcome()),
        }
    }
}

fn fresh_seed() -> [u8; 32] {
    rand::RngExt::random(&mut rand::rng())
}

/// The digest of a question about a secret. Each part is preceded by its length.
fn digest_of(question: &[&[u8]]) -> String {
    use sha2::{Digest, Sha256};
    let mut digest = Sha256::new();
    for part in question {
        digest.update((part.len() as u64).to_be_bytes());
        digest.update(part);
    }
    data_encoding::HEXLOWER.encode(&digest.finalize())
}
