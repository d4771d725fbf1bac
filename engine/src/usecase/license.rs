//! License keys: issued, revoked, and used on devices. The key itself never reaches events or logs.

use super::entitle::access;
use crate::db::Conn;
use crate::error::{Error, Result};
use crate::ids::{ActivationId, CustomerId, LicenseId, SubscriptionId, TenantId};
use crate::keys::random_bytes;
use crate::scope::{Engine, Scope};
use crate::store;
use crate::store::entitlements::{Activation, Benefit, LicenseKey};
use crate::store::events::{Actor, NewEvent};
use crate::store::subscriptions::Subscription;
use domain::entitlement::BenefitKind;
use domain::entitlement::license::{self, LicenseFacts, LicenseRefusal, LicenseState};
use domain::event::{EventKind, Reason, Why};
use serde_json::json;

/// Issues a key by hand, where one was taken away or the benefit is younger than the subscription.
///
/// # Errors
/// `Refused` with `unknown_benefit`, `has_key`, or `not_entitled` while the subscription gives no access.
pub fn issue(
    engine: &Engine,
    tenant_id: &TenantId,
    id: &SubscriptionId,
    benefit: &str,
    actor: Actor,
) -> Result<LicenseKey> {
    let (id, code) = (id.clone(), benefit.to_owned());
    engine.write(tenant_id, move |tx, scope| {
        let sub = scope.locked_subscription(tx, &id)?;
        let given = store::entitlements::given_by(tx, scope.id(), &sub)?;
        let named = |benefit: &&Benefit| benefit.code == code && benefit.kind == BenefitKind::LicenseKey;
        let benefit = given.iter().find(named).ok_or_else(|| {
            Error::refused("unknown_benefit", format!("the subscription gives no license key {code:?}"))
        })?;
        if !access(scope, &sub).is_open() {
            return Err(refused(LicenseRefusal::NotEntitled));
        }
        let keys = store::entitlements::keys_of(tx, scope.id(), &sub.id)?;
        if keys.iter().any(|key| key.benefit_id == benefit.id && key.revoked_at.is_none()) {
            return Err(Error::refused("has_key", "the subscription has such a key"));
        }
        issue_key(tx, scope, &sub, benefit, &actor)
    })
}

/// Takes a key away for good; no other follows by itself. Doing it again changes nothing.
///
/// # Errors
/// `Refused` with `unknown_license`.
pub fn revoke(
    engine: &Engine,
    tenant_id: &TenantId,
    key: &str,
    why: Option<&str>,
    actor: Actor,
) -> Result<()> {
    let (text, why) = (key.to_owned(), why.map(str::to_owned));
    engine.write(tenant_id, move |tx, scope| {
        let key = locked(tx, scope, &text)?;
        if key.revoked_at.is_some() {
            return Ok(());
        }
        revoke_key(tx, scope, key, Why::ByHand, why, &actor)
    })
}

/// Lets a device use a key. Asking twice takes no second place.
///
/// # Errors
/// `Refused` with `unknown_license`, `revoked`, `not_entitled`, `device_limit` or `bad_device`.
pub fn activate(engine: &Engine, tenant_id: &TenantId, key: &str, device: &str, actor: Actor) -> Result<()> {
    let (text, device) = (key.to_owned(), device.to_owned());
    engine.write(tenant_id, move |tx, scope| {
        let key = locked(tx, scope, &text)?;
        let change = Standing::of(tx, scope, &key)?.judge(|facts| license::activate(facts, &device));
        if change.map_err(refused)? == license::Activation::Unchanged {
            return Ok(());
        }
        let row = Activation {
            id: ActivationId::mint(),
            tenant_id: scope.id().clone(),
            license_key_id: key.id.clone(),
            label: device,
            deactivated_at: None,
            created_at: scope.now.billing,
        };
        store::entitlements::insert_activation(tx, &row)?;
        record(tx, scope, &key, EventKind::EntitlementKeyActivated, &actor, None)
    })
}

/// A device gives a key up, also one that does not work any more.
///
/// # Errors
/// `Refused` with `unknown_license`.
pub fn deactivate(
    engine: &Engine,
    tenant_id: &TenantId,
    key: &str,
    device: &str,
    actor: Actor,
) -> Result<()> {
    let (text, device) = (key.to_owned(), device.to_owned());
    engine.write(tenant_id, move |tx, scope| {
        let key = locked(tx, scope, &text)?;
        give_up(tx, scope, &key, |row| row.label == device, &actor)
    })
}

/// As [`deactivate`], by the customer whose key it is.
///
/// # Errors
/// `NotFound` for a key that is not theirs.
pub fn remove_device(
    engine: &Engine,
    tenant_id: &TenantId,
    owner: &CustomerId,
    id: &LicenseId,
    device: &ActivationId,
) -> Result<()> {
    let (owner, id, device) = (owner.clone(), id.clone(), device.clone());
    engine.write(tenant_id, move |tx, scope| {
        scope.lock(tx, &owner)?;
        let key = store::entitlements::key_of_customer(tx, scope.id(), &owner, &id)?;
        give_up(tx, scope, &key, |row| row.id == device, &Actor::Customer(owner.to_string()))
    })
}

