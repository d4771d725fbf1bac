//! Writes, numbers, chains and posts an invoice, and lets the customer's balance pay what it can of it.

use super::period::{BillLine, PeriodBill};
use super::{chain, party, series, tax};
use crate::db::Conn;
use crate::error::{Error, Result};
use crate::ids::{InvoiceId, LineId};
use crate::mail::locale_of;
use crate::scope::Scope;
use crate::store;
use crate::store::customers::{BillingAddress, Customer};
use crate::store::documents::DocumentKind;
use crate::store::events::Actor;
use crate::store::invoices::{Invoice, InvoiceLine};
use crate::store::subscriptions::Subscription;
use crate::usecase::{document, record};
use chrono::TimeDelta;
use domain::balance;
use domain::invoice::number::SeriesKind;
use domain::invoice::state::{BillingReason, InvoiceStatus};
use domain::ledger::{self, Posting};
use domain::money::Money;
use domain::payment::key::{invoice_ref, period_ref};
use domain::period::Period;
use serde::Serialize;

/// What an invoice is made of.
#[derive(Debug)]
pub struct Draft<'a> {
    /// Who pays.
    pub customer: &'a Customer,
    /// For which subscription.
    pub sub: Option<&'a Subscription>,
    /// Why.
    pub reason: BillingReason,
    /// The period that it bills: the subscription's present one.
    pub period: Option<Period>,
    /// Its lines and amounts.
    pub bill: PeriodBill,
    /// Who caused it.
    pub actor: &'a Actor,
    /// What a person has laid down before.
    pub terms: Option<Terms>,
}

/// What a person lays down of an invoice that they draft.
#[derive(Debug, Clone)]
pub struct Terms {
    /// The id under which it was drafted.
    pub id: InvoiceId,
    /// Days until it is due, instead of the business's.
    pub due_days: Option<u32>,
}

/// Opens an invoice in the caller's transaction. Taking the number is the last write but postings and events,
/// so that the series is held as briefly as possible. A second invoice for the same period is a conflict.
///
/// An invoice over nothing or less (which goes to the balance), one that the balance pays, and one that is less than
/// the provider charges (which waits for the next) are paid at once.
pub fn open(tx: &mut Conn, scope: &Scope, draft: Draft) -> Result<Invoice> {
    let customer = draft.customer;
    let address =
        store::customers::addresses(tx, scope.id(), &customer.id)?.into_iter().find(|a| a.is_default);
    let mut invoice = blank(scope, &draft, address.as_ref())?;
    let held = store::ledger::balance(tx, scope.id(), &customer.id, invoice.currency)?;
    let opening = balance::open(invoice.total, held, scope.settings.billing.smallest_charge);
    let opening = opening.map_err(Error::bug)?;
    invoice.credit_applied = opening.applied;
    invoice.carried_forward = opening.carried;
    if opening.due == 0 {
        invoice.status = InvoiceStatus::Paid;
        invoice.paid_at = Some(scope.now.billing);
    }
    let lines = lines(tx, scope, &invoice, &draft.bill)?;
    number(tx, scope, &mut invoice, &lines)?;
    store::invoices::insert(tx, &invoice, &lines)?;
    take_up(tx, scope, &invoice, &draft.bill, &lines)?;
    for posting in postings(&invoice)? {
        super::post(tx, scope, &invoice, &posting)?;
    }
    if invoice.status == InvoiceStatus::Paid {
        document::request(tx, scope, &invoice.id, DocumentKind::InvoicePaid)?;
    }
    record::invoice(tx, scope, &invoice, InvoiceStatus::Draft, draft.actor, None)?;
    Ok(invoice)
}

/// The invoice without its number, and before the balance is asked.
fn blank(scope: &Scope, draft: &Draft, address: Option<&BillingAddress>) -> Result<Invoice> {
    let (id, due_days) = match &draft.terms {
        Some(terms) => (terms.id.clone(), terms.due_days),
        None => (InvoiceId::mint(), None),
    };
    let index = draft.sub.filter(|_| draft.period.is_some()).map(|sub| sub.period_index);
    let natural_ref = match draft.sub.zip(index) {
        Some((sub, index)) => period_ref(&scope.instance_id, sub.id.as_str(), index),
        None => invoice_ref(&scope.instance_id, id.as_str()),
    };
    let assembled = &draft.bill.assembled;
    let due_days = i64::from(due_days.unwrap_or(scope.settings.invoice.due_days));
    Ok(Invoice {
        id,
        tenant_id: scope.id().clone(),
        customer_id: draft.customer.id.clone(),
        subscription_id: draft.sub.map(|sub| sub.id.clone()),
        series_id: None,
        seq: None,
        number: None,
        status: InvoiceStatus::Open,
        reason: draft.reason,
        period_index: index,
        period_start: draft.period.map(|period| period.start),
        period_end: draft.period.map(|period| period.end),
        issue_date: Some(scope.today()),
        due_at: Some(scope.now.billing + TimeDelta::days(due_days)),
        currency: draft.bill.currency,
        subtotal: assembled.subtotal,
        discount: assembled.discount,
        tax: assembled.tax,
        total: assembled.total,
        credit_applied: 0,
        amount_paid: 0,
        amount_credited: 0,
        natural_ref,
        seller: to_json(&party::seller(scope))?,
        buyer: to_json(&party::buyer(draft.customer, address))?,
        locale: locale_of(draft.customer, scope),
        paid_at: None,
        created_at: scope.now.billing,
        updated_at: scope.now.wall,
        prev_hash: None,
        hash: None,
        tax_decision: Some(to_json(&tax::evidence(scope, draft.customer, address)?)?),
        carried_forward: 0,
        disputed_since: None,
    })
}

