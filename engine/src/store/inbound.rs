//! What providers told by webhook: each thing once, kept until what it tells of is known.

use crate::db::Conn;
use crate::db::schema::inbound_event;
use crate::error::Result;
use crate::ids::{AccountId, InboundId, TenantId};
use diesel::prelude::*;
use domain::Instant;
use domain::provider::ChangeKind;
use domain::words;

words! {
    /// How far a provider's event has come.
    InboundState {
        /// Nothing here is what it tells of, yet.
        Waiting = "waiting",
        /// The worker asks the provider whether it is true.
        Asking = "asking",
        /// What it told is known.
        Done = "done",
        /// Nobody waits for it any more.
        Dismissed = "dismissed",
    }
}

/// A provider's event. Times are wall time.
#[derive(Debug, Clone, Queryable, Selectable, Insertable, AsChangeset)]
#[diesel(table_name = inbound_event, treat_none_as_null = true)]
pub struct InboundEvent {
    /// Its id.
    pub id: InboundId,
    /// The business.
    #[diesel(skip_update)]
    pub tenant_id: TenantId,
    /// The account that it came to.
    #[diesel(skip_update)]
    pub provider_account_id: AccountId,
    /// The provider's id of it.
    #[diesel(skip_update)]
    pub event_id: String,
    /// What kind of thing it tells.
    #[diesel(deserialize_as = String, serialize_as = String, skip_update)]
    pub kind: ChangeKind,
    /// The provider's reference of what it tells of.
    #[diesel(skip_update)]
    pub object_ref: String,
    /// What it claims (JSON).
    #[diesel(skip_update)]
    pub claim: String,
    /// How far it has come.
    #[diesel(deserialize_as = String, serialize_as = String)]
    pub state: InboundState,
    /// When the sweep looks at it next.
    pub next_try_at: Option<Instant>,
    /// Since when a person has to look.
    pub alarmed_at: Option<Instant>,
    /// When it came.
    #[diesel(skip_update)]
    pub received_at: Instant,
    /// When it was done or dismissed.
    pub settled_at: Option<Instant>,
}

const OPEN: [&str; 2] = [InboundState::Waiting.as_str(), InboundState::Asking.as_str()];

/// One event.
pub fn get(conn: &mut Conn, tenant_id: &TenantId, id: &InboundId) -> Result<InboundEvent> {
    Ok(inbound_event::table
        .filter(inbound_event::tenant_id.eq(tenant_id).and(inbound_event::id.eq(id)))
        .select(InboundEvent::as_select())
        .get_result(conn)?)
}

/// Whether the provider has told it before.
pub fn is_known(conn: &mut Conn, tenant_id: &TenantId, account: &AccountId, event_id: &str) -> Result<bool> {
    let found = inbound_event::table
        .filter(inbound_event::tenant_id.eq(tenant_id))
        .filter(inbound_event::provider_account_id.eq(account).and(inbound_event::event_id.eq(event_id)));
    Ok(found.count().get_result::<i64>(conn)? > 0)
}

/// Whether another event has told the same, and it is done.
pub fn is_done(
    conn: &mut Conn,
    tenant_id: &TenantId,
    account: &AccountId,
    kind: ChangeKind,
    object_ref: &str,
) -> Result<bool> {
    let found = inbound_event::table
        .filter(inbound_event::tenant_id.eq(tenant_id))
        .filter(inbound_event::provider_account_id.eq(account).and(inbound_event::object_ref.eq(object_ref)))
        .filter(inbound_event::kind.eq(kind.as_str()))
        .filter(inbound_event::state.eq(InboundState::Done.as_str()));
    Ok(found.count().get_result::<i64>(conn)? > 0)
}

/// Events that the sweep has to look at, most overdue first.
pub fn due(conn: &mut Conn, tenant_id: &TenantId, now: Instant, limit: i64) -> Result<Vec<InboundId>> {
    Ok(inbound_event::table
        .filter(inbound_event::tenant_id.eq(tenant_id).and(inbound_event::next_try_at.le(now)))
        .order((inbound_event::next_try_at, inbound_event::id))
        .limit(limit)
        .select(inbound_event::id)
        .load(conn)?)
}

/// Events that are neither done nor dismissed, oldest first.
pub fn open(conn: &mut Conn, tenant_id: &TenantId) -> Result<Vec<InboundEvent>> {
    Ok(inbound_event::table
        .filter(inbound_event::tenant_id.eq(tenant_id).and(inbound_event::state.eq_any(OPEN)))
        // Always there while an event is open; names the index.
        .filter(inbound_event::next_try_at.is_not_null())
        .order(inbound_event::id)
        .select(InboundEvent::as_select())
        .load(conn)?)
}

/// Adds an event. One that the provider has told before is a conflict.
pub fn insert(conn: &mut Conn, row: &InboundEvent) -> Result<()> {
    diesel::insert_into(inbound_event::table).values(row.clone()).execute(conn)?;
    Ok(())
}

/// Saves an event.
pub fn update(conn: &mut Conn, tenant_id: &TenantId, row: &InboundEvent) -> Result<()> {
    let this = inbound_event::table
        .filter(inbound_event::tenant_id.eq(tenant_id).and(inbound_event::id.eq(&row.id)));
    diesel::update(this).set(row.clone()).execute(conn)?;
    Ok(())
}
