//! A payment as its customer sees it: an invoice together with what was tried to collect it.

use crate::db::Conn;
use crate::db::schema::{event, payment_attempt};
use crate::error::{Error, Result};
use crate::ids::{AttemptId, CustomerId, InvoiceId};
use crate::scope::Scope;
use crate::store;
use crate::store::attempts::Attempt;
use crate::store::invoices::{Invoice, InvoiceLine};
use crate::store::methods::PaymentMethod;
use chrono::NaiveDate;
use diesel::prelude::*;
use domain::Instant;
use domain::invoice::state::InvoiceStatus;
use domain::payment::state::{AttemptState, Purpose};
use domain::provider::DeclineKind;
use std::collections::BTreeMap;

/// Where a payment stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PaymentState {
    /// Nothing is owed any more.
    Paid,
    /// A charge is under way, and nobody but the worker can do anything about it.
    Processing,
    /// Owed, and not refused yet; the bank may want a confirmation.
    Due,
    /// Owed, and the last charge came to nothing.
    Failed,
    /// Withdrawn.
    Void,
}

/// An invoice and what was tried to collect it.
#[derive(Debug, Clone)]
pub struct Payment {
    /// The invoice.
    pub invoice: Invoice,
    /// What it is for, in order; never empty.
    pub lines: Vec<InvoiceLine>,
    /// Charges that were sent or are about to be, oldest first.
    pub tries: Vec<Try>,
    /// What went back of them, in minor units.
    pub refunded: i64,
}

/// One charge.
#[derive(Debug, Clone)]
pub struct Try {
    /// The attempt.
    pub attempt: Attempt,
    /// What was charged.
    pub method: PaymentMethod,
    /// The day of what became of it, by billing time in the business's zone: attempts themselves carry wall time.
    pub on: NaiveDate,
}

impl Try {
    /// Under way, and nothing for the customer to do.
    pub fn is_moving(&self) -> bool {
        self.attempt.state.is_open() && self.attempt.state != AttemptState::RequiresAction
    }

    /// It came to nothing.
    pub fn has_failed(&self) -> bool {
        matches!(self.attempt.state, AttemptState::Failed | AttemptState::Error | AttemptState::Cancelled)
    }

    /// Kind of refusal, where the provider gave one.
    pub fn decline(&self) -> Option<DeclineKind> {
        self.attempt.decline_kind.as_deref()?.parse().ok()
    }
}

impl Payment {
    /// Where it stands.
    pub fn state(&self) -> PaymentState {
        match self.invoice.status {
            InvoiceStatus::Paid => PaymentState::Paid,
            InvoiceStatus::Void | InvoiceStatus::Draft => PaymentState::Void,
            InvoiceStatus::Open | InvoiceStatus::Uncollectible => match self.last_try() {
                Some(last) if last.is_moving() => PaymentState::Processing,
                Some(last) if last.has_failed() => PaymentState::Failed,
                _ => PaymentState::Due,
            },
        }
    }

    /// Whether the customer can pay it now.
    pub fn is_payable(&self) -> bool {
        matches!(self.state(), PaymentState::Due | PaymentState::Failed)
    }

    /// What it is for, in a word. What is given back for it is not.
    pub fn description(&self) -> &str {
        let charged = self.lines.iter().find(|line| line.net >= 0);
        charged.or(self.lines.first()).map_or("", |line| line.description.as_str())
    }

    /// The day it was paid, or of the invoice while it is not.
    pub fn date(&self, scope: &Scope) -> NaiveDate {
        let issued = self.invoice.issue_date;
        let paid = self.invoice.paid_at.map(|at| scope.date_of(at));
        paid.or(issued).unwrap_or_else(|| scope.date_of(self.invoice.created_at))
    }

    /// The latest charge.
    pub fn last_try(&self) -> Option<&Try> {
        self.tries.last()
    }

    /// The charge that paid it, or else the latest one.
    pub fn deciding_try(&self) -> Option<&Try> {
        let paid = |tried: &&Try| tried.attempt.state == AttemptState::Succeeded;
        self.tries.iter().rev().find(paid).or(self.last_try())
    }

    /// The charge with this id.
    pub fn find_try(&self, id: &AttemptId) -> Option<&Try> {
        self.tries.iter().find(|tried| &tried.attempt.id == id)
    }
}

