//! A component's way out: one request at a time, each checked before it leaves and recorded by the host.

pub mod address;
mod body;
mod client;
mod headers;
mod record;
mod redact;
mod replay;
pub mod target;
mod token;

pub use client::Clients;
pub use record::Record;
pub use token::{NoToken, Tokens};

use crate::account::Account;
use crate::bindings::portico::payment::http::{Failure, HttpError, Method, Request, Response};
use crate::boot::Fence;
use crate::crash;
use crate::limits::Limits;
use crate::tape::Deck;
use crate::turns::Turns;
use body::FencedBody;
use domain::provider::{Authorization, Manifest};
use record::Entry;
use redact::Redactor;
use reqwest::header::{AUTHORIZATION, HeaderMap};
use std::sync::Arc;
use target::Target;
use token::Grant;
use tokio::sync::Semaphore;
use tokio::time::Instant;

/// What a call may send.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Access {
    /// Nothing.
    Closed,
    /// GET.
    Read,
    /// Anything; requests other than GET carry this idempotency key.
    Write(String),
}

/// The way out of one call.
#[derive(Debug)]
pub struct Outbound {
    pub clients: Clients,
    pub manifest: Arc<Manifest>,
    pub account: Arc<Account>,
    pub access: Access,
    pub limits: Arc<Limits>,
    pub fence: Fence,
    /// When the call ends, whatever it is doing.
    pub deadline: Instant,
    pub in_flight: Arc<Semaphore>,
    pub per_tenant: Arc<Turns>,
    pub tokens: Arc<Tokens>,
    pub record: Record,
    pub deck: Deck,
}

/// A request that may leave.
struct Checked {
    target: Target,
    method: reqwest::Method,
    headers: HeaderMap,
    body: Vec<u8>,
    writes: bool,
    /// The token to fetch for it.
    grant: Option<Grant>,
}

impl Checked {
    fn size(&self) -> u64 {
        let line = self.method.as_str().len() + self.target.url.as_str().len() + 12;
        line as u64 + headers::size(&self.headers) + self.body.len() as u64
    }
}

impl Outbound {
    /// Answers a request, from the world or from a tape.
    ///
    /// # Errors
    /// When the tape does not know what comes of it: the component cannot go on.
    pub async fn send(&self, request: Request) -> wasmtime::Result<Result<Response, HttpError>> {
        match &self.deck {
            Deck::Off => Ok(self.exchange(request).await),
            Deck::Recording(recorder) => {
                recorder.asks(&request, self.record.requests());
                let answer = self.exchange(request).await;
                recorder.gives(&answer);
                Ok(answer)
            }
            Deck::Playing(player) => self.replay(player, request),
        }
    }

    /// Sends a request and reads the whole answer, within what is left of the call.
    async fn exchange(&self, request: Request) -> Result<Response, HttpError> {
        let mut checked = self.check(request).map_err(denied)?;
        let removed = |_| denied("the provider is being removed");
        let _own_turn = self.per_tenant.take(&self.account.tenant).await.map_err(removed)?;
        let _turn = self.in_flight.acquire().await.map_err(removed)?;
        let mut redactor = Redactor::new(&self.account, &self.manifest);
        let token = self.take_token(&mut checked).await?;
        if let Some((_, token)) = &token {
            redactor.hide(token);
        }
        if checked.writes {
            if self.fence.is_closed() {
                return Err(denied("too late to send"));
            }
            crash::point("call.before_connect");
        }
        let (writes, entry) = (checked.writes, self.enter(&checked));
        let answer = self.request(checked).send().await.map_err(|error| {
            let sent = !error.is_connect() && !error.is_builder();
            if !sent {
                entry.never_left();
            }
            failed(error, sent)
        })?;
        // An answer proves that the request was written; nothing of it has been read yet.
        if writes {
            crash::point("call.after_write");
        }
        if let (Some((grant, token)), 401) = (&token, answer.status().as_u16()) {
            self.tokens.forget(grant, token).await;
        }
        let response = self.read(answer, &entry, &redactor).await?;
        if writes {
            crash::point("call.after_response");
        }
        Ok(response)
    }

