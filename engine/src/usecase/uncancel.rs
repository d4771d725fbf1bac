//! Revokes a scheduled cancellation.

use super::{dun, record, schedule};
use crate::error::{Error, Result};
use crate::ids::{CustomerId, SubscriptionId, TenantId};
use crate::mail::{self, MailFacts, MailKind, NewMail};
use crate::scope::Engine;
use crate::store;
use crate::store::events::Actor;
use domain::subscription::cancel::{UncancelDecision, decide_uncancel};

/// Lets a subscription go on whose cancellation has not taken effect yet, whoever scheduled it.
///
/// # Errors
/// `Refused` with `not_scheduled`, `already_ended` or `locked`.
pub fn uncancel(
    engine: &Engine,
    tenant_id: &TenantId,
    owner: &CustomerId,
    id: &SubscriptionId,
) -> Result<UncancelDecision> {
    use domain::subscription::cancel::UncancelRefusal;
    let (owner, id) = (owner.clone(), id.clone());
    engine.write(tenant_id, move |tx, scope| {
        scope.lock(tx, &owner)?;
        let mut sub = store::subscriptions::of_customer(tx, scope.id(), &owner, &id)?;
        let facts = schedule::facts(tx, scope, &sub)?;
        let decision = decide_uncancel(&facts, scope.now.billing).map_err(|refusal| match refusal {
            UncancelRefusal::NotScheduled => Error::refused("not_scheduled", refusal.to_string()),
            UncancelRefusal::Ended => Error::refused("already_ended", refusal.to_string()),
            UncancelRefusal::Locked => Error::refused("locked", refusal.to_string()),
        })?;
        sub.cancel_at = None;
        sub.cancel_requested_at = None;
        sub.cancel_reason = None;
        sub.cancel_comment = None;
        let actor = Actor::Customer(owner.to_string());
        record::subscription(tx, scope, &mut sub, "subscription.uncancelled", &actor, None)?;
        schedule::save(tx, scope, &mut sub)?;
        let customer = store::customers::get(tx, scope.id(), &owner)?;
        let renews = Some(scope.date_of(sub.current_period_end));
        let facts = MailFacts { date: renews, ..dun::facts_of(tx, scope, &sub, None)? };
        let dedupe_key = format!("{}:uncancelled:{}", sub.id, sub.event_seq);
        mail::queue(tx, scope, NewMail { to: &customer, kind: MailKind::Uncancelled, dedupe_key, facts })?;
        Ok(decision)
    })
}
