//! Gives an open invoice up. Nothing is charged for it by itself any more; its customer may still pay it.

use super::goes_on::{Settled, subscription_goes_on};
use super::{bill, dun, record};
use crate::db::Conn;
use crate::error::{Error, Result};
use crate::ids::{InvoiceId, TenantId};
use crate::scope::{Engine, Scope};
use crate::store;
use crate::store::events::Actor;
use crate::store::invoices::Invoice;
use domain::dunning::CaseOutcome;
use domain::invoice::state::{InvoiceStatus, may};
use domain::ledger;
use domain::subscription::hold::Means;

/// Gives an invoice up. A subscription that is past due for it alone goes on; one on hold stays there until somebody
/// pays.
///
/// # Errors
/// `Refused` with `not_open` or `payment_open`.
pub fn write_off(engine: &Engine, tenant_id: &TenantId, id: &InvoiceId, actor: Actor) -> Result<()> {
    let id = id.clone();
    engine.write(tenant_id, move |tx, scope| {
        let owner = store::invoices::get(tx, scope.id(), &id)?.customer_id;
        scope.lock(tx, &owner)?;
        let mut invoice = store::invoices::get(tx, scope.id(), &id)?;
        if !may(invoice.status, InvoiceStatus::Uncollectible) {
            return Err(Error::refused("not_open", "only an open invoice can be given up"));
        }
        if store::attempts::open_of(tx, scope.id(), &id)?.is_some() {
            return Err(Error::refused("payment_open", "a payment of this invoice is still being checked"));
        }
        dun::close(tx, scope, &id, CaseOutcome::Cancelled)?;
        give_up(tx, scope, &mut invoice, &actor)?;
        let let_go = Settled { invoice: &invoice, means: Means::Business };
        subscription_goes_on(tx, scope, let_go, &actor)
    })
}

/// Writes down that an invoice is given up, in the caller's transaction.
pub(crate) fn give_up(tx: &mut Conn, scope: &Scope, invoice: &mut Invoice, actor: &Actor) -> Result<()> {
    let due = invoice.due()?;
    bill::post(tx, scope, invoice, &ledger::written_off(due).map_err(Error::bug)?)?;
    let before = std::mem::replace(&mut invoice.status, InvoiceStatus::Uncollectible);
    invoice.updated_at = scope.now.wall;
    store::invoices::update(tx, scope.id(), invoice)?;
    record::invoice(tx, scope, invoice, before, actor, None)
}
