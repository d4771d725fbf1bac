//! The service that the kit plays: answers by the scenario, keeps its own books, and fails where it is told to.

use crate::scenario::Exchange;
use crate::trick::{Effect, Trick};
use crate::wire::{self, Delivery, Request};
use std::collections::HashMap;
use std::io;
use std::net::{Ipv4Addr, SocketAddr};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use tokio::net::TcpListener;
use tokio::sync::watch;
use tokio::task::JoinHandle;

/// What the service knows to say.
#[derive(Debug, Clone, Default)]
pub struct Script {
    /// At any time.
    pub always: Vec<Exchange>,
    /// Once money has moved.
    pub after: Vec<Exchange>,
    /// While none has.
    pub before: Vec<Exchange>,
    /// Path at which bearer tokens are had; not part of the dialogue.
    pub token_path: Option<String>,
    /// Header that carries the key; without one it is looked for in the request.
    pub key_header: Option<String>,
    /// The attempt's key.
    pub key: String,
    /// A repeated key gets the first answer.
    pub remembers: bool,
    /// How the amount is written, and another one; the same for the currency.
    pub other_amount: Vec<(String, String)>,
    pub other_currency: Vec<(String, String)>,
}

/// A request as the service saw it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Seen {
    /// `POST /v1/charges`
    pub line: String,
    /// GET asks, everything else may act.
    pub is_get: bool,
    /// The key it carried.
    pub key: Option<String>,
    /// The answer names the amount, so that it can name another.
    pub names_amount: bool,
}

/// A status and a body.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Answer {
    pub status: u16,
    pub body: String,
}

#[derive(Debug, Default)]
struct Books {
    /// What goes wrong, and at which request from now.
    planned: Option<(usize, Trick)>,
    requests: usize,
    seen: Vec<Seen>,
    first_answers: HashMap<String, Answer>,
    effects: usize,
}

#[derive(Debug)]
pub struct State {
    script: Script,
    elsewhere: String,
    books: Mutex<Books>,
}

/// A running service. It stops when it is dropped.
#[derive(Debug)]
pub struct Service {
    url: String,
    state: Arc<State>,
    /// Connections being served.
    busy: watch::Receiver<usize>,
    task: JoinHandle<()>,
}

impl Drop for Service {
    fn drop(&mut self) {
        self.task.abort();
    }
}

impl Service {
    /// Opens a service; redirects lead to `elsewhere`.
    pub async fn open(script: Script, elsewhere: SocketAddr) -> io::Result<Self> {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await?;
        let url = format!("http://{}", listener.local_addr()?);
        let script = script.at(&url);
        let state =
            Arc::new(State { script, elsewhere: format!("http://{elsewhere}/"), books: Mutex::default() });
        let (count, busy) = watch::channel(0_usize);
        let (at_work, count) = (state.clone(), Arc::new(count));
        let task = tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                let (state, count) = (at_work.clone(), count.clone());
                count.send_modify(|busy| *busy += 1);
                tokio::spawn(async move {
                    // A caller that hangs up is no concern of the service's.
                    let _ = wire::serve(stream, &state).await;
                    count.send_modify(|busy| *busy -= 1);
                });
            }
        });
        Ok(Self { url, state, busy, task })
    }

    pub fn url(&self) -> &str {
        &self.url
    }

    /// Fails at the request of this number from now, the first being 0.
    pub fn fail_at(&self, request: usize, trick: Trick) {
        let mut books = self.state.books();
        books.planned = Some((request, trick));
        books.requests = 0;
    }

    /// Does not fail any more.
    pub fn recover(&self) {
        self.state.books().planned = None;
    }

    /// Waits until nobody is being served: what comes late has come.
    pub async fn quiet(&self) {
        // The sender lives as long as the task, which lives as long as this.
        let _ = self.busy.clone().wait_for(|busy| *busy == 0).await;
    }

    /// All requests so far, but those for tokens.
    pub fn seen(&self) -> Vec<Seen> {
        self.state.books().seen.clone()
    }

    /// How often money has moved.
    pub fn effects(&self) -> usize {
        self.state.books().effects
    }

    /// Money has moved before this service was opened.
    pub fn moved(self) -> Self {
        self.state.books().effects = 1;
        self
    }
}

impl Script {
    fn at(mut self, url: &str) -> Self {
        for exchange in self.always.iter_mut().chain(&mut self.after).chain(&mut self.before) {
            exchange.body = exchange.body.replace("{{base_url}}", url);
        }
        self
    }

    /// A first answer by pattern.
    fn find(&self, request: &Request, moved: bool) -> Option<&Exchange> {
        let at_present = if moved { &self.after } else { &self.before };
        at_present.iter().chain(&self.always).find(|exchange| matches(&exchange.request, request))
    }

