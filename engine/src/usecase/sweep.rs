//! Finds what is due for a business and asks for it. The job table may be emptied at any time: this fills it again.

use super::{add_method, advance, charge, collect, dun, inbound, reconcile, remind, vat_check};
use crate::error::Result;
use crate::ids::TenantId;
use crate::job::Job;
use crate::scope::{Engine, Scope};
use crate::store;

/// Rows looked at per kind in one sweep.
const BATCH: i64 = 5_000;

/// Looks at one business: due dunning steps are taken and reminders queued, everything else becomes a job. True when
/// there was more to do than it looks at.
pub fn sweep_tenant(engine: &Engine, tenant_id: &TenantId) -> Result<bool> {
    let mut more = false;
    let mut jobs = Vec::new();
    // What has begun goes on; by a clock that is doubted nothing falls due.
    if !engine.read(tenant_id, |_, scope| Ok(scope.clock_is_doubted()))? {
        jobs.extend(fallen_due(engine, tenant_id, &mut more)?);
    }
    jobs.extend(begun(engine, tenant_id, &mut more)?);
    if jobs.is_empty() {
        return Ok(more);
    }
    engine.write(tenant_id, move |tx, scope| {
        jobs.iter().try_for_each(|job| store::jobs::enqueue_missing(tx, job, scope.now.wall, scope.now.wall))
    })?;
    Ok(more)
}

/// Takes steps of dunning and queues reminders; answers with the jobs for boundaries, invoices and VAT ids.
fn fallen_due(engine: &Engine, tenant_id: &TenantId, more: &mut bool) -> Result<Vec<Job>> {
    let mut dunned = whole(dun::find_due(engine, tenant_id, BATCH)?, more);
    dunned.extend(whole(dun::find_overdue(engine, tenant_id, BATCH)?, more));
    dunned.extend(whole(dun::find_turning(engine, tenant_id, BATCH)?, more));
    for invoice in dunned {
        if let Err(error) = dun::take_step(engine, tenant_id, &invoice) {
            tracing::error!(%invoice, %error, "a dunning step failed");
        }
    }
    for subscription in whole(remind::find_due(engine, tenant_id, BATCH)?, more) {
        if let Err(error) = remind::remind(engine, tenant_id, &subscription) {
            tracing::error!(%subscription, %error, "a reminder failed");
        }
    }
    let mut jobs = Vec::new();
    let id = || tenant_id.clone();
    for subscription_id in whole(advance::find_due(engine, tenant_id, BATCH)?, more) {
        jobs.push(Job::Advance { tenant_id: id(), subscription_id });
    }
    for invoice_id in whole(collect::find_uncollected(engine, tenant_id, BATCH)?, more) {
        jobs.push(Job::Collect { tenant_id: id(), invoice_id });
    }
    for customer_id in whole(vat_check::find_due(engine, tenant_id, BATCH)?, more) {
        jobs.push(Job::CheckVat { tenant_id: id(), customer_id });
    }
    Ok(jobs)
}

/// The jobs for attempts, setups, mails and documents that are not at their end.
fn begun(engine: &Engine, tenant_id: &TenantId, more: &mut bool) -> Result<Vec<Job>> {
    for event in whole(inbound::find_due(engine, tenant_id, BATCH)?, more) {
        if let Err(error) = inbound::look_again(engine, tenant_id, &event) {
            tracing::error!(%event, %error, "a provider's event failed");
        }
    }
    let mut jobs = Vec::new();
    let id = || tenant_id.clone();
    for attempt_id in whole(charge::find_unresolved(engine, tenant_id, BATCH)?, more) {
        jobs.push(Job::Resolve { tenant_id: id(), attempt_id });
    }
    for account_id in reconcile::find_due(engine, tenant_id)? {
        jobs.push(Job::Reconcile { tenant_id: id(), account_id });
    }
    for setup_id in add_method::find_unfinished(engine, tenant_id)? {
        jobs.push(Job::CompleteSetup { tenant_id: id(), setup_id });
    }
    let (mails, documents) = engine.read(tenant_id, |conn, scope: &Scope| {
        let mails = store::mails::due(conn, scope.id(), scope.now.wall, BATCH)?;
        Ok((mails, store::documents::pending(conn, scope.id(), BATCH)?))
    })?;
    let (mails, documents) = (whole(mails, more), whole(documents, more));
    jobs.extend(mails.into_iter().map(|mail_id| Job::SendMail { tenant_id: id(), mail_id }));
    jobs.extend(
        documents.into_iter().map(|document_id| Job::RenderDocument { tenant_id: id(), document_id }),
    );
    Ok(jobs)
}

/// Notes whether a batch is full, so that there may be more.
fn whole<T>(batch: Vec<T>, more: &mut bool) -> Vec<T> {
    *more |= i64::try_from(batch.len()).is_ok_and(|rows| rows >= BATCH);
    batch
}
