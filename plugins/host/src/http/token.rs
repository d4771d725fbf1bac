//! Bearer tokens by OAuth 2.0 client credentials (RFC 6749, 4.4): fetched and kept by the host, never seen by a
//! component. The request for one moves no money, whatever becomes of it.

use super::target::{self, Target};
use super::{Clients, headers};
use crate::account::Account;
use crate::boot;
use crate::limits::Limits;
use domain::provider::{Authorization, Manifest};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

/// A token is fetched anew so long before it expires.
const MARGIN: Duration = Duration::from_secs(60);
/// Assumed where the service does not say how long a token lives.
const LIFE: u64 = 300;
/// A token's answer is short.
const MAX_ANSWER: usize = 64 * 1024;
/// Setting that token URLs without an origin stand below.
const BASE_URL: &str = "base_url";

/// Who asks for a token, and where.
#[derive(Debug)]
pub struct Grant {
    target: Target,
    basic: String,
    scope: Option<String>,
}

/// Why there is no token.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
pub enum NoToken {
    /// The service does not know these credentials.
    #[error("the service refused the account's credentials")]
    Refused,
    /// No readable answer.
    #[error("the service gave no token")]
    Unreachable,
}

/// Tokens in use, by who may use them.
#[derive(Debug, Default)]
pub struct Tokens(Mutex<HashMap<[u8; 32], Slot>>);

type Slot = Arc<tokio::sync::Mutex<Option<Token>>>;

#[derive(Debug)]
struct Token {
    value: String,
    /// Time since boot.
    until: Duration,
}

#[derive(Deserialize)]
struct Answer {
    access_token: String,
    expires_in: Option<u64>,
}

impl Grant {
    /// The grant that the manifest asks for; none when it uses another authorization.
    pub fn of(manifest: &Manifest, account: &Account) -> Result<Option<Self>, &'static str> {
        let Authorization::OAuth2ClientCredentials { token_url, client_id, client_secret, scope } =
            &manifest.authorization
        else {
            return Ok(None);
        };
        let url = match account.settings.get(BASE_URL) {
            Some(base) if token_url.starts_with('/') => format!("{}{token_url}", base.trim_end_matches('/')),
            _ => token_url.clone(),
        };
        let target = target::target(&url, manifest, account)?;
        Ok(Some(Self { target, basic: account.basic(client_id, client_secret), scope: scope.clone() }))
    }

    /// Accounts with the same credentials share a token; nobody else can name it.
    fn id(&self) -> [u8; 32] {
        let scope = self.scope.as_deref().unwrap_or_default();
        Sha256::digest(format!("{}\0{}\0{scope}", self.target.url, self.basic)).into()
    }
}

impl Tokens {
    /// A token that is good for a minute at least. One request at a time for each grant; the others wait for its token.
    pub async fn get(&self, grant: &Grant, clients: &Clients, limits: &Limits) -> Result<String, NoToken> {
        let slot = self.slot(grant);
        let mut held = slot.lock().await;
        if let Some(token) = held.as_ref().filter(|token| boot::now() + MARGIN < token.until) {
            return Ok(token.value.clone());
        }
        *held = None;
        let token = fetch(grant, clients, limits).await?;
        let value = token.value.clone();
        *held = Some(token);
        Ok(value)
    }

    /// The service refused this token: the next call fetches another.
    pub async fn forget(&self, grant: &Grant, refused: &str) {
        let slot = self.slot(grant);
        let mut held = slot.lock().await;
        if held.as_ref().is_some_and(|token| token.value == refused) {
            *held = None;
        }
    }

    /// Grants that nobody uses and whose token has expired are forgotten.
    fn slot(&self, grant: &Grant) -> Slot {
        let mut slots = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let now = boot::now();
        slots.retain(|_, slot| match slot.try_lock() {
            Ok(held) => held.as_ref().is_some_and(|token| now < token.until),
            Err(_) => true,
        });
        slots.entry(grant.id()).or_default().clone()
    }
}

async fn fetch(grant: &Grant, clients: &Clients, limits: &Limits) -> Result<Token, NoToken> {
    let mut form = vec![("grant_type", "client_credentials")];
    form.extend(grant.scope.as_deref().map(|scope| ("scope", scope)));
    let authorization = headers::sensitive(&grant.basic).map_err(|_| NoToken::Refused)?;
    let request = clients
        .reaching(grant.target.reach)
        .post(grant.target.url.clone())
        .header(reqwest::header::AUTHORIZATION, authorization)
        .header(reqwest::header::ACCEPT, "application/json")
        .timeout(limits.exchange)
        .form(&form);
    let asked = boot::now();
    let mut answer = request.send().await.map_err(|_| NoToken::Unreachable)?;
    match answer.status().as_u16() {
        200 => {}
        400 | 401 | 403 => return Err(NoToken::Refused),
        _ => return Err(NoToken::Unreachable),
    }
    let mut body = Vec::new();
    while let Some(chunk) = answer.chunk().await.map_err(|_| NoToken::Unreachable)? {
        body.extend_from_slice(&chunk);
        if body.len() > MAX_ANSWER {
            return Err(NoToken::Unreachable);
        }
    }
    let answer: Answer = serde_json::from_slice(&body).map_err(|_| NoToken::Unreachable)?;
    let life = Duration::from_secs(answer.expires_in.unwrap_or(LIFE).min(24 * 60 * 60));
    Ok(Token { value: answer.access_token, until: asked + life })
}
