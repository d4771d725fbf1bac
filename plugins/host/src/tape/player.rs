//! Plays a tape to a component, and notices where it asks for something else.

use super::difference::{self, Difference};
use super::{Exchange, Request, Tape, digest_of};
use crate::bindings::portico::payment::http;
use crate::http::NoToken;
use std::sync::{Mutex, MutexGuard, PoisonError};

/// The player of one tape.
#[derive(Debug)]
pub struct Player {
    tape: Tape,
    place: Mutex<Place>,
}

/// How far the tape has come.
#[derive(Debug, Default)]
struct Place {
    exchanges: usize,
    times: usize,
    found: Option<Difference>,
}

impl Player {
    pub fn new(tape: Tape) -> Self {
        Self { tape, place: Mutex::default() }
    }

    pub const fn tape(&self) -> &Tape {
        &self.tape
    }

    /// The next time on the tape; the last one again where the component asks more often.
    pub fn now(&self) -> u64 {
        let mut place = self.place();
        let time = self.tape.times.get(place.times).or_else(|| self.tape.times.last());
        place.times += 1;
        time.copied().unwrap_or(self.tape.began)
    }

    /// What came of this request when it was recorded, and its number.
    ///
    /// # Errors
    /// When it was not made then, or the call ended here: it cannot go on.
    pub fn next(&self, request: &http::Request) -> wasmtime::Result<(usize, &Exchange)> {
        let mut place = self.place();
        let number = place.exchanges + 1;
        let Some(exchange) = self.tape.exchanges.get(place.exchanges) else {
            if self.tape.cut_off {
                wasmtime::bail!("the recorded call ended before this request");
            }
            place.found.get_or_insert(Difference::OneMoreRequest(number));
            wasmtime::bail!("this request is not on the tape");
        };
        if let Some(part) = difference::between(&exchange.request, &Request::from(request)) {
            place.found.get_or_insert(Difference::Request(number, part));
            wasmtime::bail!("another request is on the tape");
        }
        place.exchanges = number;
        Ok((number, exchange))
    }

    /// Why the account got no token.
    pub const fn no_token(&self) -> Option<NoToken> {
        self.tape.no_token
    }

    /// A request that was let out when it was recorded may not leave any more.
    pub fn forbids(&self, number: usize, why: &'static str) {
        self.place().found.get_or_insert(Difference::Forbidden(number, why));
    }

    /// The answer to a question about a secret.
    ///
    /// # Errors
    /// When it was not asked then.
    pub fn signature(&self, question: &[&[u8]]) -> wasmtime::Result<Option<Vec<u8>>> {
        let Some(answer) = self.tape.signatures.get(&digest_of(question)) else {
            self.place().found.get_or_insert(Difference::Signature);
            wasmtime::bail!("this signature is not on the tape");
        };
        let bytes = answer.as_ref().map(|hex| data_encoding::HEXLOWER.decode(hex.as_bytes()));
        bytes.transpose().map_err(|error| wasmtime::format_err!("{error}"))
    }

    /// The component has come to its end, with this outcome (JSON).
    pub fn end(&self, outcome: &str) {
        let mut place = self.place();
        let (made, all) = (place.exchanges, self.tape.exchanges.len());
        if !self.tape.cut_off && outcome != self.tape.outcome {
            let what = difference::of_outcomes(&self.tape.outcome, outcome);
            place.found.get_or_insert(Difference::Outcome(what));
        } else if made < all {
            place.found.get_or_insert(Difference::FewerRequests(made, all));
        }
    }

    /// The first difference, if there is one.
    pub fn found(&self) -> Option<Difference> {
        self.place().found.clone()
    }

    fn place(&self) -> MutexGuard<'_, Place> {
        self.place.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
