//! Revokes a scheduled cancellation.

use super::bill::next_charge;
use super::{advance, dun, record, schedule};
use crate::db::Conn;
use crate::error::{Error, Result};
use crate::ids::{CustomerId, SubscriptionId, TenantId};
use crate::mail::{MailFacts, MailKind};
use crate::scope::{Engine, Scope};
use crate::store;
use crate::store::events::Actor;
use crate::store::subscriptions::Subscription;
use domain::event::EventKind;
use domain::subscription::cancel::{UncancelDecision, decide_uncancel};

/// Lets a subscription go on whose cancellation has not taken effect yet, whoever scheduled it. Customers do so with
/// their own, unless the business has locked it.
///
/// # Errors
/// `Refused` with `not_scheduled`, `already_ended` or `locked`.
pub fn uncancel(
    engine: &Engine,
    tenant_id: &TenantId,
    actor: &Actor,
    id: &SubscriptionId,
) -> Result<UncancelDecision> {
    use domain::subscription::cancel::UncancelRefusal;
    let (actor, id) = (actor.clone(), id.clone());
    engine.write(tenant_id, move |tx, scope| {
        let mut sub = locked(tx, scope, &actor, &id)?;
        let facts = schedule::facts(tx, scope, &sub)?;
        let by_the_business = !matches!(actor, Actor::Customer(_));
        let decision =
            decide_uncancel(&facts, by_the_business, scope.now.billing).map_err(|refusal| match refusal {
                UncancelRefusal::NotScheduled => Error::refused("not_scheduled", refusal.to_string()),
                UncancelRefusal::Ended => Error::refused("already_ended", refusal.to_string()),
                UncancelRefusal::Locked => Error::refused("locked", refusal.to_string()),
            })?;
        sub.cancel_at = None;
        sub.cancel_requested_at = None;
        sub.cancel_reason = None;
        sub.cancel_comment = None;
        sub.cancel_locked = false;
        record::subscription(tx, scope, &mut sub, EventKind::SubscriptionUncancelled, &actor, None)?;
        schedule::save(tx, scope, &mut sub)?;
        let facts = facts_of_renewal(tx, scope, &sub)?;
        advance::tell(tx, scope, &sub, MailKind::Uncancelled, facts)?;
        Ok(decision)
    })
}

/// The subscription, its customer locked. Of somebody else's a customer learns nothing.
fn locked(tx: &mut Conn, scope: &Scope, actor: &Actor, id: &SubscriptionId) -> Result<Subscription> {
    let Actor::Customer(owner) = actor else { return scope.locked_subscription(tx, id) };
    let owner = CustomerId::from(owner.as_str());
    scope.lock(tx, &owner)?;
    store::subscriptions::of_customer(tx, scope.id(), &owner, id)
}

/// When it renews and for how much, as far as that is known now: on hold it does not.
fn facts_of_renewal(conn: &mut Conn, scope: &Scope, sub: &Subscription) -> Result<MailFacts> {
    let facts = dun::facts_of(conn, scope, sub, None)?;
    if !sub.status.renews() {
        return Ok(facts);
    }
    let amount = Some(next_charge(conn, scope, sub)?);
    Ok(MailFacts { amount, date: Some(scope.date_of(sub.current_period_end)), ..facts })
}
