//! Finds what is due and asks for it. The job table may be emptied at any time: this fills it again.

use crate::env::Env;
use engine::ids::TenantId;
use engine::job::Job;
use engine::store;
use engine::usecase::test_clock::{Tick, tick};
use engine::usecase::{add_method, advance, charge, collect, dun};
use engine::{Result, Scope};

/// Rows looked at per business and kind in one sweep.
const BATCH: i64 = 5_000;

/// Days after which dead links, dead sessions and counted requests are forgotten.
const KEEP_ACCESS_DAYS: i64 = 2;

/// Looks at every business once. True when one of them had more to do than a sweep looks at.
pub async fn sweep(env: &Env) -> Result<bool> {
    env.blocking(|env| {
        let now = env.engine.clock.now();
        store::jobs::release_orphans(&env.engine.db, now)?;
        let tenants = env.engine.db.read(store::tenants::all)?;
        let mut more = false;
        for tenant in tenants {
            match forget_old_access(env, &tenant.id).and_then(|()| sweep_tenant(env, &tenant.id)) {
                Ok(full) => more |= full,
                Err(error) => tracing::error!(tenant = %tenant.slug, %error, "sweep failed"),
            }
        }
        Ok(more)
    })
    .await
}

/// Looks at one business: due dunning steps are taken, everything else becomes a job. True when there was more to
/// do than it looks at.
pub fn sweep_tenant(env: &Env, tenant_id: &TenantId) -> Result<bool> {
    let engine = &env.engine;
    let mut more = false;
    let dunned = whole(dun::find_due(engine, tenant_id, BATCH)?, &mut more);
    for invoice in dunned {
        if let Err(error) = dun::take_step(engine, tenant_id, &invoice) {
            tracing::error!(%invoice, %error, "a dunning step failed");
        }
    }
    let mut jobs = Vec::new();
    let id = || tenant_id.clone();
    for subscription_id in whole(advance::find_due(engine, tenant_id, BATCH)?, &mut more) {
        jobs.push(Job::Advance { tenant_id: id(), subscription_id });
    }
    for invoice_id in whole(collect::find_uncollected(engine, tenant_id, BATCH)?, &mut more) {
        jobs.push(Job::Collect { tenant_id: id(), invoice_id });
    }
    for attempt_id in whole(charge::find_unresolved(engine, tenant_id, BATCH)?, &mut more) {
        jobs.push(Job::Resolve { tenant_id: id(), attempt_id });
    }
    for setup_id in add_method::find_unfinished(engine, tenant_id)? {
        jobs.push(Job::CompleteSetup { tenant_id: id(), setup_id });
    }
    let (mails, documents) = engine.read(tenant_id, |conn, scope: &Scope| {
        let mails = store::mails::due(conn, scope.id(), scope.now.wall, BATCH)?;
        Ok((mails, store::documents::pending(conn, scope.id(), BATCH)?))
    })?;
    let (mails, documents) = (whole(mails, &mut more), whole(documents, &mut more));
    jobs.extend(mails.into_iter().map(|mail_id| Job::SendMail { tenant_id: id(), mail_id }));
    jobs.extend(
        documents.into_iter().map(|document_id| Job::RenderDocument { tenant_id: id(), document_id }),
    );
    engine.write(tenant_id, move |tx, scope| {
        jobs.iter().try_for_each(|job| store::jobs::enqueue_missing(tx, job, scope.now.wall, scope.now.wall))
    })?;
    Ok(more)
}

/// Notes whether a batch is full, so that there may be more.
fn whole<T>(batch: Vec<T>, more: &mut bool) -> Vec<T> {
    *more |= i64::try_from(batch.len()).is_ok_and(|rows| rows >= BATCH);
    batch
}

/// Moves the clocks of test businesses as far as their work allows. True while any is moving.
pub async fn move_test_clocks(env: &Env) -> Result<bool> {
    env.blocking(|env| {
        let tenants = env.engine.db.read(store::tenants::all)?;
        let mut moving = false;
        for tenant in tenants.into_iter().filter(|tenant| tenant.clock_target.is_some()) {
            moving = true;
            if let Err(error) = move_clock(env, &tenant.id) {
                tracing::error!(tenant = %tenant.slug, %error, "a test clock does not move");
            }
        }
        Ok(moving)
    })
    .await
}

fn move_clock(env: &Env, tenant_id: &TenantId) -> Result<()> {
    sweep_tenant(env, tenant_id)?;
    if tick(&env.engine, tenant_id)? == Tick::Stepped {
        sweep_tenant(env, tenant_id)?;
    }
    Ok(())
}

fn forget_old_access(env: &Env, tenant_id: &TenantId) -> Result<()> {
    env.engine.write(tenant_id, |tx, scope| {
        store::access::prune(tx, scope.id(), scope.now.wall - chrono::TimeDelta::days(KEEP_ACCESS_DAYS))
    })
}
