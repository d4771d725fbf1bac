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

pub use finding::{Finding, FindingKind};

use crate::db::Conn;
use crate::error::Result;
use crate::ids::TenantId;
use crate::scope::{Engine, Scope};

type Check = fn(&mut Conn, &Scope) -> Result<Vec<Finding>>;

/// In the order in which they are reported.
const CHECKS: [Check; 14] = [
    owners::check,
    amounts::check,
    standing::check,
    series::check,
    chain::check,
    postings::check,
    accounts::check,
    credit_notes::check,
    reversals::check,
    attempts::check,
    subscriptions::check,
    dunning::check,
    mails::check,
    events::check,
];

/// Runs every check on one snapshot of a business. Nothing found means that everything holds.
///
/// # Errors
/// When the database does not answer, or a row holds a word that its column cannot hold.
pub fn business(engine: &Engine, tenant_id: &TenantId) -> Result<Vec<Finding>> {
    engine.read(tenant_id, findings)
}

fn findings(conn: &mut Conn, scope: &Scope) -> Result<Vec<Finding>> {
    let mut findings = Vec::new();
    for check in CHECKS {
        findings.extend(check(conn, scope)?);
    }
    Ok(findings)
}
