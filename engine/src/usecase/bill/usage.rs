//! What was used, as lines of a bill.

use super::items::Sold;
use super::period::BillLine;
use crate::db::Conn;
use crate::error::{Error, Result};
use crate::ids::InvoiceId;
use crate::scope::Scope;
use crate::store;
use crate::store::subscriptions::Subscription;
use domain::Instant;
use domain::invoice::assemble::LineInput;
use domain::invoice::formula::{Formula, LineFormula};
use domain::period::Period;
use domain::usage::rating::Rating;
use domain::usage::{Aggregation, UsageEvent, aggregate, beyond_all};

/// Usage up to the start of a period, a line per metered item. Nothing used is a line of nothing, so that a customer
/// sees that it was counted. What the `next` items count no more is counted to the last, however late they come.
pub(super) fn used(
    conn: &mut Conn,
    scope: &Scope,
    sub: &Subscription,
    sold: &[Sold],
    next: Option<&[Sold]>,
    start: Instant,
    freed: &[InvoiceId],
) -> Result<Vec<BillLine>> {
    if start <= sub.current_period_start {
        return Ok(Vec::new());
    }
    let next: Option<Vec<&str>> = next.map(|items| items.iter().map(|sold| sold.price.id.as_str()).collect());
    let mut lines = Vec::new();
    for sold in sold {
        let until = match &next {
            Some(prices) if sold.item.stops_counting(prices) => Until::Last(start.max(scope.now.billing)),
            _ => Until::Before(start),
        };
        lines.extend(usage_line(conn, scope, sub, sold, until, freed)?);
    }
    Ok(lines)
}

/// Usage up to the end of a subscription, a line per metered item. Nothing counts afterwards, so what a sender's fast clock
/// has dated ahead is counted, too.
pub(super) fn used_to_the_end(
    conn: &mut Conn,
    scope: &Scope,
    sub: &Subscription,
    sold: &[Sold],
    end: Instant,
) -> Result<Vec<BillLine>> {
    let mut lines = Vec::new();
    for sold in sold.iter().filter(|_| end > sub.current_period_start) {
        lines.extend(usage_line(conn, scope, sub, sold, Until::Last(end), &[])?);
    }
    Ok(lines)
}

/// How far a line of usage reaches.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Until {
    /// What was used before this moment; the rest goes on the next one.
    Before(Instant),
    /// Everything, for nothing counts it any more from this moment on.
    Last(Instant),
}

/// What was used of an item and is not billed yet, but by `freed` invoices; none for one that is not billed by usage.
pub(crate) fn usage_line(
    conn: &mut Conn,
    scope: &Scope,
    sub: &Subscription,
    sold: &Sold,
    until: Until,
    freed: &[InvoiceId],
) -> Result<Option<BillLine>> {
    let (Some(meter_id), Some(rating)) = (&sold.price.meter_id, &sold.price.rating) else { return Ok(None) };
    let meter = store::usage::meter(conn, scope.id(), meter_id)?;
    let rating: Rating = serde_json::from_str(rating).map_err(Error::bug)?;
    let (end, counted_until) = match until {
        Until::Before(end) => (end, end),
        Until::Last(end) => (end, end.max(beyond_all(scope.now.billing))),
    };
    let mut rows = store::usage::uncounted(conn, scope.id(), &sub.id, meter_id, counted_until, freed)?;
    // A trial costs nothing.
    rows.retain(|row| sub.trial_end.is_none_or(|end| end <= row.occurred_at));
    let counted = Period { start: sub.current_period_start, end: counted_until };
    // What is freed is as if nobody had counted it.
    let events: Vec<UsageEvent> =
        rows.iter().map(|row| UsageEvent { counted: false, ..row.as_event() }).collect();
    let aggregation: Aggregation = meter.aggregation.parse().map_err(Error::bug)?;
    let quantity = aggregate(aggregation, &events, counted).map_err(Error::bug)?;
    let rated = rating.rate(quantity).map_err(Error::bug)?;
    Ok(Some(BillLine {
        price_id: Some(sold.price.id.clone()),
        description: meter.name,
        input: LineInput {
            quantity: 1,
            unit_amount: rated.amount,
            discount: 0,
            tax_rate: sold.item.tax_rate,
            behaviour: sold.item.tax_behaviour,
        },
        service: Some(Period { end, ..counted }),
        formula: LineFormula(vec![Formula::Usage { aggregation, quantity, rating }]),
        reverses: None,
        waited: None,
        counted: rows.into_iter().map(|row| row.id).collect(),
    }))
}
