//! What a customer is told about the next charge.

use super::period_bill;
use crate::db::Conn;
use crate::error::{Error, Result};
use crate::scope::Scope;
use crate::store;
use crate::store::subscriptions::Subscription;
use domain::balance;
use domain::money::Money;

/// What is charged when the current period or the trial of a subscription is over: the bill of the next period, less
/// what the customer's balance pays of it.
pub fn next_charge(conn: &mut Conn, scope: &Scope, sub: &Subscription) -> Result<Money> {
    let (price, _) = store::catalog::price(conn, scope.id(), &sub.price_id)?;
    let bill = period_bill(conn, scope, sub, sub.schedule(&price)?.period(sub.period_index + 1))?;
    let held = store::ledger::balance(conn, scope.id(), &sub.customer_id, bill.currency)?;
    let opening = balance::open(bill.assembled.total, held, scope.settings.billing.smallest_charge);
    Ok(Money::new(opening.map_err(Error::bug)?.due, bill.currency))
}