/// Adds lines and charges to invoices of one customer, in the given order.
pub fn payments(
    conn: &mut Conn,
    scope: &Scope,
    owner: &CustomerId,
    invoices: Vec<Invoice>,
) -> Result<Vec<Payment>> {
    let ids: Vec<InvoiceId> = invoices.iter().map(|invoice| invoice.id.clone()).collect();
    let mut lines: BTreeMap<InvoiceId, Vec<InvoiceLine>> = BTreeMap::new();
    for line in store::invoices::lines_of_all(conn, scope.id(), &ids)? {
        lines.entry(line.invoice_id.clone()).or_default().push(line);
    }
    let mut tries: BTreeMap<InvoiceId, Vec<Try>> = BTreeMap::new();
    for tried in tries_of(conn, scope, owner, &ids)? {
        tries.entry(tried.attempt.invoice_id.clone()).or_default().push(tried);
    }
    let mut refunded = refunded(conn, scope, owner, &ids)?;
    let whole = |invoice: Invoice| Payment {
        refunded: refunded.remove(&invoice.id).unwrap_or_default(),
        lines: lines.remove(&invoice.id).unwrap_or_default(),
        tries: tries.remove(&invoice.id).unwrap_or_default(),
        invoice,
    };
    Ok(invoices.into_iter().map(whole).collect())
}

/// The charges of some invoices, oldest first. Those withdrawn before anything was sent are nobody's business.
fn tries_of(conn: &mut Conn, scope: &Scope, owner: &CustomerId, of: &[InvoiceId]) -> Result<Vec<Try>> {
    let attempts: Vec<Attempt> = payment_attempt::table
        .filter(payment_attempt::tenant_id.eq(scope.id()).and(payment_attempt::invoice_id.eq_any(of)))
        .filter(payment_attempt::customer_id.eq(owner))
        .filter(payment_attempt::purpose.eq(Purpose::Charge.as_str()))
        .order(payment_attempt::id)
        .select(Attempt::as_select())
        .load(conn)?;
    let methods = store::methods::all(conn, scope.id(), owner)?;
    let dates = outcome_dates(conn, scope, &attempts)?;
    let was_withdrawn = |a: &Attempt| a.state == AttemptState::Cancelled && a.submit_count == 0;
    let tried = |attempt: Attempt| {
        let method = methods.iter().find(|method| method.id == attempt.payment_method_id).cloned();
        Ok(Try {
            method: method.ok_or_else(|| Error::bug("a charge names a payment method of somebody else"))?,
            on: scope.date_of(dates.get(attempt.id.as_str()).copied().unwrap_or(scope.now.billing)),
            attempt,
        })
    };
    attempts.into_iter().filter(|attempt| !was_withdrawn(attempt)).map(tried).collect()
}

/// What went back to a customer, by invoice.
fn refunded(
    conn: &mut Conn,
    scope: &Scope,
    owner: &CustomerId,
    of: &[InvoiceId],
) -> Result<BTreeMap<InvoiceId, i64>> {
    let refunds: Vec<(InvoiceId, i64)> = payment_attempt::table
        .filter(payment_attempt::tenant_id.eq(scope.id()).and(payment_attempt::invoice_id.eq_any(of)))
        .filter(payment_attempt::customer_id.eq(owner))
        .filter(payment_attempt::purpose.eq(Purpose::Refund.as_str()))
        .filter(payment_attempt::state.eq(AttemptState::Succeeded.as_str()))
        .select((payment_attempt::invoice_id, payment_attempt::amount))
        .load(conn)?;
    let mut sums = BTreeMap::new();
    for (invoice, amount) in refunds {
        *sums.entry(invoice).or_default() += amount;
    }
    Ok(sums)
}

/// When, in billing time, the latest news of each attempt came. Nothing for those that are on their way.
fn outcome_dates(conn: &mut Conn, scope: &Scope, of: &[Attempt]) -> Result<BTreeMap<String, Instant>> {
    let ids: Vec<&str> = of.iter().map(|attempt| attempt.id.as_str()).collect();
    let news: Vec<(String, Instant)> = event::table
        .filter(event::tenant_id.eq(scope.id()).and(event::subject.eq_any(ids)))
        .order(event::seq)
        .select((event::subject, event::created_at))
        .load(conn)?;
    Ok(news.into_iter().collect())
}
