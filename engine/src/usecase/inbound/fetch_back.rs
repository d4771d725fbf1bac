//! An event that only says what to ask about: nothing of it is believed but the provider's answer.

use super::effect::{known_by, learned};
use super::{close, locked};
use crate::error::{Error, Result};
use crate::ids::{InboundId, TenantId};
use crate::scope::Engine;
use crate::store;
use crate::store::inbound::InboundState;
use crate::store::methods::ProviderAccount;
use crate::usecase::charge;
use domain::provider::{LookupRequest, Outcome};

/// What to ask, and of whom.
#[derive(Debug)]
pub struct Question {
    /// The account, secrets still sealed.
    pub account: ProviderAccount,
    /// What to look up.
    pub query: LookupRequest,
}

/// What an event wants to be asked; nothing where the answer is there already.
pub fn question(engine: &Engine, tenant_id: &TenantId, id: &InboundId) -> Result<Option<Question>> {
    engine.read(tenant_id, |conn, scope| {
        let event = store::inbound::get(conn, scope.id(), id)?;
        let account = store::methods::account(conn, scope.id(), &event.provider_account_id)?;
        if event.state != InboundState::Asking {
            return Ok(None);
        }
        let attempt = known_by(conn, scope, &account.id, &event.object_ref)?;
        let attempt = attempt.ok_or_else(|| Error::bug("an attempt has lost its reference"))?;
        let mut attempt = store::attempts::get(conn, scope.id(), &attempt)?;
        let request = charge::request(conn, scope, &mut attempt)?;
        Ok(Some(Question { query: charge::query_of(&attempt, &request), account }))
    })
}

/// Takes in the provider's answer.
pub fn fetched(engine: &Engine, tenant_id: &TenantId, id: &InboundId, outcome: Outcome) -> Result<()> {
    let id = id.clone();
    engine.write(tenant_id, move |tx, scope| {
        let mut event = locked(tx, scope, &id)?;
        if event.state != InboundState::Asking {
            return Ok(());
        }
        if let Some(attempt) = known_by(tx, scope, &event.provider_account_id, &event.object_ref)? {
            learned(tx, scope, &attempt, &outcome)?;
        }
        event.state = InboundState::Done;
        close(scope, &mut event);
        store::inbound::update(tx, scope.id(), &event)
    })
}
