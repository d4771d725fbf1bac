//! What handlers work with, and the edge between async and the blocking database.

use crate::mail::Mailer;
use crate::pdf::PdfRenderer;
use engine::ids::AccountId;
use engine::settings::Secret;
use engine::store::methods::ProviderAccount;
use engine::usecase::catalog::open_account;
use engine::usecase::keep_call::{NewCall, keep_call};
use engine::{Engine, Error, Result};
use plugin_host::{Account, Host, Keep, Provider, SecretValue, Tape};
use std::sync::Arc;
use templates::Renderer;

/// Everything a handler may use. Cheap to clone.
#[derive(Clone)]
pub struct Env {
    /// Use cases and stores.
    pub engine: Engine,
    /// Payment providers.
    pub providers: Host,
    /// Mail texts and the invoice.
    pub renderer: Arc<Renderer>,
    /// PDF documents.
    pub pdf: Arc<PdfRenderer>,
    /// Where mail goes.
    pub mailer: Arc<Mailer>,
    /// Name of this process in leases; unique per start.
    pub owner: Arc<str>,
}

impl Env {
    /// Runs blocking work (database, PDF) off the async threads.
    pub async fn blocking<T, F>(&self, work: F) -> Result<T>
    where
        T: Send + 'static,
        F: FnOnce(&Self) -> Result<T> + Send + 'static,
    {
        let env = self.clone();
        tokio::task::spawn_blocking(move || work(&env)).await.map_err(Error::bug)?
    }

    /// The provider behind an account, its calls recorded as the settings want it, and the account with its secrets opened
    /// for the host alone.
    ///
    /// # Errors
    /// `Unavailable` when the provider is not installed here.
    pub fn provider(&self, row: &ProviderAccount) -> Result<(Arc<Provider>, Account)> {
        let provider =
            self.providers.provider(&row.provider).ok_or_else(|| missing(&row.provider, &row.id))?;
        let opened = open_account(&self.engine, row)?;
        let secret = |(key, value): (String, Secret)| (key, SecretValue::new(value.expose().to_owned()));
        let secrets = opened.secrets.into_iter().map(secret).collect();
        let account = Account {
            tenant: row.tenant_id.to_string(),
            id: row.id.to_string(),
            settings: opened.settings,
            secrets,
            grants: opened.grants,
        };
        let keeps = self.engine.settings.current().installation.payments.keep_calls_days > 0;
        let provider = if keeps { Arc::new(provider.recorded(self.keeper(row))) } else { provider };
        Ok((provider, account))
    }

    /// Keeps the tapes of an account's calls. It is done on the side: no payment waits for it, and none fails with it.
    fn keeper(&self, row: &ProviderAccount) -> Keep {
        let (engine, tenant, account) = (self.engine.clone(), row.tenant_id.clone(), row.id.clone());
        Arc::new(move |tape: Tape| {
            let (engine, tenant, account) = (engine.clone(), tenant.clone(), account.clone());
            tokio::task::spawn_blocking(move || {
                let call = NewCall {
                    account,
                    key: tape.key().map(str::to_owned),
                    provider: tape.provider().to_owned(),
                    component: tape.component().to_owned(),
                    function: tape.function(),
                    tape: Secret::new(tape.to_text()),
                };
                if let Err(error) = keep_call(&engine, &tenant, call) {
                    tracing::warn!(%error, "a provider's call is not kept");
                }
            });
        })
    }
}

fn missing(provider: &str, account: &AccountId) -> Error {
    Error::Unavailable(format!("provider {provider} of account {account} is not installed"))
}
