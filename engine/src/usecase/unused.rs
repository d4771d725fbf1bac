//! Time that was billed and that a cancelled subscription will not use: by setting it comes back, as a change of plan
//! would give it back. What was paid goes where the setting says; what is unpaid comes off its invoice.

use super::change::{self, bill_line, by_invoice, waiting};
use super::credit::{self, CreditRequest};
use super::void;
use crate::db::Conn;
use crate::error::{Error, Result};
use crate::ids::{InvoiceId, LineId};
use crate::scope::Scope;
use crate::store;
use crate::store::events::Actor;
use crate::store::subscriptions::Subscription;
use domain::Instant;
use domain::invoice::assemble::{LineInput, assemble};
use domain::invoice::credit_note::{CreditReason, Request, Settlement, Split};
use domain::subscription::change::prorate::{ChangeLine, Measure, credits};
use domain::subscription::ending::{EndingPolicy, GivenBack, OpenInvoices};
use std::collections::BTreeMap;

/// What is given back, before it is.
#[derive(Default)]
struct Unused {
    /// Of invoices.
    notes: Vec<CreditRequest>,
    /// Of invoices that are worth less than that, since they gave back a part of others: the last invoice does.
    beyond: Vec<ChangeLine>,
    /// Of what waits for the last invoice, and is taken off it.
    of_waiting: Vec<ChangeLine>,
}

/// What would come back if a subscription were cancelled at `at`. Nothing is written.
///
/// # Errors
/// When the database does not answer.
pub fn preview(conn: &mut Conn, scope: &Scope, sub: &Subscription, at: Instant) -> Result<GivenBack> {
    let unused = find(conn, scope, sub, scope.settings.ending.of(sub.status), at)?;
    let mut sum = of_last_invoice(conn, scope, sub, &unused)?;
    for request in &unused.notes {
        sum.add(credit::preview(conn, scope, request, i64::MAX)?).map_err(Error::bug)?;
    }
    Ok(sum)
}

/// Gives back what a subscription that has ended does not use from `at` on, by the rule that it has ended by. Of an
/// invoice nothing comes back twice; where a payment is under way, nothing yet.
pub(super) fn give_back(
    tx: &mut Conn,
    scope: &Scope,
    sub: &Subscription,
    at: Instant,
    actor: &Actor,
) -> Result<GivenBack> {
    let policy = EndingPolicy { unused_time: sub.unused_time, open_invoices: sub.open_invoices };
    let unused = find(tx, scope, sub, policy, at)?;
    let mut sum = of_last_invoice(tx, scope, sub, &unused)?;
    for line in unused.of_waiting.iter().chain(&unused.beyond) {
        let line = bill_line(tx, scope, line)?;
        store::pending_lines::insert(tx, &waiting(scope, sub, line)?)?;
    }
    for request in unused.notes {
        let note = credit::issue(tx, scope, request, actor)?;
        sum.add(note.split()).map_err(Error::bug)?;
    }
    Ok(sum)
}

/// What the last invoice puts into the balance of what was billed before.
fn of_last_invoice(conn: &mut Conn, scope: &Scope, sub: &Subscription, unused: &Unused) -> Result<GivenBack> {
    let (price, _) = store::catalog::price(conn, scope.id(), &sub.price_id)?;
    let mut sum = GivenBack::nothing(price.currency);
    let lines: Vec<LineInput> = unused.beyond.iter().map(ChangeLine::input).collect();
    let balance = -assemble(&lines).map_err(Error::bug)?.total;
    sum.add(Split { offset: 0, balance, refund: 0 }).map_err(Error::bug)?;
    Ok(sum)
}

fn find(
    conn: &mut Conn,
    scope: &Scope,
    sub: &Subscription,
    policy: EndingPolicy,
    at: Instant,
) -> Result<Unused> {
    let mut unused = Unused::default();
    let Some(settlement) = policy.unused_time.settlement() else { return Ok(unused) };
    let measure = Measure { unit: scope.settings.changes.granularity, zone: sub.anchor()?.zone };
    let spans = change::spans_of(conn, scope, sub)?;
    let mut of_billed = BTreeMap::<InvoiceId, Vec<ChangeLine>>::new();
    for line in credits(&spans, sub.current_period_start, at, measure).map_err(Error::bug)? {
        let id = line.reverses.as_deref().map(LineId::from);
        match id.map(|id| store::billed::line(conn, scope.id(), &id)).transpose()?.flatten() {
            Some(billed) => of_billed.entry(billed.invoice_id).or_default().push(line),
            None => unused.of_waiting.push(line),
        }
    }
    for (invoice, lines) in of_billed {
        if !is_settled(conn, scope, &invoice, policy)? {
            add(conn, scope, &mut unused, invoice, lines, settlement)?;
        }
    }
    Ok(unused)
}

/// Adds the credit note over lines of an invoice. Where less than that is left of it, because it gave back a part of
/// another, the last invoice gives them back; where it is not paid, all that is left of it is taken off.
fn add(
    conn: &mut Conn,
    scope: &Scope,
    unused: &mut Unused,
    id: InvoiceId,
    lines: Vec<ChangeLine>,
    settlement: Settlement,
) -> Result<()> {
    let (invoice, reason) = (store::invoices::get(conn, scope.id(), &id)?, CreditReason::Cancellation);
    for (_, credits) in by_invoice(conn, scope, &lines)? {
        let what = Request::Lines(credits.parts);
        let mut request = CreditRequest { invoice: id.clone(), what, reason, comment: None, settlement };
        if is_possible(conn, scope, &request)? {
            unused.notes.push(request);
        } else if invoice.due()?.minor <= 0 {
            unused.beyond.extend(lines.iter().cloned());
        } else {
            request.what = Request::Whole;
            unused.notes.extend(is_possible(conn, scope, &request)?.then_some(request));
        }
    }
    Ok(())
}

fn is_possible(conn: &mut Conn, scope: &Scope, request: &CreditRequest) -> Result<bool> {
    match credit::preview(conn, scope, request, i64::MAX) {
        Ok(_) => Ok(true),
        Err(Error::Refused { .. }) => Ok(false),
        Err(error) => Err(error),
    }
}

/// Whether nothing comes back of an invoice: that has happened, a payment is under way, or it is let go whole.
fn is_settled(conn: &mut Conn, scope: &Scope, id: &InvoiceId, policy: EndingPolicy) -> Result<bool> {
    let notes = store::credit_notes::of_invoice(conn, scope.id(), id)?;
    if notes.iter().any(|note| note.reason == CreditReason::Cancellation.as_str())
        || store::attempts::open_of(conn, scope.id(), id)?.is_some()
    {
        return Ok(true);
    }
    let invoice = store::invoices::get(conn, scope.id(), id)?;
    Ok(policy.open_invoices == OpenInvoices::Void && void::is_untouched(conn, scope, &invoice)?)
}
