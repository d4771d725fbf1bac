//! Who may enter: mailed tokens, portal sessions and the counters of their limits. All times are wall time.

use crate::db::Conn;
use crate::db::schema::{portal_session, portal_token, rate_hit};
use crate::error::Result;
use crate::ids::{CustomerId, HitId, SessionId, TenantId, TokenId};
use diesel::prelude::*;
use domain::Instant;
use domain::words;

words! {
    /// What a mailed token is good for.
    TokenPurpose {
        /// The customer asked to sign in.
        Login = "login",
        /// It came with a receipt or notice.
        Receipt = "receipt",
        /// The business sent it.
        Invite = "invite",
    }
}

/// A mailed token. The token itself is never stored.
#[derive(Debug, Clone, Queryable, Selectable, Insertable, AsChangeset)]
#[diesel(table_name = portal_token, treat_none_as_null = true)]
pub struct PortalToken {
    /// Its id; the token and the code are derived from it.
    pub id: TokenId,
    /// The business.
    #[diesel(skip_update)]
    pub tenant_id: TenantId,
    /// What it is good for.
    #[diesel(deserialize_as = String, serialize_as = String)]
    pub purpose: TokenPurpose,
    /// The address it was asked for, lower case.
    pub email: String,
    /// The customer, where the address belongs to one.
    pub customer_id: Option<CustomerId>,
    /// SHA-256 of the token.
    pub token_hash: String,
    /// SHA-256 of the nonce in the asking browser.
    pub nonce_hash: Option<String>,
    /// Where to go after signing in.
    pub return_path: Option<String>,
    /// Wrong codes typed so far.
    pub code_tries: i32,
    /// When it stops working.
    pub expires_at: Instant,
    /// When it was used.
    pub consumed_at: Option<Instant>,
    /// When a newer one replaced it.
    pub revoked_at: Option<Instant>,
    /// When it was asked for.
    #[diesel(skip_update)]
    pub created_at: Instant,
}

impl PortalToken {
    /// Whether it can still be used.
    pub fn is_live(&self, now: Instant) -> bool {
        self.consumed_at.is_none() && self.revoked_at.is_none() && now < self.expires_at
    }
}

/// A signed-in browser.
#[derive(Debug, Clone, Queryable, Selectable, Insertable)]
#[diesel(table_name = portal_session)]
pub struct PortalSession {
    /// Its id, for lists.
    pub id: SessionId,
    /// The business.
    pub tenant_id: TenantId,
    /// Who is signed in.
    pub customer_id: CustomerId,
    /// SHA-256 of the token in the cookie.
    pub token_hash: String,
    /// Browser and system, shortened, for lists.
    pub user_agent: String,
    /// When it began.
    pub created_at: Instant,
    /// Last request, to the minute.
    pub last_seen_at: Instant,
    /// Absolute end.
    pub expires_at: Instant,
    /// When it was ended.
    pub revoked_at: Option<Instant>,
}

/// The token with this hash, if any.
pub fn token_by_hash(conn: &mut Conn, tenant_id: &TenantId, hash: &str) -> Result<Option<PortalToken>> {
    Ok(portal_token::table
        .filter(portal_token::tenant_id.eq(tenant_id).and(portal_token::token_hash.eq(hash)))
        .select(PortalToken::as_select())
        .get_result(conn)
        .optional()?)
}

/// One token.
pub fn token(conn: &mut Conn, tenant_id: &TenantId, id: &TokenId) -> Result<PortalToken> {
    Ok(portal_token::table
        .filter(portal_token::tenant_id.eq(tenant_id).and(portal_token::id.eq(id)))
        .select(PortalToken::as_select())
        .get_result(conn)?)
}

/// Adds a token.
pub fn insert_token(conn: &mut Conn, row: &PortalToken) -> Result<()> {
    diesel::insert_into(portal_token::table).values(row.clone()).execute(conn)?;
    Ok(())
}

/// Revokes the live sign-in tokens of an address: the newest one alone works.
pub fn revoke_login_tokens(conn: &mut Conn, tenant_id: &TenantId, email: &str, now: Instant) -> Result<()> {
    let live = portal_token::table
        .filter(portal_token::tenant_id.eq(tenant_id).and(portal_token::email.eq(email)))
        .filter(portal_token::purpose.eq(TokenPurpose::Login.as_str()))
        .filter(portal_token::consumed_at.is_null().and(portal_token::revoked_at.is_null()));
    diesel::update(live).set(portal_token::revoked_at.eq(now)).execute(conn)?;
    Ok(())
}

/// Uses a token up. Says whether this call was the one that did.
pub fn consume_token(conn: &mut Conn, tenant_id: &TenantId, id: &TokenId, now: Instant) -> Result<bool> {
    let unused = portal_token::table
        .filter(portal_token::tenant_id.eq(tenant_id).and(portal_token::id.eq(id)))
        .filter(portal_token::consumed_at.is_null().and(portal_token::revoked_at.is_null()))
        .filter(portal_token::expires_at.gt(now));
    Ok(diesel::update(unused).set(portal_token::consumed_at.eq(now)).execute(conn)? == 1)
}

