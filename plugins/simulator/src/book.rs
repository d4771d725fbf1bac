//! Everything the service knows, rebuilt from the ledger at start.

use crate::cards::Card;
use domain::provider::DeclineKind;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use std::collections::{BTreeMap, HashMap};

/// One thing the ledger holds. A later entry with the same id replaces the earlier one.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Entry {
    Charge(Charge),
    Refund(Refund),
    Dispute(Dispute),
    Setup(Setup),
    Method(Method),
    Answer(StoredAnswer),
    Request(RequestLine),
}

/// Where a charge stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum ChargeStatus {
    Succeeded,
    Pending,
    RequiresAction,
    Cancelled,
    Failed,
}

impl ChargeStatus {
    /// The outcome is still to come.
    pub(crate) fn is_open(self) -> bool {
        matches!(self, Self::Pending | Self::RequiresAction)
    }
}

/// Why a charge failed.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Decline {
    pub(crate) code: String,
    pub(crate) kind: DeclineKind,
}

/// Money taken, or tried to. Amounts are minor units, times seconds since 1970.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Charge {
    pub(crate) id: String,
    pub(crate) status: ChargeStatus,
    pub(crate) amount: i64,
    pub(crate) currency: String,
    pub(crate) reference: String,
    pub(crate) key: Option<String>,
    pub(crate) method: String,
    pub(crate) customer: String,
    /// Nobody was at the browser.
    #[serde(default)]
    pub(crate) off_session: bool,
    pub(crate) return_url: Option<String>,
    pub(crate) expires_at: Option<u64>,
    pub(crate) created: u64,
    pub(crate) decline: Option<Decline>,
}

impl Charge {
    /// The charge object of the API; `base` is the service's own address.
    pub(crate) fn view(&self, base: &str) -> Value {
        let asks = self.status == ChargeStatus::RequiresAction;
        json!({
            "id": self.id,
            "status": self.status,
            "amount": self.amount,
            "currency": self.currency,
            "reference": self.reference,
            "key": self.key,
            "method": self.method,
            "customer": self.customer,
            "off_session": self.off_session,
            "action_url": asks.then(|| format!("{base}/confirm/{}", self.id)),
            "expires_at": if asks { self.expires_at } else { None },
            "created": self.created,
            "decline": self.decline,
        })
    }
}

/// Money given back.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Refund {
    pub(crate) id: String,
    pub(crate) status: String,
    pub(crate) charge: String,
    pub(crate) amount: i64,
    pub(crate) currency: String,
    pub(crate) reference: String,
    pub(crate) key: Option<String>,
    pub(crate) created: u64,
}

/// Money that a bank took back.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Dispute {
    pub(crate) id: String,
    pub(crate) charge: String,
    pub(crate) amount: i64,
    pub(crate) currency: String,
    pub(crate) reason: String,
    pub(crate) created: u64,
}

/// Where a setup stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum SetupStatus {
    Open,
    Done,
    Failed,
}

/// A visit of the card page. The customer's address is not kept.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Setup {
    pub(crate) id: String,
    pub(crate) status: SetupStatus,
    pub(crate) customer: Option<String>,
    pub(crate) customer_id: String,
    pub(crate) return_url: String,
    pub(crate) failure: Option<String>,
    pub(crate) method: Option<String>,
    /// Entered, waits for the bank's page.
    pub(crate) card: Option<Card>,
    pub(crate) created: u64,
}

/// A saved card.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Method {
    pub(crate) id: String,
    pub(crate) customer: String,
    #[serde(flatten)]
    pub(crate) card: Card,
    pub(crate) detached: bool,
    pub(crate) created: u64,
}

impl Method {
    /// The method object of the API.
    pub(crate) fn view(&self) -> Value {
        json!({
            "id": self.id,
            "customer": self.customer,
            "kind": "card",
            "brand": self.card.brand,
            "last4": self.card.last4,
            "exp_month": self.card.exp_month,
            "exp_year": self.card.exp_year,
            "fingerprint": self.card.fingerprint,
        })
    }
}

/// The answer that repeats of a key get.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct StoredAnswer {
    pub(crate) key: String,
    /// SHA-256 of path and body, hexadecimal.
    pub(crate) digest: String,
    pub(crate) status: u16,
    pub(crate) body: Value,
    /// Milliseconds since 1970.
    pub(crate) at: u64,
}

/// One request as it arrived, for tests that ask what was really sent.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct RequestLine {
    /// Arrival, milliseconds since 1970.
    pub(crate) at: u64,
    pub(crate) method: String,
    pub(crate) path: String,
    pub(crate) key: Option<String>,
    pub(crate) reference: Option<String>,
    pub(crate) amount: Option<i64>,
    pub(crate) currency: Option<String>,
    pub(crate) payment_method: Option<String>,
    /// Status sent; none when the connection was dropped or left without an answer.
    pub(crate) status: Option<u16>,
    /// The request changed something; a replay does not.
    pub(crate) effect: bool,
}

/// The service's memory. Ids grow with time, so the maps are in order of creation.
#[derive(Debug, Default)]
pub(crate) struct Book {
    pub(crate) charges: BTreeMap<String, Charge>,
    pub(crate) refunds: BTreeMap<String, Refund>,
    pub(crate) disputes: BTreeMap<String, Dispute>,
    pub(crate) setups: BTreeMap<String, Setup>,
    pub(crate) methods: BTreeMap<String, Method>,
    pub(crate) requests: Vec<RequestLine>,
    answers: HashMap<String, StoredAnswer>,
}

impl Book {
    pub(crate) fn apply(&mut self, entry: Entry) {
        match entry {
            Entry::Charge(charge) => drop(self.charges.insert(charge.id.clone(), charge)),
            Entry::Refund(refund) => drop(self.refunds.insert(refund.id.clone(), refund)),
            Entry::Dispute(dispute) => drop(self.disputes.insert(dispute.id.clone(), dispute)),
            Entry::Setup(setup) => drop(self.setups.insert(setup.id.clone(), setup)),
            Entry::Method(method) => drop(self.methods.insert(method.id.clone(), method)),
            Entry::Answer(answer) => drop(self.answers.insert(answer.key.clone(), answer)),
            Entry::Request(line) => self.requests.push(line),
        }
    }

    /// What was answered to this key, if it was used after `since` (milliseconds since 1970).
    pub(crate) fn answer(&self, key: &str, since: u64) -> Option<&StoredAnswer> {
        self.answers.get(key).filter(|answer| answer.at > since)
    }

    /// What was given back of a charge so far, in minor units.
    pub(crate) fn refunded(&self, charge: &str) -> i64 {
        self.refunds.values().filter(|refund| refund.charge == charge).map(|refund| refund.amount).sum()
    }

    /// A saved card that can be charged.
    pub(crate) fn usable_method(&self, id: &str) -> Option<&Method> {
        self.methods.get(id).filter(|method| !method.detached)
    }
}
