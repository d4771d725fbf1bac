//! Payment methods at the provider: what became of a setup, and forgetting a removed one.

use crate::env::Env;
use domain::provider::{CallContext, SetupState};
use engine::ids::{MethodId, SetupId, TenantId};
use engine::store;
use engine::store::methods::MethodStatus;
use engine::usecase::{add_method, use_method};
use engine::{Error, Result};

/// Milliseconds a call about a payment method may take.
const DEADLINE_MS: u32 = 30_000;

/// Asks the provider how a setup stands; the browser's word for it is not taken.
pub async fn complete(env: &Env, tenant_id: TenantId, id: SetupId) -> Result<()> {
    let (tenant, setup_id) = (tenant_id.clone(), id.clone());
    let (provider, account, setup_ref) = env
        .blocking(move |env| {
            let (row, setup_ref) = env.engine.read(&tenant, |conn, scope| {
                let setup = store::methods::setup(conn, scope.id(), &setup_id)?;
                let row = store::methods::account(conn, scope.id(), &setup.provider_account_id)?;
                Ok((row, setup.provider_ref))
            })?;
            let (provider, account) = env.provider(&row)?;
            Ok((provider, account, setup_ref))
        })
        .await?;
    let found = match setup_ref {
        None => SetupState::Open,
        Some(setup_ref) => provider
            .complete_setup(&account, &setup_ref)
            .await
            .result
            .map_err(|error| Error::Unavailable(format!("setup {id}: {error}")))?,
    };
    env.blocking(move |env| add_method::complete(&env.engine, &tenant_id, &id, found)).await
}

/// Lets the provider forget a method that was removed and that nothing uses any more.
pub async fn detach(env: &Env, tenant_id: TenantId, id: MethodId) -> Result<()> {
    let (tenant, method_id) = (tenant_id.clone(), id.clone());
    let loaded = env
        .blocking(move |env| {
            let (method, row) = env.engine.read(&tenant, |conn, scope| {
                let method = store::methods::get(conn, scope.id(), &method_id)?;
                let row = store::methods::account(conn, scope.id(), &method.provider_account_id)?;
                let unused = method.status == MethodStatus::Hidden
                    && !store::methods::is_bound(conn, scope.id(), &method_id)?;
                Ok((unused.then_some(method), row))
            })?;
            Ok((method, env.provider(&row)?))
        })
        .await?;
    let (Some(method), (provider, account)) = loaded else {
        return Ok(());
    };
    let context = CallContext {
        key: format!("detach-{id}"),
        reference: id.to_string(),
        seq: 1,
        deadline_ms: DEADLINE_MS,
    };
    provider
        .detach(&account, &context, &method.provider_ref)
        .await
        .result
        .map_err(|error| Error::Unavailable(format!("detach {id}: {error}")))?;
    env.blocking(move |env| use_method::detached(&env.engine, &tenant_id, &id)).await
}