/// Counts a wrong code; the token burns when `burn` says so. One that was revoked already stays as it is.
pub fn count_wrong_code(
    conn: &mut Conn,
    tenant_id: &TenantId,
    id: &TokenId,
    tries: i32,
    burn: Option<Instant>,
) -> Result<()> {
    let this = portal_token::table
        .filter(portal_token::tenant_id.eq(tenant_id).and(portal_token::id.eq(id)))
        .filter(portal_token::revoked_at.is_null());
    diesel::update(this)
        .set((portal_token::code_tries.eq(tries), portal_token::revoked_at.eq(burn)))
        .execute(conn)?;
    Ok(())
}

/// Revokes every live link of a customer.
pub fn revoke_tokens_of(
    conn: &mut Conn,
    tenant_id: &TenantId,
    owner: &CustomerId,
    now: Instant,
) -> Result<()> {
    let live = portal_token::table
        .filter(portal_token::tenant_id.eq(tenant_id).and(portal_token::customer_id.eq(owner)))
        .filter(portal_token::consumed_at.is_null().and(portal_token::revoked_at.is_null()));
    diesel::update(live).set(portal_token::revoked_at.eq(now)).execute(conn)?;
    Ok(())
}

/// The session with this hash that has not been ended, if any.
pub fn session_by_hash(conn: &mut Conn, tenant_id: &TenantId, hash: &str) -> Result<Option<PortalSession>> {
    Ok(portal_session::table
        .filter(portal_session::tenant_id.eq(tenant_id).and(portal_session::token_hash.eq(hash)))
        .filter(portal_session::revoked_at.is_null())
        .select(PortalSession::as_select())
        .get_result(conn)
        .optional()?)
}

/// A customer's sessions that are neither ended nor past their end, newest first.
pub fn sessions(
    conn: &mut Conn,
    tenant_id: &TenantId,
    owner: &CustomerId,
    now: Instant,
) -> Result<Vec<PortalSession>> {
    Ok(portal_session::table
        .filter(portal_session::tenant_id.eq(tenant_id).and(portal_session::customer_id.eq(owner)))
        .filter(portal_session::revoked_at.is_null().and(portal_session::expires_at.gt(now)))
        .order(portal_session::id.desc())
        .select(PortalSession::as_select())
        .load(conn)?)
}

/// Adds a session.
pub fn insert_session(conn: &mut Conn, row: &PortalSession) -> Result<()> {
    diesel::insert_into(portal_session::table).values(row.clone()).execute(conn)?;
    Ok(())
}

/// Notes that a session was used.
pub fn touch_session(conn: &mut Conn, tenant_id: &TenantId, id: &SessionId, now: Instant) -> Result<()> {
    let this =
        portal_session::table.filter(portal_session::tenant_id.eq(tenant_id).and(portal_session::id.eq(id)));
    diesel::update(this).set(portal_session::last_seen_at.eq(now)).execute(conn)?;
    Ok(())
}

/// Ends a session.
pub fn revoke_session(conn: &mut Conn, tenant_id: &TenantId, id: &SessionId, now: Instant) -> Result<()> {
    let this =
        portal_session::table.filter(portal_session::tenant_id.eq(tenant_id).and(portal_session::id.eq(id)));
    diesel::update(this).set(portal_session::revoked_at.eq(now)).execute(conn)?;
    Ok(())
}

/// Ends all sessions of a customer but one.
pub fn revoke_other_sessions(
    conn: &mut Conn,
    tenant_id: &TenantId,
    owner: &CustomerId,
    keep: &SessionId,
    now: Instant,
) -> Result<()> {
    let others = portal_session::table
        .filter(portal_session::tenant_id.eq(tenant_id).and(portal_session::customer_id.eq(owner)))
        .filter(portal_session::id.ne(keep).and(portal_session::revoked_at.is_null()));
    diesel::update(others).set(portal_session::revoked_at.eq(now)).execute(conn)?;
    Ok(())
}

/// Counts a request in a bucket.
pub fn hit(conn: &mut Conn, tenant_id: &TenantId, bucket: &str, now: Instant) -> Result<()> {
    diesel::insert_into(rate_hit::table)
        .values((
            rate_hit::id.eq(HitId::mint()),
            rate_hit::tenant_id.eq(tenant_id),
            rate_hit::bucket.eq(bucket),
            rate_hit::at.eq(now),
        ))
        .execute(conn)?;
    Ok(())
}

/// Moments of the requests in a bucket since `since`, oldest first.
pub fn hits_since(
    conn: &mut Conn,
    tenant_id: &TenantId,
    bucket: &str,
    since: Instant,
) -> Result<Vec<Instant>> {
    Ok(rate_hit::table
        .filter(rate_hit::tenant_id.eq(tenant_id).and(rate_hit::bucket.eq(bucket)))
        .filter(rate_hit::at.gt(since))
        .order(rate_hit::at)
        .select(rate_hit::at)
        .load(conn)?)
}

/// Forgets counted requests, dead tokens and dead sessions from before a moment.
pub fn prune(conn: &mut Conn, tenant_id: &TenantId, before: Instant) -> Result<()> {
    diesel::delete(rate_hit::table.filter(rate_hit::tenant_id.eq(tenant_id).and(rate_hit::at.lt(before))))
        .execute(conn)?;
    let dead_tokens = portal_token::table
        .filter(portal_token::tenant_id.eq(tenant_id).and(portal_token::expires_at.lt(before)));
    diesel::delete(dead_tokens).execute(conn)?;
    let dead_sessions = portal_session::table
        .filter(portal_session::tenant_id.eq(tenant_id).and(portal_session::expires_at.lt(before)));
    diesel::delete(dead_sessions).execute(conn)?;
    Ok(())
}
