//! What a provider says by itself about saved methods: it has renewed one, or one is gone.

use super::{remind, use_method};
use crate::db::Conn;
use crate::error::Result;
use crate::ids::AccountId;
use crate::scope::Scope;
use crate::store;
use crate::store::events::Actor;
use crate::store::methods::{MethodStatus, PaymentMethod};
use domain::event::EventKind;
use domain::provider::NewMethod;

/// The provider has renewed a method: a replaced card has another expiry and other digits. False where no method of the
/// account goes by its reference.
pub(super) fn updated(tx: &mut Conn, scope: &Scope, account: &AccountId, new: NewMethod) -> Result<bool> {
    let Some(before) = locked(tx, scope, account, &new.method_ref)? else { return Ok(false) };
    let mut method = PaymentMethod {
        kind: new.kind,
        brand: new.brand,
        last4: new.last4,
        exp_month: new.exp_month.map(i32::from),
        exp_year: new.exp_year.map(i32::from),
        fingerprint: new.fingerprint.or_else(|| before.fingerprint.clone()),
        ..before.clone()
    };
    let shown = |method: &PaymentMethod| {
        let (kind, brand, last4) = (method.kind.clone(), method.brand.clone(), method.last4.clone());
        (kind, brand, last4, method.exp_month, method.exp_year, method.fingerprint.clone())
    };
    if shown(&before) == shown(&method) {
        return Ok(true);
    }
    method.updated_at = scope.now.wall;
    store::methods::update(tx, scope.id(), &method)?;
    use_method::event(tx, scope, &method, EventKind::PaymentMethodUpdated, &Actor::Provider)?;
    // The reminder of a card that expires may be off.
    remind::plan_again(tx, scope, &method.customer_id)?;
    Ok(true)
}

/// A method is gone at the provider, without our asking: nothing can be charged to it any more. False where no method
/// of the account goes by that reference.
pub(super) fn gone(tx: &mut Conn, scope: &Scope, account: &AccountId, method_ref: &str) -> Result<bool> {
    let Some(mut method) = locked(tx, scope, account, method_ref)? else { return Ok(false) };
    if method.status == MethodStatus::Detached {
        return Ok(true);
    }
    let was_listed = method.status == MethodStatus::Active;
    method.status = MethodStatus::Detached;
    method.updated_at = scope.now.wall;
    store::methods::update(tx, scope.id(), &method)?;
    if was_listed {
        use_method::event(tx, scope, &method, EventKind::PaymentMethodRemoved, &Actor::Provider)?;
    }
    use_method::event(tx, scope, &method, EventKind::PaymentMethodDetached, &Actor::Provider)?;
    if let Some(successor) = use_method::hand_on_default(tx, scope, &method.customer_id, &method.id)? {
        use_method::event(tx, scope, &successor, EventKind::PaymentMethodDefault, &Actor::Provider)?;
    }
    remind::plan_again(tx, scope, &method.customer_id)?;
    Ok(true)
}

/// The method that an account knows by a reference, its owner locked.
fn locked(
    tx: &mut Conn,
    scope: &Scope,
    account: &AccountId,
    method_ref: &str,
) -> Result<Option<PaymentMethod>> {
    let Some(found) = store::methods::by_ref(tx, scope.id(), account, method_ref)? else { return Ok(None) };
    scope.lock(tx, &found.customer_id)?;
    store::methods::get(tx, scope.id(), &found.id).map(Some)
}
