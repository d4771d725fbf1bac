//! Opens a case when a charge fails for the first time, or an invoice for no subscription is overdue.

use super::{enforce, subscription_of, tell, zone_of};
use crate::db::Conn;
use crate::error::{Error, Result};
use crate::ids::{DunningId, InvoiceId, TenantId};
use crate::scope::{Engine, Scope};
use crate::store;
use crate::store::attempts::Attempt;
use crate::store::dunning::DunningCase;
use crate::store::events::Actor;
use crate::store::invoices::Invoice;
use crate::store::subscriptions::Subscription;
use crate::usecase::{record, schedule};
use domain::dunning::{CaseClock, Pinned, Step};
use domain::event::EventKind;
use domain::invoice::state::InvoiceStatus;
use domain::subscription::state::SubscriptionStatus;

/// Steps taken by opening a case.
const FIRST: usize = 1;

/// Opens the case of an invoice with the policy of today and takes its first step, which does not charge again.
/// `before` is a case of the same invoice that was over: its subscription had come back on a payment that failed in
/// the end, and dunning begins anew.
pub(super) fn open(
    tx: &mut Conn,
    scope: &Scope,
    invoice: &Invoice,
    attempt: Option<&Attempt>,
    before: Option<DunningCase>,
) -> Result<()> {
    let sub = subscription_of(tx, scope, invoice)?;
    if !is_chased(scope, invoice, sub.as_ref()) {
        return tell::first_payment_failed(tx, scope, sub.as_ref(), invoice, attempt);
    }
    let pinned = scope.settings.dunning.pinned();
    let mut case = begun(scope, invoice, sub.as_ref(), &pinned, attempt)?;
    match before {
        Some(before) => {
            case.id = before.id;
            store::dunning::update(tx, scope.id(), &case)?;
        }
        None => store::dunning::insert(tx, &case)?,
    }
    let why = attempt.and_then(Attempt::refusal);
    record::dunning(tx, scope, &case, EventKind::DunningOpened, why.as_ref())?;
    if let Some(mut sub) = sub {
        past_due(tx, scope, &mut sub, attempt)?;
    }
    if let Some(mail) = pinned.policy.steps.first().and_then(Step::mail_kind) {
        tell::tell(tx, scope, invoice, &case, mail, attempt)?;
    }
    enforce::enforce(tx, scope, &case, invoice, pinned.consequence(FIRST))
}

/// Whether anybody goes after an unpaid invoice. One for no subscription leaves its customer time until it is due.
fn is_chased(scope: &Scope, invoice: &Invoice, sub: Option<&Subscription>) -> bool {
    let in_force = match sub {
        Some(sub) => sub.is_collected() && sub.status != SubscriptionStatus::Incomplete,
        None => invoice.due_at.is_some_and(|at| at <= scope.now.billing),
    };
    in_force && invoice.disputed_since.is_none()
}

/// Invoices for no subscription whose due date has come: nobody has paid them, is paying them or chases them yet.
pub fn find_overdue(engine: &Engine, tenant_id: &TenantId, limit: i64) -> Result<Vec<InvoiceId>> {
    engine.read(tenant_id, |conn, scope| {
        let waiting = store::dunning::unchased(conn, scope.id(), None, limit)?;
        Ok(waiting.into_iter().filter(|(_, due_at)| *due_at <= scope.now.billing).map(|(id, _)| id).collect())
    })
}

/// Opens the case of an invoice that is overdue, as [`find_overdue`] found it.
pub(super) fn overdue(tx: &mut Conn, scope: &Scope, invoice: &Invoice) -> Result<()> {
    let chased = store::dunning::of_invoice(tx, scope.id(), &invoice.id)?.is_some();
    let moving = store::attempts::open_of(tx, scope.id(), &invoice.id)?.is_some();
    let one_off = invoice.subscription_id.is_none() && invoice.status == InvoiceStatus::Open;
    if one_off && !chased && !moving { open(tx, scope, invoice, None, None) } else { Ok(()) }
}

/// A case that has taken its first step.
fn begun(
    scope: &Scope,
    invoice: &Invoice,
    sub: Option<&Subscription>,
    pinned: &Pinned,
    attempt: Option<&Attempt>,
) -> Result<DunningCase> {
    let started_at = scope.now.billing;
    let step = i32::try_from(FIRST).map_err(Error::bug)?;
    Ok(DunningCase {
        id: DunningId::mint(),
        tenant_id: scope.id().clone(),
        customer_id: invoice.customer_id.clone(),
        invoice_id: invoice.id.clone(),
        subscription_id: sub.map(|sub| sub.id.clone()),
        policy_version: Some(pinned.version()),
        policy: serde_json::to_string(pinned).map_err(Error::bug)?,
        step,
        started_at,
        next_at: pinned.due_at(&CaseClock::starting(started_at), zone_of(scope, sub)?, FIRST),
        outcome: None,
        closed_at: None,
        frozen_since: None,
        frozen_us: 0,
        taken_from: 0,
        decline: attempt.and_then(|attempt| attempt.decline_kind.clone()),
    })
}

fn past_due(tx: &mut Conn, scope: &Scope, sub: &mut Subscription, attempt: Option<&Attempt>) -> Result<()> {
    if sub.status == SubscriptionStatus::Active {
        sub.status = SubscriptionStatus::PastDue;
        sub.past_due_since = Some(scope.now.billing);
        let why = attempt.and_then(Attempt::refusal);
        record::subscription(tx, scope, sub, EventKind::SubscriptionPastDue, &Actor::Worker, why.as_ref())?;
    }
    schedule::save(tx, scope, sub)
}
