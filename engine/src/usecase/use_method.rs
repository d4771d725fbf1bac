//! Which saved method pays: the customer's default, a subscription's own, and removing one.

use super::{dun, record, remind};
use crate::db::Conn;
use crate::error::{Error, Result};
use crate::ids::{CustomerId, MethodId, SubscriptionId, TenantId};
use crate::job::Job;
use crate::scope::{Engine, Scope};
use crate::store;
use crate::store::events::{Actor, NewEvent};
use crate::store::methods::{MethodStatus, PaymentMethod};
use crate::store::subscriptions::Subscription;
use domain::event::EventKind;
use serde_json::json;

/// Makes a method the customer's default and tries open dunning cases again with it.
pub fn set_default(engine: &Engine, tenant_id: &TenantId, owner: &CustomerId, id: &MethodId) -> Result<()> {
    let (owner, id) = (owner.clone(), id.clone());
    engine.write(tenant_id, move |tx, scope| {
        scope.lock(tx, &owner)?;
        let method = listed(tx, scope, &owner, &id)?;
        make_default(tx, scope, &owner, &method)?;
        dun::method_chosen(tx, scope, &owner, None)
    })
}

/// Lets one subscription be charged to a method of its own.
pub fn set_for_subscription(
    engine: &Engine,
    tenant_id: &TenantId,
    owner: &CustomerId,
    subscription: &SubscriptionId,
    id: &MethodId,
) -> Result<()> {
    let (owner, id, subscription) = (owner.clone(), id.clone(), subscription.clone());
    engine.write(tenant_id, move |tx, scope| {
        scope.lock(tx, &owner)?;
        let method = listed(tx, scope, &owner, &id)?;
        bind(tx, scope, &owner, &subscription, &method)?;
        dun::method_chosen(tx, scope, &owner, Some(&subscription))
    })
}

/// Lets one subscription be charged to the customer's default again.
pub fn follow_default(
    engine: &Engine,
    tenant_id: &TenantId,
    owner: &CustomerId,
    subscription: &SubscriptionId,
) -> Result<()> {
    let (owner, subscription) = (owner.clone(), subscription.clone());
    engine.write(tenant_id, move |tx, scope| {
        scope.lock(tx, &owner)?;
        let mut sub = store::subscriptions::of_customer(tx, scope.id(), &owner, &subscription)?;
        let before = pays_by(tx, scope, &mut sub, None)?;
        remind::plan_again(tx, scope, &owner)?;
        dun::method_chosen(tx, scope, &owner, None)?;
        before.map_or(Ok(()), |id| detach_if_unused(tx, scope, &id))
    })
}

/// Takes a method off the list. Subscriptions charged to it keep using it until they get another: first it is
/// bound to those that used it as the default. The provider forgets it when nothing uses it any more.
pub fn remove(engine: &Engine, tenant_id: &TenantId, owner: &CustomerId, id: &MethodId) -> Result<()> {
    let (owner, id) = (owner.clone(), id.clone());
    engine.write(tenant_id, move |tx, scope| {
        scope.lock(tx, &owner)?;
        let mut method = listed(tx, scope, &owner, &id)?;
        let customer = store::customers::get(tx, scope.id(), &owner)?;
        if customer.default_payment_method_id.as_ref() == Some(&id) {
            for mut sub in store::subscriptions::list(tx, scope.id(), &owner)? {
                if !sub.has_ended() && sub.payment_method_id.is_none() {
                    pays_by(tx, scope, &mut sub, Some(&id))?;
                }
            }
        }
        let successor = hand_on_default(tx, scope, &owner, &id)?;
        method.status = MethodStatus::Hidden;
        method.updated_at = scope.now.wall;
        store::methods::update(tx, scope.id(), &method)?;
        let actor = Actor::Customer(owner.to_string());
        event(tx, scope, &method, EventKind::PaymentMethodRemoved, &actor)?;
        if let Some(successor) = successor {
            event(tx, scope, &successor, EventKind::PaymentMethodDefault, &actor)?;
        }
        detach_if_unused(tx, scope, &id)
    })
}

/// Where a method is its owner's default, another that is listed becomes it, if there is one.
pub(super) fn hand_on_default(
    tx: &mut Conn,
    scope: &Scope,
    owner: &CustomerId,
    id: &MethodId,
) -> Result<Option<PaymentMethod>> {
    let mut customer = store::customers::get(tx, scope.id(), owner)?;
    if customer.default_payment_method_id.as_ref() != Some(id) {
        return Ok(None);
    }
    let others = store::methods::active(tx, scope.id(), owner)?;
    let successor = others.into_iter().find(|other| &other.id != id);
    customer.default_payment_method_id = successor.as_ref().map(|other| other.id.clone());
    customer.updated_at = scope.now.wall;
    store::customers::update(tx, scope.id(), &customer)?;
    Ok(successor)
}

