//! Credit notes of a change. Where it gives more back than it costs, they put the rest of what was billed into the
//! customer's balance, which then pays what comes instead; what is left of it may go back to where it came from. What
//! was not paid yet is taken off its invoice. Where an invoice is worth less than that, since it gave back a part of
//! another, an invoice over less than nothing gives back instead.

use super::lines::{self, bill_line, waiting};
use crate::db::Conn;
use crate::error::{Error, Result};
use crate::ids::{InvoiceId, LineId};
use crate::scope::Scope;
use crate::store;
use crate::store::changes::PlanChange;
use crate::store::events::Actor;
use crate::store::subscriptions::Subscription;
use crate::usecase::credit::{CreditRequest, is_worth_less, issue, issue_up_to, preview};
use domain::invoice::credit_note::{CreditReason, Part, Request, Settlement};
use domain::invoice::state::BillingReason;
use domain::subscription::change::prorate::{ChangeLine, ChangeLineKind};
use domain::tax::TaxBehaviour;
use std::collections::BTreeMap;

/// Writes a credit note for each invoice of which a change gives something back. So many minor units are refunded, as
/// far as they came from a payment; what an invoice gives back in place of a note goes to the balance.
///
/// # Errors
/// `Refused` with `credit_not_possible` while what was billed still waits for its invoice.
pub(super) fn credit(
    tx: &mut Conn,
    scope: &Scope,
    sub: &Subscription,
    lines: &[ChangeLine],
    mut refund: i64,
    actor: &Actor,
) -> Result<()> {
    for (invoice, Credits { lines, parts }) in by_invoice(tx, scope, lines.iter().filter(is_credit))? {
        match issue_up_to(tx, scope, request(invoice, parts, Settlement::Refund), refund, actor) {
            Ok(note) if note.to_offset != 0 => return Err(not_possible()),
            Ok(note) => refund -= note.to_refund,
            Err(refused) if is_worth_less(&refused) => {
                lines::invoice(tx, scope, sub, &lines, BillingReason::Change, actor)?;
            }
            Err(error) => return Err(error),
        }
    }
    Ok(())
}

/// What of so many minor units would go back to where it came from. Nothing is written.
pub(super) fn refunded(conn: &mut Conn, scope: &Scope, lines: &[ChangeLine], refund: i64) -> Result<i64> {
    let mut left = refund;
    if left == 0 {
        return Ok(0);
    }
    for (invoice, Credits { parts, .. }) in by_invoice(conn, scope, lines.iter().filter(is_credit))? {
        match preview(conn, scope, &request(invoice, parts, Settlement::Refund), left) {
            Ok(split) => left -= split.refund,
            Err(refused) if is_worth_less(&refused) => {}
            Err(error) => return Err(error),
        }
    }
    Ok(refund - left)
}

fn is_credit(line: &&ChangeLine) -> bool {
    line.kind == ChangeLineKind::Credit
}

/// Takes what a change gives back of unpaid invoices off them, as it takes effect. Where a payment of one is being
/// checked, that waits for the next invoice. What was paid of it meanwhile goes to the balance.
pub(super) fn set_off(
    tx: &mut Conn,
    scope: &Scope,
    sub: &mut Subscription,
    change: &PlanChange,
    actor: &Actor,
) -> Result<()> {
    let offsets: Vec<ChangeLine> = serde_json::from_str(&change.offsets).map_err(Error::bug)?;
    if offsets.is_empty() {
        return Ok(());
    }
    // An invoice that is settled by that may bring its subscription up to date.
    store::subscriptions::update(tx, scope.id(), sub)?;
    for line in &offsets {
        for (invoice, credits) in by_invoice(tx, scope, [line])? {
            take_off(tx, scope, sub, invoice, credits, actor)?;
        }
    }
    *sub = store::subscriptions::get(tx, scope.id(), &sub.id)?;
    Ok(())
}

fn take_off(
    tx: &mut Conn,
    scope: &Scope,
    sub: &Subscription,
    invoice: InvoiceId,
    Credits { lines, parts }: Credits,
    actor: &Actor,
) -> Result<()> {
    if store::attempts::open_of(tx, scope.id(), &invoice)?.is_some() {
        for line in &lines {
            let line = bill_line(tx, scope, line)?;
            store::pending_lines::insert(tx, &waiting(scope, sub, line)?)?;
        }
        return Ok(());
    }
    match issue(tx, scope, request(invoice.clone(), parts, Settlement::Balance), actor) {
        Ok(_) => Ok(()),
        // The balance then pays what is due on it.
        Err(refused) if is_worth_less(&refused) => {
            lines::invoice(tx, scope, sub, &lines, BillingReason::Change, actor).map(drop)
        }
        // Somebody has credited that by hand since it was quoted.
        Err(Error::Refused { code, .. }) => {
            tracing::warn!(tenant = %scope.tenant.slug, %invoice, code, "a change gave nothing back");
            Ok(())
        }
        Err(error) => Err(error),
    }
}

fn request(invoice: InvoiceId, parts: Vec<(usize, Part)>, settlement: Settlement) -> CreditRequest {
    let (what, reason) = (Request::Lines(parts), CreditReason::PlanChange);
    CreditRequest { invoice, what, reason, comment: None, settlement }
}

/// What credits give back of an invoice.
#[derive(Default)]
pub(crate) struct Credits {
    /// The lines that say so.
    pub(crate) lines: Vec<ChangeLine>,
    /// The parts of the invoice's lines.
    pub(crate) parts: Vec<(usize, Part)>,
}

/// What credits give back, by invoices.
pub(crate) fn by_invoice<'a>(
    conn: &mut Conn,
    scope: &Scope,
    credits: impl IntoIterator<Item = &'a ChangeLine>,
) -> Result<BTreeMap<InvoiceId, Credits>> {
    let mut by_invoice = BTreeMap::<InvoiceId, Credits>::new();
    for line in credits {
        let billed = line.reverses.as_deref().map(LineId::from).ok_or_else(not_possible)?;
        let billed = store::billed::line(conn, scope.id(), &billed)?.ok_or_else(not_possible)?;
        let amount = -line.net_of_discount();
        let part = match line.tax_behaviour {
            TaxBehaviour::Exclusive => Part::Net(amount),
            TaxBehaviour::Inclusive => Part::Gross(amount),
        };
        let position = usize::try_from(billed.position).map_err(Error::bug)?;
        let of_invoice = by_invoice.entry(billed.invoice_id).or_default();
        of_invoice.lines.push(line.clone());
        of_invoice.parts.push((position, part));
    }
    Ok(by_invoice)
}

fn not_possible() -> Error {
    let why = "what this change would give back is not billed yet; let it begin with the next period instead";
    Error::refused("credit_not_possible", why)
}
