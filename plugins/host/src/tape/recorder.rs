//! Takes down what a call asks and is given.

use super::{Asked, Exchange, Request, Tape, TapedAccount, digest_of, wire};
use crate::account::Account;
use crate::bindings::portico::payment::http;
use crate::http::Record;
use std::collections::BTreeMap;
use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// Largest tape, in bytes of what was sent, received and signed. A call that takes more is not kept.
const LARGEST: usize = 256 * 1024;

/// What a call's tape is handed to when it is over. Called between the provider's answer and what follows from it, so it must
/// not wait.
pub type Keep = Arc<dyn Fn(Tape) + Send + Sync>;

/// The recorder of one call.
pub struct Recorder {
    keep: Keep,
    taken: Mutex<Taken>,
}

struct Taken {
    tape: Tape,
    /// How many requests the host's record held when each of the tape's began.
    records: Vec<usize>,
    /// Bytes so far.
    size: usize,
}

impl fmt::Debug for Recorder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Recorder").finish_non_exhaustive()
    }
}

impl Recorder {
    pub fn new(keep: Keep, provider: &str, component: &str, account: &Account, asked: Asked) -> Self {
        let tape = Tape {
            provider: provider.to_owned(),
            component: component.to_owned(),
            asked,
            account: TapedAccount::of(account),
            began: 0,
            seed: [0; 32],
            times: Vec::new(),
            exchanges: Vec::new(),
            signatures: BTreeMap::new(),
            no_token: None,
            cut_off: false,
            outcome: String::new(),
        };
        Self { keep, taken: Mutex::new(Taken { tape, records: Vec::new(), size: 0 }) }
    }

    pub fn began(&self, now: u64) -> u64 {
        self.taken().tape.began = now;
        now
    }

    pub fn seed(&self, seed: [u8; 32]) -> [u8; 32] {
        self.taken().tape.seed = seed;
        seed
    }

    pub fn now(&self, now: u64) -> u64 {
        let mut taken = self.taken();
        if taken.has_room_for(size_of::<u64>()) {
            taken.tape.times.push(now);
        }
        now
    }

    /// The component asks for this; the host's record holds `requests` so far.
    pub fn asks(&self, request: &http::Request, requests: usize) {
        let request = Request::from(request);
        let mut taken = self.taken();
        if taken.has_room_for(request.size()) {
            taken.tape.exchanges.push(Exchange { request, left: false, status: None, answer: None });
            taken.records.push(requests);
        }
    }

    /// The component is given this for what it asked for last.
    pub fn gives(&self, given: &Result<http::Response, http::HttpError>) {
        let answer = wire::answer(given);
        let mut taken = self.taken();
        if taken.has_room_for(wire::size_of(&answer))
            && let Some(exchange) = taken.tape.exchanges.last_mut()
        {
            exchange.answer = Some(answer);
        }
    }

    pub fn signature(&self, question: &[&[u8]], answer: Option<Vec<u8>>) -> Option<Vec<u8>> {
        let mut taken = self.taken();
        if taken.has_room_for(2 * 64) {
            let hex = answer.as_ref().map(|answer| data_encoding::HEXLOWER.encode(answer));
            taken.tape.signatures.insert(digest_of(question), hex);
        }
        answer
    }

    /// The component has come to its end, or its time is up.
    pub fn stops(&self, record: &Record, cut_off: bool) {
        let mut taken = self.taken();
        let Taken { tape, records, .. } = &mut *taken;
        tape.cut_off = cut_off;
        tape.no_token = record.no_token();
        let seen = record.evidence().exchanges;
        let next = records.iter().skip(1).copied().chain([seen.len()]);
        for ((exchange, at), next) in tape.exchanges.iter_mut().zip(records.iter()).zip(next) {
            // One that was refused before it left has none of its own.
            if let Some(seen) = seen.get(*at).filter(|_| next > *at) {
                exchange.left = seen.sent > 0;
                exchange.status = seen.status;
            }
        }
    }

    /// The call came to this outcome (JSON): the tape is complete.
    pub fn end(&self, outcome: String) {
        let mut taken = self.taken();
        if !taken.has_room_for(outcome.len()) {
            tracing::info!(function = taken.tape.function(), "a call is too large to be recorded");
            return;
        }
        taken.tape.outcome = outcome;
        let tape = taken.tape.clone();
        drop(taken);
        (self.keep)(tape);
    }

    fn taken(&self) -> MutexGuard<'_, Taken> {
        self.taken.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Taken {
    /// Whether so many bytes more fit. Once they do not, nothing does, and what was taken down is let go.
    fn has_room_for(&mut self, bytes: usize) -> bool {
        self.size = self.size.saturating_add(bytes);
        let fits = self.size <= LARGEST;
        if !fits {
            self.tape.exchanges = Vec::new();
            self.tape.times = Vec::new();
            self.size = usize::MAX;
        }
        fits
    }
}
