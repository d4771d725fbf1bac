//! Ends news and offers by mail: by the link that each of them carries, which works for ever and for nothing else.

use super::edit_customer;
use crate::error::{Error, Result};
use crate::ids::{CustomerId, TenantId};
use crate::keys::same;
use crate::scope::{Engine, Scope};
use crate::store;
use crate::store::customers::Customer;
use domain::event::EventKind;

/// The link in mails to a customer.
pub fn link(scope: &Scope, to: &CustomerId) -> String {
    let tag = scope.keys.unsubscribe_tag(scope.id().as_str(), to.as_str());
    format!("{}/unsubscribe/{to}.{tag}", scope.portal_url())
}

/// Whose mails a link ends.
///
/// # Errors
/// `NotFound` for a link that is not ours.
pub fn look(engine: &Engine, tenant_id: &TenantId, token: &str) -> Result<Customer> {
    let id = owner(engine, tenant_id, token)?;
    engine.read(tenant_id, |conn, scope| store::customers::get(conn, scope.id(), &id))
}

/// Ends them. Doing it again changes nothing.
///
/// # Errors
/// `NotFound` for a link that is not ours.
pub fn unsubscribe(engine: &Engine, tenant_id: &TenantId, token: &str) -> Result<Customer> {
    let id = owner(engine, tenant_id, token)?;
    engine.write(tenant_id, move |tx, scope| {
        scope.lock(tx, &id)?;
        let mut customer = store::customers::get(tx, scope.id(), &id)?;
        if customer.marketing_opt_in_at.take().is_some() {
            edit_customer::save(tx, scope, &mut customer, EventKind::CustomerUpdated)?;
        }
        Ok(customer)
    })
}

fn owner(engine: &Engine, tenant_id: &TenantId, token: &str) -> Result<CustomerId> {
    let (id, tag) = token.split_once('.').ok_or(Error::NotFound)?;
    let ours = engine.keys.unsubscribe_tag(tenant_id.as_str(), id);
    if same(&ours, tag) { Ok(CustomerId::from(id)) } else { Err(Error::NotFound) }
}
