//! The brake: none of a business's money moves until an operator says so. What was sent before is still asked about,
//! periods are still billed unless the clock is doubted, and pages work; nothing is lost.

use crate::db::{Conn, dialect};
use crate::error::{Error, Result};
use crate::ids::TenantId;
use crate::scope::{Engine, Scope};
use crate::store;
use crate::store::events::{Actor, NewEvent};
use crate::store::tenants::Tenant;
use domain::event::{EventKind, Reason};
use serde_json::json;

/// Stops the money of a business. Answers whether it moved until now; the reason of the first who stopped it stays.
///
/// # Errors
/// When the database fails.
pub fn pause_money(engine: &Engine, tenant_id: &TenantId, why: Reason, actor: Actor) -> Result<bool> {
    engine.write(tenant_id, move |tx, scope| {
        if locked(tx, scope)?.money_paused_since.is_some() {
            return Ok(false);
        }
        store::tenants::set_pause(tx, scope.id(), Some((scope.now.wall, &why.to_string())))?;
        tracing::error!(tenant = %scope.tenant.slug, %why, "money stands still: see `portico resume-money`");
        event(tx, scope, EventKind::BusinessMoneyPaused, &actor, Some(&why))?;
        Ok(true)
    })
}

/// Stops the money of every business, for a reason that holds for the whole installation.
///
/// # Errors
/// When the database fails; some may stand still by then.
pub fn pause_everything(engine: &Engine, why: &Reason, actor: &Actor) -> Result<()> {
    let tenants = engine.db.read(store::tenants::all)?;
    let mut all = tenants.iter();
    all.try_for_each(|tenant| pause_money(engine, &tenant.id, why.clone(), actor.clone()).map(drop))
}

/// Lets the money of a business move again.
///
/// # Errors
/// `Refused` with `not_paused`.
pub fn resume_money(engine: &Engine, tenant_id: &TenantId, actor: Actor) -> Result<()> {
    engine.write(tenant_id, move |tx, scope| {
        if locked(tx, scope)?.money_paused_since.is_none() {
            return Err(Error::refused("not_paused", "the money of this business moves"));
        }
        store::tenants::set_pause(tx, scope.id(), None)?;
        event(tx, scope, EventKind::BusinessMoneyResumed, &actor, None)
    })
}

/// The business as it stands; nobody else stops or starts its money until this transaction ends.
fn locked(tx: &mut Conn, scope: &Scope) -> Result<Tenant> {
    dialect::lock(tx, scope.id().as_str(), "money")?;
    store::tenants::get(tx, scope.id())
}

fn event(tx: &mut Conn, scope: &Scope, kind: EventKind, actor: &Actor, why: Option<&Reason>) -> Result<()> {
    let since = store::tenants::get(tx, scope.id())?.money_paused_since;
    let payload = json!({ "money_paused_since": since });
    let event = NewEvent { subject: scope.id().as_str(), kind, actor, reason: why, payload };
    store::events::record(tx, scope.id(), event, scope.now.billing)
}
