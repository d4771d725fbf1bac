//! Recorded calls of providers' components, for as long as the settings keep them.

use crate::db::Conn;
use crate::db::schema::provider_call;
use crate::error::Result;
use crate::ids::{AccountId, AttemptId, CallId, TenantId};
use diesel::prelude::*;
use domain::Instant;

/// A recorded call. Written once.
#[derive(Debug, Clone, Queryable, Selectable, Insertable)]
#[diesel(table_name = provider_call)]
pub struct ProviderCall {
    /// Its id.
    pub id: CallId,
    /// The business.
    pub tenant_id: TenantId,
    /// The account that was called for.
    pub provider_account_id: AccountId,
    /// The charge or refund that it was about, where it was about one.
    pub attempt_id: Option<AttemptId>,
    /// Name of the provider.
    pub provider: String,
    /// SHA-256 of the component, in hexadecimal.
    pub component: String,
    /// The function of the contract.
    pub function: String,
    /// When it ended, wall time.
    pub called_at: Instant,
    /// The recording, sealed.
    pub tape: String,
}

/// Which calls; those of everybody since ever when nothing is said.
#[derive(Debug, Clone, Default)]
pub struct Which {
    /// Of this provider.
    pub provider: Option<String>,
    /// About this charge or refund.
    pub attempt: Option<AttemptId>,
    /// That ended at this moment or later.
    pub since: Option<Instant>,
}

/// Calls in the order in which they ended, after one of them, so many at most.
pub fn page(
    conn: &mut Conn,
    tenant_id: &TenantId,
    which: &Which,
    after: Option<&CallId>,
    limit: i64,
) -> Result<Vec<ProviderCall>> {
    let mut calls = provider_call::table.filter(provider_call::tenant_id.eq(tenant_id)).into_boxed();
    if let Some(provider) = &which.provider {
        calls = calls.filter(provider_call::provider.eq(provider));
    }
    if let Some(attempt) = &which.attempt {
        calls = calls.filter(provider_call::attempt_id.eq(attempt));
    }
    if let Some(since) = which.since {
        calls = calls.filter(provider_call::called_at.ge(since));
    }
    if let Some(after) = after {
        calls = calls.filter(provider_call::id.gt(after));
    }
    Ok(calls.order(provider_call::id).limit(limit).select(ProviderCall::as_select()).load(conn)?)
}

/// Adds a call.
pub fn insert(conn: &mut Conn, row: &ProviderCall) -> Result<()> {
    diesel::insert_into(provider_call::table).values(row.clone()).execute(conn)?;
    Ok(())
}

/// Forgets the calls that ended before a moment.
pub fn prune(conn: &mut Conn, tenant_id: &TenantId, before: Instant) -> Result<()> {
    let old = provider_call::table
        .filter(provider_call::tenant_id.eq(tenant_id).and(provider_call::called_at.lt(before)));
    diesel::delete(old).execute(conn)?;
    Ok(())
}
