//! What the host itself sees of a call's requests. It outlives the component: a call that is cut off has left the
//! same traces as one that ends.

use super::token::NoToken;
use domain::provider::{Evidence, Exchange};
use sha2::{Digest, Sha256};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// Statuses that a service answers before it acts.
const REFUSALS: [u16; 6] = [400, 401, 403, 404, 422, 429];

/// The record of one call.
#[derive(Debug, Clone, Default)]
pub struct Record(Arc<Mutex<Seen>>);

#[derive(Debug, Default)]
struct Seen {
    evidence: Evidence,
    /// Requests that may move money, and how many of them were provably refused.
    writes: u32,
    refused: u32,
    /// The account got no token, and why.
    no_token: Option<NoToken>,
}

/// One request in the record.
#[derive(Debug)]
pub struct Entry {
    record: Record,
    index: usize,
    writes: bool,
    size: u64,
}

impl Record {
    /// A request is about to leave. It counts as sent until it is certain that it was not.
    pub fn sending(&self, method: &str, url: &url::Url, size: u64, body: &[u8], writes: bool) -> Entry {
        let mut seen = self.seen();
        let index = seen.evidence.exchanges.len();
        seen.evidence.exchanges.push(Exchange {
            method: method.to_owned(),
            url: format!("{}{}", url.origin().ascii_serialization(), url.path()),
            sent: size,
            sent_sha256: (!body.is_empty()).then(|| sha256(body)),
            ..Exchange::default()
        });
        if writes {
            seen.writes += 1;
            seen.evidence.bytes_out += size;
        }
        Entry { record: self.clone(), index, writes, size }
    }

    /// The evidence so far.
    pub fn evidence(&self) -> Evidence {
        let seen = self.seen();
        Evidence { refused: seen.writes > 0 && seen.refused == seen.writes, ..seen.evidence.clone() }
    }

    /// The account got no token; it is not asked for again in this call.
    pub fn without_token(&self, why: NoToken) {
        self.seen().no_token = Some(why);
    }

    /// Why the account got no token.
    pub fn no_token(&self) -> Option<NoToken> {
        self.seen().no_token
    }

    /// Bytes sent and received so far.
    pub fn traffic(&self) -> (u64, u64) {
        let seen = self.seen();
        seen.evidence.exchanges.iter().fold((0, 0), |(out, back), e| (out + e.sent, back + e.received))
    }

    /// Requests so far.
    pub fn requests(&self) -> usize {
        self.seen().evidence.exchanges.len()
    }

    fn seen(&self) -> MutexGuard<'_, Seen> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Entry {
    /// No connection came about, so nothing left.
    pub fn never_left(&self) {
        let mut seen = self.record.seen();
        if self.writes {
            seen.writes -= 1;
            seen.evidence.bytes_out -= self.size;
        }
        if let Some(exchange) = seen.evidence.exchanges.get_mut(self.index) {
            exchange.sent = 0;
        }
    }

    /// The head of an answer arrived.
    pub fn answered(&self, status: u16) {
        let mut seen = self.record.seen();
        if self.writes && REFUSALS.contains(&status) {
            seen.refused += 1;
        }
        if let Some(exchange) = seen.evidence.exchanges.get_mut(self.index) {
            exchange.status = Some(status);
        }
    }

    /// The answer's body arrived whole.
    pub fn complete(&self, body: &[u8]) {
        if let Some(exchange) = self.record.seen().evidence.exchanges.get_mut(self.index) {
            exchange.received_sha256 = Some(sha256(body));
        }
    }

    /// Bytes of an answer arrived.
    pub fn received(&self, bytes: u64) {
        if let Some(exchange) = self.record.seen().evidence.exchanges.get_mut(self.index) {
            exchange.received += bytes;
        }
    }
}

fn sha256(body: &[u8]) -> String {
    data_encoding::HEXLOWER.encode(&Sha256::digest(body))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn url() -> url::Url {
        "https://api.example.com/v1/charges?key=secret".parse().unwrap()
    }

    #[test]
    fn a_refused_connection_proves_that_nothing_happened() {
        let record = Record::default();
        record.sending("POST", &url(), 100, b"amount=1", true).never_left();
        assert!(record.evidence().proves_unexecuted());
    }

    #[test]
    fn a_request_without_an_answer_proves_nothing() {
        let record = Record::default();
        let _entry = record.sending("POST", &url(), 100, b"amount=1", true);
        assert_eq!(record.evidence().bytes_out, 100);
        assert!(!record.evidence().proves_unexecuted());
    }

    #[test]
    fn one_refusal_does_not_excuse_an_earlier_request_that_was_taken() {
        let record = Record::default();
        record.sending("POST", &url(), 100, b"amount=1", true).answered(200);
        record.sending("POST", &url(), 100, b"amount=1", true).answered(422);
        assert!(!record.evidence().proves_unexecuted());
    }

    #[test]
    fn reading_is_never_money_leaving() {
        let record = Record::default();
        record.sending("GET", &url(), 100, b"", false).answered(200);
        assert_eq!(record.evidence().bytes_out, 0);
    }

    #[test]
    fn bodies_are_recorded_by_their_digest() {
        let record = Record::default();
        record.sending("POST", &url(), 100, b"abc", true).complete(b"");
        let exchange = &record.evidence().exchanges[0];
        let abc = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
        assert_eq!(exchange.sent_sha256.as_deref(), Some(abc));
        assert!(exchange.received_sha256.as_deref().is_some_and(|digest| digest.starts_with("e3b0c442")));
    }

    #[test]
    fn queries_stay_out_of_the_record() {
        let record = Record::default();
        let _entry = record.sending("GET", &url(), 100, b"", false);
        assert_eq!(record.evidence().exchanges[0].url, "https://api.example.com/v1/charges");
    }
}