/// Whether a key works: at all, or on a device.
///
/// # Errors
/// `Refused` with `unknown_license`, `revoked`, `not_entitled` or `not_active`.
pub fn check(engine: &Engine, tenant_id: &TenantId, key: &str, device: Option<&str>) -> Result<()> {
    engine.read(tenant_id, |conn, scope| {
        let key = find(conn, scope, key)?;
        Standing::of(conn, scope, &key)?.judge(|facts| license::validate(facts, device)).map_err(refused)
    })
}

pub(super) fn issue_key(
    tx: &mut Conn,
    scope: &Scope,
    sub: &Subscription,
    benefit: &Benefit,
    actor: &Actor,
) -> Result<LicenseKey> {
    let key = LicenseKey {
        id: LicenseId::mint(),
        tenant_id: scope.id().clone(),
        customer_id: sub.customer_id.clone(),
        subscription_id: sub.id.clone(),
        benefit_id: benefit.id.clone(),
        key_text: license::LicenseKey::from_random(random_bytes()?).to_string(),
        revoked_at: None,
        revoked_why: None,
        created_at: scope.now.billing,
    };
    store::entitlements::insert_key(tx, &key)?;
    record(tx, scope, &key, EventKind::EntitlementKeyIssued, actor, None)?;
    Ok(key)
}

pub(super) fn revoke_key(
    tx: &mut Conn,
    scope: &Scope,
    mut key: LicenseKey,
    why: Why,
    comment: Option<String>,
    actor: &Actor,
) -> Result<()> {
    let reason = comment.map_or(Reason::Because(why), Reason::Text);
    key.revoked_at = Some(scope.now.billing);
    key.revoked_why = Some(why.into());
    store::entitlements::update_key(tx, scope.id(), &key)?;
    record(tx, scope, &key, EventKind::EntitlementKeyRevoked, actor, Some(&reason))
}

fn give_up(
    tx: &mut Conn,
    scope: &Scope,
    key: &LicenseKey,
    is_it: impl Fn(&Activation) -> bool,
    actor: &Actor,
) -> Result<()> {
    let devices = store::entitlements::activations(tx, scope.id(), &key.id)?;
    let Some(mut device) = devices.into_iter().find(is_it) else { return Ok(()) };
    device.deactivated_at = Some(scope.now.billing);
    store::entitlements::update_activation(tx, scope.id(), &device)?;
    record(tx, scope, key, EventKind::EntitlementKeyDeactivated, actor, None)
}

/// Where a key stands, and who uses it.
struct Standing {
    state: LicenseState,
    entitled: bool,
    limit: Option<u32>,
    devices: Vec<Activation>,
}

impl Standing {
    fn of(conn: &mut Conn, scope: &Scope, key: &LicenseKey) -> Result<Self> {
        let sub = store::subscriptions::get(conn, scope.id(), &key.subscription_id)?;
        let benefit = store::entitlements::benefit(conn, scope.id(), &key.benefit_id)?;
        Ok(Self {
            state: if key.revoked_at.is_some() { LicenseState::Revoked } else { LicenseState::Issued },
            entitled: access(scope, &sub).is_open(),
            limit: benefit.limit(),
            devices: store::entitlements::activations(conn, scope.id(), &key.id)?,
        })
    }

    fn judge<T>(&self, decide: impl FnOnce(&LicenseFacts) -> T) -> T {
        let active: Vec<&str> = self.devices.iter().map(|device| device.label.as_str()).collect();
        let (state, entitled, limit) = (self.state, self.entitled, self.limit);
        decide(&LicenseFacts { state, entitled, limit, active: &active })
    }
}

/// The key that somebody typed, however they wrote it.
fn find(conn: &mut Conn, scope: &Scope, text: &str) -> Result<LicenseKey> {
    let unknown = |why: String| Error::refused("unknown_license", why);
    let key: license::LicenseKey = text.parse().map_err(|error| unknown(format!("{error}")))?;
    let found = store::entitlements::key_by_text(conn, scope.id(), &key.to_string())?;
    found.ok_or_else(|| unknown("there is no such license key".to_owned()))
}

/// As [`find`], and nobody else changes it until this transaction ends.
fn locked(tx: &mut Conn, scope: &Scope, text: &str) -> Result<LicenseKey> {
    let owner = find(tx, scope, text)?.customer_id;
    scope.lock(tx, &owner)?;
    find(tx, scope, text)
}

fn refused(refusal: LicenseRefusal) -> Error {
    let code = match refusal {
        LicenseRefusal::Revoked => "revoked",
        LicenseRefusal::NotEntitled => "not_entitled",
        LicenseRefusal::Limit(_) => "device_limit",
        LicenseRefusal::NotActive => "not_active",
        LicenseRefusal::Label => "bad_device",
    };
    Error::refused(code, refusal.to_string())
}

fn record(
    tx: &mut Conn,
    scope: &Scope,
    key: &LicenseKey,
    kind: EventKind,
    actor: &Actor,
    reason: Option<&Reason>,
) -> Result<()> {
    let devices = store::entitlements::activations(tx, scope.id(), &key.id)?.len();
    let payload = json!({ "benefit": key.benefit_id, "subscription": key.subscription_id,
        "customer": key.customer_id, "revoked_at": key.revoked_at, "devices": devices });
    let new = NewEvent { subject: key.id.as_str(), kind, actor, reason, payload };
    store::events::record(tx, scope.id(), new, scope.now.billing)
}
