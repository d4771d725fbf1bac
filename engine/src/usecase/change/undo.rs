//! Takes back a change that has not begun.

use super::{apply, outcome, quote};
use crate::error::{Error, Result};
use crate::ids::{SubscriptionId, TenantId};
use crate::scope::Engine;
use crate::store;
use crate::store::changes::ChangeState;
use crate::store::events::Actor;
use crate::usecase::schedule;
use domain::subscription::change::pending::{UndoRefusal, decide_undo};

/// Undoes the scheduled change of a subscription, until the period that begins with it.
///
/// # Errors
/// `Refused` with `changes_off`, `nothing_pending` or `too_late`.
pub fn undo(engine: &Engine, tenant_id: &TenantId, actor: &Actor, id: &SubscriptionId) -> Result<()> {
    let (actor, id) = (actor.clone(), id.clone());
    engine.write(tenant_id, move |tx, scope| {
        scope.locked_subscription(tx, &id)?;
        let mut sub = quote::permitted(tx, scope, &actor, &id)?;
        let open = store::changes::open_of(tx, scope.id(), &id)?;
        let pending = open.as_ref().map(apply::pending).transpose()?.flatten();
        let facts = schedule::facts(tx, scope, &sub)?;
        decide_undo(&facts, pending.as_ref(), scope.now.billing).map_err(|refusal| match refusal {
            UndoRefusal::NothingPending => Error::refused("nothing_pending", refusal.to_string()),
            UndoRefusal::TooLate => Error::refused("too_late", refusal.to_string()),
        })?;
        outcome::drop_scheduled(tx, scope, &mut sub, ChangeState::Undone, &actor, None)?;
        schedule::save(tx, scope, &mut sub)
    })
}
