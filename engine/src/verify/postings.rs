//! Every movement of money is balanced, in each currency.

use super::pages::ROWS;
use super::{Finding, FindingKind};
use crate::db::Conn;
use crate::db::schema::{ledger_entry, ledger_txn};
use crate::error::Result;
use crate::ids::TxnId;
use crate::scope::Scope;
use diesel::prelude::*;
use std::collections::BTreeMap;

pub(super) fn check(conn: &mut Conn, scope: &Scope) -> Result<Vec<Finding>> {
    let mut findings = Vec::new();
    let mut txns = page(conn, scope, "")?;
    while let Some(last) = txns.last() {
        let next = page(conn, scope, last.as_str())?;
        let sums = sums(conn, scope, &txns)?.into_iter().filter(|(_, sum)| *sum != 0);
        findings.extend(sums.map(|((txn, currency), sum)| {
            let text = format!("its entries add up to {sum} {currency} instead of nothing");
            Finding::new(FindingKind::Unbalanced, txn, text)
        }));
        txns = next;
    }
    Ok(findings)
}

fn page(conn: &mut Conn, scope: &Scope, after: &str) -> Result<Vec<TxnId>> {
    Ok(ledger_txn::table
        .filter(ledger_txn::tenant_id.eq(scope.id()).and(ledger_txn::id.gt(after)))
        .order(ledger_txn::id)
        .limit(ROWS)
        .select(ledger_txn::id)
        .load(conn)?)
}

fn sums(conn: &mut Conn, scope: &Scope, txns: &[TxnId]) -> Result<BTreeMap<(String, String), i128>> {
    let entries: Vec<(String, String, i64)> = ledger_entry::table
        .filter(ledger_entry::tenant_id.eq(scope.id()).and(ledger_entry::txn_id.eq_any(txns)))
        .select((ledger_entry::txn_id, ledger_entry::currency, ledger_entry::amount))
        .load(conn)?;
    let mut sums = BTreeMap::new();
    for (txn, currency, amount) in entries {
        *sums.entry((txn, currency)).or_default() += i128::from(amount);
    }
    Ok(sums)
}
