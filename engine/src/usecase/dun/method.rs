//! Charges again when a customer has chosen another payment method.

use super::{drive, method_of};
use crate::db::Conn;
use crate::error::{Error, Result};
use crate::ids::{CustomerId, InvoiceId, SubscriptionId};
use crate::scope::Scope;
use crate::store;
use crate::store::dunning::DunningCase;
use crate::store::invoices::Invoice;
use crate::usecase::{collect, reactivate, record};
use domain::dunning::may_retry_by_hand;
use domain::event::{EventKind, Why};
use domain::payment::state::AttemptTrigger;
use domain::subscription::state::SubscriptionStatus;

/// A customer has chosen a method: the subscription that it was chosen for comes back from hold, and open cases that
/// would now be charged to another one than last time are tried at once.
pub(crate) fn method_chosen(
    tx: &mut Conn,
    scope: &Scope,
    owner: &CustomerId,
    wanted: Option<&SubscriptionId>,
) -> Result<()> {
    if let Some(id) = wanted {
        let mut sub = store::subscriptions::of_customer(tx, scope.id(), owner, id)?;
        if sub.status == SubscriptionStatus::OnHold {
            reactivate::with_method(tx, scope, &mut sub)?;
        }
    }
    for case in store::dunning::open_of_customer(tx, scope.id(), owner)? {
        retry(tx, scope, case)?;
    }
    Ok(())
}

fn retry(tx: &mut Conn, scope: &Scope, mut case: DunningCase) -> Result<()> {
    let invoice = store::invoices::get(tx, scope.id(), &case.invoice_id)?;
    if !is_other_method(tx, scope, &invoice)? {
        return Ok(());
    }
    let before = (case.decline.take(), case.next_at);
    // Another method may be one of another provider, which works.
    case.next_at = case.next_at.or(Some(scope.now.billing));
    if before != (None, case.next_at) {
        store::dunning::update(tx, scope.id(), &case)?;
        record::dunning(tx, scope, &case, EventKind::DunningChanged, Some(&Why::OtherMethod.into()))?;
    }
    // Nobody agrees to a new period by choosing a method for all.
    if reactivate::would_restart(tx, scope, &invoice)? { Ok(()) } else { try_again(tx, scope, &invoice) }
}

/// Charges an open invoice to the method that holds now, as often as a customer may try in a day. Nothing happens
/// while it is being charged already, or if the last charge went to the same method.
pub(crate) fn try_again(tx: &mut Conn, scope: &Scope, invoice: &Invoice) -> Result<()> {
    if !is_other_method(tx, scope, invoice)? || !may_try_by_hand(tx, scope, &invoice.id)? {
        return Ok(());
    }
    let attempt = collect::open_automatic(tx, scope, invoice, AttemptTrigger::MethodUpdate)?;
    attempt.map_or(Ok(()), |attempt| drive(tx, scope, &attempt))
}

/// Whether an invoice that nobody is charging would go to another method than last time.
fn is_other_method(tx: &mut Conn, scope: &Scope, invoice: &Invoice) -> Result<bool> {
    let method = method_of(tx, scope, invoice)?.map(|method| method.id);
    let attempts = store::attempts::of_invoice(tx, scope.id(), &invoice.id)?;
    let last = attempts.last().map(|attempt| attempt.payment_method_id.clone());
    let busy = attempts.iter().any(|attempt| attempt.state.is_open());
    Ok(method.is_some() && method != last && !busy)
}

/// Whether a customer may cause another charge of an invoice that nobody is charging.
pub(crate) fn may_try_by_hand(conn: &mut Conn, scope: &Scope, id: &InvoiceId) -> Result<bool> {
    let tries = store::attempts::by_hand(conn, scope.id(), id)?;
    let limit = scope.installation.installation.payments.manual_tries_per_day;
    let limit = usize::try_from(limit).map_err(Error::bug)?;
    Ok(may_retry_by_hand(&tries, false, limit, scope.now.wall).is_ok())
}
