//! An operator has seen to what kept a subscription from crossing a boundary: it comes back as what it was.

use super::{record, schedule};
use crate::error::{Error, Result};
use crate::ids::{SubscriptionId, TenantId};
use crate::scope::Engine;
use crate::store::events::Actor;
use domain::event::EventKind;
use domain::subscription::due::unparked;
use domain::subscription::state::SubscriptionStatus;

/// Lets a parked subscription go on, and answers with its status. The boundary that it could not cross is tried again
/// at once; periods that went by meanwhile are caught up with as after any downtime (`billing.catch_up`).
///
/// # Errors
/// `Refused` with `not_parked`.
pub fn unpark(engine: &Engine, tenant_id: &TenantId, id: &SubscriptionId) -> Result<SubscriptionStatus> {
    let id = id.clone();
    engine.write(tenant_id, move |tx, scope| {
        let mut sub = scope.locked_subscription(tx, &id)?;
        let Some(status) = unparked(&schedule::facts(tx, scope, &sub)?) else {
            return Err(Error::refused("not_parked", "this subscription is not parked"));
        };
        sub.status = status;
        sub.past_due_since = match status {
            SubscriptionStatus::PastDue => sub.past_due_since.or(Some(scope.now.billing)),
            _ => None,
        };
        let kind = EventKind::SubscriptionUnparked;
        record::subscription(tx, scope, &mut sub, kind, &Actor::Operator, None)?;
        schedule::save(tx, scope, &mut sub)?;
        Ok(status)
    })
}
