//! Asks a provider for its list of charges and refunds, and has it compared with ours.

use crate::env::Env;
use chrono::TimeDelta;
use domain::Instant;
use domain::provider::{Found, Listed, LookupRequest};
use engine::ids::{AccountId, AttemptId, TenantId};
use engine::usecase::reconcile::{self, Occasion, Report};
use engine::{Error, Result, store};
use plugin_host::{Account, Provider};
use std::collections::BTreeSet;

/// Pages after which a list is taken for one that never ends.
const MOST_PAGES: usize = 10_000;

/// How soon a provider that did not list is asked again.
const AGAIN: TimeDelta = TimeDelta::hours(1);

/// The daily comparison of one account. A provider that does not answer is asked again in an hour.
pub(super) async fn daily(env: &Env, tenant_id: TenantId, account_id: AccountId) -> Result<()> {
    let put_off = match account(env, &tenant_id, &account_id, None, Occasion::Daily).await {
        Ok(Some(_)) => return Ok(()),
        Ok(None) => TimeDelta::days(1),
        Err(Error::Unavailable(why)) => {
            tracing::warn!(account = %account_id, why, "the provider's list was not compared");
            AGAIN
        }
        Err(error) => return Err(error),
    };
    env.blocking(move |env| reconcile::put_off(&env.engine, &tenant_id, &account_id, put_off)).await
}

/// Compares one account since a moment, or since it was compared last. None when its provider cannot list.
///
/// # Errors
/// `Unavailable` when the provider does not answer.
pub async fn account(
    env: &Env,
    tenant_id: &TenantId,
    account_id: &AccountId,
    since: Option<Instant>,
    occasion: Occasion,
) -> Result<Option<Report>> {
    let (tenant, id) = (tenant_id.clone(), account_id.clone());
    let (provider, account, since, began) = env
        .blocking(move |env| {
            let row =
                env.engine.read(&tenant, |conn, scope| store::methods::account(conn, scope.id(), &id))?;
            let (provider, account) = env.provider(&row)?;
            let since = since.map_or_else(|| reconcile::since(&env.engine, &tenant, &id), Ok)?;
            Ok((provider, account, since, env.engine.clock.now()))
        })
        .await?;
    if !provider.manifest().capabilities.list_since {
        return Ok(None);
    }
    let list = list(&provider, &account, since).await?;
    let (tenant, id) = (tenant_id.clone(), account_id.clone());
    let (mut report, questions) = env
        .blocking(move |env| {
            let report = reconcile::take_in(&env.engine, &tenant, &id, &list)?;
            Ok((report, reconcile::unlisted(&env.engine, &tenant, &id, since, &list)?))
        })
        .await?;
    report.missing = missing(&provider, &account, questions).await?;
    let (tenant, id) = (tenant_id.clone(), account_id.clone());
    env.blocking(move |env| {
        reconcile::not_there(&env.engine, &tenant, &report.missing)?;
        reconcile::finish(&env.engine, &tenant, &id, began, &report, occasion)?;
        Ok(Some(report))
    })
    .await
}

/// The whole list, or an error: a part of it would say that the rest is missing.
async fn list(provider: &Provider, account: &Account, since: Instant) -> Result<Vec<Listed>> {
    let failed = |why: &dyn std::fmt::Display| Error::Unavailable(format!("list of {}: {why}", account.id));
    let (mut list, mut cursor, mut seen) = (Vec::new(), None, BTreeSet::new());
    for _ in 0..MOST_PAGES {
        let page =
            provider.list_since(account, since, cursor).await.result.map_err(|error| failed(&error))?;
        list.extend(page.items);
        match page.next {
            None => return Ok(list),
            Some(next) if !seen.insert(next.clone()) => return Err(failed(&"it goes round in circles")),
            next => cursor = next,
        }
    }
    Err(failed(&"it has no end"))
}

/// Those that the provider does not know when it is asked for them by name.
async fn missing(
    provider: &Provider,
    account: &Account,
    questions: Vec<(AttemptId, LookupRequest)>,
) -> Result<Vec<AttemptId>> {
    let mut missing = Vec::new();
    if provider.manifest().capabilities.lookup.is_none() {
        return Ok(missing);
    }
    for (id, question) in questions {
        match provider.lookup(account, &question).await.result {
            Ok(Found::NotFound) => missing.push(id),
            Ok(Found::Outcome(_)) => {}
            Err(error) => return Err(Error::Unavailable(format!("{id}: {error}"))),
        }
    }
    Ok(missing)
}
