//! Credit notes: what each takes back of an invoice's lines, and where its money goes.
//!
//! A note takes back no more than earlier notes have left, and the last one takes exactly what is left of
//! every line. So all notes together are the invoice to the minor unit: per line, per rate and in total.

use super::assemble::TaxGroup;
use crate::money::MoneyError;
use crate::tax::TaxRate;
use crate::words;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

words! {
    /// Why an invoice is credited.
    CreditReason {
        /// The plan, quantity or add-ons changed.
        PlanChange = "plan_change",
        /// The subscription was cancelled.
        Cancellation = "cancellation",
        /// The customer withdrew from the contract.
        Withdrawal = "withdrawal",
        /// The period went by on hold.
        Lapsed = "lapsed",
        /// Billed twice.
        Duplicate = "duplicate",
        /// The invoice was wrong; another replaces it.
        Correction = "correction",
        /// The service was not as promised.
        Unsatisfactory = "unsatisfactory",
        /// Somebody else paid with the customer's means.
        Fraud = "fraud",
        /// As a courtesy.
        Goodwill = "goodwill",
        /// Something else.
        Other = "other",
    }
}

words! {
    /// Where a credit goes.
    Settlement {
        /// Into the customer's balance.
        Balance = "balance",
        /// Back to where it came from.
        Refund = "refund",
    }
}

/// An amount with its tax. Both are negative on a line that gives back.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Taxed {
    /// Without tax.
    pub net: i64,
    /// The tax.
    pub tax: i64,
}

impl Taxed {
    fn gross(self) -> Result<i64, MoneyError> {
        self.net.checked_add(self.tax).ok_or(MoneyError::OutOfRange)
    }

    fn minus(self, other: Self) -> Result<Self, MoneyError> {
        let net = self.net.checked_sub(other.net);
        let (net, tax) = net.zip(self.tax.checked_sub(other.tax)).ok_or(MoneyError::OutOfRange)?;
        Ok(Self { net, tax })
    }

    fn is_zero(self) -> bool {
        self == Self::default()
    }
}

/// A line of the invoice.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct BilledLine {
    /// Its rate.
    pub rate: TaxRate,
    /// What was billed.
    pub billed: Taxed,
    /// What earlier credit notes have taken back of it.
    pub credited: Taxed,
}

/// What to credit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Request {
    /// All that is left.
    Whole,
    /// So many minor units, tax included, spread over what is left of all lines.
    Amount(i64),
    /// Of single lines, by their position in the invoice.
    Lines(Vec<(usize, Part)>),
}

/// What to credit of a line. Amounts have the sign of the line and are not zero.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Part {
    /// All that is left of it.
    Rest,
    /// So much without tax; the tax comes on top. For lines whose price was without tax.
    Net(i64),
    /// So much with tax.
    Gross(i64),
}

/// A credit note's amounts, all counted in the direction of the invoice: what it takes back is positive.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CreditNote {
    /// Lines with something to take back, in the order of the invoice.
    pub lines: Vec<CreditedLine>,
    /// By rising rate.
    pub by_rate: Vec<TaxGroup>,
    /// Without tax.
    pub net: i64,
    /// The tax.
    pub tax: i64,
    /// With tax; positive.
    pub total: i64,
}

/// What a credit note takes back of a line.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CreditedLine {
    /// Position in the invoice.
    pub line: usize,
    /// How much.
    pub amount: Taxed,
}

/// Why a credit note cannot be written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum CreditError {
    /// Nothing is left to credit.
    #[error("the invoice is credited already")]
    NothingLeft,
    /// More than is left of the invoice.
    #[error("no more than {left} can still be credited")]
    MoreThanLeft {
        /// Minor units with tax.
        left: i64,
    },
    /// Not an amount, or more than is left of this line.
    #[error("that cannot be credited of line {0}")]
    Line(usize),
    /// The notes would add up to the invoice in total, but not line by line.
    #[error("the rest of this invoice can only be credited as a whole")]
    OnlyWhole,
    /// An amount does not fit.
    #[error(transparent)]
    Money(#[from] MoneyError),
}

