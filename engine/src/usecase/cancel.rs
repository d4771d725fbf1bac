//! Cancels a subscription: now, or when what is paid for is over.

use super::{advance, change, dun, ending, record, schedule};
use crate::db::Conn;
use crate::error::{Error, Result};
use crate::ids::{CustomerId, SubscriptionId, TenantId};
use crate::mail::{MailFacts, MailKind};
use crate::scope::{Engine, Scope};
use crate::settings::words::CancelReasons;
use crate::store;
use crate::store::events::Actor;
use crate::store::subscriptions::Subscription;
use chrono::TimeDelta;
use domain::Instant;
use domain::event::{EventKind, Reason};
use domain::subscription::cancel::{
    CancelDecision, CancelReason, CancelTiming, decide_cancel, rest_of_contract,
};
use domain::subscription::change::quote::QUOTE_MINUTES;
use domain::subscription::ending::GivenBack;
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
    /// What they were shown of what comes back if it ends now.
    pub shown: Option<Shown>,
}

/// What comes back if a subscription ends now, as it was shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Shown {
    /// When, billing time: from then on, time is unused.
    pub at: Instant,
    /// What.
    pub given_back: GivenBack,
}

impl Shown {
    /// Whether what was shown at that moment still holds, as far as that is a matter of time.
    pub fn is_fresh(at: Instant, now: Instant) -> bool {
        at <= now && now < at + TimeDelta::minutes(QUOTE_MINUTES)
    }
}

/// Cancels a customer's subscription as far as the business's settings let customers do that.
///
/// # Errors
/// `Refused` with `cancelling_off`, `timing_off`, `reason_required`, `comment_too_long`, `already_ended`, or
/// `outdated`: something else comes back than was shown.
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
        let bound = rest_of_contract(&facts, scope.now.billing).is_some();
        let chooses = sub.status == SubscriptionStatus::Active && !bound;
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
            end_as_shown(tx, scope, &mut sub, &actor, why.as_ref(), request.shown)?;
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

/// Ends it now, if what comes back is what was shown.
fn end_as_shown(
    tx: &mut Conn,
    scope: &Scope,
    sub: &mut Subscription,
    actor: &Actor,
    why: Option<&Reason>,
    shown: Option<Shown>,
) -> Result<()> {
    let given_back = ending::cancelled(tx, scope, sub, actor, why, shown.map(|shown| shown.at))?;
    match shown {
        Some(shown) if !Shown::is_fresh(shown.at, scope.now.billing) || shown.given_back != given_back => {
            Err(Error::refused("outdated", "something else comes back by now"))
        }
        _ => Ok(()),
    }
}
