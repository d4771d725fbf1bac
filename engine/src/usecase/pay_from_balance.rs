//! A customer's balance pays what they owe. Whatever raises a balance, or frees an invoice that the balance has left
//! alone, ends here, in the same transaction: nobody is chased for money that we owe them.

use super::goes_on::{Settled, subscription_goes_on};
use super::{bill, change, document, dun, record};
use crate::db::Conn;
use crate::error::{Error, Result};
use crate::ids::CustomerId;
use crate::scope::Scope;
use crate::store;
use crate::store::documents::DocumentKind;
use crate::store::events::Actor;
use crate::store::invoices::Invoice;
use domain::balance::{Opening, Unpaid, pay_oldest_first};
use domain::currency::Currency;
use domain::dunning::CaseOutcome;
use domain::invoice::state::InvoiceStatus;
use domain::ledger;
use domain::money::Money;
use domain::subscription::hold::Means;

/// Lets the balance of a customer, who is locked, pay open invoices in its currency, the oldest first. Subscriptions
/// may change by it: called after they are saved.
pub(crate) fn pay_from_balance(
    tx: &mut Conn,
    scope: &Scope,
    owner: &CustomerId,
    currency: Currency,
    actor: &Actor,
) -> Result<()> {
    // One by one: what follows from a paid invoice may change the others.
    while let Some((invoice, opening)) = next(tx, scope, owner, currency)? {
        pay(tx, scope, invoice, opening, actor)?;
    }
    Ok(())
}

/// The oldest invoice that the balance pays something of, and what becomes of it.
fn next(
    conn: &mut Conn,
    scope: &Scope,
    owner: &CustomerId,
    currency: Currency,
) -> Result<Option<(Invoice, Opening)>> {
    let balance = store::ledger::balance(conn, scope.id(), owner, currency)?;
    if balance <= 0 {
        return Ok(None);
    }
    let open = store::invoices::open_of_customer(conn, scope.id(), owner, currency)?;
    let mut unpaid = Vec::with_capacity(open.len());
    for invoice in &open {
        unpaid.push(Unpaid {
            due: invoice.due()?.minor,
            attempt_open: store::attempts::open_of(conn, scope.id(), &invoice.id)?.is_some(),
            disputed: invoice.disputed_since.is_some(),
        });
    }
    let paid = pay_oldest_first(balance, &unpaid, scope.settings.billing.smallest_charge);
    Ok(open.into_iter().zip(paid).find(|(_, opening)| opening.applied > 0))
}

fn pay(tx: &mut Conn, scope: &Scope, mut invoice: Invoice, paid: Opening, actor: &Actor) -> Result<()> {
    let money = |minor| Money::new(minor, invoice.currency);
    let applied = ledger::balance_applied(money(paid.applied)).map_err(Error::bug)?;
    bill::post(tx, scope, &invoice, &applied)?;
    if paid.carried != 0 {
        let carried = ledger::carried_forward(money(paid.carried)).map_err(Error::bug)?;
        bill::post(tx, scope, &invoice, &carried)?;
    }
    invoice.credit_applied += paid.applied;
    invoice.carried_forward += paid.carried;
    let before = invoice.status;
    if paid.due == 0 {
        invoice.status = InvoiceStatus::Paid;
        invoice.paid_at = Some(scope.now.billing);
    }
    invoice.updated_at = scope.now.wall;
    store::invoices::update(tx, scope.id(), &invoice)?;
    record::invoice(tx, scope, &invoice, before, actor, None)?;
    if invoice.status != InvoiceStatus::Paid {
        return Ok(());
    }
    dun::close(tx, scope, &invoice.id, CaseOutcome::Recovered)?;
    document::request(tx, scope, &invoice.id, DocumentKind::InvoicePaid)?;
    change::paid(tx, scope, &invoice)?;
    subscription_goes_on(tx, scope, Settled { invoice: &invoice, means: Means::Balance }, actor)
}
