//! Recorded calls of providers, opened for whoever runs them again.

use crate::error::Result;
use crate::ids::{AttemptId, CallId, TenantId};
use crate::scope::Engine;
use crate::settings::Secret;
use crate::store;
use crate::store::provider_calls::{ProviderCall, Which};
use crate::usecase::keep_call::place;
use crate::vault;

/// Calls read at once: each may be as large as a quarter of a megabyte.
const PAGE: i64 = 100;

/// A recorded call.
#[derive(Debug)]
pub struct RecordedCall {
    /// Its id.
    pub id: CallId,
    /// The charge or refund that it was about, where it was about one.
    pub attempt_id: Option<AttemptId>,
    /// Name of the provider.
    pub provider: String,
    /// The function of the contract.
    pub function: String,
    /// The recording; none where it does not open, for it was sealed with another key.
    pub tape: Option<Secret>,
}

/// Some calls of a business in the order in which they ended, those after one of them. An empty answer is the end.
pub fn recorded_calls(
    engine: &Engine,
    tenant_id: &TenantId,
    which: &Which,
    after: Option<&CallId>,
) -> Result<Vec<RecordedCall>> {
    let rows = engine.db.read(|conn| store::provider_calls::page(conn, tenant_id, which, after, PAGE))?;
    let open = |row: ProviderCall| RecordedCall {
        tape: vault::open(&engine.keys, place(tenant_id, &row.id), &row.tape).ok(),
        id: row.id,
        attempt_id: row.attempt_id,
        provider: row.provider,
        function: row.function,
    };
    Ok(rows.into_iter().map(open).collect())
}
