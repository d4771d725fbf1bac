//! What a period of a subscription costs: the one place where a subscription becomes an amount. The portal's
//! "next invoice" and the renewal both come here, so they cannot differ.

use super::items::{Sold, items};
use super::tax;
use super::usage::{used, used_to_the_end};
use crate::db::Conn;
use crate::error::{Error, Result};
use crate::ids::{InvoiceId, LineId, PendingLineId, PriceId, UsageId};
use crate::scope::Scope;
use crate::store;
use crate::store::invoices::Invoice;
use crate::store::pending_lines::PendingLine;
use crate::store::subscriptions::Subscription;
use crate::usecase::change;
use domain::currency::Currency;
use domain::discount::{Coupon, Off, discounts};
use domain::invoice::assemble::{Assembled, LineInput, assemble};
use domain::invoice::formula::{Formula, LineFormula};
use domain::money::Money;
use domain::period::Period;
use domain::tax::TaxRate;

/// A line before it is billed.
#[derive(Debug, Clone, PartialEq)]
pub struct BillLine {
    /// The price it follows.
    pub price_id: Option<PriceId>,
    /// As printed.
    pub description: String,
    /// What goes into the sum.
    pub input: LineInput,
    /// The stretch of time that it bills.
    pub service: Option<Period>,
    /// Why this amount.
    pub formula: LineFormula,
    /// The billed line that it gives back a part of.
    pub reverses: Option<LineId>,
    /// Where it waited.
    pub waited: Option<PendingLineId>,
    /// What it counts.
    pub counted: Vec<UsageId>,
}

/// What a period of a subscription costs.
#[derive(Debug, Clone, PartialEq)]
pub struct PeriodBill {
    /// Currency of all amounts.
    pub currency: Currency,
    /// Plan, add-ons, usage, and what has waited.
    pub lines: Vec<BillLine>,
    /// With tax, line by line and in all.
    pub assembled: Assembled,
}

impl PeriodBill {
    /// What it costs in advance, with tax: neither usage nor what has waited.
    pub fn in_advance(&self) -> Money {
        let both = self.lines.iter().zip(&self.assembled.lines);
        let regular = both.filter(|(line, _)| line.waited.is_none() && line.counted.is_empty());
        Money::new(regular.map(|(_, computed)| computed.gross).sum(), self.currency)
    }
}

/// Computes what a period costs that begins now or later: its items in advance (those of a scheduled change where
/// it begins with one) under the coupons that hold for it, the usage of the time before it, and what waits for the
/// next invoice. Asked before the subscription is moved there.
pub fn period_bill(conn: &mut Conn, scope: &Scope, sub: &Subscription, period: Period) -> Result<PeriodBill> {
    period_bill_instead(conn, scope, sub, period, &[])
}

/// As [`period_bill`], for when these invoices will have been taken back: what they had taken up of usage, waiting
/// lines and coupons is free then.
pub(crate) fn period_bill_instead(
    conn: &mut Conn,
    scope: &Scope,
    sub: &Subscription,
    period: Period,
    of: &[Invoice],
) -> Result<PeriodBill> {
    let freed: Vec<InvoiceId> = of.iter().map(|invoice| invoice.id.clone()).collect();
    let tax = tax::of_customer(conn, scope, &sub.customer_id)?;
    let sold = items(conn, scope, sub, &tax)?;
    let coupons = coupons_of_next(conn, scope, sub, of)?;
    let next = change::items_from(conn, scope, sub, &sold, period.start)?;
    let mut lines = in_advance(next.as_deref().unwrap_or(&sold), &coupons, period)?;
    lines.extend(used(conn, scope, sub, &sold, next.as_deref(), period.start, &freed)?);
    lines.extend(waited(conn, scope, sub, &freed)?);
    bill_of(sold[0].price.currency, lines)
}

/// What is left to bill when a subscription ends, if anything is: usage up to the end of its `last` period, and what
/// has waited.
pub fn final_bill(
    conn: &mut Conn,
    scope: &Scope,
    sub: &Subscription,
    last: Period,
) -> Result<Option<PeriodBill>> {
    let tax = tax::of_customer(conn, scope, &sub.customer_id)?;
    let sold = items(conn, scope, sub, &tax)?;
    let mut lines = used_to_the_end(conn, scope, sub, &sold, last.end)?;
    lines.extend(waited(conn, scope, sub, &[])?);
    lines.retain(|line| line.input.unit_amount != 0);
    let bill = |lines| bill_of(sold[0].price.currency, lines);
    (!lines.is_empty()).then(|| bill(lines)).transpose()
}

