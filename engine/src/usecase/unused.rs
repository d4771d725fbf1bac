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
use domain::invoice::credit_note::{CreditReason, Request, Settlement};
use domain::subscription::change::prorate::{ChangeLine, Measure, credits};
use domain::subscription::ending::{EndingPolicy, GivenBack, OpenInvoices};

/// What is given back, before it is.
#[derive(Default)]
struct Unused {
    /// Of invoices.
    notes: Vec<CreditRequest>,
    /// Of what waits for the last invoice, and is taken off it.
    of_waiting: Vec<ChangeLine>,
}

/// What would come back if a subscription were cancelled at `at`. Nothing is written.
///
/// # Errors
/// When the database does not answer.
pub fn preview(conn: &mut Conn, scope: &Scope, sub: &Subscription, at: Instant) -> Result<GivenBack> {
    let (price, _) = store::catalog::price(conn, scope.id(), &sub.price_id)?;
    let mut sum = GivenBack::nothing(price.currency);
    for request in find(conn, scope, sub, scope.settings.ending, at)?.notes {
        sum.add(credit::preview(conn, scope, &request, i64::MAX)?).map_err(Error::bug)?;
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
    let (price, _) = store::catalog::price(tx, scope.id(), &sub.price_id)?;
    let mut sum = GivenBack::nothing(price.currency);
    let policy = EndingPolicy { unused_time: sub.unused_time, open_invoices: sub.open_invoices };
    let unused = find(tx, scope, sub, policy, at)?;
    for line in unused.of_waiting {
        let line = bill_line(tx, scope, &line)?;
        store::pending_lines::insert(tx, &waiting(scope, sub, line)?)?;
    }
    for request in unused.notes {
        let note = credit::issue(tx, scope, request, actor)?;
        sum.add(note.split()).map_err(Error::bug)?;
    }
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
    let mut of_billed = Vec::new();
    for line in credits(&spans, sub.current_period_start, at, measure).map_err(Error::bug)? {
        let id = line.reverses.as_deref().map(LineId::from);
        let billed = id.map(|id| store::billed::line(conn, scope.id(), &id)).transpose()?.flatten();
        let lines = if billed.is_some() { &mut of_billed } else { &mut unused.of_waiting };
        lines.push(line);
    }
    for (invoice, parts) in by_invoice(conn, scope, &of_billed)? {
        if !is_settled(conn, scope, &invoice, policy)? {
            unused.notes.extend(request(conn, scope, invoice, Request::Lines(parts), settlement)?);
        }
    }
    Ok(unused)
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

/// The credit note over parts of an invoice; over all that is left of it where that is less.
fn request(
    conn: &mut Conn,
    scope: &Scope,
    invoice: InvoiceId,
    what: Request,
    settlement: Settlement,
) -> Result<Option<CreditRequest>> {
    let reason = CreditReason::Cancellation;
    let mut request = CreditRequest { invoice, what, reason, comment: None, settlement };
    for what in [None, Some(Request::Whole)] {
        request.what = what.unwrap_or(request.what);
        match credit::preview(conn, scope, &request, i64::MAX) {
            Ok(_) => return Ok(Some(request)),
            Err(Error::Refused { .. }) => {}
            Err(error) => return Err(error),
        }
    }
    Ok(None)
}
