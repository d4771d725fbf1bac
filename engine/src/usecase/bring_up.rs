//! Brings a subscription up to now, over as many boundaries as it has passed.

use super::advance::{Advanced, advance, park};
use crate::error::{Error, Result};
use crate::ids::{SubscriptionId, TenantId};
use crate::scope::Engine;
use domain::subscription::due::PARK_AFTER_FAILURES;

/// Boundaries crossed in one go; after that the sweep takes over, so that nothing loops for ever.
const BOUNDARIES: usize = 4;

/// Advances a subscription until it has reached now. One that has failed too often before is parked; if it cannot be, it
/// goes on failing, which is seen.
pub fn bring_up_to_now(
    engine: &Engine,
    tenant_id: &TenantId,
    id: &SubscriptionId,
    failures: i32,
) -> Result<()> {
    match cross(engine, tenant_id, id) {
        Err(error) if failures >= PARK_AFTER_FAILURES && !matches!(error, Error::Unavailable(_)) => {
            let parked = park(engine, tenant_id, id, &error)?;
            tracing::error!(subscription = %id, %error, parked, "failed again and again");
            if parked { Ok(()) } else { Err(error) }
        }
        outcome => outcome,
    }
}

fn cross(engine: &Engine, tenant_id: &TenantId, id: &SubscriptionId) -> Result<()> {
    for _ in 0..BOUNDARIES {
        match advance(engine, tenant_id, id)? {
            Advanced::Nothing | Advanced::Held | Advanced::Ended => break,
            Advanced::Renewed | Advanced::TrialConverted => {}
        }
    }
    Ok(())
}
