//! Brings a subscription up to now.

use crate::env::Env;
use engine::ids::{SubscriptionId, TenantId};
use engine::usecase::advance::{Advanced, advance, park};
use engine::{Error, Result};

/// Boundaries crossed in one go; after that the sweep takes over, so that nothing loops for ever.
const BOUNDARIES: usize = 4;

/// Failures after which a subscription is parked for a person.
const FAILURES: i32 = 10;

pub async fn run(env: &Env, tenant_id: TenantId, id: SubscriptionId, failures: i32) -> Result<()> {
    env.blocking(move |env| match bring_up_to_now(env, &tenant_id, &id) {
        Err(error) if failures >= FAILURES && !matches!(error, Error::Unavailable(_)) => {
            tracing::error!(subscription = %id, %error, "parked after failing again and again");
            park(&env.engine, &tenant_id, &id, &error)
        }
        outcome => outcome,
    })
    .await
}

fn bring_up_to_now(env: &Env, tenant_id: &TenantId, id: &SubscriptionId) -> Result<()> {
    for _ in 0..BOUNDARIES {
        match advance(&env.engine, tenant_id, id)? {
            Advanced::Nothing | Advanced::Held | Advanced::Ended => break,
            Advanced::Renewed | Advanced::TrialConverted => {}
        }
    }
    Ok(())
}
