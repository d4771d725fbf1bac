//! Credits for what was billed and will not be used, charges for what comes instead.

use crate::Instant;
use crate::invoice::assemble::LineInput;
use crate::money::{MoneyError, round_div};
use crate::period::Period;
use crate::subscription::item::{Item, PeriodAmount, Slot};
use crate::tax::{TaxBehaviour, TaxRate};
use crate::words;
use chrono::{NaiveDate, TimeZone};
use chrono_tz::Tz;
use serde::{Deserialize, Serialize};

words! {
    /// What parts of a period are counted in.
    Granularity {
        /// Seconds.
        Second = "second",
        /// Civil days in the billing zone; the day of a change belongs to what it leads to.
        Day = "day",
    }
}

impl Granularity {
    /// How many of it lie between two instants. Adds up over adjoining stretches.
    pub fn between(self, from: Instant, to: Instant, zone: Tz) -> i64 {
        match self {
            Self::Second => to.and_utc().timestamp() - from.and_utc().timestamp(),
            Self::Day => {
                let date = |instant: Instant| -> NaiveDate { zone.from_utc_datetime(&instant).date_naive() };
                (date(to) - date(from)).num_days()
            }
        }
    }
}

/// A line of an invoice, or one that waits for the next invoice, as far as it bills a stretch of time of an item
/// and no later line has taken that back.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BilledSpan {
    /// Id of the line.
    pub line: String,
    /// Whose place it pays for.
    pub slot: Slot,
    /// Id of the price it was billed at.
    pub price: String,
    /// How many.
    pub quantity: i64,
    /// First moment paid for.
    pub start: Instant,
    /// First moment after it.
    pub end: Instant,
    /// What was billed, net of discount, in minor units; contains tax where the price does.
    pub amount: i64,
    /// What has been credited of it so far; not negative.
    pub credited: i64,
    /// Something is still due on its invoice.
    pub unpaid: bool,
    /// Rate it was taxed at.
    pub tax_rate: TaxRate,
    /// Whether `amount` contains the tax.
    pub tax_behaviour: TaxBehaviour,
}

/// The arithmetic of a line, so that anybody can repeat it: `(full - discount) * part / whole`, rounded once, half
/// away from zero, and at most `at_most`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Share {
    /// Minor units for the whole stretch, before discount.
    pub full: i64,
    /// Discount on the whole stretch.
    pub discount: i64,
    /// How much of the stretch.
    pub part: i64,
    /// How long the stretch is.
    pub whole: i64,
    /// What both are counted in.
    pub unit: Granularity,
    /// What there is left to credit.
    pub at_most: Option<i64>,
}

impl Share {
    /// What it comes to, net of discount, in minor units. Nothing of a stretch without length.
    pub fn net_of_discount(&self) -> Result<i64, MoneyError> {
        let net = self.of(i128::from(self.full) - i128::from(self.discount))?;
        Ok(self.at_most.map_or(net, |most| net.min(most.max(0))))
    }

    /// What it comes to before discount.
    fn before_discount(&self) -> Result<i64, MoneyError> {
        self.of(i128::from(self.full))
    }

    fn of(&self, amount: i128) -> Result<i64, MoneyError> {
        if self.whole <= 0 {
            return Ok(0);
        }
        round_div(amount * i128::from(self.part.clamp(0, self.whole)), i128::from(self.whole))
    }
}

words! {
    /// Which way a line of a change goes.
    ChangeLineKind {
        /// Back to the customer.
        Credit = "credit",
        /// From the customer.
        Charge = "charge",
    }
}

/// What a change adds to an invoice.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct ChangeLine {
    /// Credit or charge.
    pub kind: ChangeLineKind,
    /// Id of the price that was, or is, billed.
    pub price: String,
    /// How many.
    pub quantity: i64,
    /// Minor units before discount; negative for credits.
    pub amount: i64,
    /// Taken off a charge; credits are of what was left.
    pub discount: i64,
    /// First moment it is for.
    pub start: Instant,
    /// First moment after it.
    pub end: Instant,
    /// How the amount comes about.
    pub share: Share,
    /// Id of the line that a credit takes back from.
    pub reverses: Option<String>,
    /// Rate of tax; that of the billed line for a credit.
    pub tax_rate: TaxRate,
    /// Whether the amount contains the tax.
    pub tax_behaviour: TaxBehaviour,
}

impl ChangeLine {
    /// What it adds, net of discount; negative for credits.
    pub const fn net_of_discount(&self) -> i64 {
        self.amount - self.discount
    }

    /// The line as an invoice takes it: one piece at the prorated amount.
    pub fn input(&self) -> LineInput {
        LineInput {
            quantity: 1,
            unit_amount: self.amount,
            discount: self.discount,
            tax_rate: self.tax_rate,
            behaviour: self.tax_behaviour,
        }
    }
}

/// How parts of periods are measured.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Measure {
    /// The unit.
    pub unit: Granularity,
    /// Zone of civil days.
    pub zone: Tz,
}

/// The credit for what is left of a billed span at `at`; none where that is nothing.
///
/// # Errors
/// Only if an amount does not fit into 64 bits.
pub fn credit(span: &BilledSpan, at: Instant, measure: Measure) -> Result<Option<ChangeLine>, MoneyError> {
    let start = span.start.max(at);
    let share = Share {
        full: span.amount,
        discount: 0,
        part: measure.unit.between(start, span.end, measure.zone),
        whole: measure.unit.between(span.start, span.end, measure.zone),
        unit: measure.unit,
        at_most: Some(span.amount.saturating_sub(span.credited)),
    };
    let amount = share.net_of_discount()?;
    Ok((amount != 0).then(|| ChangeLine {
        kind: ChangeLineKind::Credit,
        price: span.price.clone(),
        quantity: span.quantity,
        amount: -amount,
        discount: 0,
        start,
        end: span.end,
        share,
        reverses: Some(span.line.clone()),
        tax_rate: span.tax_rate,
        tax_behaviour: span.tax_behaviour,
    }))
}

/// The credits for what is left of spans at `at`. One from before `since`, when the running period began, is forfeited:
/// only a reset leaves one.
///
/// # Errors
/// Only if an amount does not fit into 64 bits.
pub fn credits<'a>(
    spans: impl IntoIterator<Item = &'a BilledSpan>,
    since: Instant,
    at: Instant,
    measure: Measure,
) -> Result<Vec<ChangeLine>, MoneyError> {
    let left = spans.into_iter().filter(|span| span.end > at && span.start >= since);
    left.map(|span| credit(span, at, measure)).filter_map(Result::transpose).collect()
}

/// The charge for an item from `at` to the end of `period`; none where that is nothing.
///
/// # Errors
/// Only if an amount does not fit into 64 bits.
pub fn charge(
    item: &Item,
    full: PeriodAmount,
    period: Period,
    at: Instant,
    measure: Measure,
) -> Result<Option<ChangeLine>, MoneyError> {
    let share = Share {
        full: full.amount,
        discount: full.discount,
        part: measure.unit.between(at, period.end, measure.zone),
        whole: measure.unit.between(period.start, period.end, measure.zone),
        unit: measure.unit,
        at_most: None,
    };
    let (amount, net) = (share.before_discount()?, share.net_of_discount()?);
    Ok((amount != 0).then(|| ChangeLine {
        kind: ChangeLineKind::Charge,
        price: item.price.clone(),
        quantity: item.quantity,
        amount,
        discount: amount - net,
        start: at,
        end: period.end,
        share,
        reverses: None,
        tax_rate: item.tax_rate,
        tax_behaviour: item.tax_behaviour,
    }))
}
