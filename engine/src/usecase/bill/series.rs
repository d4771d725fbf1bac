//! The series of numbered documents: the next number, and the document's place in the chain of hashes. A business is
//! one seller, so its kinds of documents count in a series each, whatever provider, plan or currency; where numbers
//! name the customer, in one for each customer.

use super::chain;
use crate::db::Conn;
use crate::error::{Error, Result};
use crate::ids::CustomerId;
use crate::scope::Scope;
use crate::store;
use crate::store::invoices::Place;
use chrono::NaiveDate;
use domain::invoice::chain::FinalisedDocument;
use domain::invoice::number::{CustomerCode, Numbered, Pattern, SeriesKind, issue_date};

/// A number that was taken.
pub(crate) struct Taken {
    /// As printed.
    pub(crate) number: String,
    /// Date of issue.
    pub(crate) issued: NaiveDate,
    /// Place in its series.
    pub(crate) place: Place,
}

/// Takes the next number of a kind of documents, for a document of this customer.
pub(crate) fn take(tx: &mut Conn, scope: &Scope, kind: SeriesKind, owner: &CustomerId) -> Result<Taken> {
    let settings = &scope.settings.invoice;
    let prefix = match kind {
        SeriesKind::Invoice => &settings.prefix,
        SeriesKind::CreditNote => &settings.credit_note_prefix,
        SeriesKind::Receipt => &settings.receipt_prefix,
    };
    let pattern = Pattern::parse(settings.pattern.as_str(), settings.reset).map_err(Error::bug)?;
    let customer = if pattern.is_per_customer() { Some(code_of(tx, scope, owner)?) } else { None };
    let last = store::invoices::hold_series(tx, scope.id(), kind.as_str())?;
    let issued = issue_date(scope.today(), last);
    let document = Numbered { issued, prefix, customer: customer.as_ref() };
    let scope_key = pattern.scope_of(&document).map_err(Error::bug)?;
    let place = store::invoices::take_number(tx, scope.id(), kind.as_str(), &scope_key, issued)?;
    Ok(Taken { number: pattern.number_of(&document, place.seq).map_err(Error::bug)?, issued, place })
}

/// How a customer is named in numbers. One who has no name yet gets one for good: the shortest end of their id that
/// nobody else has, for no document waits for a person to think of one.
fn code_of(tx: &mut Conn, scope: &Scope, owner: &CustomerId) -> Result<CustomerCode> {
    let mut customer = store::customers::get(tx, scope.id(), owner)?;
    if let Some(code) = &customer.code {
        return code.parse().map_err(Error::bug);
    }
    let id = owner.as_str();
    for length in [6, 8, 10, 12, 16] {
        let end = id.len().checked_sub(length).and_then(|start| id.get(start..)).unwrap_or(id);
        let code: CustomerCode = end.parse().map_err(Error::bug)?;
        if !store::customers::has_code(tx, scope.id(), &code.to_string())? {
            customer.code = Some(code.to_string());
            store::customers::update(tx, scope.id(), &customer)?;
            return Ok(code);
        }
    }
    Err(Error::bug(format!("there is no code for {owner}")))
}

/// Links a document to the one before it in its series, and answers with its hash.
pub(crate) fn link(
    tx: &mut Conn,
    scope: &Scope,
    place: &Place,
    document: &FinalisedDocument,
) -> Result<String> {
    let hash = chain::hash(chain::previous(place.last_hash.as_deref())?, document).to_string();
    store::invoices::set_head(tx, scope.id(), &place.series, &hash)?;
    Ok(hash)
}
