//! The business ends a subscription on a date of its choice, or agrees on how long it runs at least.

use super::{advance, change, dun, ending, record, schedule};
use crate::error::{Error, Result};
use crate::ids::{SubscriptionId, TenantId};
use crate::mail::{MailFacts, MailKind};
use crate::scope::Engine;
use crate::store::events::Actor;
use domain::Instant;
use domain::event::{EventKind, Why};
use domain::subscription::cancel::{CancelDecision, decide_cancel_on};

/// Ends a subscription at `date` (billing time), whatever trial or contract it is in; a date that has come means now.
/// With `lock` only the business can revoke that.
///
/// # Errors
/// `Refused` with `already_ended`.
pub fn cancel_on(
    engine: &Engine,
    tenant_id: &TenantId,
    id: &SubscriptionId,
    date: Instant,
    lock: bool,
) -> Result<CancelDecision> {
    let id = id.clone();
    engine.write(tenant_id, move |tx, scope| {
        let mut sub = scope.locked_subscription(tx, &id)?;
        let facts = schedule::facts(tx, scope, &sub)?;
        let decision = decide_cancel_on(&facts, date, scope.now.billing)
            .map_err(|refusal| Error::refused("already_ended", refusal.to_string()))?;
        let actor = Actor::Operator;
        match decision {
            CancelDecision::Already(_) if sub.cancel_locked == lock => return Ok(decision),
            CancelDecision::EndNow => {
                sub.cancel_at = Some(scope.now.billing);
                ending::cancelled(tx, scope, &mut sub, &actor, None, None)?;
                return Ok(decision);
            }
            CancelDecision::Already(at) | CancelDecision::EndAt(at) => sub.cancel_at = Some(at),
        }
        sub.cancel_requested_at = Some(scope.now.billing);
        sub.cancel_locked = lock;
        change::cancelling(tx, scope, &mut sub, &actor)?;
        record::subscription(
            tx,
            scope,
            &mut sub,
            EventKind::SubscriptionCancellationScheduled,
            &actor,
            None,
        )?;
        schedule::save(tx, scope, &mut sub)?;
        let on = sub.cancel_at.map(|at| scope.date_of(at));
        let facts = MailFacts { date: on, ..dun::facts_of(tx, scope, &sub, None)? };
        advance::tell(tx, scope, &sub, MailKind::CancellationScheduled, facts)?;
        Ok(decision)
    })
}

/// Agrees that a subscription runs until `until` (billing time) at least: its customer can cancel it no earlier than
/// with the first period that reaches it. None ends such an agreement.
///
/// # Errors
/// `Refused` with `already_ended`.
pub fn set_contract(
    engine: &Engine,
    tenant_id: &TenantId,
    id: &SubscriptionId,
    until: Option<Instant>,
) -> Result<()> {
    let id = id.clone();
    engine.write(tenant_id, move |tx, scope| {
        let mut sub = scope.locked_subscription(tx, &id)?;
        if sub.has_ended() {
            return Err(Error::refused("already_ended", "the subscription has ended"));
        }
        sub.contract_until = until;
        let (kind, why) = (EventKind::SubscriptionChanged, Why::Contract.into());
        record::subscription(tx, scope, &mut sub, kind, &Actor::Operator, Some(&why))?;
        schedule::save(tx, scope, &mut sub)
    })
}
