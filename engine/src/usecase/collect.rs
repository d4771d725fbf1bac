//! Opens the automatic charge of an invoice. At most one attempt of an invoice is ever open.

use super::attempt::{self, Plan};
use super::{dun, schedule};
use crate::crash;
use crate::db::Conn;
use crate::db::schema::{dunning_case, invoice, payment_attempt, subscription};
use crate::error::Result;
use crate::ids::{AttemptId, InvoiceId, TenantId};
use crate::job::Job;
use crate::scope::{Engine, Scope};
use crate::store;
use crate::store::attempts::Attempt;
use crate::store::invoices::Invoice;
use crate::store::methods::PaymentMethod;
use diesel::dsl::{exists, not};
use diesel::prelude::*;
use domain::Instant;
use domain::invoice::state::InvoiceStatus;
use domain::payment::resolve::retry_after_error;
use domain::payment::state::{AttemptState, AttemptTrigger, Purpose};
use domain::subscription::ending::OpenInvoices;
use domain::subscription::state::SubscriptionStatus;

/// Asks the worker to collect an invoice, if there is anything to collect.
pub(crate) fn enqueue(tx: &mut Conn, scope: &Scope, invoice: &Invoice) -> Result<()> {
    if invoice.status != InvoiceStatus::Open || invoice.due()?.minor <= 0 {
        return Ok(());
    }
    let job = Job::Collect { tenant_id: scope.id().clone(), invoice_id: invoice.id.clone() };
    store::jobs::enqueue(tx, &job, scope.now.wall, scope.now.wall)
}

/// Opens the automatic attempt of an invoice, or answers with the one that is already open. `None` when there
/// is nothing to collect, money stands still, the subscription has ended, or there is no payment method (which opens dunning).
pub fn collect(engine: &Engine, tenant_id: &TenantId, id: &InvoiceId) -> Result<Option<AttemptId>> {
    let id = id.clone();
    let opened = engine.write(tenant_id, move |tx, scope| {
        let owner = store::invoices::get(tx, scope.id(), &id)?.customer_id;
        scope.lock(tx, &owner)?;
        let invoice = store::invoices::get(tx, scope.id(), &id)?;
        if let Some(open) = store::attempts::open_of(tx, scope.id(), &id)? {
            return Ok(Some(open.id));
        }
        if scope.money_is_paused() || store::dunning::of_invoice(tx, scope.id(), &id)?.is_some() {
            return Ok(None);
        }
        let tries = store::attempts::of_invoice(tx, scope.id(), &id)?;
        if !may_follow(&tries, scope.now.wall) {
            return Ok(None);
        }
        let opened = open_automatic(tx, scope, &invoice, AttemptTrigger::Cycle)?;
        crash::point("t1.before_commit");
        Ok(opened.map(|attempt| attempt.id))
    })?;
    crash::point("t1.after_commit");
    Ok(opened)
}

/// Opens an attempt that no customer asked for. Nothing happens once the subscription has ended, but by the rule that
/// its invoices are collected all the same.
pub(crate) fn open_automatic(
    tx: &mut Conn,
    scope: &Scope,
    invoice: &Invoice,
    trigger: AttemptTrigger,
) -> Result<Option<Attempt>> {
    let charged = match &invoice.subscription_id {
        Some(id) => store::subscriptions::get(tx, scope.id(), id)?.is_collected(),
        // Its customer pays it by hand; only dunning charges it.
        None => trigger != AttemptTrigger::Cycle,
    };
    let owed = invoice.status == InvoiceStatus::Open && invoice.due()?.minor > 0;
    // A customer whose bank took a payment back has said no.
    if !charged || !owed || invoice.disputed_since.is_some() {
        return Ok(None);
    }
    match dun::method_of(tx, scope, invoice)? {
        Some(method) => open(tx, scope, invoice, &method, trigger).map(Some),
        None => {
            dun::no_method(tx, scope, invoice)?;
            Ok(None)
        }
    }
}

