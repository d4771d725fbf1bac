//! A person tells what became of a charge or a refund that waits for one.

use super::{charge, settle};
use crate::error::{Error, Result};
use crate::ids::{AttemptId, TenantId};
use crate::scope::Engine;
use domain::payment::by_hand::{Finding, found};
use domain::payment::state::OutcomeSource;

/// Takes in what a person has found out, and everything that follows from it.
///
/// # Errors
/// `Refused` with a code of [`domain::payment::by_hand::FindingRefusal`].
pub fn settle_payment(engine: &Engine, tenant_id: &TenantId, id: &AttemptId, finding: Finding) -> Result<()> {
    let id = id.clone();
    engine.write(tenant_id, move |tx, scope| {
        let mut attempt = charge::locked(tx, scope, &id)?;
        if attempt.lease_until.is_some_and(|until| until > scope.now.wall) {
            return Err(Error::refused("payment_open", "the provider is being asked about it just now"));
        }
        let facts = settle::facts_of(tx, scope, &attempt)?;
        let settlement = found(&facts, &finding, attempt.amount(), scope.now.wall)
            .map_err(|refusal| Error::refused(refusal.code(), refusal.to_string()))?;
        attempt.review_since = None;
        settle::apply(tx, scope, &mut attempt, settlement, OutcomeSource::Operator)
    })
}
