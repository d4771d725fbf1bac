//! Signing in by a mailed link: ask, mail, confirm, leave. Only this file makes and checks sessions.

use crate::db::{Conn, dialect};
use crate::error::{Error, Result};
use crate::ids::{CustomerId, MailId, SessionId, TenantId, TokenId};
use crate::job::Job;
use crate::keys::{hash_token, random_token, same};
use crate::mail::{self, MailFacts, MailKind, NewMail};
use crate::scope::{Engine, Scope};
use crate::store;
use crate::store::access::{PortalSession, PortalToken, TokenPurpose};
use crate::store::customers::Customer;
use crate::text::is_hidden;
use chrono::TimeDelta;
use domain::Instant;

/// What to ask for. It holds an address and a nonce, so it has no `Debug`.
pub struct AskForLink {
    /// The address typed, already checked to be one and in lower case.
    pub email: String,
    /// Nonce that the asking browser holds in a cookie.
    pub nonce: String,
    /// Address of the asking client, shortened to its network, for limits; empty where that is not known.
    pub network: String,
    /// Where to go after signing in, a path of ours.
    pub return_path: Option<String>,
}

/// What came of asking. The same for addresses we know and addresses we do not.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Asked {
    /// If the address is a customer's, a mail is on its way.
    OnItsWay,
    /// Too many; try again after so many minutes.
    Wait {
        /// Minutes until one more is allowed.
        minutes: i64,
    },
}

/// Asks for a sign-in link. The rows written are the same whether the address is known or not, so that neither
/// the answer nor the time it takes tells; the worker finds out whom to mail ([`mail_link`]).
pub fn ask(engine: &Engine, tenant_id: &TenantId, ask: AskForLink) -> Result<Asked> {
    engine.write(tenant_id, move |tx, scope| {
        // Asks that come at once are counted one after another.
        dialect::lock(tx, scope.id().as_str(), "sign-in")?;
        if let Some(minutes) = over_limit(tx, scope, &ask)? {
            return Ok(Asked::Wait { minutes });
        }
        let customer = store::customers::by_email(tx, scope.id(), &ask.email)?;
        store::access::revoke_login_tokens(tx, scope.id(), &ask.email, scope.now.wall)?;
        let id = TokenId::mint();
        let minutes = i64::from(scope.installation.installation.security.login_link_minutes);
        let token = PortalToken {
            token_hash: scope.keys.mail_token_hash(id.as_str()),
            id: id.clone(),
            tenant_id: scope.id().clone(),
            purpose: TokenPurpose::Login,
            email: ask.email,
            customer_id: customer.as_ref().map(|customer| customer.id.clone()),
            nonce_hash: Some(hash_token(&ask.nonce)),
            return_path: ask.return_path,
            code_tries: 0,
            expires_at: scope.now.wall + TimeDelta::minutes(minutes),
            consumed_at: None,
            revoked_at: None,
            created_at: scope.now.wall,
        };
        store::access::insert_token(tx, &token)?;
        let job = Job::MailLink { tenant_id: scope.id().clone(), token_id: id };
        store::jobs::enqueue(tx, &job, scope.now.wall, scope.now.wall)?;
        Ok(Asked::OnItsWay)
    })
}

/// Queues the mail with the link that was asked for. Nothing for an address we do not know, a link that a newer
/// one has replaced, or one that is on its way.
pub fn mail_link(engine: &Engine, tenant_id: &TenantId, id: &TokenId) -> Result<Option<MailId>> {
    let id = id.clone();
    engine.write(tenant_id, move |tx, scope| {
        let token = store::access::token(tx, scope.id(), &id)?;
        let dedupe_key = format!("{id}:sign_in");
        let (true, Some(owner)) = (token.is_live(scope.now.wall), &token.customer_id) else {
            return Ok(None);
        };
        if store::mails::exists(tx, scope.id(), &dedupe_key)? {
            return Ok(None);
        }
        let customer = store::customers::get(tx, scope.id(), owner)?;
        let new = NewMail { to: &customer, kind: MailKind::SignIn, dedupe_key, facts: MailFacts::default() };
        mail::queue_with_token(tx, scope, new, id).map(Some)
    })
}

/// Counts this request; answers with the minutes to wait when a limit is reached.
fn over_limit(tx: &mut Conn, scope: &Scope, ask: &AskForLink) -> Result<Option<i64>> {
    let limits = &scope.installation.installation.security.limits;
    let (address, network) =
        (format!("login:{}", hash_token(&ask.email)), format!("login-net:{}", ask.network));
    let rules = [
        (address.as_str(), 15, limits.address_quarter_hour),
        (address.as_str(), 60, limits.address_hour),
        (network.as_str(), 60, limits.network_hour),
        ("login-all", 60, limits.business_hour),
    ];
    let known_network = !ask.network.is_empty();
    for (bucket, minutes, limit) in rules.into_iter().filter(|rule| known_network || rule.0 != network) {
        let window = TimeDelta::minutes(minutes);
        let hits = store::access::hits_since(tx, scope.id(), bucket, scope.now.wall - window)?;
        let excess = hits.len().checked_sub(usize::try_from(limit).unwrap_or(usize::MAX));
        if let Some(freed_by) = excess.and_then(|i| hits.get(i)) {
            let wait = *freed_by + window - scope.now.wall;
            return Ok(Some(wait.num_minutes().max(0) + 1));
        }
    }
    for bucket in [address.as_str(), network.as_str(), "login-all"] {
        store::access::hit(tx, scope.id(), bucket, scope.now.wall)?;
    }
    Ok(None)
}