/// The provider has forgotten a method. Says nothing about one that is in use again.
pub fn detached(engine: &Engine, tenant_id: &TenantId, id: &MethodId) -> Result<()> {
    let id = id.clone();
    engine.write(tenant_id, move |tx, scope| {
        let mut method = store::methods::get(tx, scope.id(), &id)?;
        if method.status == MethodStatus::Hidden {
            method.status = MethodStatus::Detached;
            method.updated_at = scope.now.wall;
            store::methods::update(tx, scope.id(), &method)?;
            event(tx, scope, &method, EventKind::PaymentMethodDetached, &Actor::Provider)?;
        }
        Ok(())
    })
}

pub(super) fn make_default(
    tx: &mut Conn,
    scope: &Scope,
    owner: &CustomerId,
    method: &PaymentMethod,
) -> Result<()> {
    let mut customer = store::customers::get(tx, scope.id(), owner)?;
    let before = customer.default_payment_method_id.replace(method.id.clone());
    customer.updated_at = scope.now.wall;
    store::customers::update(tx, scope.id(), &customer)?;
    if before.as_ref() != Some(&method.id) {
        event(tx, scope, method, EventKind::PaymentMethodDefault, &Actor::Customer(owner.to_string()))?;
    }
    remind::plan_again(tx, scope, owner)
}

pub(super) fn bind(
    tx: &mut Conn,
    scope: &Scope,
    owner: &CustomerId,
    subscription: &SubscriptionId,
    method: &PaymentMethod,
) -> Result<()> {
    let mut sub = store::subscriptions::of_customer(tx, scope.id(), owner, subscription)?;
    let before = pays_by(tx, scope, &mut sub, Some(&method.id))?;
    match store::customers::get(tx, scope.id(), owner)?.default_payment_method_id {
        None => make_default(tx, scope, owner, method)?,
        Some(_) => remind::plan_again(tx, scope, owner)?,
    }
    match before {
        Some(id) if id != method.id => detach_if_unused(tx, scope, &id),
        _ => Ok(()),
    }
}

/// Lets a subscription be charged to a method, or to the default. Answers with what it was charged to before.
fn pays_by(
    tx: &mut Conn,
    scope: &Scope,
    sub: &mut Subscription,
    method: Option<&MethodId>,
) -> Result<Option<MethodId>> {
    let before = std::mem::replace(&mut sub.payment_method_id, method.cloned());
    if before.as_ref() == method {
        return Ok(before);
    }
    sub.updated_at = scope.now.wall;
    let actor = Actor::Customer(sub.customer_id.to_string());
    record::subscription(tx, scope, sub, EventKind::SubscriptionMethodChanged, &actor, None)?;
    store::subscriptions::update(tx, scope.id(), sub)?;
    Ok(before)
}

/// Records a change of a payment method.
pub(super) fn event(
    tx: &mut Conn,
    scope: &Scope,
    method: &PaymentMethod,
    kind: EventKind,
    actor: &Actor,
) -> Result<()> {
    let payload = json!({ "customer": method.customer_id, "kind": method.kind, "brand": method.brand,
        "last4": method.last4, "exp_month": method.exp_month, "exp_year": method.exp_year,
        "status": method.status });
    let new = NewEvent { subject: method.id.as_str(), kind, actor, reason: None, payload };
    store::events::record(tx, scope.id(), new, scope.now.billing)
}

fn detach_if_unused(tx: &mut Conn, scope: &Scope, id: &MethodId) -> Result<()> {
    let hidden = store::methods::get(tx, scope.id(), id)?.status == MethodStatus::Hidden;
    if hidden && !store::methods::is_bound(tx, scope.id(), id)? {
        let job = Job::DetachMethod { tenant_id: scope.id().clone(), payment_method_id: id.clone() };
        store::jobs::enqueue(tx, &job, scope.now.wall, scope.now.wall)?;
    }
    Ok(())
}

pub(super) fn listed(
    tx: &mut Conn,
    scope: &Scope,
    owner: &CustomerId,
    id: &MethodId,
) -> Result<PaymentMethod> {
    let method = store::methods::get(tx, scope.id(), id)?;
    if &method.customer_id == owner && method.status == MethodStatus::Active {
        Ok(method)
    } else {
        Err(Error::NotFound)
    }
}
