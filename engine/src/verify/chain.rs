//! The hash chains of all series. Each document is hashed again as it is stored, and compared with what was written
//! beside it; `domain::invoice::chain::verify` does the same for a chain in memory, and stops at the first fault.

use super::pages::{ROWS, each};
use super::{Finding, FindingKind};
use crate::db::Conn;
use crate::db::schema::{credit_note, invoice, number_series, receipt};
use crate::error::Result;
use crate::ids::SeriesId;
use crate::scope::Scope;
use crate::store;
use crate::store::credit_notes::CreditNote;
use crate::store::invoices::Invoice;
use crate::store::receipts::Receipt;
use crate::usecase::bill::chain::{of_credit_note, of_invoice, of_receipt};
use diesel::prelude::*;
use domain::invoice::chain::{BrokenChain, ChainHash, FinalisedDocument, Link, next_hash};

pub(super) fn check(conn: &mut Conn, scope: &Scope) -> Result<Vec<Finding>> {
    let all: Vec<(SeriesId, Option<String>)> = number_series::table
        .filter(number_series::tenant_id.eq(scope.id()))
        .order(number_series::id)
        .select((number_series::id, number_series::last_hash))
        .load(conn)?;
    let mut findings = Vec::new();
    for (series, head) in all {
        let mut walk = Walk::default();
        invoices(conn, scope, &series, &mut walk)?;
        credit_notes(conn, scope, &series, &mut walk)?;
        receipts(conn, scope, &series, &mut walk)?;
        let faults = walk.end(head.as_deref()).into_iter();
        findings.extend(faults.map(|fault| Finding::new(FindingKind::Chain, &series, fault)));
    }
    Ok(findings)
}

fn invoices(conn: &mut Conn, scope: &Scope, series: &SeriesId, walk: &mut Walk) -> Result<()> {
    let page = |conn: &mut Conn, after: &i64| {
        Ok(invoice::table
            .filter(invoice::tenant_id.eq(scope.id()).and(invoice::series_id.eq(series)))
            .filter(invoice::seq.gt(after))
            .order(invoice::seq)
            .limit(ROWS)
            .select(Invoice::as_select())
            .load(conn)?)
    };
    let place = |row: &Invoice| row.seq.unwrap_or(i64::MAX);
    each(conn, 0, page, place, |conn, row| {
        let lines = store::invoices::lines(conn, scope.id(), &row.id)?;
        let hashes = (row.prev_hash.as_deref(), row.hash.as_deref());
        walk.step(place(&row), hashes, of_invoice(&row, &lines).ok());
        Ok(())
    })
}

fn credit_notes(conn: &mut Conn, scope: &Scope, series: &SeriesId, walk: &mut Walk) -> Result<()> {
    let page = |conn: &mut Conn, after: &i64| {
        Ok(credit_note::table
            .filter(credit_note::tenant_id.eq(scope.id()).and(credit_note::series_id.eq(series)))
            .filter(credit_note::seq.gt(after))
            .order(credit_note::seq)
            .limit(ROWS)
            .select(CreditNote::as_select())
            .load(conn)?)
    };
    each(
        conn,
        0,
        page,
        |row| row.seq,
        |conn, row| {
            let lines = store::credit_notes::lines(conn, scope.id(), &row.id)?;
            let hashes = (row.prev_hash.as_deref(), Some(row.hash.as_str()));
            walk.step(row.seq, hashes, of_credit_note(&row, &lines).ok());
            Ok(())
        },
    )
}

fn receipts(conn: &mut Conn, scope: &Scope, series: &SeriesId, walk: &mut Walk) -> Result<()> {
    let page = |conn: &mut Conn, after: &i64| {
        Ok(receipt::table
            .filter(receipt::tenant_id.eq(scope.id()).and(receipt::series_id.eq(series)))
            .filter(receipt::seq.gt(after))
            .order(receipt::seq)
            .limit(ROWS)
            .select(Receipt::as_select())
            .load(conn)?)
    };
    each(
        conn,
        0,
        page,
        |row| row.seq,
        |_, row| {
            let hashes = (row.prev_hash.as_deref(), Some(row.hash.as_str()));
            walk.step(row.seq, hashes, Some(of_receipt(&row)));
            Ok(())
        },
    )
}

/// A walk along a chain. After a fault it goes on from what is stored, so that each broken link is found once.
#[derive(Default)]
struct Walk {
    seq: i64,
    /// Stored hash of the last document; none before the first.
    hash: Option<ChainHash>,
    faults: Vec<BrokenChain>,
}

impl Walk {
    /// A document with the hashes stored beside it, as (the one before, its own).
    fn step(&mut self, seq: i64, hashes: (Option<&str>, Option<&str>), document: Option<FinalisedDocument>) {
        if hashes == (None, None) && self.hash.is_none() {
            // From before documents were chained.
            self.seq = seq;
            return;
        }
        let previous = hashes.0.map_or(Ok(ChainHash::START), str::parse);
        let own = hashes.1.and_then(|text| text.parse().ok());
        let (Ok(previous), Some(hash), Some(document)) = (previous, own, document) else {
            self.faults.push(BrokenChain::Changed { seq });
            self.seq = seq;
            return;
        };
        let link = Link { seq, previous, hash, canonical_bytes: document.canonical_bytes() };
        self.faults.extend(self.fault(&link));
        self.seq = seq;
        self.hash = Some(hash);
    }

    fn fault(&self, link: &Link) -> Option<BrokenChain> {
        let expected = self.seq + 1;
        if link.seq != expected {
            Some(BrokenChain::Sequence { expected })
        } else if link.previous != self.hash.unwrap_or(ChainHash::START) {
            Some(BrokenChain::Previous { seq: link.seq })
        } else if next_hash(link.previous, &link.canonical_bytes) != link.hash {
            Some(BrokenChain::Changed { seq: link.seq })
        } else {
            None
        }
    }

    /// Everything that is wrong, with the series' own note of its last hash.
    fn end(mut self, head: Option<&str>) -> Vec<BrokenChain> {
        let last = self.hash.map(|hash| hash.to_string());
        if last.as_deref() != head {
            self.faults.push(BrokenChain::Head { last: self.seq });
        }
        self.faults
    }
}
