//! A person decides about a refund that came to nothing: send it again, or let the balance keep its money. The
//! credit note that promised it holds either way.

use super::pay_from_balance::pay_from_balance;
use super::{record, refund};
use crate::db::Conn;
use crate::error::{Error, Result};
use crate::ids::{AttemptId, TenantId};
use crate::scope::{Engine, Scope};
use crate::store;
use crate::store::attempts::Attempt;
use crate::store::credit_notes::CreditNote;
use crate::store::events::Actor;
use domain::event::EventKind;
use domain::ledger::{TxnKind, refund_failed};
use domain::payment::refund::{RefundProgress, progress};
use domain::payment::state::{AttemptTrigger, Purpose};

/// What is to become of a refund that came to nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Decision {
    /// Send it again, under a new key: the provider has said that nothing went back.
    Retry,
    /// The customer's balance keeps the money.
    ToBalance,
}

/// Decides about a refund that came to nothing. Deciding the same a second time is refused.
///
/// # Errors
/// `Refused` with `refund_open`, `refunded`, `decided` or `too_much`.
pub fn resolve_refund(
    engine: &Engine,
    tenant_id: &TenantId,
    id: &AttemptId,
    decision: Decision,
    actor: Actor,
) -> Result<()> {
    let id = id.clone();
    engine.write(tenant_id, move |tx, scope| {
        let owner = store::attempts::get(tx, scope.id(), &id)?.customer_id;
        scope.lock(tx, &owner)?;
        let mut attempt = store::attempts::get(tx, scope.id(), &id)?;
        let note = undecided(tx, scope, &attempt)?;
        match decision {
            Decision::Retry => retry(tx, scope, &attempt, &note)?,
            Decision::ToBalance => to_balance(tx, scope, &attempt, &note, &actor)?,
        }
        attempt.review_since = None;
        attempt.updated_at = scope.now.wall;
        store::attempts::update(tx, scope.id(), &attempt)?;
        record::attempt(tx, scope, &attempt, EventKind::RefundReviewed, &actor, None)
    })
}

/// The credit note of a refund that came to nothing and about which nobody has decided.
fn undecided(conn: &mut Conn, scope: &Scope, attempt: &Attempt) -> Result<CreditNote> {
    let (Purpose::Refund, Some(note_id)) = (attempt.purpose, &attempt.credit_note_id) else {
        return Err(Error::NotFound);
    };
    match standing(conn, scope, attempt)? {
        RefundProgress::Wait => Err(Error::refused("refund_open", "what became of it is not known yet")),
        RefundProgress::PaidBack => Err(Error::refused("refunded", "the customer has the money")),
        RefundProgress::AskAPerson if !refund::is_sent_again(conn, scope, attempt)? => {
            store::credit_notes::get(conn, scope.id(), note_id)
        }
        RefundProgress::AskAPerson | RefundProgress::ToBalance => {
            Err(Error::refused("decided", "this was decided before"))
        }
    }
}

/// Whether a refund came to nothing, and its money waits for a person's decision.
pub(super) fn is_undecided(conn: &mut Conn, scope: &Scope, attempt: &Attempt) -> Result<bool> {
    let failed = standing(conn, scope, attempt)? == RefundProgress::AskAPerson;
    Ok(failed && !refund::is_sent_again(conn, scope, attempt)?)
}

fn standing(conn: &mut Conn, scope: &Scope, attempt: &Attempt) -> Result<RefundProgress> {
    let in_balance = store::ledger::is_posted(conn, scope.id(), &attempt.id, TxnKind::RefundFailed)?;
    Ok(progress(attempt.state, in_balance))
}

fn retry(tx: &mut Conn, scope: &Scope, attempt: &Attempt, note: &CreditNote) -> Result<()> {
    let invoice = store::invoices::get(tx, scope.id(), &attempt.invoice_id)?;
    let charges = refund::charges(tx, scope, &invoice.id)?;
    let charge = charges.iter().find(|charge| Some(&charge.attempt.id) == attempt.refund_of.as_ref());
    let charge = charge.ok_or_else(|| Error::bug("a refund of no charge"))?;
    if domain::payment::refund::refundable(&charge.facts) < attempt.amount {
        return Err(Error::refused("too_much", "that much cannot be given back of the charge any more"));
    }
    refund::open(tx, scope, &invoice, note, &charge.attempt, attempt.amount, AttemptTrigger::Admin)
}

fn to_balance(
    tx: &mut Conn,
    scope: &Scope,
    attempt: &Attempt,
    note: &CreditNote,
    actor: &Actor,
) -> Result<()> {
    let posting = refund_failed(attempt.amount()).map_err(Error::bug)?;
    let about = (&attempt.invoice_id, Some(&attempt.id));
    store::ledger::post(tx, scope.id(), &attempt.customer_id, about, &posting, scope.now.billing)?;
    let why = attempt.refusal();
    record::credit_note(tx, scope, note, EventKind::CreditNoteResettled, actor, why.as_ref())?;
    pay_from_balance(tx, scope, &attempt.customer_id, attempt.currency, actor)
}