/// Computes a credit note.
///
/// An amount is spread over the lines in proportion to what is left of each, by largest remainder. The tax of
/// each part is its proportion of the line's tax that is left, rounded once per rate over the note and then
/// given to the lines by largest remainder. So a line never loses more net or more tax than it has left.
pub fn credit(lines: &[BilledLine], request: &Request) -> Result<CreditNote, CreditError> {
    let left = lines.iter().map(|line| line.billed.minus(line.credited)).collect::<Result<Vec<_>, _>>()?;
    let gross = left.iter().map(|rest| rest.gross()).collect::<Result<Vec<_>, _>>()?;
    let total_left = sum(gross.iter().copied())?;
    let is_over = match request {
        Request::Whole | Request::Amount(_) => total_left <= 0,
        // A line may have something left though the others give back more.
        Request::Lines(_) => left.iter().all(|rest| rest.is_zero()),
    };
    if is_over {
        return Err(CreditError::NothingLeft);
    }
    let parts = match request {
        Request::Whole => vec![Some(Part::Rest); lines.len()],
        Request::Amount(amount) if *amount > total_left || *amount <= 0 => {
            return Err(CreditError::MoreThanLeft { left: total_left });
        }
        Request::Amount(amount) => spread(*amount, &gross, total_left)?,
        Request::Lines(chosen) => chosen_parts(chosen, &left)?,
    };
    let note = note(lines, &taken(lines, &left, &parts)?)?;
    let takes_all = left.iter().filter(|rest| !rest.is_zero()).count() == note.lines.len()
        && note.lines.iter().all(|line| line.amount == left[line.line]);
    match note.total {
        total if total <= 0 || total > total_left => {
            Err(CreditError::MoreThanLeft { left: total_left.max(0) })
        }
        total if total == total_left && !takes_all => Err(CreditError::OnlyWhole),
        _ => Ok(note),
    }
}

/// `amount` in proportion to `gross`, whose sum is `whole`: rounded down, and the minor units still missing to
/// the largest remainders, earlier lines first. Lines of the other sign get shares of the other sign.
fn spread(amount: i64, gross: &[i64], whole: i64) -> Result<Vec<Option<Part>>, MoneyError> {
    let whole = i128::from(whole);
    let exact: Vec<i128> = gross.iter().map(|rest| i128::from(amount) * i128::from(*rest)).collect();
    let mut shares: Vec<i128> = exact.iter().map(|share| share.div_euclid(whole)).collect();
    let missing = i128::from(amount) - shares.iter().sum::<i128>();
    let mut order: Vec<usize> = (0..gross.len()).collect();
    order.sort_by_key(|&i| (std::cmp::Reverse(exact[i].rem_euclid(whole)), i));
    for &i in order.iter().take(usize::try_from(missing).unwrap_or(0)) {
        shares[i] += 1;
    }
    let part = |share: i128| {
        let share = i64::try_from(share).map_err(|_| MoneyError::OutOfRange)?;
        Ok((share != 0).then_some(Part::Gross(share)))
    };
    shares.into_iter().map(part).collect()
}

fn chosen_parts(chosen: &[(usize, Part)], left: &[Taxed]) -> Result<Vec<Option<Part>>, CreditError> {
    let mut parts = vec![None; left.len()];
    for &(line, part) in chosen {
        let rest = *left.get(line).ok_or(CreditError::Line(line))?;
        let fits = match part {
            Part::Rest => !rest.is_zero(),
            Part::Net(amount) => is_part_of(amount, rest.net),
            Part::Gross(amount) => is_part_of(amount, rest.gross()?),
        };
        if !fits || parts[line].replace(part).is_some() {
            return Err(CreditError::Line(line));
        }
    }
    Ok(parts)
}

/// Of the same sign, and neither nothing nor more.
fn is_part_of(amount: i64, whole: i64) -> bool {
    amount != 0 && amount.signum() == whole.signum() && amount.unsigned_abs() <= whole.unsigned_abs()
}

/// In a minor unit. What rounding down leaves of lines' exact taxes is added up in these.
const UNIT: i128 = 1 << 32;

