//! Opens the automatic charge of an invoice. At most one attempt of an invoice is ever open.

use super::{dun, schedule};
use crate::crash;
use crate::db::Conn;
use crate::db::schema::{dunning_case, invoice, payment_attempt, subscription};
use crate::error::{Error, Result};
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
use domain::payment::key::idempotency_key;
use domain::payment::resolve::{next_check, retry_after_error};
use domain::payment::state::{AttemptState, AttemptTrigger, Purpose};
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
/// is nothing to collect, the subscription has ended, or there is no payment method (which opens dunning).
pub fn collect(engine: &Engine, tenant_id: &TenantId, id: &InvoiceId) -> Result<Option<AttemptId>> {
    let id = id.clone();
    let opened = engine.write(tenant_id, move |tx, scope| {
        let owner = store::invoices::get(tx, scope.id(), &id)?.customer_id;
        scope.lock(tx, &owner)?;
        let invoice = store::invoices::get(tx, scope.id(), &id)?;
        if let Some(open) = store::attempts::open_of(tx, scope.id(), &id)? {
            return Ok(Some(open.id));
        }
        if store::dunning::of_invoice(tx, scope.id(), &id)?.is_some() {
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

/// Opens an attempt that no customer asked for. Nothing happens once the subscription has ended.
pub(crate) fn open_automatic(
    tx: &mut Conn,
    scope: &Scope,
    invoice: &Invoice,
    trigger: AttemptTrigger,
) -> Result<Option<Attempt>> {
    let Some(sub_id) = &invoice.subscription_id else {
        return Ok(None);
    };
    let sub = store::subscriptions::get(tx, scope.id(), sub_id)?;
    if sub.has_ended() || invoice.status != InvoiceStatus::Open || invoice.due()?.minor <= 0 {
        return Ok(None);
    }
    let customer = store::customers::get(tx, scope.id(), &invoice.customer_id)?;
    match schedule::effective_method(tx, scope, &sub, &customer)? {
        Some(method) => open(tx, scope, invoice, &method, trigger).map(Some),
        None => {
            dun::no_method(tx, scope, invoice)?;
            Ok(None)
        }
    }
}

/// Writes down an attempt. What it asks for is frozen here; the provider is not called.
pub(crate) fn open(
    tx: &mut Conn,
    scope: &Scope,
    invoice: &Invoice,
    method: &PaymentMethod,
    trigger: AttemptTrigger,
) -> Result<Attempt> {
    let purpose = Purpose::Charge;
    let seq = store::attempts::last_seq(tx, scope.id(), purpose, &invoice.natural_ref)? + 1;
    let key_seq = u32::try_from(seq).map_err(Error::bug)?;
    let wall = scope.now.wall;
    let attempt = Attempt {
        id: AttemptId::mint(),
        tenant_id: scope.id().clone(),
        customer_id: invoice.customer_id.clone(),
        invoice_id: invoice.id.clone(),
        seq,
        purpose,
        attempt_trigger: trigger,
        amount: invoice.due()?.minor,
        currency: invoice.currency,
        payment_method_id: method.id.clone(),
        provider_account_id: method.provider_account_id.clone(),
        natural_ref: invoice.natural_ref.clone(),
        idempotency_key: idempotency_key(
            &scope.instance_id,
            scope.id().as_str(),
            purpose,
            &invoice.natural_ref,
            key_seq,
        ),
        state: AttemptState::Created,
        review_since: None,
        lease_owner: None,
        lease_epoch: 0,
        lease_until: None,
        first_submitted_at: None,
        last_submitted_at: None,
        submit_count: 0,
        unproven_submissions: 0,
        resend_until: None,
        lookup_final_after: None,
        absent_since: None,
        next_check_at: Some(next_check(0, wall)),
        check_count: 0,
        provider_ref: None,
        outcome_source: None,
        decline_kind: None,
        decline_code: None,
        raw_status: None,
        return_url: None,
        action_url: None,
        action_expires_at: None,
        transcript: None,
        settled_at: None,
        created_at: wall,
        updated_at: wall,
        credit_note_id: None,
        refund_of: None,
    };
    store::attempts::insert(tx, &attempt)?;
    Ok(attempt)
}

/// Open invoices that nobody is collecting though somebody should: the job was lost, or every attempt so far
/// provably never reached the provider and the technical pause is over.
pub fn find_uncollected(engine: &Engine, tenant_id: &TenantId, limit: i64) -> Result<Vec<InvoiceId>> {
    engine.read(tenant_id, |conn, scope| {
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
        .filter(payment_attempt::state.ne(AttemptState::Error.as_str()));
    let dunned = dunning_case::table.filter(dunning_case::invoice_id.eq(invoice::id));
    Ok(invoice::table
        .inner_join(subscription::table.on(subscription::id.nullable().eq(invoice::subscription_id)))
        .filter(invoice::tenant_id.eq(tenant_id).and(invoice::status.eq(InvoiceStatus::Open.as_str())))
        .filter(subscription::ended_at.is_null())
        .filter(not(exists(other_than_error)).and(not(exists(dunned))))
        .order(invoice::id)
        .limit(limit)
        .select(invoice::id)
        .load(conn)?)
}
