//! Refunds: the attempts that bring back the money of a credit note, and what follows from what became of them.
//! Nothing is tried again by itself: a refund that fails waits for a person (`resolve_refund`).

use super::attempt::{self, Plan};
use super::{dun, record, settle};
use crate::db::Conn;
use crate::error::{Error, Result};
use crate::ids::InvoiceId;
use crate::scope::Scope;
use crate::store;
use crate::store::attempts::Attempt;
use crate::store::credit_notes::CreditNote;
use crate::store::events::Actor;
use crate::store::invoices::Invoice;
use domain::event::{Why, of_attempt};
use domain::ledger::{Posting, TxnKind, refund_revived, refund_succeeded};
use domain::money::Money;
use domain::payment::key::refund_ref;
use domain::payment::refund::{self, ChargeFacts, DisputeState, RefundRefusal, Success, plan_refunds};
use domain::payment::state::{AttemptState, AttemptTrigger, Purpose};

/// A charge that took money, with what can still be given back of it.
pub(crate) struct Charge {
    /// The attempt.
    pub(crate) attempt: Attempt,
    /// What decides about its refunds.
    pub(crate) facts: ChargeFacts,
}

/// The charges that an invoice's money can go back to, oldest first.
pub(crate) fn charges(conn: &mut Conn, scope: &Scope, of: &InvoiceId) -> Result<Vec<Charge>> {
    let refunds = store::attempts::refunds_of_invoice(conn, scope.id(), of)?;
    let mut charges = Vec::new();
    for attempt in store::attempts::of_invoice(conn, scope.id(), of)? {
        let took_money = matches!(attempt.state, AttemptState::Succeeded | AttemptState::Reversed);
        if !took_money || attempt.provider_ref.is_none() {
            continue;
        }
        let dispute = store::refunds::dispute_of(conn, scope.id(), &attempt.id)?;
        let gone = dispute.filter(|dispute| dispute.state != DisputeState::Won);
        let counts = |refund: &&Attempt| {
            refund.refund_of.as_ref() == Some(&attempt.id)
                && (refund.state.is_open() || refund.state == AttemptState::Succeeded)
        };
        let facts = ChargeFacts {
            taken: attempt.amount,
            refunds: refunds.iter().filter(counts).map(|refund| refund.amount).sum(),
            disputed: gone.map_or(0, |dispute| dispute.amount),
        };
        charges.push(Charge { attempt, facts });
    }
    Ok(charges)
}

/// What can still be given back of some charges.
pub(crate) fn refundable(charges: &[Charge]) -> i64 {
    charges.iter().map(|charge| refund::refundable(&charge.facts)).sum()
}

/// Writes down the refunds that a new credit note promises, the latest charge first. They are part of its
/// transaction, so that a credit note is refunded once or never written.
pub(crate) fn plan(
    tx: &mut Conn,
    scope: &Scope,
    invoice: &Invoice,
    note: &CreditNote,
    charges: &[Charge],
    actor: &Actor,
) -> Result<()> {
    if note.to_refund == 0 {
        return Ok(());
    }
    let facts: Vec<ChargeFacts> = charges.iter().map(|charge| charge.facts).collect();
    let trigger = match actor {
        Actor::Customer(_) => AttemptTrigger::Customer,
        Actor::Operator | Actor::Worker | Actor::Provider => AttemptTrigger::Admin,
    };
    // The caller has seen that no charge of the invoice is open.
    for (position, amount) in plan_refunds(&facts, note.to_refund, false).map_err(refusal)? {
        open(tx, scope, invoice, note, &charges[position].attempt, amount, trigger)?;
    }
    Ok(())
}

/// Writes down one refund and asks the worker to send it.
pub(crate) fn open(
    tx: &mut Conn,
    scope: &Scope,
    invoice: &Invoice,
    note: &CreditNote,
    charge: &Attempt,
    amount: i64,
    trigger: AttemptTrigger,
) -> Result<()> {
    let refund = Plan {
        invoice,
        trigger,
        amount,
        method: &charge.payment_method_id,
        account: &charge.provider_account_id,
        natural_ref: &refund_ref(&scope.instance_id, note.id.as_str()),
        refund: Some((&note.id, &charge.id)),
    };
    let attempt = attempt::plan(tx, scope, &refund)?;
    dun::drive(tx, scope, &attempt)
}

fn refusal(refusal: RefundRefusal) -> Error {
    let code = match refusal {
        RefundRefusal::ChargeOpen => "payment_open",
        RefundRefusal::MoreThanRefundable { .. } => "too_much",
        RefundRefusal::Money(error) => return Error::bug(error),
    };
    Error::refused(code, refusal.to_string())
}

/// What follows from a refund's new state: money that went back is posted, and one that came to nothing waits
/// for a person.
pub(crate) fn follow(
    tx: &mut Conn,
    scope: &Scope,
    attempt: &mut Attempt,
    moved: Option<Money>,
    actor: &Actor,
) -> Result<()> {
    let Some(kind) = of_attempt(Purpose::Refund, attempt.state) else { return Ok(()) };
    let why = attempt.refusal();
    record::attempt(tx, scope, attempt, kind, actor, why.as_ref())?;
    match attempt.state {
        AttemptState::Succeeded => {
            let posting = refund_succeeded(moved.unwrap_or(attempt.amount())).map_err(Error::bug)?;
            post(tx, scope, attempt, &posting)?;
            came_through(tx, scope, attempt)
        }
        state if state.is_open() => Ok(()),
        _ => settle::ask_a_person(tx, scope, attempt, Why::RefundFailed),
    }
}

/// The money went back. Something else may have been decided while it seemed that it would not.
fn came_through(tx: &mut Conn, scope: &Scope, attempt: &mut Attempt) -> Result<()> {
    let in_balance = store::ledger::is_posted(tx, scope.id(), &attempt.id, TxnKind::RefundFailed)?;
    match refund::succeeded(in_balance, is_sent_again(tx, scope, attempt)?) {
        Success::AsPromised => Ok(()),
        Success::OutOfBalance => {
            let posting = refund_revived(attempt.amount()).map_err(Error::bug)?;
            post(tx, scope, attempt, &posting)?;
            settle::ask_a_person(tx, scope, attempt, Why::BalanceHadIt)
        }
        Success::MaybeTwice => settle::ask_a_person(tx, scope, attempt, Why::SentAgain),
    }
}

/// Whether a person had a refund sent again under a new key.
pub(crate) fn is_sent_again(conn: &mut Conn, scope: &Scope, attempt: &Attempt) -> Result<bool> {
    let refunds = store::attempts::refunds_of_invoice(conn, scope.id(), &attempt.invoice_id)?;
    Ok(refunds.iter().any(|later| {
        later.credit_note_id == attempt.credit_note_id
            && later.refund_of == attempt.refund_of
            && later.seq > attempt.seq
    }))
}

fn post(tx: &mut Conn, scope: &Scope, attempt: &Attempt, posting: &Posting) -> Result<()> {
    let about = (&attempt.invoice_id, Some(&attempt.id));
    store::ledger::post(tx, scope.id(), &attempt.customer_id, about, posting, scope.now.billing)
}