    fn key_of(&self, request: &Request) -> Option<String> {
        match &self.key_header {
            Some(name) => request.header(name).map(str::to_owned),
            None => request.mentions(&self.key).then(|| self.key.clone()),
        }
    }
}

impl State {
    fn books(&self) -> MutexGuard<'_, Books> {
        self.books.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// What becomes of a request, and what its caller gets.
    pub fn take(&self, request: &Request) -> (Delivery, Effect) {
        if self.script.token_path.as_deref() == Some(request.path()) {
            let body = r#"{"access_token":"conformance-token","token_type":"Bearer","expires_in":3600}"#;
            return (Delivery::good(Answer { status: 200, body: body.to_owned() }), Effect::None);
        }
        let mut books = self.books();
        let trick = books.planned.filter(|(at, _)| *at == books.requests).map(|(_, trick)| trick);
        books.requests += 1;
        let good = self.script.find(request, books.effects > 0);
        let names_amount = good.is_some_and(|good| other(&good.body, &self.script.other_amount).is_some());
        books.seen.push(Seen {
            line: format!("{} {}", request.method, request.path()),
            is_get: request.method == "GET",
            key: self.script.key_of(request),
            names_amount,
        });
        let Some(trick) = trick else {
            return (Delivery::good(self.execute(&mut books, request, None)), Effect::None);
        };
        let answer = match trick.effect {
            Effect::Happens => self.execute(&mut books, request, None),
            Effect::Stored => self.execute(&mut books, request, Some(wire::error(500))),
            // The answer that would have come, for tricks that spoil it.
            Effect::None | Effect::Late => good.map_or_else(|| wire::error(404), Exchange::answer),
        };
        (Delivery { answer: self.spoil(answer, trick), act: Some(trick.act) }, trick.effect)
    }

    /// Does what a request asks for, long after it was sent.
    pub fn execute_late(&self, request: &Request) {
        self.execute(&mut self.books(), request, None);
    }

    /// Moves money where the request does, once for each key, and says the answer. `kept` is what repetitions get.
    fn execute(&self, books: &mut Books, request: &Request, kept: Option<Answer>) -> Answer {
        let Some(exchange) = self.script.find(request, books.effects > 0) else {
            return wire::error(404);
        };
        if !exchange.effect {
            return exchange.answer();
        }
        let key = self.script.key_of(request).filter(|_| self.script.remembers);
        if let Some(first) = key.as_ref().and_then(|key| books.first_answers.get(key)) {
            return first.clone();
        }
        books.effects += 1;
        let answer = exchange.answer();
        if let Some(key) = key {
            books.first_answers.insert(key, kept.clone().unwrap_or_else(|| answer.clone()));
        }
        kept.unwrap_or(answer)
    }

    fn spoil(&self, answer: Answer, trick: Trick) -> Answer {
        let other = match trick.act {
            crate::trick::Act::WrongAmount => other(&answer.body, &self.script.other_amount),
            crate::trick::Act::WrongCurrency => other(&answer.body, &self.script.other_currency),
            _ => None,
        };
        match other {
            Some(body) => Answer { body, ..answer },
            None => answer,
        }
    }

    /// Where redirects lead.
    pub fn elsewhere(&self) -> &str {
        &self.elsewhere
    }
}

impl Exchange {
    fn answer(&self) -> Answer {
        Answer { status: self.status, body: self.body.clone() }
    }
}

/// `body` with each first text replaced by the second; none where no first text occurs.
fn other(body: &str, replace: &[(String, String)]) -> Option<String> {
    let (from, to) = replace.iter().find(|(from, _)| body.contains(from))?;
    Some(body.replace(from, to))
}

fn matches(pattern: &str, request: &Request) -> bool {
    let Some((method, pattern)) = pattern.split_once(' ') else { return false };
    let target = if pattern.contains('?') { &request.target } else { request.path() };
    method == request.method && wildcard(pattern, target)
}

/// Whether `text` is `pattern`, in which a star stands for anything.
fn wildcard(pattern: &str, text: &str) -> bool {
    match pattern.split_once('*') {
        None => pattern == text,
        Some((head, tail)) => text.strip_prefix(head).is_some_and(|rest| {
            rest.char_indices().map(|(at, _)| at).chain([rest.len()]).any(|at| wildcard(tail, &rest[at..]))
        }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn stars_stand_for_anything() {
        for (pattern, text) in [("/a", "/a"), ("/a/*", "/a/b"), ("/a?*page=2", "/a?x=1&page=2"), ("*", "")] {
            assert!(wildcard(pattern, text), "{pattern} {text}");
        }
        for (pattern, text) in [("/a", "/ab"), ("/a/*/c", "/a/b"), ("", "/a")] {
            assert!(!wildcard(pattern, text), "{pattern} {text}");
        }
    }
}
