//! A customer's own data: profile and address book. Documents keep their copies.

use super::vat_check;
use crate::db::Conn;
use crate::error::{Error, Result};
use crate::ids::{AddressId, CustomerId, TenantId};
use crate::scope::{Engine, Scope};
use crate::store;
use crate::store::customers::{BillingAddress, Customer};
use crate::store::events::{Actor, NewEvent};
use domain::event::{EventKind, Reason};
use domain::tax::vies::VatCheck;
use serde_json::json;

/// What a customer may change of themselves.
#[derive(Debug, Clone)]
pub struct ProfileEdit {
    /// Name.
    pub name: String,
    /// Phone.
    pub phone: Option<String>,
    /// BCP 47 language, one that the business offers.
    pub locale: Option<String>,
    /// They want news and offers by mail.
    pub marketing: bool,
}

/// What an address says.
#[derive(Debug, Clone)]
pub struct AddressEdit {
    /// Name on the invoice.
    pub name: String,
    /// Company on the invoice.
    pub company: Option<String>,
    /// Street and number.
    pub line1: String,
    /// More of it.
    pub line2: Option<String>,
    /// Postal code.
    pub postal_code: String,
    /// City.
    pub city: String,
    /// State or region.
    pub region: Option<String>,
    /// ISO 3166-1 alpha-2.
    pub country: String,
    /// VAT identification number of the customer.
    pub vat_id: Option<String>,
}

/// Saves a customer's profile.
pub fn save_profile(
    engine: &Engine,
    tenant_id: &TenantId,
    owner: &CustomerId,
    edit: ProfileEdit,
) -> Result<()> {
    let owner = owner.clone();
    engine.write(tenant_id, move |tx, scope| {
        scope.lock(tx, &owner)?;
        let mut customer = store::customers::get(tx, scope.id(), &owner)?;
        customer.name = edit.name;
        customer.phone = edit.phone;
        customer.locale = edit.locale.or(customer.locale);
        let since = customer.marketing_opt_in_at.unwrap_or(scope.now.wall);
        customer.marketing_opt_in_at = edit.marketing.then_some(since);
        save(tx, scope, &mut customer, EventKind::CustomerUpdated)
    })
}

/// Adds an address, or changes the one with this id. The first one is the default.
pub fn save_address(
    engine: &Engine,
    tenant_id: &TenantId,
    owner: &CustomerId,
    id: Option<AddressId>,
    edit: AddressEdit,
) -> Result<AddressId> {
    let owner = owner.clone();
    engine.write(tenant_id, move |tx, scope| {
        scope.lock(tx, &owner)?;
        let mut customer = store::customers::get(tx, scope.id(), &owner)?;
        let before = match &id {
            Some(id) => Some(store::customers::address(tx, scope.id(), &owner, id)?),
            None => None,
        };
        let is_first = store::customers::addresses(tx, scope.id(), &owner)?.is_empty();
        let row = BillingAddress {
            id: id.unwrap_or_else(AddressId::mint),
            tenant_id: scope.id().clone(),
            customer_id: owner,
            name: edit.name,
            company: edit.company,
            line1: edit.line1,
            line2: edit.line2,
            postal_code: edit.postal_code,
            city: edit.city,
            region: edit.region,
            country: edit.country,
            is_default: before.as_ref().map_or(is_first, |before| before.is_default),
            created_at: before.as_ref().map_or(scope.now.wall, |before| before.created_at),
            updated_at: scope.now.wall,
        };
        match before {
            Some(_) => store::customers::update_address(tx, scope.id(), &row)?,
            None => store::customers::insert_address(tx, &row)?,
        }
        let vat_id_before = std::mem::replace(&mut customer.vat_id, edit.vat_id);
        vat_check::id_was_set(scope, &mut customer, vat_id_before.as_deref());
        save(tx, scope, &mut customer, EventKind::CustomerAddressSaved)?;
        Ok(row.id)
    })
}

/// Prints an address on invoices from now on.
pub fn make_address_default(
    engine: &Engine,
    tenant_id: &TenantId,
    owner: &CustomerId,
    id: &AddressId,
) -> Result<()> {
    let (owner, id) = (owner.clone(), id.clone());
    engine.write(tenant_id, move |tx, scope| {
        scope.lock(tx, &owner)?;
        let mut row = store::customers::address(tx, scope.id(), &owner, &id)?;
        store::customers::clear_default_address(tx, scope.id(), &owner)?;
        row.is_default = true;
        row.updated_at = scope.now.wall;
        store::customers::update_address(tx, scope.id(), &row)?;
        let mut customer = store::customers::get(tx, scope.id(), &owner)?;
        save(tx, scope, &mut customer, EventKind::CustomerAddressSaved)
    })
}

/// Removes an address.
///
/// # Errors
/// `Refused` with `default_address` for the default while there are others.
pub fn remove_address(
    engine: &Engine,
    tenant_id: &TenantId,
    owner: &CustomerId,
    id: &AddressId,
) -> Result<()> {
    let (owner, id) = (owner.clone(), id.clone());
    engine.write(tenant_id, move |tx, scope| {
        scope.lock(tx, &owner)?;
        let row = store::customers::address(tx, scope.id(), &owner, &id)?;
        let others = store::customers::addresses(tx, scope.id(), &owner)?.len() > 1;
        if row.is_default && others {
            return Err(Error::refused("default_address", "make another address the default first"));
        }
        store::customers::delete_address(tx, scope.id(), &id)?;
        let mut customer = store::customers::get(tx, scope.id(), &owner)?;
        save(tx, scope, &mut customer, EventKind::CustomerAddressRemoved)
    })
}

pub(super) fn save(tx: &mut Conn, scope: &Scope, customer: &mut Customer, kind: EventKind) -> Result<()> {
    let actor = Actor::Customer(customer.id.to_string());
    save_as(tx, scope, customer, kind, &actor, None)
}

/// As [`save`], by somebody else.
pub(super) fn save_as(
    tx: &mut Conn,
    scope: &Scope,
    customer: &mut Customer,
    kind: EventKind,
    actor: &Actor,
    reason: Option<&Reason>,
) -> Result<()> {
    customer.updated_at = scope.now.wall;
    store::customers::update(tx, scope.id(), customer)?;
    event(tx, scope, customer, kind, actor, reason)
}

/// Records a change of a customer, without any detail that says who it is.
pub(super) fn event(
    tx: &mut Conn,
    scope: &Scope,
    customer: &Customer,
    kind: EventKind,
    actor: &Actor,
    reason: Option<&Reason>,
) -> Result<()> {
    let check: Option<VatCheck> =
        customer.vat_check.as_deref().map(serde_json::from_str).transpose().map_err(Error::bug)?;
    let payload = json!({ "locale": customer.locale, "marketing": customer.marketing_opt_in_at.is_some(),
        "vat_status": check.map(|check| check.status), "tax_exempt": customer.tax_exempt,
        "tax_rate": customer.tax_rate, "timezone": customer.timezone });
    let new = NewEvent { subject: customer.id.as_str(), kind, actor, reason, payload };
    store::events::record(tx, scope.id(), new, scope.now.billing)
}
