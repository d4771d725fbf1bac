//! Bills: what a period costs, and the invoice that says so. The portal's "next invoice" and the renewal both
//! compute by [`period_bill`], so they cannot differ.

pub mod chain;
pub mod items;
mod next;
mod open;
mod party;
mod period;
pub(crate) mod series;
pub mod tax;
mod usage;

pub use next::{ToCome, next_charge, to_come};
pub use open::{Draft, Terms, open};
pub use party::Party;
pub(crate) use period::period_bill_instead;
pub use period::{BillLine, PeriodBill, bill_of, final_bill, period_bill};
pub(crate) use usage::{Until, usage_line};

use crate::db::Conn;
use crate::error::{Error, Result};
use crate::ids::LineId;
use crate::scope::Scope;
use crate::store;
use crate::store::discounts::Discount;
use crate::store::documents::DocumentKind;
use crate::store::events::Actor;
use crate::store::invoices::{Invoice, InvoiceLine};
use crate::store::subscriptions::Subscription;
use crate::usecase::change::TAX_DOES_NOT_MATTER;
use crate::usecase::document;
use domain::Instant;
use domain::discount::after_opening;
use domain::invoice::assemble::TaxGroup;
use domain::invoice::state::{BillingReason, InvoiceStatus};
use domain::ledger::{self, Owed, Posting};
use domain::period::Period;
use domain::subscription::item::{Item, period_amounts};
use domain::tax::TaxRate;

/// Opens the invoice of the period that a subscription now stands in, from what [`period_bill`] said before it
/// was moved there. A second invoice for a period is a conflict.
pub fn invoice_period(
    tx: &mut Conn,
    scope: &Scope,
    sub: &Subscription,
    bill: PeriodBill,
    reason: BillingReason,
    actor: &Actor,
) -> Result<Invoice> {
    let customer = store::customers::get(tx, scope.id(), &sub.customer_id)?;
    use_discounts(tx, scope, sub, scope.now.billing)?;
    let period = Some(Period { start: sub.current_period_start, end: sub.current_period_end });
    open(tx, scope, Draft { customer: &customer, sub: Some(sub), reason, period, bill, actor, terms: None })
}

/// Opens the invoice over what is left to bill when a subscription ends, if anything is. It is not charged by itself
/// any more: the customer's balance pays what it can of it, and the customer the rest by hand.
pub(crate) fn invoice_rest(
    tx: &mut Conn,
    scope: &Scope,
    sub: &Subscription,
    last: Period,
    actor: &Actor,
) -> Result<Option<Invoice>> {
    let Some(bill) = final_bill(tx, scope, sub, last)? else { return Ok(None) };
    let customer = store::customers::get(tx, scope.id(), &sub.customer_id)?;
    let reason = BillingReason::Final;
    let draft = Draft { customer: &customer, sub: Some(sub), reason, period: None, bill, actor, terms: None };
    let invoice = open(tx, scope, draft)?;
    if invoice.status == InvoiceStatus::Open {
        document::request(tx, scope, &invoice.id, DocumentKind::Invoice)?;
    }
    Ok(Some(invoice))
}

/// Counts the period that a subscription now stands in for every coupon redeemed by then that takes something off it, and
/// ends those that held for the last time before.
pub(crate) fn use_discounts(
    tx: &mut Conn,
    scope: &Scope,
    sub: &Subscription,
    redeemed_by: Instant,
) -> Result<()> {
    let mut live = store::discounts::live_of(tx, scope.id(), &sub.id)?;
    live.retain(|row| row.created_at <= redeemed_by);
    if live.is_empty() {
        return Ok(());
    }
    let sold = items::items(tx, scope, sub, &TAX_DOES_NOT_MATTER)?;
    let items: Vec<Item> = sold.into_iter().map(|sold| sold.item).collect();
    let full = period_amounts(&items, &[]).map_err(Error::bug)?;
    let amounts: Vec<i64> = full.iter().map(|full| full.amount).collect();
    let redemptions = live.iter().map(Discount::redemption).collect::<Result<Vec<_>>>()?;
    let after = after_opening(&redemptions, &amounts, items[0].currency).map_err(Error::bug)?;
    for (mut row, after) in live.into_iter().zip(after) {
        match after {
            None => row.ended_at = Some(scope.now.billing),
            Some(after) if after.periods_used == row.periods_used.unsigned_abs() => continue,
            Some(after) => {
                row.periods_used = i32::try_from(after.periods_used).map_err(Error::bug)?;
                row.last_period = Some(sub.period_index);
            }
        }
        store::discounts::update(tx, scope.id(), &row)?;
    }
    Ok(())
}

/// What an invoice that is taken back or withdrawn had taken up is free for the next: usage, lines that waited, and
/// the period of its coupons.
pub(crate) fn free_taken_up(tx: &mut Conn, scope: &Scope, invoice: &Invoice) -> Result<()> {
    let lines = store::invoices::lines(tx, scope.id(), &invoice.id)?;
    let ids: Vec<LineId> = lines.into_iter().map(|line| line.id).collect();
    store::pending_lines::release(tx, scope.id(), &ids)?;
    store::usage::uncount(tx, scope.id(), &invoice.id)?;
    let Some(sub) = &invoice.subscription_id else { return Ok(()) };
    for mut row in store::discounts::live_of(tx, scope.id(), sub)? {
        if row.was_used_by(invoice) {
            let left = row.redemption()?.given_back();
            row.periods_used = i32::try_from(left.periods_used).map_err(Error::bug)?;
            row.last_period = None;
            store::discounts::update(tx, scope.id(), &row)?;
        }
    }
    Ok(())
}

/// Takes back the posting of an invoice that is withdrawn, less what credit notes took back before: while it is
/// unpaid, all that they credit is set off against it.
pub(crate) fn post_void(tx: &mut Conn, scope: &Scope, invoice: &Invoice) -> Result<()> {
    let (mut net, mut tax) = (invoice.total - invoice.tax, invoice.tax);
    for note in store::credit_notes::of_invoice(tx, scope.id(), &invoice.id)? {
        net -= note.net;
        tax -= note.tax;
    }
    let voided = ledger::invoice_voided(invoice.currency, net, tax, invoice.credit_applied);
    post(tx, scope, invoice, &voided.map_err(Error::bug)?)
}

/// How an invoice stands when money comes or goes.
pub(crate) fn owed(invoice: &Invoice) -> Result<Owed> {
    let due = match invoice.status {
        // Nothing is owed, so whatever was paid is too much.
        InvoiceStatus::Void => -invoice.amount_paid,
        _ => invoice.due()?.minor,
    };
    let given_up = invoice.status == InvoiceStatus::Uncollectible;
    Ok(Owed { currency: invoice.currency, due, given_up })
}

pub(crate) fn post(tx: &mut Conn, scope: &Scope, invoice: &Invoice, posting: &Posting) -> Result<()> {
    let about = (&invoice.id, None);
    store::ledger::post(tx, scope.id(), &invoice.customer_id, about, posting, scope.now.billing)
}

/// Taxable amount and tax per rate of an invoice's lines, in the order of the lines.
pub fn tax_groups(lines: &[InvoiceLine]) -> Vec<TaxGroup> {
    let mut groups: Vec<TaxGroup> = Vec::new();
    for line in lines {
        let rate = TaxRate(u32::try_from(line.tax_rate).unwrap_or(0));
        match groups.iter_mut().find(|group| group.rate == rate) {
            Some(group) => {
                group.taxable += line.net;
                group.tax += line.tax;
            }
            None => groups.push(TaxGroup { rate, taxable: line.net, tax: line.tax }),
        }
    }
    groups
}