/// Writes down an attempt over what is due on an invoice; the provider is not called.
pub(crate) fn open(
    tx: &mut Conn,
    scope: &Scope,
    invoice: &Invoice,
    method: &PaymentMethod,
    trigger: AttemptTrigger,
) -> Result<Attempt> {
    let charge = Plan {
        invoice,
        trigger,
        amount: invoice.due()?.minor,
        method: &method.id,
        account: &method.provider_account_id,
        natural_ref: &invoice.natural_ref,
        refund: None,
    };
    attempt::plan(tx, scope, &charge)
}

/// Open invoices that nobody is collecting though somebody should: the job was lost, or every attempt so far
/// provably never reached the provider and the technical pause is over.
pub fn find_uncollected(engine: &Engine, tenant_id: &TenantId, limit: i64) -> Result<Vec<InvoiceId>> {
    engine.read(tenant_id, |conn, scope| {
        if scope.money_is_paused() {
            return Ok(Vec::new());
        }
        let waiting = uncollected(conn, scope.id(), limit)?;
        let mut ready = Vec::with_capacity(waiting.len());
        for id in waiting {
            let tries = store::attempts::of_invoice(conn, scope.id(), &id)?;
            if may_follow(&tries, scope.now.wall) && !waits_for_customer(conn, scope, &id)? {
                ready.push(id);
            }
        }
        Ok(ready)
    })
}

/// Whether another automatic attempt may follow these: none was refused or took money, and the technical pause
/// after the last is over.
fn may_follow(tries: &[Attempt], now: Instant) -> bool {
    let Some(last) = tries.last() else { return true };
    let errors = u32::try_from(tries.len()).unwrap_or(u32::MAX);
    tries.iter().all(|attempt| attempt.state == AttemptState::Error)
        && last.settled_at.is_none_or(|at| retry_after_error(errors, at) <= now)
}

/// An invoice of a subscription that has not begun, with nothing to charge: only the customer can move it.
fn waits_for_customer(conn: &mut Conn, scope: &Scope, id: &InvoiceId) -> Result<bool> {
    let invoice = store::invoices::get(conn, scope.id(), id)?;
    let Some(sub_id) = &invoice.subscription_id else { return Ok(false) };
    let sub = store::subscriptions::get(conn, scope.id(), sub_id)?;
    let customer = store::customers::get(conn, scope.id(), &invoice.customer_id)?;
    Ok(sub.status == SubscriptionStatus::Incomplete
        && schedule::effective_method(conn, scope, &sub, &customer)?.is_none())
}

/// Whether any invoice waits for its first attempt; a test clock does not run ahead of it.
pub(crate) fn any_uncollected(conn: &mut Conn, scope: &Scope) -> Result<bool> {
    for id in uncollected(conn, scope.id(), 1_000)? {
        let tried = !store::attempts::of_invoice(conn, scope.id(), &id)?.is_empty();
        if !tried && !waits_for_customer(conn, scope, &id)? {
            return Ok(true);
        }
    }
    Ok(false)
}

fn uncollected(conn: &mut Conn, tenant_id: &TenantId, limit: i64) -> Result<Vec<InvoiceId>> {
    let other_than_error = payment_attempt::table
        .filter(payment_attempt::tenant_id.eq(invoice::tenant_id))
        .filter(payment_attempt::invoice_id.eq(invoice::id))
        .filter(payment_attempt::purpose.eq(Purpose::Charge.as_str()))
        .filter(payment_attempt::state.ne(AttemptState::Error.as_str()));
    let collected = OpenInvoices::KeepCollecting.as_str();
    let dunned = dunning_case::table.filter(dunning_case::invoice_id.eq(invoice::id));
    Ok(invoice::table
        .inner_join(subscription::table.on(subscription::id.nullable().eq(invoice::subscription_id)))
        .filter(invoice::tenant_id.eq(tenant_id).and(invoice::status.eq(InvoiceStatus::Open.as_str())))
        .filter(subscription::ended_at.is_null().or(subscription::open_invoices.eq(collected)))
        .filter(not(exists(other_than_error)).and(not(exists(dunned))))
        .order(invoice::id)
        .limit(limit)
        .select(invoice::id)
        .load(conn)?)
}
