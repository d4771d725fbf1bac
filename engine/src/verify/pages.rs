//! Reads tables page by page, in the order of their ids.

use crate::db::Conn;
use crate::db::schema::{customer, invoice, subscription};
use crate::error::Result;
use crate::ids::CustomerId;
use crate::scope::Scope;
use crate::store::invoices::Invoice;
use crate::store::subscriptions::Subscription;
use diesel::prelude::*;

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

/// Looks at every invoice.
pub(super) fn invoices(
    conn: &mut Conn,
    scope: &Scope,
    look: impl FnMut(&mut Conn, Invoice) -> Result<()>,
) -> Result<()> {
    let page = |conn: &mut Conn, after: &String| {
        Ok(invoice::table
            .filter(invoice::tenant_id.eq(scope.id()).and(invoice::id.gt(after)))
            .order(invoice::id)
            .limit(ROWS)
            .select(Invoice::as_select())
            .load(conn)?)
    };
    each(conn, String::new(), page, |row| row.id.to_string(), look)
}

/// Looks at every customer.
pub(super) fn customers(
    conn: &mut Conn,
    scope: &Scope,
    look: impl FnMut(&mut Conn, CustomerId) -> Result<()>,
) -> Result<()> {
    let page = |conn: &mut Conn, after: &String| {
        Ok(customer::table
            .filter(customer::tenant_id.eq(scope.id()).and(customer::id.gt(after)))
            .order(customer::id)
            .limit(ROWS)
            .select(customer::id)
            .load(conn)?)
    };
    each(conn, String::new(), page, ToString::to_string, look)
}

/// Looks at every subscription.
pub(super) fn subscriptions(
    conn: &mut Conn,
    scope: &Scope,
    look: impl FnMut(&mut Conn, Subscription) -> Result<()>,
) -> Result<()> {
    let page = |conn: &mut Conn, after: &String| {
        Ok(subscription::table
            .filter(subscription::tenant_id.eq(scope.id()).and(subscription::id.gt(after)))
            .order(subscription::id)
            .limit(ROWS)
            .select(Subscription::as_select())
            .load(conn)?)
    };
    each(conn, String::new(), page, |row| row.id.to_string(), look)
}
