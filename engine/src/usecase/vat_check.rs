//! Learns what VIES says of a customer's VAT id. The worker asks, with nothing open; what it heard is weighed here and
//! holds for documents to come.

use super::edit_customer;
use crate::error::{Error, Result};
use crate::ids::{CustomerId, TenantId};
use crate::scope::{Engine, Scope};
use crate::store;
use crate::store::customers::Customer;
use crate::store::events::Actor;
use domain::event::{EventKind, Why};
use domain::tax::vat_id::VatId;
use domain::tax::vies::{VatCheck, ViesAnswer};

/// What to ask VIES.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Question {
    /// Where it answers.
    pub base_url: String,
    /// The customer's VAT id.
    pub vat_id: VatId,
    /// The seller's, who then gets a consultation number.
    pub requester: Option<VatId>,
}

/// Customers whose VAT ids VIES is to be asked about now; none where the business asks nobody.
pub fn find_due(engine: &Engine, tenant_id: &TenantId, limit: i64) -> Result<Vec<CustomerId>> {
    engine.read(tenant_id, |conn, scope| match scope.settings.tax.vies_url {
        Some(_) => store::customers::to_ask_vies(conn, scope.id(), scope.now.wall, limit),
        None => Ok(Vec::new()),
    })
}

/// What is to be asked about a customer now, if anything still is.
pub fn question(engine: &Engine, tenant_id: &TenantId, id: &CustomerId) -> Result<Option<Question>> {
    engine.read(tenant_id, |conn, scope| {
        let customer = store::customers::get(conn, scope.id(), id)?;
        let is_due = customer.ask_vies_at.is_some_and(|at| at <= scope.now.wall);
        let known = customer.vat_id.as_deref().and_then(|text| text.parse().ok());
        let (Some(base_url), Some(vat_id), true) = (&scope.settings.tax.vies_url, known, is_due) else {
            return Ok(None);
        };
        let seller = scope.settings.seller.vat_id.as_ref();
        let requester = seller.and_then(|text| text.as_str().parse().ok());
        Ok(Some(Question { base_url: base_url.to_string(), vat_id, requester }))
    })
}

/// Keeps an answer about `vat_id`, and says when to ask again. An answer about an id that the customer has changed
/// meanwhile says nothing.
pub fn learn(
    engine: &Engine,
    tenant_id: &TenantId,
    id: &CustomerId,
    vat_id: VatId,
    answer: ViesAnswer,
) -> Result<()> {
    let id = id.clone();
    engine.write(tenant_id, move |tx, scope| {
        scope.lock(tx, &id)?;
        let mut customer = store::customers::get(tx, scope.id(), &id)?;
        let present = customer.vat_id.as_deref().and_then(|text| text.parse::<VatId>().ok());
        if present.as_ref() != Some(&vat_id) {
            return Ok(());
        }
        let earlier: Option<VatCheck> =
            customer.vat_check.as_deref().map(serde_json::from_str).transpose().map_err(Error::bug)?;
        let before = earlier.as_ref().filter(|check| check.vat_id == vat_id).map(|check| check.status);
        let check = VatCheck::learn(earlier, vat_id, answer, scope.now.wall);
        customer.ask_vies_at = Some(check.ask_again_at());
        customer.vat_check = Some(serde_json::to_string(&check).map_err(Error::bug)?);
        customer.updated_at = scope.now.wall;
        store::customers::update(tx, scope.id(), &customer)?;
        if before == Some(check.status) {
            return Ok(());
        }
        let (kind, actor) = (EventKind::CustomerUpdated, &Actor::Worker);
        edit_customer::event(tx, scope, &customer, kind, actor, Some(&Why::VatCheck.into()))
    })
}

/// Notes that a customer's VAT id was set: a new one is asked about soon, none or a foreign one never.
pub(super) fn id_was_set(scope: &Scope, customer: &mut Customer, before: Option<&str>) {
    if customer.vat_id.as_deref() != before {
        let is_known = customer.vat_id.as_deref().is_some_and(|text| text.parse::<VatId>().is_ok());
        customer.ask_vies_at = is_known.then_some(scope.now.wall);
    }
}
