//! Mails that must be sent, and whether they were.

use crate::db::Conn;
use crate::db::schema::mail;
use crate::error::Result;
use crate::ids::{CustomerId, MailId, TenantId, TokenId};
use diesel::prelude::*;
use domain::Instant;
use domain::words;

words! {
    /// How far a mail has come.
    MailState {
        /// To be sent.
        Queued = "queued",
        /// Handed over.
        Sent = "sent",
        /// Given up.
        Failed = "failed",
    }
}

/// A mail. Times are wall time.
#[derive(Debug, Clone, Queryable, Selectable, Insertable, AsChangeset)]
#[diesel(table_name = mail, treat_none_as_null = true)]
pub struct Mail {
    /// Its id.
    pub id: MailId,
    /// The business.
    #[diesel(skip_update)]
    pub tenant_id: TenantId,
    /// Whom it is about.
    #[diesel(skip_update)]
    pub customer_id: Option<CustomerId>,
    /// A word of `mail::MailKind`.
    pub kind: String,
    /// The same fact is never mailed twice.
    #[diesel(skip_update)]
    pub dedupe_key: String,
    /// Recipient.
    pub to_address: String,
    /// Language.
    pub locale: String,
    /// What the template needs (JSON).
    pub data: String,
    /// The token whose link it carries; the token itself is derived when the mail is sent.
    pub token_id: Option<TokenId>,
    /// How far it has come.
    #[diesel(deserialize_as = String, serialize_as = String)]
    pub state: MailState,
    /// Tries so far.
    pub attempts: i32,
    /// When to try next.
    pub next_at: Instant,
    /// The same for every try.
    #[diesel(skip_update)]
    pub message_id: String,
    /// Why the last try failed.
    pub last_error: Option<String>,
    /// When it was written.
    #[diesel(skip_update)]
    pub created_at: Instant,
    /// When it was handed over.
    pub sent_at: Option<Instant>,
}

/// One mail.
pub fn get(conn: &mut Conn, tenant_id: &TenantId, id: &MailId) -> Result<Mail> {
    Ok(mail::table
        .filter(mail::tenant_id.eq(tenant_id).and(mail::id.eq(id)))
        .select(Mail::as_select())
        .get_result(conn)?)
}

/// Whether this fact has been mailed (or queued) already.
pub fn exists(conn: &mut Conn, tenant_id: &TenantId, dedupe_key: &str) -> Result<bool> {
    let same = mail::table.filter(mail::tenant_id.eq(tenant_id).and(mail::dedupe_key.eq(dedupe_key)));
    Ok(same.count().get_result::<i64>(conn)? > 0)
}

/// Mails to send by `now`, oldest first.
pub fn due(conn: &mut Conn, tenant_id: &TenantId, now: Instant, limit: i64) -> Result<Vec<MailId>> {
    Ok(mail::table
        .filter(mail::tenant_id.eq(tenant_id).and(mail::state.eq(MailState::Queued.as_str())))
        .filter(mail::next_at.le(now))
        .order(mail::next_at)
        .limit(limit)
        .select(mail::id)
        .load(conn)?)
}

/// Whether a mail of one of these kinds waits for its first try.
pub fn any_untried(conn: &mut Conn, tenant_id: &TenantId, kinds: &[&str]) -> Result<bool> {
    let waiting = mail::table
        .filter(mail::tenant_id.eq(tenant_id).and(mail::state.eq(MailState::Queued.as_str())))
        .filter(mail::attempts.eq(0).and(mail::kind.eq_any(kinds)));
    Ok(waiting.count().get_result::<i64>(conn)? > 0)
}

/// Adds a mail.
pub fn insert(conn: &mut Conn, row: &Mail) -> Result<()> {
    diesel::insert_into(mail::table).values(row.clone()).execute(conn)?;
    Ok(())
}

/// Saves a mail.
pub fn update(conn: &mut Conn, tenant_id: &TenantId, row: &Mail) -> Result<()> {
    diesel::update(mail::table.filter(mail::tenant_id.eq(tenant_id).and(mail::id.eq(&row.id))))
        .set(row.clone())
        .execute(conn)?;
    Ok(())
}
