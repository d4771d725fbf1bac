//! What subscriptions entitle to. Access is computed whenever somebody asks and stored nowhere; license keys come and go
//! with each change of a subscription.

use super::license::{issue_key, revoke_key};
use crate::db::Conn;
use crate::error::Result;
use crate::scope::Scope;
use crate::store;
use crate::store::entitlements::{Benefit, LicenseKey};
use crate::store::events::Actor;
use crate::store::subscriptions::Subscription;
use chrono::TimeDelta;
use domain::entitlement::license::{KeyChange, key_change};
use domain::entitlement::{self, Access, AccessFacts, BenefitKind};
use domain::event::Why;

/// Whether a subscription gives access now.
pub fn access(scope: &Scope, sub: &Subscription) -> Access {
    let facts = AccessFacts {
        status: sub.status,
        past_due_since: sub.past_due_since,
        grace: TimeDelta::days(i64::from(scope.settings.entitlements.grace_days)),
    };
    entitlement::access(&facts, scope.now.billing)
}

/// Issues and revokes license keys as a subscription stands now.
pub(super) fn keep_up(tx: &mut Conn, scope: &Scope, sub: &Subscription) -> Result<()> {
    let mut given = store::entitlements::given_by(tx, scope.id(), sub)?;
    given.retain(|benefit| benefit.kind == BenefitKind::LicenseKey);
    let mut keys = store::entitlements::keys_of(tx, scope.id(), &sub.id)?;
    take_along(tx, scope, &given, &mut keys)?;
    for benefit in &given {
        let mine = || keys.iter().filter(|key| key.benefit_id == benefit.id);
        let live = mine().find(|key| key.revoked_at.is_none());
        // What was taken away by hand stays away.
        let by_hand = mine().any(LicenseKey::revoked_by_hand);
        match key_change(access(scope, sub).is_open(), sub.has_ended(), live.is_some(), by_hand) {
            KeyChange::Issue => {
                issue_key(tx, scope, sub, benefit, &Actor::Worker)?;
            }
            KeyChange::Revoke => {
                if let Some(key) = live {
                    revoke_key(tx, scope, key.clone(), Why::Ended, None, &Actor::Worker)?;
                }
            }
            KeyChange::Keep => {}
        }
    }
    let left = |key: &LicenseKey| !given.iter().any(|benefit| benefit.id == key.benefit_id);
    for key in keys.into_iter().filter(|key| key.revoked_at.is_none() && left(key)) {
        revoke_key(tx, scope, key, Why::Changed, None, &Actor::Worker)?;
    }
    Ok(())
}

/// Who changes to a plan that gives a benefit of the same code keeps the key, and need not type another.
fn take_along(tx: &mut Conn, scope: &Scope, given: &[Benefit], keys: &mut [LicenseKey]) -> Result<()> {
    for place in 0..keys.len() {
        let key = &keys[place];
        if key.revoked_at.is_some() || given.iter().any(|benefit| benefit.id == key.benefit_id) {
            continue;
        }
        let code = store::entitlements::benefit(tx, scope.id(), &key.benefit_id)?.code;
        let taken = |benefit: &Benefit| {
            keys.iter().any(|key| key.benefit_id == benefit.id && key.revoked_at.is_none())
        };
        let Some(heir) = given.iter().find(|benefit| benefit.code == code && !taken(benefit)) else {
            continue;
        };
        keys[place].benefit_id = heir.id.clone();
        store::entitlements::update_key(tx, scope.id(), &keys[place])?;
    }
    Ok(())
}
