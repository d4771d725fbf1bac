//! Takes in that a charge came to nothing.

use super::{enforce, open, pinned, step, subscription_of, tell};
use crate::db::Conn;
use crate::error::{Error, Result};
use crate::mail::MailKind;
use crate::scope::Scope;
use crate::store;
use crate::store::attempts::Attempt;
use crate::store::documents::DocumentKind;
use crate::store::events::Actor;
use crate::store::invoices::Invoice;
use crate::usecase::{document, ending, late_money, record, void};
use domain::dunning::{DunningMail, after_refusal};
use domain::event::{EventKind, Why};
use domain::invoice::state::{InvoiceStatus, may_void};
use domain::payment::state::AttemptTrigger;
use domain::subscription::state::SubscriptionStatus;

/// A charge was refused, or its confirmation never came.
pub(crate) fn payment_failed(tx: &mut Conn, scope: &Scope, attempt: &Attempt) -> Result<()> {
    let invoice = store::invoices::get(tx, scope.id(), &attempt.invoice_id)?;
    if invoice.status != InvoiceStatus::Open {
        return Ok(());
    }
    document::request(tx, scope, &invoice.id, DocumentKind::Invoice)?;
    let Some(mut case) = store::dunning::of_invoice(tx, scope.id(), &invoice.id)? else {
        return open::open(tx, scope, &invoice, Some(attempt), None);
    };
    if case.outcome.is_some() {
        // What follows was decided then, unless its subscription had come back on this payment.
        let came_back = runs(tx, scope, &invoice)?;
        return if came_back { open::open(tx, scope, &invoice, Some(attempt), Some(case)) } else { Ok(()) };
    }
    // What a customer tried by hand says nothing about the method that retries use.
    if attempt.attempt_trigger != AttemptTrigger::Customer && case.decline != attempt.decline_kind {
        case.decline.clone_from(&attempt.decline_kind);
        store::dunning::update(tx, scope.id(), &case)?;
        let why = attempt.refusal();
        record::dunning(tx, scope, &case, EventKind::DunningChanged, why.as_ref())?;
    }
    if attempt.attempt_trigger != AttemptTrigger::Dunning {
        return Ok(());
    }
    let from = usize::try_from(case.taken_from).map_err(Error::bug)?;
    let taken = from..usize::try_from(case.step).map_err(Error::bug)?;
    let (mail, consequence) = after_refusal(&pinned(&case)?, taken);
    if let Some(mail) = mail {
        tell::tell(tx, scope, &invoice, &case, mail, Some(attempt))?;
    }
    enforce::enforce(tx, scope, &case, &invoice, consequence)
}

fn runs(tx: &mut Conn, scope: &Scope, invoice: &Invoice) -> Result<bool> {
    let sub = subscription_of(tx, scope, invoice)?;
    Ok(sub.is_some_and(|sub| sub.status == SubscriptionStatus::Active))
}

/// There is nothing to charge. The case opens all the same and reaches its end by time.
pub(crate) fn no_method(tx: &mut Conn, scope: &Scope, invoice: &Invoice) -> Result<()> {
    match store::dunning::of_invoice(tx, scope.id(), &invoice.id)? {
        Some(_) => Ok(()),
        None => open::open(tx, scope, invoice, None, None),
    }
}

/// A retry provably never reached the provider: it does not count as one, and comes again in an hour.
pub(crate) fn not_executed(tx: &mut Conn, scope: &Scope, attempt: &Attempt) -> Result<()> {
    if attempt.attempt_trigger != AttemptTrigger::Dunning {
        return Ok(());
    }
    if let Some(mut case) = store::dunning::open_of(tx, scope.id(), &attempt.invoice_id)? {
        case.step = case.taken_from;
        case.next_at = Some(step::look_again(scope));
        store::dunning::update(tx, scope.id(), &case)?;
        record::dunning(tx, scope, &case, EventKind::DunningAdvanced, Some(&Why::NotExecuted.into()))?;
    }
    Ok(())
}

/// The first payment of a subscription came to nothing, and that has ended meanwhile: nobody owes anything.
pub(crate) fn withdraw_what_never_began(tx: &mut Conn, scope: &Scope, attempt: &Attempt) -> Result<()> {
    let mut invoice = store::invoices::get(tx, scope.id(), &attempt.invoice_id)?;
    let Some(sub) = subscription_of(tx, scope, &invoice)? else { return Ok(()) };
    let can_be_withdrawn = sub.has_ended() && may_void(invoice.status, invoice.amount_paid, false);
    if !can_be_withdrawn || late_money::came_to_be(tx, scope, &invoice, &sub)? {
        return Ok(());
    }
    void::withdraw(tx, scope, &mut invoice, &Actor::Worker, Some(&Why::EndedBefore.into()))
}

/// A charge came to nothing that was under way when its subscription ended, and nobody will chase it: the customer hears
/// once that it is open, and can pay by hand. Answers whether it was so: not where the invoices of what has ended are
/// collected as before.
pub(crate) fn after_the_end(tx: &mut Conn, scope: &Scope, attempt: &Attempt) -> Result<bool> {
    let invoice = store::invoices::get(tx, scope.id(), &attempt.invoice_id)?;
    let Some(sub) = subscription_of(tx, scope, &invoice)? else { return Ok(false) };
    if !sub.has_ended() || invoice.status != InvoiceStatus::Open {
        return Ok(sub.has_ended());
    }
    ending::outcome_known(tx, scope, &sub)?;
    let invoice = store::invoices::get(tx, scope.id(), &invoice.id)?;
    if invoice.status != InvoiceStatus::Open || sub.is_collected() {
        return Ok(invoice.status != InvoiceStatus::Open);
    }
    document::request(tx, scope, &invoice.id, DocumentKind::Invoice)?;
    if attempt.attempt_trigger.is_automatic() {
        let kind = MailKind::from(DunningMail::PaymentFailed);
        let key = format!("{}:{kind}", invoice.id);
        tell::queue(tx, scope, Some(&sub), &invoice, Some(attempt), (kind, key), None)?;
    }
    Ok(true)
}
