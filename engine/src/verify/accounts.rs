//! Each customer's accounts against the documents: the sums that `domain::ledger` promises.

use super::pages::Extent;
use super::{Finding, FindingKind, pages};
use crate::db::Conn;
use crate::db::schema::{credit_note, ledger_entry, ledger_txn, payment_attempt};
use crate::error::{Error, Result};
use crate::ids::CustomerId;
use crate::scope::Scope;
use crate::store;
use crate::store::invoices::Invoice;
use diesel::prelude::*;
use domain::invoice::state::InvoiceStatus;
use domain::ledger::{Account, TxnKind};
use domain::payment::state::{AttemptState, Purpose};
use std::collections::{BTreeMap, BTreeSet};

/// Accounts that a customer's documents explain.
const EXPLAINED: [Account; 4] =
    [Account::Receivable, Account::CustomerBalance, Account::RefundsPayable, Account::BadDebt];

/// Sums by account and currency; debits are positive.
type Sums = BTreeMap<(Account, String), i128>;

pub(super) fn check(conn: &mut Conn, scope: &Scope, extent: Extent) -> Result<Vec<Finding>> {
    let mut findings = Vec::new();
    pages::customers(conn, scope, extent, |conn, customer| {
        let invoices = store::invoices::list(conn, scope.id(), &customer)?;
        let entries = entries(conn, scope, &customer)?;
        let mut right = by_invoices(&invoices);
        by_credit_notes(conn, scope, &customer, &mut right)?;
        by_refunds(conn, scope, &customer, &mut right)?;
        let found = by_entries(&invoices, &entries, &mut right)?;
        let wrong = compare(&found, &right).into_iter();
        findings.extend(wrong.map(|text| Finding::new(FindingKind::Account, &customer, text)));
        let idle = idle_balance(conn, scope, &invoices)?.into_iter();
        findings.extend(idle.map(|text| Finding::new(FindingKind::Standing, &customer, text)));
        Ok(())
    })?;
    Ok(findings)
}

/// What a customer's balance pays is not left open, but while a payment of it is under way or disputed.
fn idle_balance(conn: &mut Conn, scope: &Scope, invoices: &[Invoice]) -> Result<Option<String>> {
    for invoice in invoices {
        if invoice.status != InvoiceStatus::Open || invoice.disputed_since.is_some() {
            continue;
        }
        let balance = store::ledger::balance(conn, scope.id(), &invoice.customer_id, invoice.currency)?;
        if balance > 0 && store::attempts::open_of(conn, scope.id(), &invoice.id)?.is_none() {
            return Ok(Some(format!("its balance could pay {}", invoice.id)));
        }
    }
    Ok(None)
}

/// An entry with the kind and the invoice of its transaction.
#[derive(Queryable)]
struct Entry {
    kind: String,
    invoice: Option<String>,
    account: String,
    currency: String,
    amount: i64,
}

fn entries(conn: &mut Conn, scope: &Scope, customer: &CustomerId) -> Result<Vec<Entry>> {
    Ok(ledger_entry::table
        .inner_join(ledger_txn::table.on(ledger_txn::id.eq(ledger_entry::txn_id)))
        .filter(ledger_entry::tenant_id.eq(scope.id()).and(ledger_entry::customer_id.eq(customer)))
        .select((
            ledger_txn::kind,
            ledger_txn::invoice_id,
            ledger_entry::account,
            ledger_entry::currency,
            ledger_entry::amount,
        ))
        .load(conn)?)
}

/// One whose amounts are out of range is found elsewhere.
fn by_invoices(invoices: &[Invoice]) -> Sums {
    let mut sums = Sums::new();
    for invoice in invoices {
        let due = invoice.due().map_or(0, |due| i128::from(due.minor));
        let mut add = |account: Account, amount: i128| {
            *sums.entry((account, invoice.currency.code().to_owned())).or_default() += amount;
        };
        let from_balance = i128::from(invoice.credit_applied) + i128::from(invoice.carried_forward);
        match invoice.status {
            InvoiceStatus::Draft => continue,
            // Whatever was paid for it is too much.
            InvoiceStatus::Void => {
                add(Account::CustomerBalance, -i128::from(invoice.amount_paid));
                continue;
            }
            InvoiceStatus::Open | InvoiceStatus::Paid => add(Account::Receivable, due.max(0)),
            InvoiceStatus::Uncollectible => add(Account::BadDebt, due.max(0)),
        }
        add(Account::CustomerBalance, from_balance + due.min(0));
    }
    sums
}

fn by_credit_notes(conn: &mut Conn, scope: &Scope, customer: &CustomerId, sums: &mut Sums) -> Result<()> {
    let notes: Vec<(String, i64, i64)> = credit_note::table
        .filter(credit_note::tenant_id.eq(scope.id()).and(credit_note::customer_id.eq(customer)))
        .select((credit_note::currency, credit_note::to_balance, credit_note::to_refund))
        .load(conn)?;
    for (currency, to_balance, to_refund) in notes {
        *sums.entry((Account::CustomerBalance, currency.clone())).or_default() -= i128::from(to_balance);
        *sums.entry((Account::RefundsPayable, currency)).or_default() -= i128::from(to_refund);
    }
    Ok(())
}

fn by_refunds(conn: &mut Conn, scope: &Scope, customer: &CustomerId, sums: &mut Sums) -> Result<()> {
    let refunds: Vec<(String, i64)> = payment_attempt::table
        .filter(payment_attempt::tenant_id.eq(scope.id()).and(payment_attempt::customer_id.eq(customer)))
        .filter(payment_attempt::purpose.eq(Purpose::Refund.as_str()))
        .filter(payment_attempt::state.eq(AttemptState::Succeeded.as_str()))
        .select((payment_attempt::currency, payment_attempt::amount))
        .load(conn)?;
    for (currency, amount) in refunds {
        *sums.entry((Account::RefundsPayable, currency)).or_default() += i128::from(amount);
    }
    Ok(())
}

/// What is posted. Refunds that a person gave up on have no other record than their posting, so they count on both
/// sides; money in another currency than its invoice's pays nothing, and no document knows it.
fn by_entries(invoices: &[Invoice], entries: &[Entry], right: &mut Sums) -> Result<Sums> {
    let currencies: BTreeMap<&str, &str> =
        invoices.iter().map(|invoice| (invoice.id.as_str(), invoice.currency.code())).collect();
    let mut found = Sums::new();
    for entry in entries {
        let key = (entry.account.parse::<Account>().map_err(Error::bug)?, entry.currency.clone());
        let own = entry.invoice.as_deref().and_then(|invoice| currencies.get(invoice));
        if own.is_some_and(|own| *own != entry.currency) {
            continue;
        }
        if [TxnKind::RefundFailed, TxnKind::RefundRevived].iter().any(|kind| entry.kind == kind.as_str()) {
            *right.entry(key.clone()).or_default() += i128::from(entry.amount);
        }
        *found.entry(key).or_default() += i128::from(entry.amount);
    }
    Ok(found)
}

fn compare(found: &Sums, right: &Sums) -> Vec<String> {
    let keys: BTreeSet<_> = found.keys().chain(right.keys()).collect();
    let wrong = |key: &(Account, String)| {
        let [found, right] = [found, right].map(|sums| sums.get(key).copied().unwrap_or(0));
        let (account, currency) = key;
        let overpaid = *account == Account::RefundsPayable && found > 0;
        (found != right || overpaid)
            .then(|| format!("{account} stands at {found} {currency}, the documents come to {right}"))
    };
    keys.into_iter().filter(|key| EXPLAINED.contains(&key.0)).filter_map(wrong).collect()
}