/// What each part takes of its line, with the tax rounded once per rate.
fn taken(
    lines: &[BilledLine],
    left: &[Taxed],
    parts: &[Option<Part>],
) -> Result<Vec<Option<Taxed>>, MoneyError> {
    let mut taxes = vec![0_i64; lines.len()];
    let mut by_rate = BTreeMap::<TaxRate, Vec<(i128, usize)>>::new();
    for (i, part) in parts.iter().enumerate() {
        let (part, whole) = match part {
            Some(Part::Net(net)) => (*net, left[i].net),
            Some(Part::Gross(gross)) => (*gross, left[i].gross()?),
            Some(Part::Rest) | None => continue,
        };
        let exact = i128::from(left[i].tax) * i128::from(part) * i128::from(whole.signum());
        let whole = i128::from(whole).abs();
        taxes[i] = i64::try_from(exact.div_euclid(whole)).map_err(|_| MoneyError::OutOfRange)?;
        by_rate.entry(lines[i].rate).or_default().push((exact.rem_euclid(whole) * UNIT / whole, i));
    }
    for rests in by_rate.values_mut() {
        let missing = (rests.iter().map(|(rest, _)| rest).sum::<i128>() + UNIT / 2) / UNIT;
        rests.sort_by_key(|&(rest, i)| (std::cmp::Reverse(rest), i));
        for &(_, i) in rests.iter().take(usize::try_from(missing).unwrap_or(0)) {
            taxes[i] += 1;
        }
    }
    let amount = |(i, part): (usize, &Option<Part>)| match part {
        None => None,
        Some(Part::Rest) => Some(left[i]),
        Some(Part::Net(net)) => Some(Taxed { net: *net, tax: taxes[i] }),
        Some(Part::Gross(gross)) => Some(Taxed { net: gross - taxes[i], tax: taxes[i] }),
    };
    Ok(parts.iter().enumerate().map(amount).collect())
}

fn note(lines: &[BilledLine], taken: &[Option<Taxed>]) -> Result<CreditNote, MoneyError> {
    let taken = taken.iter().enumerate().filter_map(|(line, amount)| amount.map(|amount| (line, amount)));
    let credited: Vec<CreditedLine> = taken
        .filter(|(_, amount)| !amount.is_zero())
        .map(|(line, amount)| CreditedLine { line, amount })
        .collect();
    let mut by_rate = BTreeMap::<TaxRate, Vec<Taxed>>::new();
    for line in &credited {
        by_rate.entry(lines[line.line].rate).or_default().push(line.amount);
    }
    let group = |(rate, amounts): (TaxRate, Vec<Taxed>)| {
        let taxable = sum(amounts.iter().map(|amount| amount.net))?;
        Ok(TaxGroup { rate, taxable, tax: sum(amounts.iter().map(|amount| amount.tax))? })
    };
    let by_rate = by_rate.into_iter().map(group).collect::<Result<Vec<_>, MoneyError>>()?;
    let net = sum(by_rate.iter().map(|group| group.taxable))?;
    let tax = sum(by_rate.iter().map(|group| group.tax))?;
    Ok(CreditNote { lines: credited, by_rate, net, tax, total: Taxed { net, tax }.gross()? })
}

fn sum(amounts: impl Iterator<Item = i64>) -> Result<i64, MoneyError> {
    i64::try_from(amounts.map(i128::from).sum::<i128>()).map_err(|_| MoneyError::OutOfRange)
}

/// Where the total of a credit note goes. Minor units, none negative.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Split {
    /// Against what was unpaid of the invoice; grows its `amount_credited`.
    pub offset: i64,
    /// Into the customer's balance.
    pub balance: i64,
    /// Back to the customer, by refunds.
    pub refund: i64,
}

/// Splits a credit note's total. What is unpaid (`due`) is always set off first. The paid part goes where it is
/// wished; what cannot be refunded, since the balance had paid it or a bank holds it, goes into the balance.
///
/// `refundable` is what [`refundable`](crate::payment::refund::refundable) says of the invoice's charges.
pub fn settle(total: i64, wish: Settlement, due: i64, refundable: i64) -> Split {
    let offset = total.min(due.max(0));
    let paid = total - offset;
    match wish {
        Settlement::Balance => Split { offset, balance: paid, refund: 0 },
        Settlement::Refund => {
            let refund = paid.min(refundable.max(0));
            Split { offset, balance: paid - refund, refund }
        }
    }
}
