//! Bills that are still to be written, as customers are told of them.

use super::{PeriodBill, period_bill};
use crate::db::Conn;
use crate::error::{Error, Result};
use crate::scope::Scope;
use crate::store;
use crate::store::subscriptions::Subscription;
use domain::balance::{self, Opening};
use domain::money::Money;
use domain::period::Period;

/// A bill that is still to be written, and what becomes of it then.
#[derive(Debug, Clone, PartialEq)]
pub struct ToCome {
    /// Lines and total.
    pub bill: PeriodBill,
    /// What the customer's balance pays of it, and what is left to charge.
    pub opening: Opening,
}

impl ToCome {
    /// The bill as it would be opened with a balance of so many minor units.
    pub fn with_balance(scope: &Scope, bill: PeriodBill, balance: i64) -> Result<Self> {
        let opening = balance::open(bill.assembled.total, balance, scope.settings.billing.smallest_charge);
        Ok(Self { opening: opening.map_err(Error::bug)?, bill })
    }

    /// What will be charged.
    pub fn due(&self) -> Money {
        Money::new(self.opening.due, self.bill.currency)
    }
}

/// The bill of a period that a subscription is about to begin.
pub fn to_come(conn: &mut Conn, scope: &Scope, sub: &Subscription, period: Period) -> Result<ToCome> {
    let bill = period_bill(conn, scope, sub, period)?;
    let balance = store::ledger::balance(conn, scope.id(), &sub.customer_id, bill.currency)?;
    ToCome::with_balance(scope, bill, balance)
}

/// What is charged when the current period or the trial of a subscription is over.
pub fn next_charge(conn: &mut Conn, scope: &Scope, sub: &Subscription) -> Result<Money> {
    let (price, _) = store::catalog::price(conn, scope.id(), &sub.price_id)?;
    Ok(to_come(conn, scope, sub, sub.schedule(&price)?.period(sub.period_index + 1))?.due())
}