    fn check(&self, request: Request) -> Result<Checked, &'static str> {
        let method = method(request.method);
        let is_search = |url: &url::Url| {
            method == reqwest::Method::POST
                && self.access == Access::Read
                && self.manifest.lookup_posts.iter().any(|path| path == url.path())
        };
        if self.access == Access::Closed {
            return Err("this call sends nothing");
        }
        if self.record.requests() >= self.limits.requests as usize {
            return Err("too many requests");
        }
        let target = target::target(&request.url, &self.manifest, &self.account)?;
        let writes = method != reqwest::Method::GET && !is_search(&target.url);
        let grant = Grant::of(&self.manifest, &self.account)?;
        let key_header = self.manifest.capabilities.idempotency.as_ref().and_then(|i| i.header.as_deref());
        let mut own: Vec<&str> = key_header.into_iter().collect();
        if self.manifest.authorization != Authorization::Headers {
            own.push("authorization");
        }
        let mut headers = headers::from_guest(&request.headers, &self.account, &own)?;
        self.authorize(&mut headers)?;
        if writes {
            let Access::Write(key) = &self.access else {
                return Err("this call may only read");
            };
            let key = step_key(key, request.step.as_deref())?;
            if let Some(name) = key_header {
                let name = reqwest::header::HeaderName::from_bytes(name.as_bytes())
                    .map_err(|_| "the idempotency header has no valid name")?;
                headers.insert(name, headers::sensitive(&key)?);
            }
        }
        let checked = Checked { target, method, headers, body: request.body, writes, grant };
        if self.record.traffic().0 + checked.size() > self.limits.sent {
            return Err("too many bytes to send");
        }
        Ok(checked)
    }

    fn authorize(&self, headers: &mut HeaderMap) -> Result<(), &'static str> {
        if let Authorization::Basic { user, password } = &self.manifest.authorization {
            headers.insert(AUTHORIZATION, headers::sensitive(&self.account.basic(user, password))?);
        }
        Ok(())
    }

    /// Puts the account's token into a request that needs one. Without a token, nothing of the request leaves.
    async fn take_token(&self, checked: &mut Checked) -> Result<Option<(Grant, String)>, HttpError> {
        let Some(grant) = checked.grant.take() else {
            return Ok(None);
        };
        let token = match self.record.no_token() {
            Some(why) => Err(why),
            None => self.tokens.get(&grant, &self.clients, &self.limits).await,
        };
        let token = token.map_err(|why| {
            self.record.without_token(why);
            HttpError { failure: Failure::Unreachable, sent: false, message: why.to_string() }
        })?;
        let bearer = headers::sensitive(&format!("Bearer {token}")).map_err(denied)?;
        checked.headers.insert(AUTHORIZATION, bearer);
        Ok(Some((grant, token)))
    }

    fn enter(&self, checked: &Checked) -> Entry {
        let (method, url) = (checked.method.as_str(), &checked.target.url);
        self.record.sending(method, url, checked.size(), &checked.body, checked.writes)
    }

    fn request(&self, checked: Checked) -> reqwest::RequestBuilder {
        let left = self.deadline.saturating_duration_since(Instant::now());
        let body = if checked.writes {
            reqwest::Body::wrap(FencedBody::new(checked.body, self.fence))
        } else {
            reqwest::Body::from(checked.body)
        };
        self.clients
            .reaching(checked.target.reach)
            .request(checked.method, checked.target.url)
            .headers(checked.headers)
            .timeout(self.limits.exchange.min(left))
            .body(body)
    }

    async fn read(
        &self,
        mut answer: reqwest::Response,
        entry: &Entry,
        redactor: &Redactor,
    ) -> Result<Response, HttpError> {
        let status = answer.status().as_u16();
        entry.answered(status);
        entry.received(headers::size(answer.headers()));
        let headers = headers::to_guest(answer.headers(), redactor);
        let mut body = Vec::new();
        while let Some(chunk) = answer.chunk().await.map_err(|error| failed(error, true))? {
            entry.received(chunk.len() as u64);
            if self.record.traffic().1 > self.limits.received {
                let message = "the answer is larger than a call may read".to_owned();
                return Err(HttpError { failure: Failure::TooLarge, sent: true, message });
            }
            body.extend_from_slice(&chunk);
        }
        entry.complete(&body);
        Ok(Response { status, headers, body: redactor.bytes(body) })
    }
}

/// The key of one step of a call.
fn step_key(key: &str, step: Option<&str>) -> Result<String, &'static str> {
    let Some(step) = step else {
        return Ok(key.to_owned());
    };
    let is_word = (1..=16).contains(&step.len())
        && step.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-');
    if is_word { Ok(format!("{key}-{step}")) } else { Err("a step is a short word") }
}

const fn method(method: Method) -> reqwest::Method {
    match method {
        Method::Get => reqwest::Method::GET,
        Method::Post => reqwest::Method::POST,
        Method::Put => reqwest::Method::PUT,
        Method::Patch => reqwest::Method::PATCH,
        Method::Delete => reqwest::Method::DELETE,
    }
}

fn denied(reason: &str) -> HttpError {
    HttpError { failure: Failure::Denied, sent: false, message: reason.to_owned() }
}

/// Names that lead to forbidden addresses look like names that lead nowhere.
fn failed(error: reqwest::Error, sent: bool) -> HttpError {
    let (failure, message) = if !sent {
        (Failure::Unreachable, "no connection")
    } else if error.is_timeout() {
        (Failure::TimedOut, "no answer in time")
    } else {
        (Failure::Broken, "the connection broke")
    };
    HttpError { failure, sent, message: message.to_owned() }
}
