//! Billing history, one payment and its document.

use super::payment::{Payment, payments};
use crate::db::Conn;
use crate::db::schema::{invoice, payment_attempt};
use crate::error::{Error, Result};
use crate::ids::{CustomerId, InvoiceId};
use crate::scope::Scope;
use crate::store;
use crate::store::documents::{Document, DocumentKind, DocumentState};
use crate::store::invoices::Invoice;
use crate::store::receipts::Receipt;
use crate::usecase::dun;
use diesel::dsl::{exists, not};
use diesel::prelude::*;
use domain::Instant;
use domain::invoice::state::InvoiceStatus;
use domain::payment::state::{AttemptState, Purpose};
use domain::provider::DeclineKind;

/// Payments on one page of the history.
pub const PAGE: u32 = 20;

/// Which payments a history shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Filter {
    /// All that were ever written down.
    All,
    /// Those that are paid.
    Paid,
    /// Those that wait for the customer: owed, and no charge under way.
    Unpaid,
}

impl Filter {
    fn statuses(self) -> Vec<&'static str> {
        use InvoiceStatus::{Open, Paid, Uncollectible, Void};
        let statuses: &[InvoiceStatus] = match self {
            Self::All => &[Open, Paid, Void, Uncollectible],
            Self::Paid => &[Paid],
            Self::Unpaid => &[Open, Uncollectible],
        };
        statuses.iter().map(|status| status.as_str()).collect()
    }

    /// States of an attempt that keep its invoice out.
    fn excluded_by(self) -> Vec<&'static str> {
        use AttemptState::{Created, Pending, Submitted, Unknown};
        let states: &[AttemptState] = match self {
            Self::All | Self::Paid => &[],
            Self::Unpaid => &[Created, Submitted, Unknown, Pending],
        };
        states.iter().map(|state| state.as_str()).collect()
    }
}

/// One page of a history.
#[derive(Debug, Clone)]
pub struct History {
    /// Newest first.
    pub payments: Vec<Payment>,
    /// Number of this page, from 1.
    pub page: u32,
    /// Payments under this filter, on all pages.
    pub total: u32,
    /// Payments that wait for the customer, whatever the filter.
    pub attention: u32,
}

/// One page of a customer's history. A page beyond the last one is the last one.
pub fn history(
    conn: &mut Conn,
    scope: &Scope,
    owner: &CustomerId,
    filter: Filter,
    page: u32,
) -> Result<History> {
    let all = matching(conn, scope, owner, filter)?;
    let total = u32::try_from(all.len()).map_err(Error::bug)?;
    let page = page.clamp(1, total.div_ceil(PAGE).max(1));
    let shown = all.chunks(PAGE as usize).nth(page as usize - 1).unwrap_or_default();
    let attention = matching(conn, scope, owner, Filter::Unpaid)?.len();
    Ok(History {
        payments: load(conn, scope, owner, shown)?,
        page,
        total,
        attention: u32::try_from(attention).map_err(Error::bug)?,
    })
}

/// The newest payments of a customer.
pub fn recent(conn: &mut Conn, scope: &Scope, owner: &CustomerId, most: usize) -> Result<Vec<Payment>> {
    let all = matching(conn, scope, owner, Filter::All)?;
    load(conn, scope, owner, &all[..most.min(all.len())])
}

/// Invoices under a filter, newest first. Ids are few bytes each, so that the pages need no query of their own.
fn matching(conn: &mut Conn, scope: &Scope, owner: &CustomerId, filter: Filter) -> Result<Vec<InvoiceId>> {
    let kept_out = payment_attempt::table
        .filter(payment_attempt::invoice_id.eq(invoice::id))
        .filter(payment_attempt::purpose.eq(Purpose::Charge.as_str()))
        .filter(payment_attempt::state.eq_any(filter.excluded_by()));
    Ok(invoice::table
        .filter(invoice::tenant_id.eq(scope.id()).and(invoice::customer_id.eq(owner)))
        .filter(invoice::status.eq_any(filter.statuses()))
        .filter(not(exists(kept_out)))
        .order((invoice::created_at.desc(), invoice::id.desc()))
        .select(invoice::id)
        .load(conn)?)
}

fn load(conn: &mut Conn, scope: &Scope, owner: &CustomerId, ids: &[InvoiceId]) -> Result<Vec<Payment>> {
    let invoices = invoice::table
        .filter(invoice::tenant_id.eq(scope.id()).and(invoice::id.eq_any(ids)))
        .order((invoice::created_at.desc(), invoice::id.desc()))
        .select(Invoice::as_select())
        .load(conn)?;
    payments(conn, scope, owner, invoices)
}

/// One payment of a customer.
pub fn payment(conn: &mut Conn, scope: &Scope, owner: &CustomerId, id: &InvoiceId) -> Result<Payment> {
    let invoice = store::invoices::of_customer(conn, scope.id(), owner, id)?;
    let found = payments(conn, scope, owner, vec![invoice])?;
    found.into_iter().next().ok_or(Error::NotFound)
}

/// When an unpaid invoice is charged again by itself, in billing time; `None` when it is not, or nobody knows since its
/// provider is out of order.
pub fn next_try(conn: &mut Conn, scope: &Scope, of: &InvoiceId) -> Result<Option<Instant>> {
    let Some(case) = store::dunning::open_of(conn, scope.id(), of)? else { return Ok(None) };
    let facts = dun::case_facts(conn, scope, &case, None)?;
    if case.frozen_since.is_some() || !facts.decline.is_none_or(DeclineKind::retryable) {
        return Ok(None);
    }
    let pinned = dun::pinned(&case)?;
    let step = (facts.step..pinned.policy.steps.len()).find(|step| pinned.policy.steps[*step].retry);
    Ok(match step {
        // A retry that never reached the provider comes again sooner than by the policy.
        Some(step) if step == facts.step => case.next_at,
        Some(step) => pinned.due_at(&facts.clock, facts.zone, step),
        None => None,
    })
}

/// The invoice's PDF as the customer may download it now, when it has been rendered: with the note of its payment
/// once it is paid.
pub fn pdf(conn: &mut Conn, scope: &Scope, invoice: &Invoice) -> Result<Option<Vec<u8>>> {
    let kind =
        if invoice.status == InvoiceStatus::Paid { DocumentKind::InvoicePaid } else { DocumentKind::Invoice };
    rendered(conn, scope, &invoice.id, |document| document.kind == kind)
}

/// A receipt's PDF, when it has been rendered.
pub fn receipt_pdf(conn: &mut Conn, scope: &Scope, receipt: &Receipt) -> Result<Option<Vec<u8>>> {
    let of_this = |document: &Document| document.receipt_id.as_ref() == Some(&receipt.id);
    rendered(conn, scope, &receipt.invoice_id, of_this)
}

fn rendered(
    conn: &mut Conn,
    scope: &Scope,
    of: &InvoiceId,
    wanted: impl Fn(&Document) -> bool,
) -> Result<Option<Vec<u8>>> {
    let documents = store::documents::of_invoice(conn, scope.id(), of)?;
    match documents.iter().find(|document| wanted(document) && document.state == DocumentState::Ready) {
        Some(document) => store::documents::bytes(conn, scope.id(), &document.id),
        None => Ok(None),
    }
}
