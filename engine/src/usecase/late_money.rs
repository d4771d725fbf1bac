//! Money came for what its subscription never gave, since that had ended before: by setting it goes back.

use super::credit::{self, CreditRequest};
use super::{ending, settle};
use crate::db::Conn;
use crate::error::{Error, Result};
use crate::scope::Scope;
use crate::store;
use crate::store::attempts::Attempt;
use crate::store::changes::ChangeState;
use crate::store::events::Actor;
use crate::store::invoices::Invoice;
use crate::store::subscriptions::Subscription;
use domain::event::{EventKind, Why};
use domain::invoice::credit_note::{CreditReason, Request, Settlement};
use domain::invoice::state::BillingReason;
use domain::payment::refund::LateMoney;

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
    if !sub.has_ended() || came_to_be(tx, scope, invoice, &sub)? {
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

/// Whether what an invoice was to begin or to change came to be, whatever became of its payment since. A period that had
/// begun is owed, whenever it is paid.
pub(super) fn came_to_be(
    conn: &mut Conn,
    scope: &Scope,
    invoice: &Invoice,
    sub: &Subscription,
) -> Result<bool> {
    Ok(match invoice.reason {
        BillingReason::Create => {
            let told = store::events::of(conn, scope.id(), sub.id.as_str())?;
            told.iter().any(|event| event.kind == EventKind::SubscriptionActivated)
        }
        BillingReason::Change => {
            let change = store::changes::of_invoice(conn, scope.id(), &invoice.id)?;
            change.is_some_and(|change| change.state == ChangeState::Applied)
        }
        _ => true,
    })
}
