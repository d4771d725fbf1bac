//! Reads tables page by page, in the order of their ids: all rows, or those that changed since a moment.

use crate::db::Conn;
use crate::db::schema::{customer, invoice, ledger_txn, subscription};
use crate::error::Result;
use crate::ids::CustomerId;
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
pub(super) const ROWS: i64 = 500;

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

/// Looks at every invoice of an extent.
pub(super) fn invoices(
    conn: &mut Conn,
    scope: &Scope,
    extent: Extent,
    look: impl FnMut(&mut Conn, Invoice) -> Result<()>,
) -> Result<()> {
    let page = |conn: &mut Conn, after: &String| {
        let mut rows = invoice::table
            .filter(invoice::tenant_id.eq(scope.id()).and(invoice::id.gt(after)))
            .order(invoice::id)
            .limit(ROWS)
            .select(Invoice::as_select())
            .into_boxed();
        if let Extent::Since(wall, _) = extent {
            rows = rows.filter(invoice::updated_at.gt(wall));
        }
        Ok(rows.load(conn)?)
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
    let page = |conn: &mut Conn, after: &String| {
        let mut rows = customer::table
            .filter(customer::tenant_id.eq(scope.id()).and(customer::id.gt(after)))
            .order(customer::id)
            .limit(ROWS)
            .select(customer::id)
            .into_boxed();
        if let Extent::Since(_, billing) = extent {
            let posted = ledger_txn::table
                .inner_join(invoice::table.on(invoice::id.nullable().eq(ledger_txn::invoice_id)))
                .filter(ledger_txn::tenant_id.eq(scope.id()).and(ledger_txn::created_at.gt(billing)))
                .select(invoice::customer_id);
            // Not correlated: found once, not once for each customer.
            rows = rows.filter(customer::id.eq_any(posted));
        }
        Ok(rows.load(conn)?)
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
    let page = |conn: &mut Conn, after: &String| {
        let mut rows = subscription::table
            .filter(subscription::tenant_id.eq(scope.id()).and(subscription::id.gt(after)))
            .order(subscription::id)
            .limit(ROWS)
            .select(Subscription::as_select())
            .into_boxed();
        if let Extent::Since(wall, _) = extent {
            rows = rows.filter(subscription::updated_at.gt(wall));
        }
        Ok(rows.load(conn)?)
    };
    each(conn, String::new(), page, |row| row.id.to_string(), look)
}
