//! What a payment consists of: lines, taxes, and what settles it.

use super::{Period, Why};
use domain::invoice::assemble::TaxGroup;
use domain::money::Money;
use serde::Serialize;

/// One line of a bill.
#[derive(Debug, Clone, Serialize)]
pub struct Line {
    /// What is paid for.
    pub description: String,
    /// Days it covers, where it covers any.
    pub period: Option<Period>,
    /// Amount, before tax where the bill lists taxes.
    pub amount: Money,
    /// How it comes about; absent for lines from before that was stored.
    pub why: Option<Why>,
}

/// One tax of a bill.
#[derive(Debug, Clone, Serialize)]
pub struct Tax {
    /// Name of the tax; the language's own word for VAT when absent.
    pub name: Option<String>,
    /// Percent as text: `19`, `7.7`.
    pub rate: String,
    /// What it is computed on, before tax.
    pub on: Money,
    /// Amount.
    pub amount: Money,
}

/// Something besides charges that settles a part of a bill.
#[derive(Debug, Clone, Serialize)]
pub struct Settled {
    /// How.
    pub by: SettledBy,
    /// How much of the bill; negative where it is taken off.
    pub amount: Money,
}

/// What settles a part of a bill.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum SettledBy {
    /// The customer's balance paid it.
    Balance,
    /// It was too little to charge before, and is added.
    BroughtForward,
    /// It is too little to charge and goes on the next invoice.
    CarriedForward,
    /// A credit note took it back.
    CreditNote,
    /// It was charged before.
    Charged,
    /// What is given back goes to the customer's balance.
    ToBalance,
    /// What is given back goes back to where it came from.
    Refunded,
}

/// Lines, taxes and total.
#[derive(Debug, Clone, Serialize)]
pub struct Bill {
    /// What is paid for.
    pub lines: Vec<Line>,
    /// Taxes on top.
    pub taxes: Vec<Tax>,
    /// What it comes to.
    pub total: Money,
    /// What need not be charged of that.
    pub settled: Vec<Settled>,
    /// What is left to charge.
    pub due: Money,
}

impl Bill {
    /// A bill whose lines are before tax. Taxes of nothing are left out; `tax_name` is what the business calls them,
    /// when that is not each language's own word.
    pub fn new(lines: Vec<Line>, taxes: &[TaxGroup], tax_name: Option<&str>, total: Money) -> Self {
        let tax = |group: &TaxGroup| Tax {
            name: tax_name.map(str::to_owned),
            rate: group.rate.to_string(),
            on: Money::new(group.taxable, total.currency),
            amount: Money::new(group.tax, total.currency),
        };
        let taxes = taxes.iter().filter(|group| group.rate.0 > 0).map(tax).collect();
        Self { lines, taxes, total, settled: Vec::new(), due: total }
    }

    /// The same bill, of which the customer's balance pays so many minor units, or to which it adds what it owes. What
    /// is over less than nothing goes there.
    pub fn settled_from_balance(self, minor: i64) -> Self {
        let by = match minor {
            _ if self.total.minor < 0 => SettledBy::ToBalance,
            ..0 => SettledBy::BroughtForward,
            _ => SettledBy::Balance,
        };
        self.settled_by(by, minor)
    }

    /// The same bill, of which so many minor units need not be charged. Nothing is no row.
    pub fn settled_by(mut self, by: SettledBy, minor: i64) -> Self {
        if minor != 0 {
            self.settled.push(Settled { by, amount: Money::new(-minor, self.total.currency) });
            self.due.minor -= minor;
        }
        self
    }
}
