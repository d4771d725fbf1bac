//! A person has seen to what a provider told, or knows that it is nothing.

use super::{close, locked, record};
use crate::error::{Error, Result};
use crate::ids::{InboundId, TenantId};
use crate::scope::Engine;
use crate::store;
use crate::store::events::Actor;
use crate::store::inbound::InboundState;
use domain::event::EventKind;

/// Puts an event aside that still waits.
///
/// # Errors
/// `Refused` with `settled`: it was taken in or put aside before.
pub fn dismiss(engine: &Engine, tenant_id: &TenantId, id: &InboundId) -> Result<()> {
    let id = id.clone();
    engine.write(tenant_id, move |tx, scope| {
        let mut event = locked(tx, scope, &id)?;
        if matches!(event.state, InboundState::Done | InboundState::Dismissed) {
            return Err(Error::refused("settled", "nobody waits for this event any more"));
        }
        event.state = InboundState::Dismissed;
        close(scope, &mut event);
        store::inbound::update(tx, scope.id(), &event)?;
        record(tx, scope, &event, EventKind::ProviderEventDismissed, &Actor::Operator)
    })
}
