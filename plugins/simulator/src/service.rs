//! The service behind the pages and the API: decides on the book, writes the ledger, then remembers.

use crate::api::{self, Answer, Call, Desk};
use crate::book::{Book, Entry, StoredAnswer};
use crate::faults::{Fault, Mode, Rule, Script, Trick};
use crate::ledger::Ledger;
use crate::webhooks::PostOffice;
use std::collections::HashSet;
use std::io;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{SystemTime, UNIX_EPOCH};

/// One payment service.
pub(crate) struct Service {
    /// Where it is reached, without a slash at the end.
    pub(crate) base: String,
    pub(crate) ledger: Ledger,
    secret: Option<String>,
    state: Mutex<State>,
}

/// What changes while it runs.
#[derive(Debug, Default)]
pub(crate) struct State {
    pub(crate) book: Book,
    pub(crate) script: Script,
    pub(crate) mode: Mode,
    pub(crate) ids: Ids,
    pub(crate) post: PostOffice,
    /// Keys whose request is being executed.
    busy: HashSet<String>,
}

/// An answer and the length of the ledger to flush before it is sent.
#[derive(Debug)]
pub(crate) struct Done {
    pub(crate) answer: Answer,
    pub(crate) flush: Option<u64>,
}

/// Mints ids that grow with time.
#[derive(Debug, Default)]
pub(crate) struct Ids(ulid::Generator);

impl Ids {
    /// A new id: prefix and a lower-case ULID.
    pub(crate) fn next(&mut self, prefix: &str) -> String {
        let id = match self.0.generate() {
            Ok(id) => id,
            Err(overflow) => overflow.commit_overflow_increment(),
        };
        format!("{prefix}{}", id.to_string().to_ascii_lowercase())
    }
}

/// Milliseconds since 1970 by the wall clock.
pub(crate) fn now_ms() -> u64 {
    let elapsed = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    u64::try_from(elapsed.as_millis()).unwrap_or(u64::MAX)
}

impl Service {
    pub(crate) fn new(base: String, ledger: Ledger, book: Book, secret: Option<String>) -> Self {
        Self { base, ledger, secret, state: Mutex::new(State { book, ..State::default() }) }
    }

    /// The state, for reading and for the dials. What the ledger must know goes through `change`.
    pub(crate) fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Whether the caller may use the API: any bearer where no secret is set.
    pub(crate) fn admits(&self, call: &Call) -> bool {
        match (&self.secret, &call.bearer) {
            (_, None) => false,
            (None, Some(bearer)) => !bearer.is_empty(),
            (Some(secret), Some(bearer)) => secret == bearer,
        }
    }

    /// What the script does to this request.
    pub(crate) fn strike(&self, call: &Call) -> Fault {
        self.state().script.strike(call.traits())
    }

    /// Adds rules to the script.
    pub(crate) fn add_rules(&self, rules: Vec<Rule>) {
        let mut state = self.state();
        rules.into_iter().for_each(|rule| state.script.add(rule));
    }

    /// Marks the key of a delayed request as being executed; an answer if it already is.
    pub(crate) fn hold(&self, call: &Call) -> Result<(), Answer> {
        let mut state = self.state();
        match call.idempotency_key() {
            Some(key) if state.mode.idempotency && !state.busy.insert(key.to_owned()) => {
                Err(api::in_progress())
            }
            _ => Ok(()),
        }
    }

    /// Executes a request of the API, or what the script makes of it. Nothing waits in here, so a caller who
    /// hangs up cannot cut it in half.
    pub(crate) fn execute(&self, call: &Call, fault: Fault) -> io::Result<Done> {
        let mut guard = self.state();
        let state = &mut *guard;
        let mut answer = match call.idempotency_key().filter(|_| state.mode.idempotency) {
            // Only the request that holds its key comes with a delay.
            Some(key) if fault.delay().is_none() && state.busy.contains(key) => api::in_progress(),
            Some(key) => {
                state.busy.remove(key);
                self.once(state, call, fault, key)
            }
            None => self.compute(state, call, fault),
        };
        let status = fault.sent(answer.status);
        let effect = answer.entries.iter().any(|entry| !matches!(entry, Entry::Answer(_)));
        let flush = answer.replayed || !answer.entries.is_empty();
        answer.entries.push(Entry::Request(call.line(status, effect)));
        self.commit(state, answer, flush)
    }

    /// Records a request that is refused before its content is looked at.
    pub(crate) fn turn_away(&self, call: &Call, mut answer: Answer) -> io::Result<Done> {
        answer.entries.push(Entry::Request(call.line(Some(answer.status), false)));
        self.commit(&mut self.state(), answer, false)
    }

    /// A change that does not come through the API: a hosted page or a dial. Answers with the length to flush.
    pub(crate) fn change<T>(
        &self,
        decide: impl FnOnce(&mut Desk<'_>) -> (T, Vec<Entry>),
    ) -> io::Result<(T, Option<u64>)> {
        let mut guard = self.state();
        let (value, entries) = decide(&mut self.desk(&mut guard));
        let length = self.write(&mut guard, entries)?;
        Ok((value, length))
    }

    /// The first answer to a key, again; or a new one, kept.
    fn once(&self, state: &mut State, call: &Call, fault: Fault, key: &str) -> Answer {
        let window = state.mode.window_s.saturating_mul(1000);
        if let Some(first) = state.book.answer(key, call.at.saturating_sub(window)) {
            return if first.digest == call.digest() { api::replay(first) } else { api::mismatch() };
        }
        let mut answer = self.compute(state, call, fault);
        if answer.kept && (answer.status < 300 || state.mode.replay_errors) {
            answer.entries.push(Entry::Answer(StoredAnswer {
                key: key.to_owned(),
                digest: call.digest(),
                status: answer.status,
                body: answer.body.clone(),
                at: call.at,
            }));
        }
        answer
    }

    /// What the request itself comes to, or the scripted answer in its place.
    fn compute(&self, state: &mut State, call: &Call, fault: Fault) -> Answer {
        let entries = match (fault.has_effect(), fault.trick) {
            (true, Some(Trick::StoredHttp(_))) => api::route(&mut self.desk(state), call, fault).entries,
            (true, _) => return api::route(&mut self.desk(state), call, fault),
            (false, _) => Vec::new(),
        };
        match fault.trick {
            Some(Trick::StoredHttp(status)) => Answer { entries, kept: true, ..api::scripted(status) },
            _ => api::scripted(500),
        }
    }

    fn desk<'a>(&'a self, state: &'a mut State) -> Desk<'a> {
        Desk {
            book: &state.book,
            mode: &state.mode,
            ids: &mut state.ids,
            base: &self.base,
            now: now_ms() / 1000,
        }
    }

    fn commit(&self, state: &mut State, mut answer: Answer, flush: bool) -> io::Result<Done> {
        let length = self.write(state, std::mem::take(&mut answer.entries))?;
        Ok(Done { answer, flush: length.filter(|_| flush) })
    }

    /// Writes to the ledger, then remembers. Answers with the length to flush.
    fn write(&self, state: &mut State, entries: Vec<Entry>) -> io::Result<Option<u64>> {
        if entries.is_empty() {
            return Ok(None);
        }
        let length = self.ledger.append(&entries)?;
        for entry in entries {
            state.post.tell(&mut state.ids, &entry, &state.book, &self.base);
            state.book.apply(entry);
        }
        Ok(Some(length))
    }
}
