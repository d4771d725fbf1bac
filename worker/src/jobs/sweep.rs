//! Finds what is due and asks for it. The job table may be emptied at any time: this fills it again.

use crate::env::Env;
use chrono::TimeDelta;
use engine::Result;
use engine::ids::TenantId;
use engine::store;
use engine::usecase::sweep::sweep_tenant;
use engine::usecase::test_clock::{Tick, tick};

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
            match forget(env, &tenant.id).and_then(|()| sweep_tenant(&env.engine, &tenant.id)) {
                Ok(full) => more |= full,
                Err(error) => tracing::error!(tenant = %tenant.slug, %error, "sweep failed"),
            }
        }
        Ok(more)
    })
    .await
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
    sweep_tenant(&env.engine, tenant_id)?;
    if tick(&env.engine, tenant_id)? == Tick::Stepped {
        sweep_tenant(&env.engine, tenant_id)?;
    }
    Ok(())
}

/// Forgets what has been kept for long enough.
fn forget(env: &Env, tenant_id: &TenantId) -> Result<()> {
    env.engine.write(tenant_id, |tx, scope| {
        let days_ago = |days| scope.now.wall - TimeDelta::days(days);
        let keep_calls = scope.installation.installation.payments.keep_calls_days;
        store::access::prune(tx, scope.id(), days_ago(KEEP_ACCESS_DAYS))?;
        store::provider_calls::prune(tx, scope.id(), days_ago(keep_calls.into()))
    })
}
