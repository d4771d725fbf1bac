//! From lines to totals: tax per rate on the whole document, then shared out to the lines.

use crate::money::MoneyError;
use crate::tax::{TaxBehaviour, TaxRate};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// What a line is made of, in minor units of the invoice's currency.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct LineInput {
    /// How many.
    pub quantity: i64,
    /// Price of one; negative for a credit.
    pub unit_amount: i64,
    /// Taken off the whole line.
    pub discount: i64,
    /// Rate of tax.
    pub tax_rate: TaxRate,
    /// Whether `unit_amount` contains the tax.
    pub behaviour: TaxBehaviour,
}

/// A line with its amounts. `net + tax = gross`, and `amount - discount` is the net of an exclusive and the
/// gross of an inclusive line.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct AssembledLine {
    /// Quantity times unit amount.
    pub amount: i64,
    /// Taken off.
    pub discount: i64,
    /// Without tax.
    pub net: i64,
    /// Its share of the group's tax.
    pub tax: i64,
    /// With tax.
    pub gross: i64,
}

/// What an invoice must state per rate (Directive 2006/112/EC, Art. 226 (8) to (10)).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct TaxGroup {
    /// The rate.
    pub rate: TaxRate,
    /// Sum of the nets.
    pub taxable: i64,
    /// Tax on them.
    pub tax: i64,
}

/// An invoice's amounts.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Assembled {
    /// In the order of the inputs.
    pub lines: Vec<AssembledLine>,
    /// By rising rate.
    pub by_rate: Vec<TaxGroup>,
    /// Sum of the lines' amounts, before discounts; contains tax where prices do.
    pub subtotal: i64,
    /// Sum of the discounts.
    pub discount: i64,
    /// Sum of all tax.
    pub tax: i64,
    /// What the customer owes for it: the sum of the gross amounts.
    pub total: i64,
}

/// Computes an invoice.
///
/// Tax is rounded once per (rate, behaviour) over the document and then given to the lines by largest
/// remainder, so that lines, groups and totals always agree to the minor unit. Fails only if an amount does
/// not fit into 64 bits.
pub fn assemble(inputs: &[LineInput]) -> Result<Assembled, MoneyError> {
    let amounts = inputs.iter().map(line_amount).collect::<Result<Vec<i64>, _>>()?;
    let mut taxes = vec![0_i64; inputs.len()];
    for ((rate, behaviour), members) in groups(inputs) {
        let bases: Vec<i64> = members.iter().map(|&i| amounts[i] - inputs[i].discount).collect();
        for (i, tax) in members.into_iter().zip(share_tax(rate, behaviour, &bases)?) {
            taxes[i] = tax;
        }
    }
    let lines = inputs
        .iter()
        .zip(amounts.iter().zip(taxes))
        .map(|(input, (&amount, tax))| assembled_line(input, amount, tax))
        .collect::<Result<Vec<_>, _>>()?;
    Ok(Assembled {
        by_rate: by_rate(inputs, &lines)?,
        subtotal: sum(lines.iter().map(|l| l.amount))?,
        discount: sum(lines.iter().map(|l| l.discount))?,
        tax: sum(lines.iter().map(|l| l.tax))?,
        total: sum(lines.iter().map(|l| l.gross))?,
        lines,
    })
}

/// Quantity times unit amount; also checks that the discount can be taken off.
fn line_amount(input: &LineInput) -> Result<i64, MoneyError> {
    let amount = input.quantity.checked_mul(input.unit_amount).ok_or(MoneyError::OutOfRange)?;
    amount.checked_sub(input.discount).map(|_| amount).ok_or(MoneyError::OutOfRange)
}

fn assembled_line(input: &LineInput, amount: i64, tax: i64) -> Result<AssembledLine, MoneyError> {
    let base = amount - input.discount;
    let (net, gross) = match input.behaviour {
        TaxBehaviour::Exclusive => (Some(base), base.checked_add(tax)),
        TaxBehaviour::Inclusive => (base.checked_sub(tax), Some(base)),
    };
    let (net, gross) = net.zip(gross).ok_or(MoneyError::OutOfRange)?;
    Ok(AssembledLine { amount, discount: input.discount, net, tax, gross })
}

/// Line numbers by what their tax is computed with.
fn groups(inputs: &[LineInput]) -> BTreeMap<(TaxRate, TaxBehaviour), Vec<usize>> {
    let mut groups = BTreeMap::<_, Vec<usize>>::new();
    for (i, input) in inputs.iter().enumerate() {
        groups.entry((input.tax_rate, input.behaviour)).or_default().push(i);
    }
    groups
}

/// The tax of a group, shared out: each line gets its own exact tax rounded down, and the minor units still
/// missing go to the largest remainders, earlier lines first. Credits among charges carry negative tax, and
/// a document with all signs turned has all taxes turned.
fn share_tax(rate: TaxRate, behaviour: TaxBehaviour, bases: &[i64]) -> Result<Vec<i64>, MoneyError> {
    let total: i128 = bases.iter().map(|b| i128::from(*b)).sum();
    let sign = if total < 0 { -1 } else { 1 };
    let denominator = rate.denominator(behaviour);
    let exact = |base: i64| sign * i128::from(base) * i128::from(rate.0);

    let tax = sign * i128::from(rate.tax_of(total, behaviour)?);
    let mut shares: Vec<i128> = bases.iter().map(|&b| exact(b).div_euclid(denominator)).collect();
    let missing = usize::try_from(tax - shares.iter().sum::<i128>()).map_err(|_| MoneyError::OutOfRange)?;
    let mut order: Vec<usize> = (0..bases.len()).collect();
    order.sort_by_key(|&i| (std::cmp::Reverse(exact(bases[i]).rem_euclid(denominator)), i));
    for &i in order.iter().take(missing) {
        shares[i] += 1;
    }
    shares.into_iter().map(|s| i64::try_from(sign * s).map_err(|_| MoneyError::OutOfRange)).collect()
}

fn by_rate(inputs: &[LineInput], lines: &[AssembledLine]) -> Result<Vec<TaxGroup>, MoneyError> {
    let mut rates = BTreeMap::<TaxRate, Vec<&AssembledLine>>::new();
    for (input, line) in inputs.iter().zip(lines) {
        rates.entry(input.tax_rate).or_default().push(line);
    }
    let group = |(rate, lines): (TaxRate, Vec<&AssembledLine>)| {
        let taxable = sum(lines.iter().map(|l| l.net))?;
        Ok(TaxGroup { rate, taxable, tax: sum(lines.iter().map(|l| l.tax))? })
    };
    rates.into_iter().map(group).collect()
}

fn sum(amounts: impl Iterator<Item = i64>) -> Result<i64, MoneyError> {
    i64::try_from(amounts.map(i128::from).sum::<i128>()).map_err(|_| MoneyError::OutOfRange)
}
