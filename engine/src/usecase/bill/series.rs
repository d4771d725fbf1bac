//! The series of numbered documents: the next number, and the document's place in the chain of hashes.

use super::chain;
use crate::db::Conn;
use crate::error::{Error, Result};
use crate::scope::Scope;
use crate::store;
use crate::store::invoices::Place;
use chrono::NaiveDate;
use domain::invoice::chain::FinalisedDocument;
use domain::invoice::number::{Pattern, issue_date};

/// A number that was taken.
pub(crate) struct Taken {
    /// As printed.
    pub(crate) number: String,
    /// Date of issue.
    pub(crate) issued: NaiveDate,
    /// Place in its series.
    pub(crate) place: Place,
}

/// Takes the next number of a kind of documents.
pub(crate) fn take(tx: &mut Conn, scope: &Scope, kind: &str, prefix: &str) -> Result<Taken> {
    let settings = &scope.settings.invoice;
    let pattern = Pattern::parse(settings.pattern.as_str(), settings.reset).map_err(Error::bug)?;
    let last = store::invoices::last_issue_date(tx, scope.id(), kind)?;
    let issued = issue_date(scope.today(), last);
    let place = store::invoices::take_number(tx, scope.id(), kind, &pattern.scope_key(issued), issued)?;
    Ok(Taken { number: pattern.render(issued, place.seq, prefix), issued, place })
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
