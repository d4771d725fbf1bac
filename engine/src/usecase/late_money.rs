//! Money came for what its subscription never gave, since that had ended before: by setting it goes back.

use super::credit::{self, CreditRequest};
use super::{ending, settle};
use crate::db::Conn;
use crate::error::{Error, Result};
use crate::scope::Scope;
use crate::store;
use crate::store::attempts::Attempt;
use crate::store::events::Actor;
use crate::store::invoices::Invoice;
use domain::event::Why;
use domain::invoice::credit_note::{CreditReason, Request, Settlement};
use domain::payment::refund::{LateMoney, paid_for_nothing};

/// Gives back what a charge took for a paid invoice, if nothing was given for it: a credit note takes the invoice back
/// whole, which its customer is told. What cannot be given back waits for a person; that the money came stands. Of what
/// was given in part, the rules for the end of a subscription say what comes back.
pub(super) fn give_back(
    tx: &mut Conn,
    scope: &Scope,
    attempt: &mut Attempt,
    invoice: &Invoice,
) -> Result<()> {
    let Some(id) = &invoice.subscription_id else { return Ok(()) };
    let sub = store::subscriptions::get(tx, scope.id(), id)?;
    if !paid_for_nothing(invoice.reason, sub.has_ended()) {
        return ending::outcome_known(tx, scope, &sub);
    }
    let settlement = match scope.settings.refunds.paid_after_end {
        LateMoney::Refund => Settlement::Refund,
        LateMoney::Balance => Settlement::Balance,
        LateMoney::Keep => return settle::ask_a_person(tx, scope, attempt, Why::PaidAfterEnd),
    };
    let request = CreditRequest {
        invoice: invoice.id.clone(),
        what: Request::Whole,
        reason: CreditReason::Cancellation,
        comment: None,
        settlement,
    };
    match credit::issue(tx, scope, request, &Actor::Worker) {
        // It is refused before anything is written.
        Err(Error::Refused { .. }) => settle::ask_a_person(tx, scope, attempt, Why::PaidAfterEnd),
        issued => issued.map(drop),
    }
}
