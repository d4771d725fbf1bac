//! Events that were told before what they tell of was known here, and those whose question got no answer.

use super::{close, locked, record, take_in};
use crate::error::Result;
use crate::ids::{InboundId, TenantId};
use crate::scope::Engine;
use crate::store;
use crate::store::events::Actor;
use crate::store::inbound::InboundState;
use chrono::TimeDelta;
use domain::event::EventKind;

/// Minutes after which what is still unmatched will not match by itself. Until then every sweep looks.
const PATIENCE_MIN: i64 = 60;

/// Events that the sweep has to look at.
pub fn find_due(engine: &Engine, tenant_id: &TenantId, limit: i64) -> Result<Vec<InboundId>> {
    engine.read(tenant_id, |conn, scope| store::inbound::due(conn, scope.id(), scope.now.wall, limit))
}

/// Tries again to take in an event. After an hour it is a matter for a person when it tells of money, and for nobody
/// otherwise: the provider has other customers' methods and setups, too.
pub fn look_again(engine: &Engine, tenant_id: &TenantId, id: &InboundId) -> Result<()> {
    let id = id.clone();
    engine.write(tenant_id, move |tx, scope| {
        let mut event = locked(tx, scope, &id)?;
        let before = event.state;
        let is_open = |state| matches!(state, InboundState::Waiting | InboundState::Asking);
        if !is_open(before) {
            return Ok(());
        }
        take_in(tx, scope, &mut event)?;
        let patience = TimeDelta::minutes(PATIENCE_MIN);
        let overdue = is_open(event.state) && scope.now.wall - event.received_at >= patience;
        if overdue && !event.kind.is_about_money() {
            event.state = InboundState::Dismissed;
            close(scope, &mut event);
        } else if overdue {
            event.next_try_at = Some(scope.now.wall + patience);
            if event.alarmed_at.is_none() {
                event.alarmed_at = Some(scope.now.wall);
                tracing::error!(tenant = %scope.tenant.slug, event = %event.id, kind = %event.kind,
                    "a provider tells of a payment that is not known here");
                record(tx, scope, &event, EventKind::ProviderEventUnmatched, &Actor::Worker)?;
            }
        }
        if event.state == before && !overdue {
            return Ok(());
        }
        store::inbound::update(tx, scope.id(), &event)
    })
}