fn lines(conn: &mut Conn, scope: &Scope, invoice: &Invoice, bill: &PeriodBill) -> Result<Vec<InvoiceLine>> {
    let ids: Vec<LineId> = bill.lines.iter().map(|_| LineId::mint()).collect();
    // What waited beside the line of which it gives back a part names what that becomes, or has become before.
    let mut became = |named: &LineId| -> Result<LineId> {
        let is_named = |line: &BillLine| line.waited.as_ref().is_some_and(|id| id.as_str() == named.as_str());
        match bill.lines.iter().position(is_named) {
            Some(place) => Ok(ids[place].clone()),
            None => {
                let waited = store::pending_lines::named(conn, scope.id(), named)?;
                Ok(waited.and_then(|line| line.invoice_line_id).unwrap_or_else(|| named.clone()))
            }
        }
    };
    let numbered = (0..).zip(bill.lines.iter().zip(&bill.assembled.lines).zip(&ids));
    numbered
        .map(|(position, ((line, computed), id))| {
            let BillLine { input, service, .. } = line;
            Ok(InvoiceLine {
                id: id.clone(),
                tenant_id: invoice.tenant_id.clone(),
                invoice_id: invoice.id.clone(),
                position,
                price_id: line.price_id.clone(),
                description: line.description.clone(),
                quantity: input.quantity,
                unit_amount: input.unit_amount,
                amount: computed.amount,
                discount: computed.discount,
                tax_rate: i64::from(input.tax_rate.0),
                tax_behaviour: input.behaviour,
                net: computed.net,
                tax: computed.tax,
                service_start: service.map(|service| service.start),
                service_end: service.map(|service| service.end),
                formula: Some(to_json(&line.formula)?),
                reverses_line_id: line.reverses.as_ref().map(&mut became).transpose()?,
            })
        })
        .collect()
}

/// Takes the next number of the series and links the document to the one before it.
fn number(tx: &mut Conn, scope: &Scope, invoice: &mut Invoice, lines: &[InvoiceLine]) -> Result<()> {
    let taken = series::take(tx, scope, SeriesKind::Invoice, &invoice.customer_id)?;
    invoice.issue_date = Some(taken.issued);
    invoice.number = Some(taken.number);
    invoice.series_id = Some(taken.place.series.clone());
    invoice.seq = Some(taken.place.seq);
    invoice.prev_hash.clone_from(&taken.place.last_hash);
    invoice.hash = Some(series::link(tx, scope, &taken.place, &chain::of_invoice(invoice, lines)?)?);
    Ok(())
}

/// Marks what the invoice has taken up: lines that waited, and usage.
fn take_up(
    tx: &mut Conn,
    scope: &Scope,
    invoice: &Invoice,
    bill: &PeriodBill,
    lines: &[InvoiceLine],
) -> Result<()> {
    for (line, row) in bill.lines.iter().zip(lines) {
        if let Some(waited) = &line.waited {
            store::pending_lines::bill(tx, scope.id(), waited, &row.id)?;
        }
        store::usage::count(tx, scope.id(), &line.counted, &invoice.id)?;
    }
    Ok(())
}

fn postings(invoice: &Invoice) -> Result<Vec<Posting>> {
    let money = |minor| Money::new(minor, invoice.currency);
    let sale = ledger::invoice_opened(invoice.currency, invoice.total - invoice.tax, invoice.tax);
    let mut postings = vec![sale.map_err(Error::bug)?];
    if invoice.credit_applied != 0 {
        postings.push(ledger::balance_applied(money(invoice.credit_applied)).map_err(Error::bug)?);
    }
    if invoice.carried_forward != 0 {
        postings.push(ledger::carried_forward(money(invoice.carried_forward)).map_err(Error::bug)?);
    }
    Ok(postings)
}

fn to_json(value: &impl Serialize) -> Result<String> {
    serde_json::to_string(value).map_err(Error::bug)
}
