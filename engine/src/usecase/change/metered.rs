//! What was used before a change takes effect: billed by the price that counted it.

use super::lines::waiting;
use crate::db::Conn;
use crate::error::Result;
use crate::scope::Scope;
use crate::store;
use crate::store::subscriptions::Subscription;
use crate::usecase::bill::items::items;
use crate::usecase::bill::{BillLine, Until, tax, usage_line};
use domain::subscription::change::target::Wanted;

/// Rates what was used until now of the items that a change to `target` ends the counting for, of all where it begins
/// a period. The lines wait for the next invoice; a quote says what they come to so far.
pub(super) fn settle(
    tx: &mut Conn,
    scope: &Scope,
    sub: &Subscription,
    target: &[Wanted],
    begins_period: bool,
) -> Result<()> {
    for line in used(tx, scope, sub, target, begins_period)? {
        let counted = line.counted.clone();
        let row = waiting(scope, sub, line)?;
        store::pending_lines::insert(tx, &row)?;
        store::usage::count_waiting(tx, scope.id(), &counted, &row.id)?;
    }
    Ok(())
}

/// The lines over that, if anything was used.
pub(super) fn used(
    conn: &mut Conn,
    scope: &Scope,
    sub: &Subscription,
    target: &[Wanted],
    begins_period: bool,
) -> Result<Vec<BillLine>> {
    let mut lines = Vec::new();
    let tax = tax::of_customer(conn, scope, &sub.customer_id)?;
    let prices: Vec<&str> = target.iter().map(|wanted| wanted.price.as_str()).collect();
    for sold in items(conn, scope, sub, &tax)? {
        let now = scope.now.billing;
        let until = match sold.item.stops_counting(&prices) {
            true => Until::Last(now),
            false if begins_period => Until::Before(now),
            false => continue,
        };
        lines.extend(usage_line(conn, scope, sub, &sold, until, &[])?);
    }
    lines.retain(|line| !line.counted.is_empty());
    Ok(lines)
}
