//! Reads tables page by page, in the order of their ids: all rows, or those that changed since a moment.

use crate::db::Conn;
use crate::db::schema::{customer, invoice, ledger_txn, subscription};
use crate::error::Result;
use crate::ids::{CustomerId, InvoiceId, SubscriptionId};
use crate::scope::Scope;
use crate::store::invoices::Invoice;
use crate::store::subscriptions::Subscription;
use diesel::prelude::*;
use domain::Instant;

/// Which rows are looked at.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Extent {
    /// All.
    Whole,
    /// Those that changed after this moment: wall time, and for what was posted, billing time.
    Since(Instant, Instant),
}

/// Rows in memory at once.
pub(super) const ROWS: i64 = PAGE as i64;
const PAGE: usize = 500;

/// Looks at every row that `page` answers with when it is told the key that the last page ended with, at first `start`.
pub(super) fn each<Row, Key>(
    conn: &mut Conn,
    start: Key,
    page: impl Fn(&mut Conn, &Key) -> Result<Vec<Row>>,
    key: impl Fn(&Row) -> Key,
    mut look: impl FnMut(&mut Conn, Row) -> Result<()>,
) -> Result<()> {
    let mut after = start;
    loop {
        let rows = page(conn, &after)?;
        let Some(last) = rows.last() else { return Ok(()) };
        after = key(last);
        for row in rows {
            look(conn, row)?;
        }
    }
}

/// In the order in which pages are read. The database would sort by reading all that there ever was in that order.
fn sorted<Id: Ord>(mut ids: Vec<Id>) -> Vec<Id> {
    ids.sort();
    ids
}

/// The ids of the page after one.
fn next<'a, Id: ToString>(ids: &'a [Id], after: &'a str) -> impl Iterator<Item = &'a Id> {
    ids.iter().filter(move |id| id.to_string().as_str() > after).take(PAGE)
}

/// Looks at every invoice of an extent.
pub(super) fn invoices(
    conn: &mut Conn,
    scope: &Scope,
    extent: Extent,
    look: impl FnMut(&mut Conn, Invoice) -> Result<()>,
) -> Result<()> {
    let changed: Option<Vec<InvoiceId>> = match extent {
        Extent::Whole => None,
        Extent::Since(wall, _) => {
            let rows = invoice::table.select(invoice::id);
            let rows = rows.filter(invoice::tenant_id.eq(scope.id()).and(invoice::updated_at.gt(wall)));
            Some(sorted(rows.load(conn)?))
        }
    };
    let page = |conn: &mut Conn, after: &String| {
        let rows = invoice::table
            .filter(invoice::tenant_id.eq(scope.id()).and(invoice::id.gt(after)))
            .order(invoice::id)
            .limit(ROWS)
            .select(Invoice::as_select());
        Ok(match &changed {
            None => rows.load(conn)?,
            Some(ids) => rows.filter(invoice::id.eq_any(next(ids, after))).load(conn)?,
        })
    };
    each(conn, String::new(), page, |row| row.id.to_string(), look)
}

/// Looks at every customer of an extent: of those since a moment, who has postings since.
pub(super) fn customers(
    conn: &mut Conn,
    scope: &Scope,
    extent: Extent,
    look: impl FnMut(&mut Conn, CustomerId) -> Result<()>,
) -> Result<()> {
    let posted: Option<Vec<CustomerId>> = match extent {
        Extent::Whole => None,
        Extent::Since(_, billing) => {
            let rows = ledger_txn::table
                .inner_join(invoice::table.on(invoice::id.nullable().eq(ledger_txn::invoice_id)))
                .filter(ledger_txn::tenant_id.eq(scope.id()).and(ledger_txn::created_at.gt(billing)));
            Some(sorted(rows.select(invoice::customer_id).distinct().load(conn)?))
        }
    };
    let page = |conn: &mut Conn, after: &String| {
        let rows = customer::table
            .filter(customer::tenant_id.eq(scope.id()).and(customer::id.gt(after)))
            .order(customer::id)
            .limit(ROWS)
            .select(customer::id);
        Ok(match &posted {
            None => rows.load(conn)?,
            Some(ids) => rows.filter(customer::id.eq_any(next(ids, after))).load(conn)?,
        })
    };
    each(conn, String::new(), page, ToString::to_string, look)
}

/// Looks at every subscription of an extent.
pub(super) fn subscriptions(
    conn: &mut Conn,
    scope: &Scope,
    extent: Extent,
    look: impl FnMut(&mut Conn, Subscription) -> Result<()>,
) -> Result<()> {
    let changed: Option<Vec<SubscriptionId>> = match extent {
        Extent::Whole => None,
        Extent::Since(wall, _) => {
            let rows = subscription::table.select(subscription::id);
            let rows =
                rows.filter(subscription::tenant_id.eq(scope.id()).and(subscription::updated_at.gt(wall)));
            Some(sorted(rows.load(conn)?))
        }
    };
    let page = |conn: &mut Conn, after: &String| {
        let rows = subscription::table
            .filter(subscription::tenant_id.eq(scope.id()).and(subscription::id.gt(after)))
            .order(subscription::id)
            .limit(ROWS)
            .select(Subscription::as_select());
        Ok(match &changed {
            None => rows.load(conn)?,
            Some(ids) => rows.filter(subscription::id.eq_any(next(ids, after))).load(conn)?,
        })
    };
    each(conn, String::new(), page, |row| row.id.to_string(), look)
}
