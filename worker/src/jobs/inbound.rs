//! Webhooks that only say what to ask about: asks.

use crate::env::Env;
use domain::provider::Found;
use engine::ids::{InboundId, TenantId};
use engine::usecase::inbound;
use engine::{Error, Result};

/// Asks the provider whether what it told is true. Without an answer the job is tried again.
pub async fn fetch_back(env: &Env, tenant_id: TenantId, id: InboundId) -> Result<()> {
    let (tenant, event) = (tenant_id.clone(), id.clone());
    let asked = env
        .blocking(move |env| {
            let question = inbound::question(&env.engine, &tenant, &event)?;
            let ask = |question: inbound::Question| Ok((env.provider(&question.account)?, question.query));
            question.map(ask).transpose()
        })
        .await?;
    let Some(((provider, account), query)) = asked else { return Ok(()) };
    let silent = |why: String| Error::Unavailable(format!("event {id}: {why}"));
    match provider.lookup(&account, &query).await.result {
        Ok(Found::Outcome(outcome)) => {
            let event = id.clone();
            env.blocking(move |env| inbound::fetched(&env.engine, &tenant_id, &event, outcome)).await
        }
        Ok(Found::NotFound) => Err(silent("the provider does not know the payment".to_owned())),
        Err(error) => Err(silent(error.to_string())),
    }
}
