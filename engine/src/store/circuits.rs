//! How the last calls of provider accounts went.

use crate::db::Conn;
use crate::db::schema::provider_account;
use crate::error::Result;
use crate::ids::{AccountId, TenantId};
use diesel::prelude::*;
use domain::Instant;
use domain::payment::circuit::Circuit;

/// The last calls of one account.
pub fn of(conn: &mut Conn, tenant_id: &TenantId, account: &AccountId) -> Result<Circuit> {
    let (failed_calls, last_failed_at) = provider_account::table
        .filter(provider_account::tenant_id.eq(tenant_id).and(provider_account::id.eq(account)))
        .select((provider_account::failed_calls, provider_account::last_failed_at))
        .first::<(i32, Option<Instant>)>(conn)?;
    Ok(Circuit { failed_calls, last_failed_at })
}

/// As [`of`], held until the caller's transaction ends, so that of calls that fail side by side each is counted.
pub fn hold(conn: &mut Conn, tenant_id: &TenantId, account: &AccountId) -> Result<Circuit> {
    crate::db::dialect::lock(conn, tenant_id.as_str(), account.as_str())?;
    of(conn, tenant_id, account)
}

/// The last calls of each account.
pub fn all(conn: &mut Conn, tenant_id: &TenantId) -> Result<Vec<Circuit>> {
    let rows: Vec<(i32, Option<Instant>)> = provider_account::table
        .filter(provider_account::tenant_id.eq(tenant_id))
        .select((provider_account::failed_calls, provider_account::last_failed_at))
        .load(conn)?;
    let circuit = |(failed_calls, last_failed_at)| Circuit { failed_calls, last_failed_at };
    Ok(rows.into_iter().map(circuit).collect())
}

/// Saves how an account's last calls went.
pub fn update(conn: &mut Conn, tenant_id: &TenantId, account: &AccountId, circuit: Circuit) -> Result<()> {
    let this = provider_account::table
        .filter(provider_account::tenant_id.eq(tenant_id).and(provider_account::id.eq(account)));
    let set = (
        provider_account::failed_calls.eq(circuit.failed_calls),
        provider_account::last_failed_at.eq(circuit.last_failed_at),
    );
    diesel::update(this).set(set).execute(conn)?;
    Ok(())
}
