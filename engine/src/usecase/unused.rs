//! Time that was billed and that a cancelled subscription will not use: by setting it comes back, as a change of plan
//! would give it back. What was paid goes where the setting says; what is unpaid comes off its invoice.

use super::change::{self, Credits, bill_line, by_invoice, waiting};
use super::credit::{self, CreditRequest, is_worth_less};
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
use domain::invoice::credit_note::{CreditReason, Request, Settlement, Split, settle};
use domain::invoice::state::BillingReason;
use domain::subscription::change::prorate::{ChangeLine, Measure, credits};
use domain::subscription::ending::{EndingPolicy, GivenBack, OpenInvoices};

/// What is given back, before it is.
#[derive(Default)]
struct Unused {
    /// Of invoices.
    notes: Vec<CreditRequest>,
    /// Of invoices that are worth less than that, since they gave back a part of others: invoices of their own do.
    beyond: Vec<Beyond>,
    /// Of what waits for the last invoice, and is taken off it.
    of_waiting: Vec<ChangeLine>,
}

/// What an invoice over less than nothing puts into the balance, which pays what is due of the one that was billed.
struct Beyond {
    lines: Vec<ChangeLine>,
    due: i64,
}

impl Beyond {
    fn split(&self) -> Result<Split> {
        let lines: Vec<LineInput> = self.lines.iter().map(ChangeLine::input).collect();
        let total = assemble(&lines).map_err(Error::bug)?.total.saturating_neg();
        Ok(settle(total, Settlement::Balance, self.due, 0))
    }
}

/// What would come back if a subscription were cancelled at `at`. Nothing is written.
///
/// # Errors
/// When the database does not answer.
pub fn preview(conn: &mut Conn, scope: &Scope, sub: &Subscription, at: Instant) -> Result<GivenBack> {
    let unused = find(conn, scope, sub, scope.settings.ending.of(sub.status), at)?;
    let mut sum = nothing(conn, scope, sub)?;
    for beyond in &unused.beyond {
        sum.add(beyond.split()?).map_err(Error::bug)?;
    }
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
    let mut sum = nothing(tx, scope, sub)?;
    for line in &unused.of_waiting {
        let line = bill_line(tx, scope, line)?;
        store::pending_lines::insert(tx, &waiting(scope, sub, line)?)?;
    }
    for beyond in unused.beyond {
        sum.add(beyond.split()?).map_err(Error::bug)?;
        change::invoice(tx, scope, sub, &beyond.lines, BillingReason::Final, actor)?;
    }
    for request in unused.notes {
        let note = credit::issue(tx, scope, request, actor)?;
        sum.add(note.split()).map_err(Error::bug)?;
    }
    Ok(sum)
}

fn nothing(conn: &mut Conn, scope: &Scope, sub: &Subscription) -> Result<GivenBack> {
    let (price, _) = store::catalog::price(conn, scope.id(), &sub.price_id)?;
    Ok(GivenBack::nothing(price.currency))
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
        match id.map(|id| store::billed::line(conn, scope.id(), &id)).transpose()?.flatten() {
            Some(_) => of_billed.push(line),
            None => unused.of_waiting.push(line),
        }
    }
    for (invoice, credits) in by_invoice(conn, scope, &of_billed)? {
        if !is_settled(conn, scope, &invoice, policy)? {
            add(conn, scope, &mut unused, invoice, credits, settlement)?;
        }
    }
    Ok(unused)
}

/// Adds the credit note over lines of an invoice, or where that is worth less, what gives them back instead.
fn add(
    conn: &mut Conn,
    scope: &Scope,
    unused: &mut Unused,
    id: InvoiceId,
    Credits { lines, parts }: Credits,
    settlement: Settlement,
) -> Result<()> {
    let (what, reason) = (Request::Lines(parts), CreditReason::Cancellation);
    let request = CreditRequest { invoice: id, what, reason, comment: None, settlement };
    match credit::preview(conn, scope, &request, i64::MAX) {
        Ok(_) => unused.notes.push(request),
        Err(refused) if is_worth_less(&refused) => {
            let invoice = store::invoices::get(conn, scope.id(), &request.invoice)?;
            // The balance leaves what a bank took back alone.
            let due = if invoice.disputed_since.is_some() { 0 } else { invoice.due()?.minor };
            unused.beyond.push(Beyond { lines, due });
        }
        // An end is not refused for what it gives back.
        Err(Error::Refused { code, .. }) => {
            tracing::warn!(tenant = %scope.tenant.slug, invoice = %request.invoice, code, "an end gave nothing back");
        }
        Err(error) => return Err(error),
    }
    Ok(())
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
