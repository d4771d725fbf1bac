//! The business sets how a customer is billed: their tax, and the zone of their days.

use super::edit_customer;
use crate::error::Result;
use crate::ids::{CustomerId, TenantId};
use crate::scope::Engine;
use crate::store;
use crate::store::events::Actor;
use chrono_tz::Tz;
use domain::event::{EventKind, Why};
use domain::tax::TaxRate;

/// What is set; what is not said stays as it is.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Terms {
    /// They pay no tax, whatever else holds.
    pub tax_exempt: Option<bool>,
    /// Their own rate of tax; inside, none means what holds for everybody.
    pub tax_rate: Option<Option<TaxRate>>,
    /// Their zone, for subscriptions that begin from now on; inside, none means the business's.
    pub timezone: Option<Option<Tz>>,
}

/// Sets a customer's terms. Tax holds from the next document on; what was written stays.
pub fn set_terms(
    engine: &Engine,
    tenant_id: &TenantId,
    owner: &CustomerId,
    terms: Terms,
    actor: Actor,
) -> Result<()> {
    let owner = owner.clone();
    engine.write(tenant_id, move |tx, scope| {
        scope.lock(tx, &owner)?;
        let mut customer = store::customers::get(tx, scope.id(), &owner)?;
        if let Some(exempt) = terms.tax_exempt {
            customer.tax_exempt = exempt;
        }
        if let Some(rate) = terms.tax_rate {
            customer.tax_rate = rate.map(|rate| i64::from(rate.0));
        }
        if let Some(zone) = terms.timezone {
            customer.timezone = zone.map(|zone| zone.name().to_owned());
        }
        let (kind, why) = (EventKind::CustomerUpdated, Why::Terms.into());
        edit_customer::save_as(tx, scope, &mut customer, kind, &actor, Some(&why))
    })
}
