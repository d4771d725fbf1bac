//! Brings a subscription up to now.

use crate::env::Env;
use engine::Result;
use engine::ids::{SubscriptionId, TenantId};
use engine::usecase::advance::{Advanced, advance};

/// Boundaries crossed in one go; after that the sweep takes over, so that nothing loops for ever.
const BOUNDARIES: usize = 4;

pub async fn run(env: &Env, tenant_id: TenantId, id: SubscriptionId) -> Result<()> {
    env.blocking(move |env| {
        for _ in 0..BOUNDARIES {
            match advance(&env.engine, &tenant_id, &id)? {
                Advanced::Nothing | Advanced::Held | Advanced::Ended => break,
                Advanced::Renewed | Advanced::TrialConverted => {}
            }
        }
        Ok(())
    })
    .await
}
