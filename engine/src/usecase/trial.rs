//! Gives more of a trial, or ends one early.

use super::{advance, change, record, schedule};
use crate::error::{Error, Result};
use crate::ids::{SubscriptionId, TenantId};
use crate::scope::Engine;
use crate::store::events::Actor;
use domain::Instant;
use domain::event::EventKind;
use domain::subscription::trial::{TrialRefusal, decide_end, decide_extend};

/// Lets a trial run until a later moment (billing time); its paid periods are counted from there.
///
/// # Errors
/// `Refused` with `not_trialing`, `cancelling` or `not_longer`.
pub fn extend(engine: &Engine, tenant_id: &TenantId, id: &SubscriptionId, until: Instant) -> Result<()> {
    let id = id.clone();
    engine.write(tenant_id, move |tx, scope| {
        let mut sub = scope.locked_subscription(tx, &id)?;
        let facts = schedule::facts(tx, scope, &sub)?;
        let extended = decide_extend(&facts, until, scope.now.billing).map_err(refused)?;
        sub.trial_end = Some(extended.trial_end);
        sub.current_period_end = extended.trial_end;
        sub.anchor_local = extended.anchor.local;
        let kind = EventKind::SubscriptionTrialExtended;
        record::subscription(tx, scope, &mut sub, kind, &Actor::Operator, None)?;
        schedule::save(tx, scope, &mut sub)
    })
}

/// Ends a trial now; what follows is what follows at the end of any trial.
///
/// # Errors
/// `Refused` with `not_trialing`, `cancelling` or `payment_under_way`.
pub fn end(engine: &Engine, tenant_id: &TenantId, id: &SubscriptionId) -> Result<()> {
    let id = id.clone();
    engine.write(tenant_id, move |tx, scope| {
        let mut sub = scope.locked_subscription(tx, &id)?;
        let facts = schedule::facts(tx, scope, &sub)?;
        let ended = decide_end(&facts, scope.now.billing).map_err(refused)?;
        if change::is_being_paid(tx, scope, &id)? {
            return Err(Error::refused("payment_under_way", "a change that ends the trial is being paid"));
        }
        sub.trial_end = Some(ended.period.start);
        sub.current_period_end = ended.period.start;
        sub.anchor_local = ended.schedule.anchor.local;
        sub.anchor_index = ended.schedule.anchor_index;
        advance::end_trial(tx, scope, &mut sub, ended.has_method, 0, &Actor::Operator).map(drop)
    })
}

fn refused(why: TrialRefusal) -> Error {
    let code = match why {
        TrialRefusal::NotTrialing => "not_trialing",
        TrialRefusal::Cancelling => "cancelling",
        TrialRefusal::NotLonger => "not_longer",
    };
    Error::refused(code, why.to_string())
}
