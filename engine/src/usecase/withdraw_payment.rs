//! A person gives up a payment that its provider has accepted and that never arrives.

use super::charge;
use crate::error::{Error, Result};
use crate::ids::{AttemptId, TenantId};
use crate::scope::Engine;
use crate::store;
use domain::payment::resolve::may_withdraw;

/// Has the worker ask the provider to cancel a charge; what the provider answers holds. Money that arrives all the same is
/// a late truth.
///
/// # Errors
/// `Refused` with `not_withdrawable`: the provider has not accepted it, or it has ended, or it is a refund.
pub fn withdraw_payment(engine: &Engine, tenant_id: &TenantId, id: &AttemptId) -> Result<()> {
    let id = id.clone();
    engine.write(tenant_id, move |tx, scope| {
        let mut attempt = charge::locked(tx, scope, &id)?;
        if !may_withdraw(attempt.state, attempt.purpose) {
            let text = "only a charge that waits for its customer or their bank can be withdrawn";
            return Err(Error::refused("not_withdrawable", text));
        }
        attempt.withdrawn_at = attempt.withdrawn_at.or(Some(scope.now.wall));
        attempt.next_check_at = Some(scope.now.wall);
        attempt.updated_at = scope.now.wall;
        store::attempts::update(tx, scope.id(), &attempt)
    })
}
