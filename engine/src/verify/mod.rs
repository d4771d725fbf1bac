//! Whether what is written down is true: every amount is computed again, every sum added up again, every chain walked.
//!
//! Checks only read, document by document, so a business of any size is verified in little memory. They ask nobody
//! else: what only the provider's own books can tell (I1 to I3, I11) is for the tests, whose simulator keeps a ledger,
//! and damage to the database file (I14) is for the database to find.

mod accounts;
mod amounts;
mod attempts;
mod chain;
mod credit_notes;
mod dunning;
mod events;
mod finding;
mod forgotten;
mod keys;
mod mails;
mod owners;
mod pages;
mod postings;
mod reversals;
mod series;
mod standing;
mod subscriptions;
#[cfg(test)]
mod tests;
mod unmatched;
mod usage;

pub use finding::{Finding, FindingKind};

use crate::db::Conn;
use crate::error::Result;
use crate::ids::TenantId;
use crate::scope::{Engine, Scope};
use domain::Instant;
use pages::Extent;

type Check = fn(&mut Conn, &Scope) -> Result<Vec<Finding>>;
type CheckOf = fn(&mut Conn, &Scope, Extent) -> Result<Vec<Finding>>;

/// Those that look at one document, subscription or customer after the other.
const BY_ROW: [CheckOf; 6] =
    [amounts::check, standing::check, accounts::check, attempts::check, subscriptions::check, usage::check];

/// Those that need all rows at once, or rows in a row.
const AS_A_WHOLE: [Check; 12] = [
    owners::check,
    series::check,
    chain::check,
    postings::check,
    credit_notes::check,
    reversals::check,
    dunning::check,
    mails::check,
    keys::check,
    forgotten::check,
    events::check,
    unmatched::check,
];

/// Runs every check on one snapshot of a business. Nothing found means that everything holds.
///
/// # Errors
/// When the database does not answer, or a row holds a word that its column cannot hold.
pub fn business(engine: &Engine, tenant_id: &TenantId) -> Result<Vec<Finding>> {
    engine.read(tenant_id, findings)
}

fn findings(conn: &mut Conn, scope: &Scope) -> Result<Vec<Finding>> {
    let mut findings = by_row(conn, scope, Extent::Whole)?;
    for check in AS_A_WHOLE {
        findings.extend(check(conn, scope)?);
    }
    Ok(findings)
}

/// Looks again at the invoices and subscriptions that changed after `since` (wall time), and at the accounts of the
/// customers for whom something was posted since. Cheap enough for every day; what only all rows together can tell
/// is for [`business`].
///
/// # Errors
/// As [`business`].
pub fn changed_since(engine: &Engine, tenant_id: &TenantId, since: Instant) -> Result<Vec<Finding>> {
    engine.read(tenant_id, |conn, scope| {
        let billing = since + (scope.now.billing - scope.now.wall);
        by_row(conn, scope, Extent::Since(since, billing))
    })
}

fn by_row(conn: &mut Conn, scope: &Scope, extent: Extent) -> Result<Vec<Finding>> {
    let mut findings = Vec::new();
    for check in BY_ROW {
        findings.extend(check(conn, scope, extent)?);
    }
    Ok(findings)
}
