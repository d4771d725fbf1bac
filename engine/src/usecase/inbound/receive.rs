//! A webhook arrived, and the provider's component vouches for it.

use super::{lock, take_in};
use crate::crash;
use crate::error::{Error, Result};
use crate::ids::{AccountId, InboundId, TenantId};
use crate::scope::Engine;
use crate::store;
use crate::store::inbound::{InboundEvent, InboundState};
use domain::provider::{ChangeKind, Event};

/// Takes in the events of one delivery. That an event was told, and what follows from it, is one transaction, so that one
/// which fails comes again with the provider's next try.
///
/// # Errors
/// When one of them could not be taken in; those before it are.
pub fn receive(engine: &Engine, tenant_id: &TenantId, account: &AccountId, events: Vec<Event>) -> Result<()> {
    for event in events {
        if event.change.kind() != ChangeKind::Ignored {
            receive_one(engine, tenant_id, account, event)?;
        }
    }
    crash::point("webhook_in.after_commit");
    Ok(())
}

fn receive_one(engine: &Engine, tenant_id: &TenantId, account: &AccountId, event: Event) -> Result<()> {
    let account = account.clone();
    engine.write(tenant_id, move |tx, scope| {
        lock(tx, scope, &account, &event.id)?;
        if store::inbound::is_known(tx, scope.id(), &account, &event.id)? {
            return Ok(());
        }
        let mut row = InboundEvent {
            id: InboundId::mint(),
            tenant_id: scope.id().clone(),
            provider_account_id: account,
            event_id: event.id,
            kind: event.change.kind(),
            object_ref: event.change.object_ref().to_owned(),
            claim: serde_json::to_string(&event.change).map_err(Error::bug)?,
            state: InboundState::Waiting,
            next_try_at: Some(scope.now.wall),
            alarmed_at: None,
            received_at: scope.now.wall,
            settled_at: None,
        };
        take_in(tx, scope, &mut row)?;
        store::inbound::insert(tx, &row)?;
        crash::point("webhook_in.before_commit");
        Ok(())
    })
}
