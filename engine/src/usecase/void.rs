//! Withdraws an open invoice of which nothing was paid, credited or given back. It keeps its number.

use super::credit::{self, CreditRequest};
use super::goes_on::{Settled, subscription_goes_on};
use super::pay_from_balance::pay_from_balance;
use super::{bill, dun, record};
use crate::db::Conn;
use crate::error::{Error, Result};
use crate::ids::{InvoiceId, LineId, TenantId};
use crate::scope::{Engine, Scope};
use crate::store;
use crate::store::events::Actor;
use crate::store::invoices::Invoice;
use domain::dunning::CaseOutcome;
use domain::event::{Reason, Why};
use domain::invoice::credit_note::{CreditReason, Request, Settlement};
use domain::invoice::state::{InvoiceStatus, may_void};
use domain::subscription::hold::Means;

/// Withdraws an invoice; a subscription that only waited for its payment goes on, unless that would charge its customer.
///
/// # Errors
/// `Refused` with `not_voidable`: it is not open, or money has moved or may yet move. Then a credit note is the way.
pub fn void(engine: &Engine, tenant_id: &TenantId, id: &InvoiceId, actor: Actor) -> Result<()> {
    let id = id.clone();
    engine.write(tenant_id, move |tx, scope| {
        let owner = store::invoices::get(tx, scope.id(), &id)?.customer_id;
        scope.lock(tx, &owner)?;
        let mut invoice = store::invoices::get(tx, scope.id(), &id)?;
        if !is_untouched(tx, scope, &invoice)? {
            return Err(Error::refused(
                "not_voidable",
                "only an invoice that is wholly unpaid can be withdrawn",
            ));
        }
        dun::close(tx, scope, &id, CaseOutcome::Cancelled)?;
        withdraw(tx, scope, &mut invoice, &actor, None)?;
        let let_go = Settled { invoice: &invoice, means: Means::Business };
        subscription_goes_on(tx, scope, let_go, &actor)?;
        pay_from_balance(tx, scope, &owner, invoice.currency, &actor)
    })
}

/// Whether an invoice is open, and nothing was paid, credited or given back of it, nor may yet be paid.
pub(super) fn is_untouched(conn: &mut Conn, scope: &Scope, invoice: &Invoice) -> Result<bool> {
    let attempt_open = store::attempts::open_of(conn, scope.id(), &invoice.id)?.is_some();
    let voidable = may_void(invoice.status, invoice.amount_paid, attempt_open);
    // Also one whose credit went to the balance: where a bank then takes the payment back, that much is owed.
    let is_credited = !store::credit_notes::of_invoice(conn, scope.id(), &invoice.id)?.is_empty();
    Ok(voidable && !is_credited && !is_given_back(conn, scope, &invoice.id)?)
}

/// Whether a line of another invoice, or one that waits, gives back a part of it, which was to be paid then.
fn is_given_back(conn: &mut Conn, scope: &Scope, id: &InvoiceId) -> Result<bool> {
    let lines = store::invoices::lines(conn, scope.id(), id)?;
    let ids: Vec<LineId> = lines.into_iter().map(|line| line.id).collect();
    let billed = store::reversals::billed(conn, scope.id(), &ids)?;
    let by_another = billed.iter().any(|(_, line)| line.invoice_id != *id);
    Ok(by_another || !store::reversals::waiting(conn, scope.id(), &ids)?.is_empty())
}

/// Withdraws an invoice, in the caller's transaction: its posting is taken back, and what it had taken up of
/// usage and waiting lines waits for the next. The caller lets the balance pay with what it had paid here.
pub(crate) fn withdraw(
    tx: &mut Conn,
    scope: &Scope,
    invoice: &mut Invoice,
    actor: &Actor,
    why: Option<&Reason>,
) -> Result<()> {
    strike(tx, scope, invoice, actor, why)?;
    bill::free_taken_up(tx, scope, invoice)
}

/// Lets go of what is unpaid of an open invoice that nothing moves, with all that it had taken up: nobody is asked for
/// that again. One that was paid in part, or of which something was given back, is credited.
pub(super) fn let_go(tx: &mut Conn, scope: &Scope, mut invoice: Invoice, actor: &Actor) -> Result<()> {
    dun::close(tx, scope, &invoice.id, CaseOutcome::Cancelled)?;
    if is_untouched(tx, scope, &invoice)? {
        return strike(tx, scope, &mut invoice, actor, Some(&Why::Cancelled.into()));
    }
    let mut issue = |what| {
        let (invoice, reason) = (invoice.id.clone(), CreditReason::Cancellation);
        // All of it is unpaid.
        let settlement = Settlement::Balance;
        credit::issue(tx, scope, CreditRequest { invoice, what, reason, comment: None, settlement }, actor)
    };
    let issued = match issue(Request::Amount(invoice.due()?.minor)) {
        // It also collects a debt from before, or what was given back before it was billed: that stays.
        Err(Error::Refused { code: "too_much", .. }) => issue(Request::Whole),
        issued => issued,
    };
    match issued {
        Err(Error::Refused { code, .. }) => {
            tracing::warn!(tenant = %scope.tenant.slug, invoice = %invoice.id, code, "an invoice stays open");
            Ok(())
        }
        issued => issued.map(drop),
    }
}

fn strike(
    tx: &mut Conn,
    scope: &Scope,
    invoice: &mut Invoice,
    actor: &Actor,
    why: Option<&Reason>,
) -> Result<()> {
    let before = std::mem::replace(&mut invoice.status, InvoiceStatus::Void);
    invoice.updated_at = scope.now.wall;
    bill::post_void(tx, scope, invoice)?;
    store::invoices::update(tx, scope.id(), invoice)?;
    record::invoice(tx, scope, invoice, before, actor, why)
}
