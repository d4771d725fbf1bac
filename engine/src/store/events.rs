//! Events: what happened to a subject, in order, with a snapshot; also the audit trail.

use crate::db::Conn;
use crate::db::schema::event;
use crate::error::{Error, Result};
use crate::ids::{EventId, TenantId};
use diesel::prelude::*;
use domain::Instant;
pub use domain::event::Actor;
use domain::event::{EventKind, Reason};
use serde::Serialize;

/// A stored event.
#[derive(Debug, Clone, Queryable, Selectable, Insertable)]
#[diesel(table_name = event)]
pub struct Event {
    /// Its id.
    pub id: EventId,
    /// The business.
    pub tenant_id: TenantId,
    /// Id of what it happened to.
    pub subject: String,
    /// Counts per subject, from 1.
    pub seq: i64,
    /// What happened.
    #[diesel(deserialize_as = String, serialize_as = String)]
    pub kind: EventKind,
    /// Who caused it.
    #[diesel(deserialize_as = String, serialize_as = String)]
    pub actor: Actor,
    /// Why, where there is a why.
    pub reason: Option<String>,
    /// Snapshot (JSON).
    pub payload: String,
    /// Billing time.
    pub created_at: Instant,
}

/// What to write down.
#[derive(Debug)]
pub struct NewEvent<'a, P: Serialize> {
    /// Id of what it happened to.
    pub subject: &'a str,
    /// What happened.
    pub kind: EventKind,
    /// Who caused it.
    pub actor: &'a Actor,
    /// Why.
    pub reason: Option<&'a Reason>,
    /// Snapshot after the change.
    pub payload: P,
}

/// Writes an event with the next number of its subject.
pub fn record<P: Serialize>(
    conn: &mut Conn,
    tenant_id: &TenantId,
    new: NewEvent<P>,
    now: Instant,
) -> Result<()> {
    let last: Option<i64> = event::table
        .filter(event::tenant_id.eq(tenant_id).and(event::subject.eq(new.subject)))
        .select(diesel::dsl::max(event::seq))
        .get_result(conn)?;
    let row = Event {
        id: EventId::mint(),
        tenant_id: tenant_id.clone(),
        subject: new.subject.to_owned(),
        seq: last.unwrap_or(0) + 1,
        kind: new.kind,
        actor: new.actor.clone(),
        reason: new.reason.map(ToString::to_string),
        payload: serde_json::to_string(&new.payload).map_err(Error::bug)?,
        created_at: now,
    };
    diesel::insert_into(event::table).values(row).execute(conn)?;
    Ok(())
}

/// The events of a subject in order.
pub fn of(conn: &mut Conn, tenant_id: &TenantId, subject: &str) -> Result<Vec<Event>> {
    Ok(event::table
        .filter(event::tenant_id.eq(tenant_id).and(event::subject.eq(subject)))
        .order(event::seq)
        .select(Event::as_select())
        .load(conn)?)
}

/// When the first event of a subject was recorded, billing time.
pub fn first_at(conn: &mut Conn, tenant_id: &TenantId, subject: &str) -> Result<Option<Instant>> {
    Ok(event::table
        .filter(event::tenant_id.eq(tenant_id).and(event::subject.eq(subject)))
        .select(diesel::dsl::min(event::created_at))
        .get_result(conn)?)
}
