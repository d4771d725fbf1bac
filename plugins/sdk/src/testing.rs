//! A service for the tests of a provider: it gives the answers of a script in turn, and keeps the requests.

use crate::http::{Failure, Http, HttpError, Request, Response};
use crate::types::{Account, CallContext};
use std::cell::RefCell;
use std::collections::VecDeque;

/// A service as far as a test wants it.
#[derive(Debug, Default)]
pub struct Script {
    answers: RefCell<VecDeque<Result<Response, HttpError>>>,
    asked: RefCell<Vec<Request>>,
}

impl Script {
    /// Answers its first request with a status and a body.
    pub fn answers(status: u16, body: &str) -> Self {
        Self::default().then(status, body)
    }

    /// And its next one with these.
    #[must_use]
    pub fn then(self, status: u16, body: &str) -> Self {
        self.with(Ok(Response { status, headers: Vec::new(), body: body.as_bytes().to_vec() }))
    }

    /// And its next one not at all; `sent`: bytes of it may have left.
    #[must_use]
    pub fn then_lost(self, sent: bool) -> Self {
        self.with(Err(HttpError { failure: Failure::TimedOut, sent, message: "no answer".to_owned() }))
    }

    fn with(self, answer: Result<Response, HttpError>) -> Self {
        self.answers.borrow_mut().push_back(answer);
        self
    }

    /// All that was asked.
    ///
    /// # Panics
    /// When an answer is left that nobody wanted.
    pub fn asked(self) -> Vec<Request> {
        assert!(self.answers.borrow().is_empty(), "an answer is left");
        self.asked.into_inner()
    }
}

impl Http for Script {
    /// # Panics
    /// When the script has no answer left.
    fn send(&self, request: Request) -> Result<Response, HttpError> {
        self.asked.borrow_mut().push(request);
        let answer = self.answers.borrow_mut().pop_front();
        answer.unwrap_or_else(|| panic!("nothing is scripted for this request"))
    }
}

/// An account with these settings.
pub fn account(settings: &[(&str, &str)]) -> Account {
    let owned = |(key, value): &(&str, &str)| ((*key).to_owned(), (*value).to_owned());
    Account { settings: settings.iter().map(owned).collect() }
}

/// What rides on a first call.
pub fn context() -> CallContext {
    CallContext {
        key: "pk1_abcdefghijklmnopqrstuvwxyz234567".to_owned(),
        reference: "inst:sub_1:4".to_owned(),
        seq: 1,
        deadline_ms: 45_000,
    }
}