/// Puts lines together.
pub fn bill_of(currency: Currency, lines: Vec<BillLine>) -> Result<PeriodBill> {
    let inputs: Vec<LineInput> = lines.iter().map(|line| line.input).collect();
    let assembled = assemble(&inputs).map_err(Error::bug)?;
    Ok(PeriodBill { currency, lines, assembled })
}

/// Coupons that hold for the next period, once these invoices have been taken back.
fn coupons_of_next(
    conn: &mut Conn,
    scope: &Scope,
    sub: &Subscription,
    taken_back: &[Invoice],
) -> Result<Vec<Coupon>> {
    let mut coupons = Vec::new();
    for row in store::discounts::live_of(conn, scope.id(), &sub.id)? {
        let redemption = row.redemption()?;
        let is_free = taken_back.iter().any(|invoice| row.was_used_by(invoice));
        let redemption = if is_free { redemption.given_back() } else { redemption };
        coupons.extend(redemption.in_next_period());
    }
    Ok(coupons)
}

/// The items that are paid ahead, each under every coupon that takes something off it.
fn in_advance(sold: &[Sold], coupons: &[Coupon], period: Period) -> Result<Vec<BillLine>> {
    let ahead: Vec<&Sold> = sold.iter().filter(|sold| sold.item.kind.is_paid_in_advance()).collect();
    let full = |sold: &&Sold| sold.item.quantity.checked_mul(sold.item.unit_amount);
    let amounts: Option<Vec<i64>> = ahead.iter().map(full).collect();
    let amounts = amounts.ok_or_else(|| Error::bug("an item's price is out of range"))?;
    let mut lines: Vec<BillLine> = ahead.iter().map(|sold| whole_period(sold, period)).collect();
    for count in 1..=coupons.len() {
        let off = discounts(&coupons[..count], &amounts, sold[0].item.currency).map_err(Error::bug)?;
        for ((line, amount), off) in lines.iter_mut().zip(&amounts).zip(off) {
            let taken = off - line.input.discount;
            let step = match coupons[count - 1].off {
                Off::Percent(millionths) => {
                    Formula::PercentOff { of: amount - line.input.discount, millionths }
                }
                Off::Amount(_) => Formula::AmountOff { amount: taken },
            };
            if taken != 0 {
                line.formula.0.push(step);
                line.input.discount = off;
            }
        }
    }
    Ok(lines)
}

fn whole_period(sold: &Sold, period: Period) -> BillLine {
    let (quantity, unit_amount) = (sold.item.quantity, sold.item.unit_amount);
    BillLine {
        price_id: Some(sold.price.id.clone()),
        description: sold.product.name.clone(),
        input: LineInput {
            quantity,
            unit_amount,
            discount: 0,
            tax_rate: sold.item.tax_rate,
            behaviour: sold.item.tax_behaviour,
        },
        service: Some(period),
        formula: LineFormula(vec![Formula::Full { quantity, unit_amount }]),
        reverses: None,
        waited: None,
        counted: Vec::new(),
    }
}

fn waited(conn: &mut Conn, scope: &Scope, sub: &Subscription, freed: &[InvoiceId]) -> Result<Vec<BillLine>> {
    let lines = store::invoices::lines_of_all(conn, scope.id(), freed)?;
    let freed: Vec<LineId> = lines.into_iter().map(|line| line.id).collect();
    store::pending_lines::waiting(conn, scope.id(), &sub.id, &freed)?.into_iter().map(waiting_line).collect()
}

fn waiting_line(row: PendingLine) -> Result<BillLine> {
    let rate = u32::try_from(row.tax_rate).map_err(Error::bug)?;
    Ok(BillLine {
        price_id: row.price_id,
        description: row.description,
        input: LineInput {
            quantity: row.quantity,
            unit_amount: row.unit_amount,
            discount: row.discount,
            tax_rate: TaxRate(rate),
            behaviour: row.tax_behaviour,
        },
        service: row.service_start.zip(row.service_end).map(|(start, end)| Period { start, end }),
        formula: serde_json::from_str(&row.formula).map_err(Error::bug)?,
        reverses: row.reverses_line_id,
        waited: Some(row.id),
        counted: Vec::new(),
    })
}
