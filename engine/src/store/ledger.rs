//! Double entry: every movement of money, in entries that add up to zero.

use crate::db::Conn;
use crate::db::schema::{ledger_entry, ledger_txn};
use crate::error::{Error, Result};
use crate::ids::{AttemptId, CustomerId, EntryId, InvoiceId, TenantId, TxnId};
use diesel::prelude::*;
use domain::Instant;
use domain::money::Money;
use domain::words;

words! {
    /// The chart of accounts; docs/billing.md explains each.
    LedgerAccount {
        /// What customers owe.
        Receivable = "receivable",
        /// What was sold, without tax.
        Revenue = "revenue",
        /// Tax owed to the state.
        TaxPayable = "tax_payable",
        /// Money at the provider.
        ProviderClearing = "provider_clearing",
    }
}

words! {
    /// Why money moved.
    TxnKind {
        /// An invoice was opened.
        Invoice = "invoice",
        /// An invoice was withdrawn.
        Void = "void",
        /// A charge succeeded.
        Capture = "capture",
    }
}

/// One side of a movement; debits are positive.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Entry {
    /// Which account.
    pub account: LedgerAccount,
    /// How much.
    pub amount: Money,
}

/// Posts a movement. Entries that do not add up to zero are our mistake and nothing is written; the same kind
/// for the same attempt a second time is a conflict.
pub fn post(
    conn: &mut Conn,
    tenant_id: &TenantId,
    kind: TxnKind,
    owner: &CustomerId,
    about: (&InvoiceId, Option<&AttemptId>),
    entries: &[Entry],
    now: Instant,
) -> Result<()> {
    let sum: i128 = entries.iter().map(|e| i128::from(e.amount.minor)).sum();
    if sum != 0 || entries.iter().any(|e| e.amount.currency != entries[0].amount.currency) {
        return Err(Error::bug(format!("unbalanced posting {kind} for {}", about.0)));
    }
    let txn = TxnId::mint();
    diesel::insert_into(ledger_txn::table)
        .values((
            ledger_txn::id.eq(&txn),
            ledger_txn::tenant_id.eq(tenant_id),
            ledger_txn::kind.eq(kind.as_str()),
            ledger_txn::invoice_id.eq(about.0),
            ledger_txn::attempt_id.eq(about.1),
            ledger_txn::created_at.eq(now),
        ))
        .execute(conn)?;
    for entry in entries.iter().filter(|e| e.amount.minor != 0) {
        diesel::insert_into(ledger_entry::table)
            .values((
                ledger_entry::id.eq(EntryId::mint()),
                ledger_entry::tenant_id.eq(tenant_id),
                ledger_entry::txn_id.eq(&txn),
                ledger_entry::account.eq(entry.account.as_str()),
                ledger_entry::customer_id.eq(owner),
                ledger_entry::currency.eq(entry.amount.currency.code()),
                ledger_entry::amount.eq(entry.amount.minor),
            ))
            .execute(conn)?;
    }
    Ok(())
}

/// Entries of a business as (transaction, account, currency, amount), for checks and reports.
pub fn entries(conn: &mut Conn, tenant_id: &TenantId) -> Result<Vec<(String, String, String, i64)>> {
    Ok(ledger_entry::table
        .filter(ledger_entry::tenant_id.eq(tenant_id))
        .order(ledger_entry::id)
        .select((ledger_entry::txn_id, ledger_entry::account, ledger_entry::currency, ledger_entry::amount))
        .load(conn)?)
}
