//! A person has seen to a charge or a refund that ended in a way that called for one.

use super::{charge, record, resolve_refund};
use crate::error::{Error, Result};
use crate::ids::{AttemptId, TenantId};
use crate::scope::Engine;
use crate::store;
use crate::store::events::Actor;
use domain::event::EventKind;
use domain::payment::state::Purpose;

/// Takes the flag off. Nothing else changes: what is to be done about it was done otherwise.
///
/// # Errors
/// `Refused` with `no_review`; with `payment_open`, where it has to be settled instead; with `undecided`, where a
/// refund's money waits for a decision.
pub fn review_payment(engine: &Engine, tenant_id: &TenantId, id: &AttemptId, actor: Actor) -> Result<()> {
    let id = id.clone();
    engine.write(tenant_id, move |tx, scope| {
        let mut attempt = charge::locked(tx, scope, &id)?;
        if attempt.review_since.take().is_none() {
            return Err(Error::refused("no_review", "this does not wait for anybody"));
        }
        if attempt.state.is_open() {
            return Err(Error::refused("payment_open", "what became of it is not known yet: settle it"));
        }
        if attempt.purpose == Purpose::Refund && resolve_refund::is_undecided(tx, scope, &attempt)? {
            return Err(Error::refused("undecided", "send it again, or let the balance keep it"));
        }
        attempt.updated_at = scope.now.wall;
        store::attempts::update(tx, scope.id(), &attempt)?;
        let kind = match attempt.purpose {
            Purpose::Charge => EventKind::PaymentReviewed,
            Purpose::Refund => EventKind::RefundReviewed,
        };
        record::attempt(tx, scope, &attempt, kind, &actor, None)
    })
}
