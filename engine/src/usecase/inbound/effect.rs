//! What an event comes to. It may name what belongs to the account that it came to, and nothing else.

use super::reversal;
use crate::db::Conn;
use crate::error::Result;
use crate::ids::{AccountId, AttemptId};
use crate::scope::Scope;
use crate::store;
use crate::store::inbound::InboundState;
use crate::usecase::{add_method, charge, method_at_provider, settle};
use domain::payment::protocol::{Settlement, learn};
use domain::payment::state::{OutcomeSource, Purpose};
use domain::provider::{Change, Listed, Movement, Outcome};

pub(super) fn of(tx: &mut Conn, scope: &Scope, account: &AccountId, claim: Change) -> Result<InboundState> {
    let done = |found: bool| if found { InboundState::Done } else { InboundState::Waiting };
    match claim {
        Change::Settled(listed) => settled(tx, scope, account, &listed).map(done),
        Change::Refetch(reference) => {
            let found = known_by(tx, scope, account, &reference)?;
            Ok(if found.is_some() { InboundState::Asking } else { InboundState::Waiting })
        }
        Change::Reversed(reversal) => reversal::take_in(tx, scope, account, &reversal),
        Change::Setup(reference) => add_method::moved_on(tx, scope, account, &reference).map(done),
        Change::MethodUpdated(method) => method_at_provider::updated(tx, scope, account, method).map(done),
        Change::MethodRemoved(reference) => {
            method_at_provider::gone(tx, scope, account, &reference).map(done)
        }
        Change::Ignored => Ok(InboundState::Done),
    }
}

/// The attempt that the account's provider knows by its own reference, charges first.
pub(super) fn known_by(
    conn: &mut Conn,
    scope: &Scope,
    account: &AccountId,
    reference: &str,
) -> Result<Option<AttemptId>> {
    for purpose in [Purpose::Charge, Purpose::Refund] {
        let found = store::attempts::named(conn, scope.id(), account, purpose, (None, reference))?;
        if found.is_some() {
            return Ok(found);
        }
    }
    Ok(None)
}

/// Takes in what became of a charge or refund. False where none of the account's is meant.
fn settled(tx: &mut Conn, scope: &Scope, account: &AccountId, listed: &Listed) -> Result<bool> {
    let purpose = match listed.movement {
        Movement::Charge => Purpose::Charge,
        Movement::Refund => Purpose::Refund,
    };
    let names = (listed.key.as_deref(), listed.provider_ref.as_str());
    match store::attempts::named(tx, scope.id(), account, purpose, names)? {
        Some(id) => learned(tx, scope, &id, &listed.outcome).map(|()| true),
        None => Ok(false),
    }
}

/// What the provider says became of an attempt. News that are none leave the attempt to whoever works on it.
pub(super) fn learned(tx: &mut Conn, scope: &Scope, id: &AttemptId, outcome: &Outcome) -> Result<()> {
    let mut attempt = charge::locked(tx, scope, id)?;
    let facts = settle::facts_of(tx, scope, &attempt)?;
    match learn(&facts, outcome, attempt.amount()) {
        Settlement::Unchanged => Ok(()),
        settlement => settle::apply(tx, scope, &mut attempt, settlement, OutcomeSource::Webhook),
    }
}
