//! Pauses a subscription when its period is over.

use super::{record, schedule};
use crate::error::{Error, Result};
use crate::ids::{SubscriptionId, TenantId};
use crate::scope::Engine;
use crate::store::events::Actor;
use domain::Instant;
use domain::event::EventKind;
use domain::subscription::pause::{PauseDecision, PauseRefusal, decide_pause};

/// Lets a subscription pause from the end of its period until `resume_at` (billing time), or until somebody resumes
/// it. Until the pause begins it can be undone by resuming.
///
/// # Errors
/// `Refused` with `already_ended`, `not_active`, `cancelling` or `resumes_too_early`.
pub fn pause(
    engine: &Engine,
    tenant_id: &TenantId,
    id: &SubscriptionId,
    resume_at: Option<Instant>,
    actor: &Actor,
) -> Result<PauseDecision> {
    let (id, actor) = (id.clone(), actor.clone());
    engine.write(tenant_id, move |tx, scope| {
        let mut sub = scope.locked_subscription(tx, &id)?;
        let facts = schedule::facts(tx, scope, &sub)?;
        let decision = decide_pause(&facts, resume_at, scope.now.billing).map_err(refused)?;
        if let PauseDecision::PauseAt(at) = decision {
            sub.pause_at = Some(at);
            sub.resume_at = resume_at;
            record::subscription(tx, scope, &mut sub, EventKind::SubscriptionPauseScheduled, &actor, None)?;
            schedule::save(tx, scope, &mut sub)?;
        }
        Ok(decision)
    })
}

fn refused(why: PauseRefusal) -> Error {
    let code = match why {
        PauseRefusal::Ended => "already_ended",
        PauseRefusal::NotActive => "not_active",
        PauseRefusal::Cancelling => "cancelling",
        PauseRefusal::ResumesTooEarly => "resumes_too_early",
    };
    Error::refused(code, why.to_string())
}
