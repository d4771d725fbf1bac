//! A person has looked at a subscription whose periods went by while nothing ran.

use super::{record, schedule};
use crate::error::{Error, Result};
use crate::ids::{SubscriptionId, TenantId};
use crate::scope::Engine;
use crate::store;
use crate::store::events::Actor;
use domain::event::EventKind;

/// What becomes of the periods that were missed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Missed {
    /// The next of them is billed; with more to come, the subscription waits for a person again.
    Bill,
    /// They are not billed; billing goes on with the next period.
    Forgive,
}

/// Lets a subscription go on that waited for a person.
///
/// # Errors
/// `Refused` with `no_review` when it does not wait.
pub fn confirm_review(
    engine: &Engine,
    tenant_id: &TenantId,
    id: &SubscriptionId,
    missed: Missed,
) -> Result<()> {
    let id = id.clone();
    engine.write(tenant_id, move |tx, scope| {
        let mut sub = scope.locked_subscription(tx, &id)?;
        if sub.review_since.take().is_none() {
            return Err(Error::refused("no_review", "this subscription does not wait for anybody"));
        }
        if missed == Missed::Forgive {
            let (price, _) = store::catalog::price(tx, scope.id(), &sub.price_id)?;
            let schedule = sub.schedule(&price)?;
            let current = schedule.index_at(scope.now.billing).max(sub.period_index);
            let period = schedule.period(current);
            sub.period_index = current;
            sub.current_period_start = period.start;
            sub.current_period_end = period.end;
        }
        let kind = EventKind::SubscriptionReviewed;
        record::subscription(tx, scope, &mut sub, kind, &Actor::Operator, None)?;
        schedule::save(tx, scope, &mut sub)
    })
}
