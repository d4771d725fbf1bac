//! Moves the clock of a test business: due instant by due instant, never past work that is not done.

use super::collect;
use crate::db::{Conn, dialect};
use crate::error::{Error, Result};
use crate::ids::TenantId;
use crate::mail::MailKind;
use crate::scope::{Engine, Scope};
use crate::store;
use crate::store::tenants::{Tenant, TenantMode};
use chrono::TimeDelta;
use domain::Instant;
use domain::period::{Anchor, Interval};

/// Sets where a test business's clock moves to; the worker moves it, doing all that falls due on the way.
/// Answers with the target, in billing time.
///
/// # Errors
/// `Refused` with `live_clock` for a live business, `clock_moving` while it moves already.
pub fn advance_clock(engine: &Engine, tenant_id: &TenantId, by: Interval) -> Result<Instant> {
    engine.write(tenant_id, move |tx, scope| {
        let zone = scope.settings.identity.timezone;
        set_target(tx, scope, Anchor::at(scope.now.billing, zone).boundary(by, 1))
    })
}

/// Like [`advance_clock`], to a given moment of billing time.
pub fn advance_clock_to(engine: &Engine, tenant_id: &TenantId, target: Instant) -> Result<Instant> {
    engine.write(tenant_id, move |tx, scope| set_target(tx, scope, target))
}

/// The business with its clock as it stands; nobody else moves it until this transaction ends.
fn locked(tx: &mut Conn, scope: &Scope) -> Result<Tenant> {
    dialect::lock(tx, scope.id().as_str(), "test-clock")?;
    store::tenants::get(tx, scope.id())
}

fn set_target(tx: &mut Conn, scope: &Scope, target: Instant) -> Result<Instant> {
    let mut tenant = locked(tx, scope)?;
    if tenant.mode != TenantMode::Test {
        return Err(Error::refused("live_clock", "only a business in test mode has a clock that moves"));
    }
    if tenant.clock_target.is_some() {
        return Err(Error::refused("clock_moving", "the clock is moving already"));
    }
    tenant.clock_target = Some(target);
    tenant.updated_at = scope.now.wall;
    store::tenants::set_clock(tx, &tenant)?;
    Ok(target)
}

/// What a tick of the clock did.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Tick {
    /// It is not moving.
    Still,
    /// Work that is due has to be done first.
    Waiting,
    /// It stands at the next due instant now.
    Stepped,
    /// It has arrived.
    Arrived,
}

/// Moves the clock one step if nothing that is due is left undone.
pub fn tick(engine: &Engine, tenant_id: &TenantId) -> Result<Tick> {
    let moving = engine.read(tenant_id, |_, scope| Ok(scope.tenant.clock_target.is_some()))?;
    if !moving {
        return Ok(Tick::Still);
    }
    engine.write(tenant_id, move |tx, scope| {
        let mut tenant = locked(tx, scope)?;
        let Some(target) = tenant.clock_target else {
            return Ok(Tick::Still);
        };
        if tenant.clock_offset_us != scope.tenant.clock_offset_us {
            // Another worker moved it since this transaction began.
            return Ok(Tick::Waiting);
        }
        let next = next_due(tx, scope)?;
        if next.is_some_and(|at| at <= scope.now.billing) || is_busy(tx, scope)? {
            return Ok(Tick::Waiting);
        }
        let arrive = next.is_none_or(|at| at >= target);
        let to = if arrive { target } else { next.unwrap_or(target) };
        // Billing time goes on while we step: never move it back.
        let ahead = (to - scope.now.billing).max(TimeDelta::zero());
        tenant.clock_offset_us += ahead.num_microseconds().ok_or_else(|| Error::bug("clock out of range"))?;
        if arrive {
            tenant.clock_target = None;
        }
        tenant.updated_at = scope.now.wall;
        store::tenants::set_clock(tx, &tenant)?;
        Ok(if arrive { Tick::Arrived } else { Tick::Stepped })
    })
}

/// The next moment at which something falls due.
fn next_due(conn: &mut Conn, scope: &Scope) -> Result<Option<Instant>> {
    let unchased = store::dunning::unchased(conn, scope.id(), None, 1)?;
    let overdue = unchased.first().map(|(_, due_at)| *due_at);
    let next = [
        store::subscriptions::next_due(conn, scope.id())?,
        store::subscriptions::next_reminder(conn, scope.id())?,
        store::dunning::next_due(conn, scope.id())?,
        overdue,
    ];
    Ok(next.into_iter().flatten().min())
}

/// What has begun is not over: payments, and mails that would come too late if time went on.
fn is_busy(conn: &mut Conn, scope: &Scope) -> Result<bool> {
    let reminders: Vec<&str> =
        MailKind::ALL.iter().filter(|kind| kind.is_planned()).map(|kind| kind.as_str()).collect();
    Ok(store::attempts::in_flight(conn, scope.id())? > 0
        || collect::any_uncollected(conn, scope)?
        || store::mails::any_untried(conn, scope.id(), &reminders)?)
}

/// Sets the clock of a test business outright, before anything is due: how a demo begins in the past. `None`
/// lets it show wall time again.
///
/// # Errors
/// `Refused` with `live_clock` for a live business.
pub fn set_clock(engine: &Engine, tenant_id: &TenantId, billing: Option<Instant>) -> Result<()> {
    engine.write(tenant_id, move |tx, scope| {
        let mut tenant = locked(tx, scope)?;
        if tenant.mode != TenantMode::Test {
            return Err(Error::refused("live_clock", "only a business in test mode has a clock that moves"));
        }
        let ahead = billing.map_or(TimeDelta::zero(), |to| to - scope.now.wall).num_microseconds();
        tenant.clock_offset_us = ahead.ok_or_else(|| Error::bug("clock out of range"))?;
        tenant.clock_target = None;
        tenant.updated_at = scope.now.wall;
        store::tenants::set_clock(tx, &tenant)
    })
}
