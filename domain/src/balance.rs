//! A customer's balance: what it pays, and what is too little to charge.
//!
//! The balance is the negated sum of the customer's `customer_balance` entries in one currency
//! ([`balance_of`](crate::ledger::balance_of)). Positive is the customer's money: overpayments, credit notes, refunds
//! that failed. Negative is what was carried forward, and the next invoice collects it.

use crate::money::MoneyError;
use serde::{Deserialize, Serialize};

/// What becomes of an invoice when the balance meets it. Minor units of its currency.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Opening {
    /// From the balance; negative where an amount carried forward is added, and where the invoice gives back more than
    /// it charges, which is the customer's then. Becomes `credit_applied`, and is
    /// posted by [`balance_applied`](crate::ledger::balance_applied).
    pub applied: i64,
    /// Less than the provider charges: to the next invoice. Becomes `carried_forward`, and is posted by
    /// [`carried_forward`](crate::ledger::carried_forward).
    pub carried: i64,
    /// To be charged; with nothing, the invoice is paid.
    pub due: i64,
}

/// Opens an invoice over `total`: applies the balance, and carries forward what is less than `minimum`, the least that
/// the provider charges. An invoice over nothing leaves the balance alone; one over less than nothing, whose credits
/// come to more than its charges, goes to the balance whole.
pub fn open(total: i64, balance: i64, minimum: i64) -> Result<Opening, MoneyError> {
    let applied = if total > 0 { balance.min(total) } else { total };
    let left = total.checked_sub(applied).ok_or(MoneyError::OutOfRange)?;
    let carried = if left > 0 && left < minimum { left } else { 0 };
    Ok(Opening { applied, carried, due: left - carried })
}

/// What an invoice had added of an earlier debt and nobody has paid: with the invoice taken back, the balance owes it
/// again. `applied` and `due` are its own.
pub fn returned_debt(applied: i64, due: i64) -> i64 {
    applied.saturating_neg().min(due).max(0)
}

/// An open invoice that the balance may pay.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Unpaid {
    /// What is due on it.
    pub due: i64,
    /// A payment may yet take money for it, so the balance leaves it alone.
    pub attempt_open: bool,
    /// A bank took a payment of it back for the customer, who has said no.
    pub disputed: bool,
}

/// What a balance pays of open invoices, the oldest first: what becomes of each, in the order given. A balance that owes
/// pays nothing; what is left of an invoice and less than `minimum` is carried forward, as in [`open`].
pub fn pay_oldest_first(balance: i64, oldest_first: &[Unpaid], minimum: i64) -> Vec<Opening> {
    let mut left = balance.max(0);
    let pay = |invoice: &Unpaid| {
        let is_left_alone = invoice.attempt_open || invoice.disputed;
        let applied = if is_left_alone { 0 } else { left.min(invoice.due.max(0)) };
        left -= applied;
        let rest = invoice.due - applied;
        let carried = if applied > 0 && rest > 0 && rest < minimum { rest } else { 0 };
        Opening { applied, carried, due: rest - carried }
    };
    oldest_first.iter().map(pay).collect()
}