/// What a link leads to before anybody has pressed anything. Changes nothing.
#[derive(Debug, Clone)]
pub enum Link {
    /// One press signs in as this customer.
    Press(Customer),
    /// Another browser asked: the code from the same mail is needed.
    Code(Customer),
    /// Used, expired, revoked, or never existed; with the address it was for, if it was ever for one.
    Dead {
        /// To fill in the form for a new one.
        email: Option<String>,
    },
}

/// Looks at a link. Scanners, prefetchers and preview panes may do this as often as they like.
pub fn look(engine: &Engine, tenant_id: &TenantId, token: &str, nonce: Option<&str>) -> Result<Link> {
    engine.read(tenant_id, |conn, scope| {
        let Some(row) = store::access::token_by_hash(conn, scope.id(), &hash_token(token))? else {
            return Ok(Link::Dead { email: None });
        };
        let (true, Some(customer_id)) = (row.is_live(scope.now.wall), &row.customer_id) else {
            return Ok(Link::Dead { email: Some(row.email) });
        };
        let customer = store::customers::get(conn, scope.id(), customer_id)?;
        Ok(if needs_code(&row, nonce) { Link::Code(customer) } else { Link::Press(customer) })
    })
}

fn needs_code(row: &PortalToken, nonce: Option<&str>) -> bool {
    row.purpose == TokenPurpose::Login
        && !row
            .nonce_hash
            .as_ref()
            .is_some_and(|hash| nonce.is_some_and(|nonce| same(hash, &hash_token(nonce))))
}

/// What a press on "Sign in" came to. It holds a session's token, so it has no `Debug`.
pub enum Entered {
    /// Signed in.
    Session {
        /// For the cookie; nobody else has it.
        token: String,
        /// Where to go.
        return_path: Option<String>,
    },
    /// The code was wrong; so many tries are left.
    WrongCode {
        /// Tries before the link burns.
        tries_left: u32,
    },
    /// The link does not work (any more).
    Dead {
        /// To fill in the form for a new one.
        email: Option<String>,
    },
}

/// Uses a link up and signs in. Exactly one of many presses at once succeeds.
pub fn enter(
    engine: &Engine,
    tenant_id: &TenantId,
    token: &str,
    nonce: Option<&str>,
    code: Option<&str>,
    user_agent: &str,
) -> Result<Entered> {
    let hash = hash_token(token);
    let (nonce, code) = (nonce.map(str::to_owned), code.map(str::to_owned));
    let user_agent: String = user_agent.chars().filter(|c| !c.is_control()).take(120).collect();
    engine.write(tenant_id, move |tx, scope| {
        // Guesses that come at once are counted one after another.
        dialect::lock(tx, scope.id().as_str(), &hash)?;
        let Some(row) = store::access::token_by_hash(tx, scope.id(), &hash)? else {
            return Ok(Entered::Dead { email: None });
        };
        let (true, Some(customer_id)) = (row.is_live(scope.now.wall), row.customer_id.clone()) else {
            return Ok(Entered::Dead { email: Some(row.email) });
        };
        if needs_code(&row, nonce.as_deref()) {
            let right = scope.keys.six_digit_code(row.id.as_str());
            if !code.is_some_and(|code| same(&code, &right)) {
                return wrong_code(tx, scope, row);
            }
        }
        if !store::access::consume_token(tx, scope.id(), &row.id, scope.now.wall)? {
            return Ok(Entered::Dead { email: Some(row.email) });
        }
        let token = open_session(tx, scope, &customer_id, user_agent)?;
        Ok(Entered::Session { token, return_path: row.return_path })
    })
}

fn wrong_code(tx: &mut Conn, scope: &Scope, row: PortalToken) -> Result<Entered> {
    let tries = row.code_tries + 1;
    let limit = i32::try_from(scope.installation.installation.security.code_tries).unwrap_or(i32::MAX);
    let burn = (tries >= limit).then_some(scope.now.wall);
    store::access::count_wrong_code(tx, scope.id(), &row.id, tries, burn)?;
    Ok(match burn {
        Some(_) => Entered::Dead { email: Some(row.email) },
        None => Entered::WrongCode { tries_left: (limit - tries).unsigned_abs() },
    })
}

