//! Lets a paused subscription go on, or undoes a pause that has not begun.

use super::{advance, record, schedule};
use crate::error::{Error, Result};
use crate::ids::{SubscriptionId, TenantId};
use crate::scope::Engine;
use crate::store::events::Actor;
use domain::event::EventKind;
use domain::subscription::pause::{ResumeDecision, ResumeRefusal, decide_resume};

/// Resumes a subscription. After a pause a new period begins now, and is charged.
///
/// # Errors
/// `Refused` with `already_ended`, `not_paused` or `cancelling`.
pub fn resume(
    engine: &Engine,
    tenant_id: &TenantId,
    id: &SubscriptionId,
    actor: &Actor,
) -> Result<ResumeDecision> {
    let (id, actor) = (id.clone(), actor.clone());
    engine.write(tenant_id, move |tx, scope| {
        let mut sub = scope.locked_subscription(tx, &id)?;
        let facts = schedule::facts(tx, scope, &sub)?;
        let decision = decide_resume(&facts, scope.now.billing).map_err(refused)?;
        match &decision {
            ResumeDecision::GoesOn => {
                (sub.pause_at, sub.resume_at) = (None, None);
                record::subscription(tx, scope, &mut sub, EventKind::SubscriptionPauseRevoked, &actor, None)?;
                schedule::save(tx, scope, &mut sub)?;
            }
            ResumeDecision::NewPeriod { schedule, period } => {
                advance::resume_in(tx, scope, &mut sub, schedule, *period, &actor)?;
            }
        }
        Ok(decision)
    })
}

fn refused(why: ResumeRefusal) -> Error {
    let code = match why {
        ResumeRefusal::Ended => "already_ended",
        ResumeRefusal::NotPaused => "not_paused",
        ResumeRefusal::Cancelling => "cancelling",
    };
    Error::refused(code, why.to_string())
}
