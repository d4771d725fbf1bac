//! Mails the sign-in link that somebody asked for, without another turn in the queue: people wait for it.

use super::send;
use crate::env::Env;
use engine::Result;
use engine::ids::{TenantId, TokenId};
use engine::usecase::sign_in::mail_link;

pub async fn run(env: &Env, tenant_id: TenantId, token_id: TokenId) -> Result<()> {
    let tenant = tenant_id.clone();
    match env.blocking(move |env| mail_link(&env.engine, &tenant, &token_id)).await? {
        Some(mail) => send::run(env, tenant_id, mail).await,
        None => Ok(()),
    }
}
