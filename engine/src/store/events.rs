//! Events: what happened to a subject, in order, with a snapshot; also the audit trail.

use crate::db::Conn;
use crate::db::schema::event;
use crate::error::{Error, Result};
use crate::ids::{EventId, TenantId};
use diesel::prelude::*;
use domain::Instant;
use domain::event::EventKind;
use serde::Serialize;

/// Who caused a change.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Actor {
    /// A signed-in customer.
    Customer(String),
    /// Someone at the command line.
    Operator,
    /// The worker, on time.
    Worker,
    /// A payment provider's word.
    Provider,
}

impl std::fmt::Display for Actor {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Customer(id) => write!(f, "customer:{id}"),
            Self::Operator => f.write_str("operator"),
            Self::Worker => f.write_str("worker"),
            Self::Provider => f.write_str("provider"),
        }
    }
}

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
    pub actor: String,
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
    pub reason: Option<&'a str>,
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
        .first(conn)?;
    let row = Event {
        id: EventId::mint(),
        tenant_id: tenant_id.clone(),
        subject: new.subject.to_owned(),
        seq: last.unwrap_or(0) + 1,
        kind: new.kind,
        actor: new.actor.to_string(),
        reason: new.reason.map(str::to_owned),
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
        .first(conn)?)
}
