//! What a subscription entitles its customer to, as it stands.

use crate::db::Conn;
use crate::error::Result;
use crate::scope::Scope;
use crate::store;
use crate::store::entitlements::{Activation, Benefit, LicenseKey};
use crate::store::subscriptions::Subscription;
use crate::usecase::entitle;
use domain::entitlement::Access;

/// A benefit of a subscription.
#[derive(Debug, Clone)]
pub struct Entitled {
    /// What it is.
    pub benefit: Benefit,
    /// Whether it can be used now.
    pub access: Access,
    /// Its license key: the living one, else the one revoked last.
    pub key: Option<LicenseKey>,
    /// Devices that use the key.
    pub devices: Vec<Activation>,
}

/// The benefits of a subscription, oldest first.
pub fn of(conn: &mut Conn, scope: &Scope, sub: &Subscription) -> Result<Vec<Entitled>> {
    let given = store::entitlements::given_by(conn, scope.id(), sub)?;
    let mut keys = Vec::new();
    if !given.is_empty() {
        keys = store::entitlements::keys_of(conn, scope.id(), &sub.id)?;
    }
    // The living one last.
    keys.sort_by_key(|key| key.revoked_at.is_none());
    let access = entitle::access(scope, sub);
    given
        .into_iter()
        .map(|benefit| {
            let key = keys.iter().rev().find(|key| key.benefit_id == benefit.id).cloned();
            let devices = match &key {
                Some(key) => store::entitlements::activations(conn, scope.id(), &key.id)?,
                None => Vec::new(),
            };
            Ok(Entitled { benefit, access, key, devices })
        })
        .collect()
}
