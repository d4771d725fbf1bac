//! The API under `/v1`: every endpoint reads the book and answers with what to write. Nothing here waits.

mod charges;
mod methods;
mod refunds;
mod setups;

pub(crate) use charges::settle;
pub(crate) use methods::{save, swap};
pub(crate) use refunds::{by_hand as refund_by_hand, dispute};

use crate::book::{Book, Entry, RequestLine, StoredAnswer};
use crate::cards::Expiry;
use crate::faults::{Fault, Mode, Traits};
use crate::service::Ids;
use chrono::{DateTime, Datelike};
use data_encoding::HEXLOWER;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use std::collections::HashMap;

/// Rows on one page of a list.
const PAGE: usize = 100;

/// A request of the API, read whole. Not printable: it carries a secret.
#[derive(Clone)]
pub(crate) struct Call {
    pub(crate) method: String,
    pub(crate) path: String,
    pub(crate) query: HashMap<String, String>,
    pub(crate) key: Option<String>,
    pub(crate) bearer: Option<String>,
    pub(crate) body: Vec<u8>,
    /// The body, where it is JSON.
    pub(crate) json: Option<Value>,
    /// Arrival, milliseconds since 1970.
    pub(crate) at: u64,
}

impl Call {
    /// The key, on the requests that honour one. Cancelling and detaching are the same when repeated.
    pub(crate) fn idempotency_key(&self) -> Option<&str> {
        let keyed =
            matches!(self.path.as_str(), "/v1/charges" | "/v1/refunds" | "/v1/setups" | "/v1/methods");
        self.key.as_deref().filter(|_| keyed && self.method == "POST")
    }

    /// Equal for the same request, byte for byte.
    pub(crate) fn digest(&self) -> String {
        let hash = Sha256::new().chain_update(&self.path).chain_update([0]).chain_update(&self.body);
        HEXLOWER.encode(&hash.finalize())
    }

    /// What rules look at.
    pub(crate) fn traits(&self) -> Traits<'_> {
        Traits {
            path: &self.path,
            method: &self.method,
            key: self.key.as_deref(),
            payment_method: self.text("method"),
            reference: self.text("reference").or(self.query.get("reference").map(String::as_str)),
        }
    }

    /// The line that the ledger keeps of this request.
    pub(crate) fn line(&self, status: Option<u16>, effect: bool) -> RequestLine {
        let traits = self.traits();
        RequestLine {
            at: self.at,
            method: self.method.clone(),
            path: self.path.clone(),
            key: self.key.clone().or(self.query.get("key").cloned()),
            reference: traits.reference.map(str::to_owned),
            amount: self.json.as_ref().and_then(|body| body.get("amount")?.as_i64()),
            currency: self.text("currency").map(str::to_owned),
            payment_method: traits.payment_method.map(str::to_owned),
            status,
            effect,
        }
    }

    fn text(&self, field: &str) -> Option<&str> {
        self.json.as_ref()?.get(field)?.as_str()
    }

    /// The body as the endpoint wants it.
    fn read<T: DeserializeOwned>(&self) -> Result<T, Answer> {
        serde_json::from_slice(&self.body).map_err(|error| bad_request("invalid_body", &error.to_string()))
    }
}

/// What an endpoint decides with.
#[derive(Debug)]
pub(crate) struct Desk<'a> {
    pub(crate) book: &'a Book,
    pub(crate) mode: &'a Mode,
    pub(crate) ids: &'a mut Ids,
    pub(crate) base: &'a str,
    /// Seconds since 1970.
    pub(crate) now: u64,
}

impl Desk<'_> {
    /// The month it is, in UTC.
    pub(crate) fn month(&self) -> Expiry {
        let now =
            i64::try_from(self.now).ok().and_then(|now| DateTime::from_timestamp(now, 0)).unwrap_or_default();
        Expiry {
            year: u16::try_from(now.year()).unwrap_or(u16::MAX),
            month: u8::try_from(now.month()).unwrap_or(1),
        }
    }
}

/// What a request comes to.
#[derive(Debug, Clone)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) body: Value,
    /// Given before, to the same key.
    pub(crate) replayed: bool,
    /// Repeats of the key get it too.
    pub(crate) kept: bool,
    /// What it changes.
    pub(crate) entries: Vec<Entry>,
}

impl Answer {
    fn ok(body: Value) -> Self {
        Self { status: 200, body, replayed: false, kept: true, entries: Vec::new() }
    }

    fn with(mut self, entries: impl IntoIterator<Item = Entry>) -> Self {
        self.entries.extend(entries);
        self
    }
}

/// An error of the API: nothing was done.
pub(crate) fn refusal(status: u16, code: &str, message: &str) -> Answer {
    let body = json!({ "error": { "code": code, "message": message } });
    Answer { status, body, replayed: false, kept: false, entries: Vec::new() }
}

fn bad_request(code: &str, message: &str) -> Answer {
    refusal(400, code, message)
}

pub(crate) fn not_found(code: &str) -> Answer {
    refusal(404, code, "There is nothing with this id.")
}

pub(crate) fn unauthorized() -> Answer {
    refusal(401, "unauthorized", "Send the account's secret as a bearer token.")
}

pub(crate) fn in_progress() -> Answer {
    refusal(409, "in_progress", "A request with this key is being executed.")
}

pub(crate) fn mismatch() -> Answer {
    refusal(409, "idempotency_mismatch", "This key was used with another request.")
}

/// An answer that the script asked for.
pub(crate) fn scripted(status: u16) -> Answer {
    refusal(status, "scripted", "The script asked for this answer.")
}

/// The first answer to a key.
pub(crate) fn replay(first: &StoredAnswer) -> Answer {
    Answer {
        status: first.status,
        body: first.body.clone(),
        replayed: true,
        kept: false,
        entries: Vec::new(),
    }
}

/// Finds the endpoint.
pub(crate) fn route(desk: &mut Desk<'_>, call: &Call, fault: Fault) -> Answer {
    let segments: Vec<&str> = call.path.trim_start_matches("/v1/").split('/').collect();
    let answer = match (call.method.as_str(), segments.as_slice()) {
        ("POST", ["charges"]) => charges::create(desk, call, fault),
        ("GET", ["charges"]) => charges::list(desk, &call.query),
        ("GET", ["charges", id]) => charges::show(desk, id),
        ("POST", ["charges", id, "cancel"]) => charges::cancel(desk, id),
        ("POST", ["refunds"]) => refunds::create(desk, call),
        ("GET", ["refunds"]) => refunds::list(desk, &call.query),
        ("POST", ["setups"]) => setups::create(desk, call),
        ("GET", ["setups", id]) => setups::show(desk, id),
        ("POST", ["methods"]) => methods::create(desk, call),
        ("GET", ["methods", id]) => methods::show(desk, id),
        ("POST", ["methods", id, "detach"]) => methods::detach(desk, id),
        _ => Err(refusal(404, "unknown_path", "There is nothing at this path.")),
    };
    answer.unwrap_or_else(|refusal| refusal)
}

/// Only a page of our customer's own can be returned to.
fn check_return_url(url: &str) -> Result<(), Answer> {
    match crate::pages::origin(url) {
        Some(_) => Ok(()),
        None => Err(bad_request("invalid_return_url", "return_url must begin with http:// or https://.")),
    }
}
