//! A customer pays an open invoice by hand.

use super::{collect, dun, reactivate};
use crate::error::{Error, Result};
use crate::ids::{AttemptId, CustomerId, InvoiceId, MethodId, TenantId};
use crate::scope::Engine;
use crate::store;
use crate::store::methods::MethodStatus;
use domain::invoice::state::InvoiceStatus;
use domain::payment::state::AttemptTrigger;

/// A payment that was asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Intent {
    /// What is paid: the invoice that was named, or that of the new period with which its subscription comes back
    /// from hold.
    pub invoice: InvoiceId,
    /// The charge; none when the customer's balance has paid it.
    pub attempt: Option<AttemptId>,
}

/// What a customer agreed to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Wanted {
    /// What is paid.
    pub invoice: InvoiceId,
    /// With what.
    pub method: MethodId,
    /// The amount that they were shown, minor units of the invoice's currency.
    pub amount: i64,
}

/// Writes down the intent to pay; the worker acts on it. A second press finds the first one's attempt.
///
/// # Errors
/// `Refused` with `already_paid`, `not_payable`, `money_paused`, `too_many_tries`, `method_gone`, `payment_open` or
/// `amount_changed`: another amount than `wanted` would be charged.
pub fn pay(engine: &Engine, tenant_id: &TenantId, owner: &CustomerId, wanted: Wanted) -> Result<Intent> {
    let owner = owner.clone();
    engine.write(tenant_id, move |tx, scope| {
        let Wanted { invoice: invoice_id, method: method_id, amount } = wanted;
        scope.lock(tx, &owner)?;
        let invoice = store::invoices::of_customer(tx, scope.id(), &owner, &invoice_id)?;
        if let Some(open) = store::attempts::open_of(tx, scope.id(), &invoice_id)? {
            return Ok(Intent { invoice: invoice_id, attempt: Some(open.id) });
        }
        match invoice.status {
            InvoiceStatus::Open | InvoiceStatus::Uncollectible => {}
            InvoiceStatus::Paid => return Err(Error::refused("already_paid", "this invoice is paid")),
            InvoiceStatus::Draft | InvoiceStatus::Void => {
                return Err(Error::refused("not_payable", "this invoice cannot be paid"));
            }
        }
        if scope.money_is_paused() {
            return Err(Error::refused("money_paused", "no money moves at the moment"));
        }
        let method = store::methods::get(tx, scope.id(), &method_id)?;
        if method.customer_id != owner {
            return Err(Error::NotFound);
        }
        if method.status != MethodStatus::Active {
            return Err(Error::refused("method_gone", "this payment method was removed"));
        }
        if !dun::may_try_by_hand(tx, scope, &invoice_id)? {
            return Err(Error::refused("too_many_tries", "too many tries today"));
        }
        let invoice = reactivate::to_pay(tx, scope, invoice)?;
        if invoice.due()?.minor != amount {
            return Err(Error::refused("amount_changed", "another amount is due now"));
        }
        if invoice.status == InvoiceStatus::Paid {
            return Ok(Intent { invoice: invoice.id, attempt: None });
        }
        let attempt = collect::open(tx, scope, &invoice, &method, AttemptTrigger::Customer)?;
        dun::drive(tx, scope, &attempt)?;
        Ok(Intent { invoice: invoice.id, attempt: Some(attempt.id) })
    })
}

/// The customer came back from the provider's confirmation page: ask for the outcome at once.
pub fn check_confirmation(
    engine: &Engine,
    tenant_id: &TenantId,
    owner: &CustomerId,
    id: &InvoiceId,
) -> Result<()> {
    let (owner, id) = (owner.clone(), id.clone());
    engine.write(tenant_id, move |tx, scope| {
        scope.lock(tx, &owner)?;
        store::invoices::of_customer(tx, scope.id(), &owner, &id)?;
        let Some(mut attempt) = store::attempts::open_of(tx, scope.id(), &id)? else {
            return Ok(());
        };
        if attempt.action_url.is_some() && attempt.next_check_at.is_some_and(|at| at > scope.now.wall) {
            attempt.next_check_at = Some(scope.now.wall);
            store::attempts::update(tx, scope.id(), &attempt)?;
            dun::drive(tx, scope, &attempt)?;
        }
        Ok(())
    })
}
