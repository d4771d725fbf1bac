//! Double entry: every movement of money, as `domain::ledger` makes it.

use crate::db::Conn;
use crate::db::schema::{ledger_entry, ledger_txn};
use crate::error::{Error, Result};
use crate::ids::{AttemptId, CreditNoteId, CustomerId, EntryId, InvoiceId, TenantId, TxnId};
use crate::store::credit_notes::CreditNote;
use diesel::prelude::*;
use domain::Instant;
use domain::currency::Currency;
use domain::ledger::{Account, Posting, TxnKind, balance_of};

/// Posts a movement. The same kind for the same attempt a second time is a conflict.
pub fn post(
    conn: &mut Conn,
    tenant_id: &TenantId,
    owner: &CustomerId,
    about: (&InvoiceId, Option<&AttemptId>),
    posting: &Posting,
    now: Instant,
) -> Result<()> {
    let (invoice, attempt) = about;
    insert(conn, tenant_id, owner, About { invoice, attempt, credit_note: None }, posting, now)
}

/// Posts what a credit note moves. The same kind for the same note a second time is a conflict.
pub fn post_credit_note(
    conn: &mut Conn,
    tenant_id: &TenantId,
    note: &CreditNote,
    posting: &Posting,
) -> Result<()> {
    let about = About { invoice: &note.invoice_id, attempt: None, credit_note: Some(&note.id) };
    insert(conn, tenant_id, &note.customer_id, about, posting, note.created_at)
}

struct About<'a> {
    invoice: &'a InvoiceId,
    attempt: Option<&'a AttemptId>,
    credit_note: Option<&'a CreditNoteId>,
}

fn insert(
    conn: &mut Conn,
    tenant_id: &TenantId,
    owner: &CustomerId,
    about: About,
    posting: &Posting,
    now: Instant,
) -> Result<()> {
    let txn = TxnId::mint();
    diesel::insert_into(ledger_txn::table)
        .values((
            ledger_txn::id.eq(&txn),
            ledger_txn::tenant_id.eq(tenant_id),
            ledger_txn::kind.eq(posting.kind().as_str()),
            ledger_txn::invoice_id.eq(about.invoice),
            ledger_txn::attempt_id.eq(about.attempt),
            ledger_txn::credit_note_id.eq(about.credit_note),
            ledger_txn::created_at.eq(now),
        ))
        .execute(conn)?;
    for entry in posting.entries() {
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

/// Whether a movement of this kind was posted for an attempt.
pub fn is_posted(conn: &mut Conn, tenant_id: &TenantId, of: &AttemptId, kind: TxnKind) -> Result<bool> {
    let found = ledger_txn::table
        .filter(ledger_txn::tenant_id.eq(tenant_id).and(ledger_txn::attempt_id.eq(of)))
        .filter(ledger_txn::kind.eq(kind.as_str()));
    Ok(found.count().get_result::<i64>(conn)? > 0)
}

/// A customer's balance in a currency, in minor units: positive is the customer's money, negative what the next
/// invoice collects.
pub fn balance(conn: &mut Conn, tenant_id: &TenantId, owner: &CustomerId, currency: Currency) -> Result<i64> {
    let amounts: Vec<i64> = ledger_entry::table
        .filter(ledger_entry::tenant_id.eq(tenant_id).and(ledger_entry::customer_id.eq(owner)))
        .filter(ledger_entry::account.eq(Account::CustomerBalance.as_str()))
        .filter(ledger_entry::currency.eq(currency.code()))
        .select(ledger_entry::amount)
        .load(conn)?;
    balance_of(amounts.into_iter().map(i128::from).sum()).map_err(Error::bug)
}

/// Entries of a business as (transaction, account, currency, amount), for checks and reports.
pub fn entries(conn: &mut Conn, tenant_id: &TenantId) -> Result<Vec<(String, String, String, i64)>> {
    Ok(ledger_entry::table
        .filter(ledger_entry::tenant_id.eq(tenant_id))
        .order(ledger_entry::id)
        .select((ledger_entry::txn_id, ledger_entry::account, ledger_entry::currency, ledger_entry::amount))
        .load(conn)?)
}
