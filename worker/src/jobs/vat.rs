//! Asks VIES about a VAT id. Nothing waits for the answer: an invoice that is written meanwhile goes by what is known.

use crate::env::Env;
use crate::vies;
use domain::tax::vies::ViesAnswer;
use engine::Result;
use engine::ids::{CustomerId, TenantId};
use engine::usecase::vat_check::{learn, question};

pub async fn check(env: &Env, tenant_id: TenantId, id: CustomerId) -> Result<()> {
    let (tenant, customer) = (tenant_id.clone(), id.clone());
    let asked = env.blocking(move |env| question(&env.engine, &tenant, &customer)).await?;
    let Some(asked) = asked else { return Ok(()) };
    let answer = vies::ask(&asked).await;
    if answer == ViesAnswer::Unavailable {
        tracing::warn!(tenant = %tenant_id, customer = %id, "VIES does not answer; it is asked again later");
    }
    env.blocking(move |env| learn(&env.engine, &tenant_id, &id, asked.vat_id, answer)).await
}
