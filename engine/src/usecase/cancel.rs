//! Cancels a subscription: now, or when what is paid for is over.

use super::{advance, change, dun, record, schedule};
use crate::error::{Error, Result};
use crate::ids::{CustomerId, SubscriptionId, TenantId};
use crate::mail::{MailFacts, MailKind};
use crate::scope::Engine;
use crate::settings::words::CancelReasons;
use crate::store;
use crate::store::events::Actor;
use domain::event::{EventKind, Reason};
use domain::subscription::cancel::{CancelDecision, CancelReason, CancelTiming, decide_cancel};
use domain::subscription::state::SubscriptionStatus;

/// Longest comment kept, in characters.
pub const COMMENT_CHARS: usize = 1_000;

/// What the customer asked for.
#[derive(Debug, Clone)]
pub struct CancelRequest {
    /// Which subscription.
    pub subscription: SubscriptionId,
    /// When it should end; trials follow the business's setting instead.
    pub timing: CancelTiming,
    /// Why, if they said.
    pub reason: Option<CancelReason>,
    /// Why, in their words.
    pub comment: Option<String>,
}

/// Cancels a customer's subscription as far as the business's settings let customers do that.
///
/// # Errors
/// `Refused` with `cancelling_off`, `timing_off`, `reason_required`, `comment_too_long` or `already_ended`.
pub fn cancel(
    engine: &Engine,
    tenant_id: &TenantId,
    owner: &CustomerId,
    request: CancelRequest,
) -> Result<CancelDecision> {
    let owner = owner.clone();
    engine.write(tenant_id, move |tx, scope| {
        scope.lock(tx, &owner)?;
        let mut sub = store::subscriptions::of_customer(tx, scope.id(), &owner, &request.subscription)?;
        let portal = &scope.settings.portal;
        if !portal.cancel.enabled {
            return Err(Error::refused("cancelling_off", "customers cannot cancel here"));
        }
        if portal.cancel.reasons == CancelReasons::Required && request.reason.is_none() {
            return Err(Error::refused("reason_required", "choose a reason"));
        }
        if request.comment.as_ref().is_some_and(|comment| comment.chars().count() > COMMENT_CHARS) {
            return Err(Error::refused("comment_too_long", "the comment is too long"));
        }
        let facts = schedule::facts(tx, scope, &sub)?;
        let chooses = sub.status == SubscriptionStatus::Active;
        if chooses && !portal.cancel.modes.contains(&request.timing) {
            return Err(Error::refused("timing_off", "this business does not offer that"));
        }
        let decision = decide_cancel(&facts, request.timing, portal.trial_cancellation, scope.now.billing)
            .map_err(|refusal| Error::refused("already_ended", refusal.to_string()))?;
        let actor = Actor::Customer(owner.to_string());
        if matches!(decision, CancelDecision::Already(_)) {
            return Ok(decision);
        }
        sub.cancel_requested_at = Some(scope.now.billing);
        sub.cancel_reason = request.reason.map(String::from);
        let why = request.reason.map(Reason::Feedback);
        sub.cancel_comment = request.comment;
        let CancelDecision::EndAt(at) = decision else {
            sub.cancel_at = Some(scope.now.billing);
            advance::end(tx, scope, &mut sub, &actor, why.as_ref())?;
            return Ok(decision);
        };
        sub.cancel_at = Some(at);
        change::cancelling(tx, scope, &mut sub, &actor)?;
        let kind = EventKind::SubscriptionCancellationScheduled;
        record::subscription(tx, scope, &mut sub, kind, &actor, why.as_ref())?;
        schedule::save(tx, scope, &mut sub)?;
        let facts = MailFacts { date: Some(scope.date_of(at)), ..dun::facts_of(tx, scope, &sub, None)? };
        advance::tell(tx, scope, &sub, MailKind::CancellationScheduled, facts)?;
        Ok(decision)
    })
}
