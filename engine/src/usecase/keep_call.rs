//! Keeps the recording of a provider's call, so that another component can be tried on it.

use crate::error::Result;
use crate::ids::{AccountId, CallId, TenantId};
use crate::scope::Engine;
use crate::settings::Secret;
use crate::store;
use crate::store::provider_calls::ProviderCall;
use crate::vault::{self, Place};

/// A call that has ended.
#[derive(Debug)]
pub struct NewCall {
    /// The account that was called for.
    pub account: AccountId,
    /// The idempotency key of the charge or refund that it was about, where it was about one.
    pub key: Option<String>,
    /// Name of the provider.
    pub provider: String,
    /// SHA-256 of the component, in hexadecimal.
    pub component: String,
    /// The function of the contract.
    pub function: &'static str,
    /// The recording. It holds what the provider is told of customers.
    pub tape: Secret,
}

/// Keeps a call, sealed, unless the settings keep none. Nothing hangs on it: whoever cannot keep one goes on.
pub fn keep_call(engine: &Engine, tenant_id: &TenantId, call: NewCall) -> Result<()> {
    let id = CallId::mint();
    let tape = vault::seal(&engine.keys, place(tenant_id, &id), &call.tape)?;
    engine.write(tenant_id, move |tx, scope| {
        if scope.installation.installation.payments.keep_calls_days == 0 {
            return Ok(());
        }
        let attempt_id = match &call.key {
            Some(key) => store::attempts::id_of_key(tx, scope.id(), &call.account, key)?,
            None => None,
        };
        let row = ProviderCall {
            id,
            tenant_id: scope.id().clone(),
            provider_account_id: call.account,
            attempt_id,
            provider: call.provider,
            component: call.component,
            function: call.function.to_owned(),
            called_at: scope.now.wall,
            tape,
        };
        store::provider_calls::insert(tx, &row)
    })
}

/// Where a tape is sealed for.
pub(crate) fn place<'a>(tenant_id: &'a TenantId, id: &'a CallId) -> Place<'a> {
    Place { tenant_id: tenant_id.as_str(), table: "provider_call", column: "tape", row_id: id.as_str() }
}
