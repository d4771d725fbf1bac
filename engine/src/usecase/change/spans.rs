//! What a subscription was billed for its running period, line by line, as credits are computed from it.

use crate::db::Conn;
use crate::error::{Error, Result};
use crate::ids::{LineId, PriceId};
use crate::scope::Scope;
use crate::store;
use crate::store::invoices::InvoiceLine;
use crate::store::pending_lines::PendingLine;
use crate::store::subscriptions::Subscription;
use domain::Instant;
use domain::invoice::credit_note::CreditReason;
use domain::invoice::state::InvoiceStatus;
use domain::subscription::change::prorate::BilledSpan;
use domain::subscription::change::target::Wanted;
use domain::subscription::item::{ItemRole, Slot};
use domain::tax::{TaxBehaviour, TaxRate};
use std::collections::{BTreeMap, BTreeSet};

/// A line for a stretch of time, billed or waiting for the next invoice.
struct Line {
    id: String,
    /// Where it is billed, as opposed to waiting.
    billed: Option<LineId>,
    price_id: PriceId,
    quantity: i64,
    /// Net of discount.
    amount: i64,
    unpaid: bool,
    start: Instant,
    end: Instant,
    tax_rate: TaxRate,
    tax_behaviour: TaxBehaviour,
    reverses: Option<LineId>,
}

/// What is billed, or waits for the next invoice, and reaches into the running period. A line whose rest was taken
/// back ends where that began.
pub(crate) fn of(conn: &mut Conn, scope: &Scope, sub: &Subscription) -> Result<Vec<BilledSpan>> {
    let since = sub.current_period_start;
    let pending = store::billed::pending(conn, scope.id(), &sub.id, since)?;
    // A line that waited is billed under another id by now; what takes it back may still name the first.
    let mut became = BTreeMap::<String, String>::new();
    for row in &pending {
        if let Some(line) = &row.invoice_line_id {
            became.insert(row.id.to_string(), line.to_string());
        }
    }
    let mut lines = Vec::new();
    for row in store::billed::lines(conn, scope.id(), &sub.id, since)? {
        let invoice = store::invoices::get(conn, scope.id(), &row.invoice_id)?;
        let unpaid = invoice.status != InvoiceStatus::Paid && invoice.due()?.minor > 0;
        lines.extend(billed(row, unpaid)?);
    }
    for row in pending.into_iter().filter(|row| row.invoice_line_id.is_none()) {
        lines.extend(waiting(row)?);
    }
    let (reversals, lines): (Vec<Line>, Vec<Line>) =
        lines.into_iter().partition(|line| line.reverses.is_some());
    let reversals = in_force(conn, scope, reversals)?;
    let takes_back = |line: &Line, reversal: &Line| {
        let named = reversal.reverses.as_ref().map(LineId::as_str).unwrap_or_default();
        became.get(named).map_or(named, String::as_str) == line.id
    };
    let addons = addons_ever(conn, scope, sub)?;
    let mut spans = Vec::new();
    for line in lines {
        let (_, product) = store::catalog::price(conn, scope.id(), &line.price_id)?;
        if !product.kind.is_paid_in_advance() {
            continue;
        }
        let back: Vec<&Line> = reversals.iter().filter(|reversal| takes_back(&line, reversal)).collect();
        let noted = by_credit_notes(conn, scope, &line)?;
        let ends = back.iter().map(|reversal| reversal.start).chain(noted.rest_since);
        spans.push(BilledSpan {
            slot: match addons.contains(line.price_id.as_str()) {
                true => Slot::Addon(product.id.to_string()),
                false => Slot::Plan,
            },
            price: line.price_id.to_string(),
            quantity: line.quantity,
            start: line.start,
            end: ends.fold(line.end, Instant::min),
            amount: line.amount,
            credited: noted.amount - back.iter().map(|reversal| reversal.amount).sum::<i64>(),
            unpaid: line.unpaid,
            tax_rate: line.tax_rate,
            tax_behaviour: line.tax_behaviour,
            line: line.id,
        });
    }
    Ok(spans)
}

/// Lines that give back a part of another, less what credit notes have undone of them.
fn in_force(conn: &mut Conn, scope: &Scope, mut reversals: Vec<Line>) -> Result<Vec<Line>> {
    for line in &mut reversals {
        line.amount -= by_credit_notes(conn, scope, line)?.amount;
    }
    reversals.retain(|line| line.amount != 0);
    Ok(reversals)
}

/// What credit notes have given back of a line.
#[derive(Default)]
struct Noted {
    /// Counted as the line's amount is: with the tax where that contains it.
    amount: i64,
    /// Since when the rest of it has been given back by a change.
    rest_since: Option<Instant>,
}

fn by_credit_notes(conn: &mut Conn, scope: &Scope, line: &Line) -> Result<Noted> {
    let mut noted = Noted::default();
    let Some(id) = &line.billed else { return Ok(noted) };
    for (part, note) in store::billed::credited(conn, scope.id(), id)? {
        noted.amount += match line.tax_behaviour {
            TaxBehaviour::Exclusive => part.net,
            TaxBehaviour::Inclusive => part.net + part.tax,
        };
        if note.reason == CreditReason::PlanChange.as_str() {
            noted.rest_since = Some(note.created_at);
        }
    }
    Ok(noted)
}

/// Prices at which this subscription has, had or will have add-ons; every other one it was billed at is its plan's.
fn addons_ever(conn: &mut Conn, scope: &Scope, sub: &Subscription) -> Result<BTreeSet<String>> {
    let mut prices = BTreeSet::new();
    for addon in store::changes::addons(conn, scope.id(), &sub.id)? {
        prices.insert(addon.price_id.to_string());
    }
    for change in store::changes::all_of(conn, scope.id(), &sub.id)? {
        let target: Vec<Wanted> = serde_json::from_str(&change.target).map_err(Error::bug)?;
        let addons = target.into_iter().filter(|wanted| wanted.role == ItemRole::Addon);
        prices.extend(addons.map(|wanted| wanted.price));
    }
    Ok(prices)
}

/// A billed line, if it is for a stretch of time at a price.
fn billed(row: InvoiceLine, unpaid: bool) -> Result<Option<Line>> {
    let (Some(price_id), Some(start), Some(end)) = (row.price_id, row.service_start, row.service_end) else {
        return Ok(None);
    };
    Ok(Some(Line {
        id: row.id.to_string(),
        billed: Some(row.id),
        price_id,
        quantity: row.quantity,
        amount: row.amount - row.discount,
        unpaid,
        start,
        end,
        tax_rate: rate(row.tax_rate)?,
        tax_behaviour: row.tax_behaviour,
        reverses: row.reverses_line_id,
    }))
}

/// A line that waits, if it is for a stretch of time at a price.
fn waiting(row: PendingLine) -> Result<Option<Line>> {
    let (Some(price_id), Some(start), Some(end)) = (row.price_id, row.service_start, row.service_end) else {
        return Ok(None);
    };
    let amount = row.quantity.checked_mul(row.unit_amount).ok_or_else(|| Error::bug("out of range"))?;
    Ok(Some(Line {
        id: row.id.to_string(),
        billed: None,
        price_id,
        quantity: row.quantity,
        amount: amount - row.discount,
        unpaid: false,
        start,
        end,
        tax_rate: rate(row.tax_rate)?,
        tax_behaviour: row.tax_behaviour,
        reverses: row.reverses_line_id,
    }))
}

fn rate(millionths: i64) -> Result<TaxRate> {
    u32::try_from(millionths).map(TaxRate).map_err(Error::bug)
}
