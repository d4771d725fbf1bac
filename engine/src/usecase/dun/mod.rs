//! Dunning: retries, mails and escalation of one invoice, step by step by the policy pinned to its case. One verb a
//! file; `domain::dunning` decides.

mod enforce;
mod failed;
mod freeze;
mod method;
mod open;
mod step;
mod tell;

pub use freeze::find_turning;
pub use open::find_overdue;
pub use step::{find_due, take_step};

pub(crate) use failed::{after_the_end, no_method, not_executed, payment_failed, withdraw_what_never_began};
pub(crate) use method::{may_try_by_hand, method_chosen, try_again};
pub(crate) use tell::facts_of;

use super::{record, schedule};
use crate::db::Conn;
use crate::error::{Error, Result};
use crate::ids::InvoiceId;
use crate::job::Job;
use crate::scope::Scope;
use crate::store;
use crate::store::attempts::Attempt;
use crate::store::dunning::DunningCase;
use crate::store::invoices::Invoice;
use crate::store::methods::PaymentMethod;
use crate::store::subscriptions::Subscription;
use chrono::TimeDelta;
use chrono_tz::Tz;
use domain::dunning::{Case, CaseClock, CaseOutcome, Pinned};
use domain::event::{EventKind, Reason};

/// Ends an invoice's case, if one is open.
pub(crate) fn close(tx: &mut Conn, scope: &Scope, id: &InvoiceId, outcome: CaseOutcome) -> Result<()> {
    if let Some(mut case) = store::dunning::open_of(tx, scope.id(), id)? {
        case.outcome = Some(outcome.into());
        case.closed_at = Some(scope.now.billing);
        case.next_at = None;
        store::dunning::update(tx, scope.id(), &case)?;
        record::dunning(tx, scope, &case, EventKind::DunningClosed, Some(&Reason::Dunned(outcome)))?;
    }
    Ok(())
}

/// Asks the worker to go on with an attempt that this transaction opened.
pub(crate) fn drive(tx: &mut Conn, scope: &Scope, attempt: &Attempt) -> Result<()> {
    let job = Job::Resolve { tenant_id: scope.id().clone(), attempt_id: attempt.id.clone() };
    store::jobs::enqueue(tx, &job, scope.now.wall, scope.now.wall)
}

/// The policy and hours that a case began with.
pub(crate) fn pinned(case: &DunningCase) -> Result<Pinned> {
    serde_json::from_str(&case.policy).map_err(Error::bug)
}

/// The clock of a case.
pub(crate) fn clock(case: &DunningCase) -> CaseClock {
    CaseClock {
        started_at: case.started_at,
        frozen_since: case.frozen_since,
        frozen: TimeDelta::microseconds(case.frozen_us),
    }
}

/// What decides about a case. `method` is what its invoice would be charged to.
pub(crate) fn case_facts(
    conn: &mut Conn,
    scope: &Scope,
    case: &DunningCase,
    method: Option<&PaymentMethod>,
) -> Result<Case> {
    let sub = case.subscription_id.as_ref();
    let sub = sub.map(|id| store::subscriptions::get(conn, scope.id(), id)).transpose()?;
    Ok(Case {
        clock: clock(case),
        zone: zone_of(scope, sub.as_ref())?,
        step: usize::try_from(case.step).map_err(Error::bug)?,
        decline: case.decline.as_deref().and_then(|kind| kind.parse().ok()),
        has_method: method.is_some(),
        attempt_open: store::attempts::open_of(conn, scope.id(), &case.invoice_id)?.is_some(),
    })
}

/// The zone in which the hours of a case are read.
fn zone_of(scope: &Scope, sub: Option<&Subscription>) -> Result<Tz> {
    sub.map_or(Ok(scope.settings.identity.timezone), |sub| Ok(sub.anchor()?.zone))
}

/// The subscription that an invoice is for, if it is for one.
fn subscription_of(conn: &mut Conn, scope: &Scope, invoice: &Invoice) -> Result<Option<Subscription>> {
    let id = invoice.subscription_id.as_ref();
    id.map(|id| store::subscriptions::get(conn, scope.id(), id)).transpose()
}

/// What an invoice would be charged to by itself.
pub(crate) fn method_of(conn: &mut Conn, scope: &Scope, invoice: &Invoice) -> Result<Option<PaymentMethod>> {
    let customer = store::customers::get(conn, scope.id(), &invoice.customer_id)?;
    match subscription_of(conn, scope, invoice)? {
        Some(sub) => schedule::effective_method(conn, scope, &sub, &customer),
        None => schedule::default_method(conn, scope, &customer),
    }
}
