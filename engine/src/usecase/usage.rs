//! Usage: setting up what is counted, and taking in what was used.

use super::bill::items::items;
use super::change::TAX_DOES_NOT_MATTER;
use crate::error::{Error, Result};
use crate::ids::{MeterId, SubscriptionId, TenantId, UsageId};
use crate::scope::Engine;
use crate::store;
use crate::store::usage::{Meter, UsageEvent};
use domain::Instant;
use domain::usage::{Aggregation, Intake, MeterFacts, UsageRefusal, take_in};

/// A meter to set up.
#[derive(Debug, Clone)]
pub struct NewMeter {
    /// The business's own name for it.
    pub code: String,
    /// Shown to customers.
    pub name: String,
    /// How values become one quantity.
    pub aggregation: Aggregation,
}

/// Something that was used.
#[derive(Debug, Clone)]
pub struct NewUsage {
    /// For which subscription.
    pub subscription: SubscriptionId,
    /// The code of the meter that counts it.
    pub meter: String,
    /// The sender's; the same key twice counts once.
    pub key: String,
    /// A decimal, or what is counted where different values are.
    pub value: String,
    /// When, billing time; now when not given.
    pub at: Option<Instant>,
}

/// Sets up a meter. The same code twice is a conflict.
pub fn add_meter(engine: &Engine, tenant_id: &TenantId, new: NewMeter) -> Result<MeterId> {
    engine.write(tenant_id, move |tx, scope| {
        let row = Meter {
            id: MeterId::mint(),
            tenant_id: scope.id().clone(),
            code: new.code,
            name: new.name,
            aggregation: new.aggregation.into(),
            created_at: scope.now.wall,
        };
        store::usage::insert_meter(tx, &row)?;
        Ok(row.id)
    })
}

/// Takes in what was used. The same event may be sent any number of times and counts once.
///
/// # Errors
/// `Refused` with `unknown_meter`, `bad_usage`, `key_reused`, `in_the_future`, `outside_subscription`,
/// `settled` or `not_metered`.
pub fn record(engine: &Engine, tenant_id: &TenantId, new: NewUsage) -> Result<Intake> {
    engine.write(tenant_id, move |tx, scope| {
        let sub = scope.locked_subscription(tx, &new.subscription)?;
        let meter = store::usage::meter_by_code(tx, scope.id(), &new.meter)?
            .ok_or_else(|| Error::refused("unknown_meter", format!("no meter is called {:?}", new.meter)))?;
        let now = scope.now.billing;
        let row = UsageEvent {
            id: UsageId::mint(),
            tenant_id: scope.id().clone(),
            subscription_id: sub.id.clone(),
            meter_id: meter.id,
            event_key: new.key,
            value: new.value,
            occurred_at: new.at.unwrap_or(now),
            received_at: now,
            invoice_id: None,
            pending_line_id: None,
        };
        let stored = store::usage::by_key(tx, scope.id(), &row.meter_id, &row.event_key)?;
        if stored.as_ref().is_some_and(|stored| stored.subscription_id != sub.id) {
            return Err(refused(&UsageRefusal::KeyReused));
        }
        let started = store::events::first_at(tx, scope.id(), sub.id.as_str())?;
        let sold = items(tx, scope, &sub, &TAX_DOES_NOT_MATTER)?;
        let facts = MeterFacts {
            aggregation: meter.aggregation.parse().map_err(Error::bug)?,
            started_at: started.unwrap_or(sub.current_period_start),
            // From a scheduled end on nothing counts, though the worker has not come by yet.
            ended_at: sub.ended_at.or(sub.cancel_at),
            settled: sub.has_ended(),
            metered: sold.iter().any(|sold| sold.price.meter_id.as_ref() == Some(&row.meter_id)),
        };
        let stored = stored.map(|stored| stored.as_event());
        let intake = take_in(&row.as_event(), stored.as_ref(), &facts, now).map_err(|why| refused(&why))?;
        if intake == Intake::New {
            store::usage::insert(tx, &row)?;
        }
        Ok(intake)
    })
}

fn refused(why: &UsageRefusal) -> Error {
    let code = match why {
        UsageRefusal::Key | UsageRefusal::Quantity(_) | UsageRefusal::Value => "bad_usage",
        UsageRefusal::KeyReused => "key_reused",
        UsageRefusal::Future => "in_the_future",
        UsageRefusal::OutsideSubscription => "outside_subscription",
        UsageRefusal::Settled => "settled",
        UsageRefusal::NotMetered => "not_metered",
    };
    Error::refused(code, why.to_string())
}
