//! Who sells and who buys, as documents print them.

use crate::scope::Scope;
use crate::settings::values::Line;
use crate::store::customers::{BillingAddress, Customer};
use serde::{Deserialize, Serialize};

/// A seller or buyer as printed on a document, frozen when it is written.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Party {
    /// Person or legal name.
    pub name: String,
    /// Company, on the buyer's side.
    pub company: Option<String>,
    /// Street, addition, postal code and city, region.
    pub address: Vec<String>,
    /// ISO 3166-1 alpha-2.
    pub country: String,
    /// VAT identification number.
    pub vat_id: Option<String>,
    /// Entry in a register, on the seller's side.
    pub registration: Option<String>,
    /// For questions.
    pub email: Option<String>,
    /// Web site, on the seller's side.
    pub website: Option<String>,
}

/// The business.
pub(super) fn seller(scope: &Scope) -> Party {
    let (identity, seller) = (&scope.settings.identity, &scope.settings.seller);
    let text = |line: &Option<Line>| line.as_ref().map(ToString::to_string);
    let city =
        [text(&seller.postal_code), text(&seller.city)].into_iter().flatten().collect::<Vec<_>>().join(" ");
    let address = [text(&seller.line1), text(&seller.line2), Some(city), text(&seller.region)];
    Party {
        name: text(&seller.legal_name).unwrap_or_else(|| identity.name.to_string()),
        company: None,
        address: address.into_iter().flatten().filter(|line| !line.is_empty()).collect(),
        country: seller.country.as_ref().unwrap_or(&identity.country).to_string(),
        vat_id: text(&seller.vat_id),
        registration: text(&seller.registration),
        email: seller.email.as_ref().map(ToString::to_string),
        website: seller.website.as_ref().map(ToString::to_string),
    }
}

/// The customer, at the address that invoices go to.
pub(super) fn buyer(customer: &Customer, address: Option<&BillingAddress>) -> Party {
    let Some(address) = address else {
        return Party {
            name: customer.name.clone(),
            company: customer.company.clone(),
            vat_id: customer.vat_id.clone(),
            email: Some(customer.email.clone()),
            ..Party::default()
        };
    };
    let city = format!("{} {}", address.postal_code, address.city);
    let lines = [Some(address.line1.clone()), address.line2.clone(), Some(city), address.region.clone()];
    Party {
        name: address.name.clone(),
        company: address.company.clone().or_else(|| customer.company.clone()),
        address: lines.into_iter().flatten().collect(),
        country: address.country.clone(),
        vat_id: customer.vat_id.clone(),
        registration: None,
        email: Some(customer.email.clone()),
        website: None,
    }
}