fn open_session(tx: &mut Conn, scope: &Scope, owner: &CustomerId, user_agent: String) -> Result<String> {
    let security = &scope.installation.installation.security;
    let wall = scope.now.wall;
    let most = usize::try_from(security.sessions_per_customer).unwrap_or(usize::MAX).max(1);
    for old in store::access::sessions(tx, scope.id(), owner, wall)?.into_iter().skip(most - 1) {
        store::access::revoke_session(tx, scope.id(), &old.id, wall)?;
    }
    let token = random_token()?;
    let row = PortalSession {
        id: SessionId::mint(),
        tenant_id: scope.id().clone(),
        customer_id: owner.clone(),
        token_hash: hash_token(&token),
        user_agent,
        created_at: wall,
        last_seen_at: wall,
        expires_at: wall + TimeDelta::hours(i64::from(security.session_absolute_hours)),
        revoked_at: None,
    };
    store::access::insert_session(tx, &row)?;
    Ok(token)
}

/// Who is signed in with a session token, if anybody. Idle and absolute limits hold to the second; the last use
/// is noted once a minute.
pub fn authenticate(
    engine: &Engine,
    tenant_id: &TenantId,
    token: &str,
) -> Result<Option<(PortalSession, Customer)>> {
    let hash = hash_token(token);
    let found = engine.read(tenant_id, |conn, scope| {
        let Some(session) = store::access::session_by_hash(conn, scope.id(), &hash)? else {
            return Ok(None);
        };
        let idle = i64::from(scope.installation.installation.security.session_idle_minutes);
        if !is_fresh(&session, scope.now.wall, TimeDelta::minutes(idle)) {
            return Ok(None);
        }
        let customer = store::customers::get(conn, scope.id(), &session.customer_id)?;
        Ok(Some((session, customer, scope.now.wall)))
    })?;
    let Some((session, customer, wall)) = found else {
        return Ok(None);
    };
    if wall - session.last_seen_at >= TimeDelta::minutes(1) {
        let id = session.id.clone();
        engine.write(tenant_id, move |tx, scope| {
            store::access::touch_session(tx, scope.id(), &id, scope.now.wall)
        })?;
    }
    Ok(Some((session, customer)))
}

fn is_fresh(session: &PortalSession, now: Instant, idle: TimeDelta) -> bool {
    now < session.expires_at && now - session.last_seen_at < idle
}

/// Ends a session at once.
pub fn leave(engine: &Engine, tenant_id: &TenantId, session: &SessionId) -> Result<()> {
    let id = session.clone();
    engine
        .write(tenant_id, move |tx, scope| store::access::revoke_session(tx, scope.id(), &id, scope.now.wall))
}

/// Ends all other sessions of a customer at once, and the links that could begin new ones.
pub fn leave_elsewhere(engine: &Engine, tenant_id: &TenantId, session: &PortalSession) -> Result<()> {
    let (owner, keep) = (session.customer_id.clone(), session.id.clone());
    engine.write(tenant_id, move |tx, scope| {
        store::access::revoke_tokens_of(tx, scope.id(), &owner, scope.now.wall)?;
        store::access::revoke_other_sessions(tx, scope.id(), &owner, &keep, scope.now.wall)
    })
}

/// A link from the business that signs its reader in for a day; also how an operator helps someone in.
///
/// # Errors
/// `NotFound` for an unknown customer.
pub fn invite(engine: &Engine, tenant_id: &TenantId, owner: &CustomerId) -> Result<String> {
    let owner = owner.clone();
    engine.write(tenant_id, move |tx, scope| {
        let customer = store::customers::get(tx, scope.id(), &owner)?;
        let id = TokenId::mint();
        let hours = i64::from(scope.installation.installation.security.receipt_link_hours);
        let row = PortalToken {
            token_hash: scope.keys.mail_token_hash(id.as_str()),
            id: id.clone(),
            tenant_id: scope.id().clone(),
            purpose: TokenPurpose::Invite,
            email: customer.email,
            customer_id: Some(owner),
            nonce_hash: None,
            return_path: None,
            code_tries: 0,
            expires_at: scope.now.wall + TimeDelta::hours(hours),
            consumed_at: None,
            revoked_at: None,
            created_at: scope.now.wall,
        };
        store::access::insert_token(tx, &row)?;
        Ok(format!("{}/r/{}", scope.portal_url(), scope.keys.mail_token(id.as_str())))
    })
}

/// Checks and normalises a typed address: one address, at most 254 characters, nothing that could start a new
/// header or name a second recipient; in lower case.
pub fn parse_email(typed: &str) -> Result<String> {
    let email = typed.trim().to_lowercase();
    let bad = || Error::refused("malformed_email", "enter an email address like name@example.com");
    let (local, host) = email.rsplit_once('@').ok_or_else(bad)?;
    let plain =
        |c: char| !c.is_whitespace() && !c.is_control() && !is_hidden(c) && !"<>,;:\"()[]\\@".contains(c);
    let host_fits = host.contains('.')
        && host.split('.').all(|label| {
            !label.is_empty() && label.len() <= 63 && label.chars().all(|c| c.is_alphanumeric() || c == '-')
        });
    let fits =
        !local.is_empty() && local.len() <= 64 && email.len() <= 254 && local.chars().all(plain) && host_fits;
    if fits { Ok(email) } else { Err(bad()) }
}

#[cfg(test)]
mod tests;
