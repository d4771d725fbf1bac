//! What a case brings upon subscription and invoice.

use super::{close, subscription_of, tell};
use crate::db::Conn;
use crate::error::Result;
use crate::scope::Scope;
use crate::store;
use crate::store::dunning::DunningCase;
use crate::store::events::Actor;
use crate::store::invoices::Invoice;
use crate::store::subscriptions::Subscription;
use crate::usecase::pay_from_balance::pay_from_balance;
use crate::usecase::{credit, ending, record, schedule, write_off};
use domain::dunning::{CaseOutcome, Consequence, DunningMail, HoldOrFinal, UnpaidInvoice};
use domain::event::{EventKind, Reason, Why};
use domain::invoice::credit_note::CreditReason;
use domain::subscription::hold::HoldReason;
use domain::subscription::state::SubscriptionStatus;

/// Puts a consequence into force; one that holds already does nothing. A final one closes the case.
pub(super) fn enforce(
    tx: &mut Conn,
    scope: &Scope,
    case: &DunningCase,
    invoice: &Invoice,
    consequence: Option<Consequence>,
) -> Result<()> {
    let Some(consequence) = consequence else { return Ok(()) };
    let mut sub = subscription_of(tx, scope, invoice)?;
    if let Some(sub) = &mut sub
        && sub.status == SubscriptionStatus::PastDue
        && consequence.subscription != HoldOrFinal::Cancel
    {
        hold(tx, scope, sub, invoice, case)?;
    }
    let Some(unpaid) = consequence.invoice else { return Ok(()) };
    close(tx, scope, &invoice.id, CaseOutcome::Exhausted)?;
    settle_unpaid(tx, scope, invoice, unpaid)?;
    if let Some(mut sub) = sub
        && consequence.subscription == HoldOrFinal::Cancel
        && !sub.has_ended()
    {
        sub.cancel_reason = None;
        ending::end(tx, scope, &mut sub, &Actor::Worker, Some(&Why::Unpaid.into()))?;
    }
    // A credit note may have put a part that was paid there.
    pay_from_balance(tx, scope, &invoice.customer_id, invoice.currency, &Actor::Worker)
}

fn settle_unpaid(tx: &mut Conn, scope: &Scope, invoice: &Invoice, policy: UnpaidInvoice) -> Result<()> {
    match policy {
        UnpaidInvoice::Leave => Ok(()),
        UnpaidInvoice::Uncollectible => {
            let mut given_up = store::invoices::get(tx, scope.id(), &invoice.id)?;
            write_off::give_up(tx, scope, &mut given_up, &Actor::Worker)
        }
        UnpaidInvoice::VoidWithCreditNote => {
            credit::take_back(tx, scope, &invoice.id, CreditReason::Cancellation, &Actor::Worker)
        }
    }
}

fn hold(
    tx: &mut Conn,
    scope: &Scope,
    sub: &mut Subscription,
    invoice: &Invoice,
    case: &DunningCase,
) -> Result<()> {
    let why = Reason::Held(HoldReason::PaymentFailed);
    sub.status = SubscriptionStatus::OnHold;
    sub.hold_reason = Some(HoldReason::PaymentFailed.into());
    record::subscription(tx, scope, sub, EventKind::SubscriptionOnHold, &Actor::Worker, Some(&why))?;
    schedule::save(tx, scope, sub)?;
    tell::tell(tx, scope, invoice, case, DunningMail::OnHold, None)
}
