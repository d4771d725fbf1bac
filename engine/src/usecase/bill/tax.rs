//! Which tax a customer pays now, with the evidence that stays on the invoice.

use crate::db::Conn;
use crate::error::{Error, Result};
use crate::ids::CustomerId;
use crate::scope::Scope;
use crate::store;
use crate::store::customers::{BillingAddress, Customer};
use domain::tax::TaxRate;
use domain::tax::decide::{TaxDecision, TaxEvidence, TaxFacts};

/// Decides about a customer's tax from what is known of them now.
pub fn of_customer(conn: &mut Conn, scope: &Scope, id: &CustomerId) -> Result<TaxDecision> {
    let customer = store::customers::get(conn, scope.id(), id)?;
    let address = store::customers::addresses(conn, scope.id(), id)?.into_iter().find(|a| a.is_default);
    Ok(evidence(scope, &customer, address.as_ref())?.decision)
}

/// The decision with the facts that led to it.
pub fn evidence(scope: &Scope, customer: &Customer, address: Option<&BillingAddress>) -> Result<TaxEvidence> {
    let (identity, seller, tax) = (&scope.settings.identity, &scope.settings.seller, &scope.settings.tax);
    let vat_check = customer.vat_check.as_deref().map(serde_json::from_str).transpose();
    let own_rate = customer.tax_rate.map(u32::try_from).transpose().map_err(Error::bug)?;
    let facts = TaxFacts {
        seller_country: seller.country.as_ref().unwrap_or(&identity.country).to_string(),
        buyer_country: address.map(|address| address.country.clone()),
        exempt: customer.tax_exempt,
        customer_rate: own_rate.map(TaxRate),
        vat_id: customer.vat_id.clone(),
        vat_check: vat_check.map_err(Error::bug)?,
        policy: tax.vat_id,
        local_rate: Some(tax.rate),
    };
    Ok(TaxEvidence::of(facts, scope.now.billing))
}
