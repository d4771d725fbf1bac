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

/// Whether any account's last calls went without an answer.
pub fn any_failing(conn: &mut Conn, tenant_id: &TenantId) -> Result<bool> {
    let failing = provider_account::table
        .filter(provider_account::tenant_id.eq(tenant_id).and(provider_account::failed_calls.gt(0)));
    Ok(diesel::select(diesel::dsl::exists(failing)).get_result(conn)?)
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
