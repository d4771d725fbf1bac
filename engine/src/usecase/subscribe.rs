//! Starts a subscription: with a trial, or with its first invoice.

use super::{bill, catalog, collect, record, schedule, use_method};
use crate::error::{Error, Result};
use crate::ids::{CustomerId, MethodId, SubscriptionId, TenantId};
use crate::scope::Engine;
use crate::store;
use crate::store::events::Actor;
use crate::store::subscriptions::Subscription;
use chrono::TimeDelta;
use domain::event::EventKind;
use domain::invoice::state::{BillingReason, InvoiceStatus};
use domain::period::{Anchor, Period, Schedule};
use domain::subscription::ending::EndingPolicy;
use domain::subscription::state::SubscriptionStatus;

/// What to start.
#[derive(Debug, Clone)]
pub struct NewSubscription {
    /// For whom.
    pub customer: CustomerId,
    /// The business's own name of the price.
    pub price_code: String,
    /// How many.
    pub quantity: i64,
    /// Days of trial; the price's when not given.
    pub trial_days: Option<u32>,
    /// Charged instead of the customer's default.
    pub method: Option<MethodId>,
}

/// Starts a subscription now. With a trial nothing is charged before its end; otherwise the first invoice is
/// written and collected, and the subscription is incomplete until that is paid.
///
/// # Errors
/// `Refused` with `unknown_price` or a code of [`domain::sale::SaleRefusal`]; `NotFound` for a method that is not the customer's own.
pub fn subscribe(
    engine: &Engine,
    tenant_id: &TenantId,
    new: NewSubscription,
    actor: Actor,
) -> Result<SubscriptionId> {
    engine.write(tenant_id, move |tx, scope| {
        scope.lock(tx, &new.customer)?;
        let customer = store::customers::get(tx, scope.id(), &new.customer)?;
        if let Some(method) = &new.method {
            use_method::listed(tx, scope, &customer.id, method)?;
        }
        let (price, _, offered) = catalog::offered(tx, scope, &new.price_code)?;
        offered.by_subscription(new.quantity).map_err(catalog::refusal)?;
        let zone = match &customer.timezone {
            Some(name) => name.parse().map_err(|_| Error::bug(format!("zone {name:?}")))?,
            None => scope.settings.identity.timezone,
        };
        let now = scope.now.billing;
        let days = new.trial_days.map_or(i64::from(price.trial_days), i64::from);
        let trial_end = (days > 0).then(|| now + TimeDelta::days(days));
        let anchor = Anchor::at(trial_end.unwrap_or(now), zone);
        let first = Schedule { anchor, interval: price.interval(), anchor_index: 0 }.period(0);
        // The anchor of an hour that is shown twice reads as the first; the period begins now all the same.
        let first = Period { start: trial_end.unwrap_or(now), ..first };
        let mut sub = Subscription {
            id: SubscriptionId::mint(),
            tenant_id: scope.id().clone(),
            customer_id: customer.id,
            price_id: price.id.clone(),
            quantity: new.quantity,
            status: if trial_end.is_some() {
                SubscriptionStatus::Trialing
            } else {
                SubscriptionStatus::Incomplete
            },
            hold_reason: None,
            billing_tz: zone.name().to_owned(),
            anchor_local: anchor.local,
            anchor_index: 0,
            period_index: if trial_end.is_some() { -1 } else { 0 },
            current_period_start: now,
            current_period_end: trial_end.unwrap_or(first.end),
            trial_end,
            cancel_at: None,
            cancel_requested_at: None,
            cancel_reason: None,
            cancel_comment: None,
            ended_at: None,
            payment_method_id: new.method,
            past_due_since: None,
            review_since: None,
            next_due_at: None,
            event_seq: 0,
            created_at: scope.now.wall,
            updated_at: scope.now.wall,
            contract_until: None,
            cancel_locked: false,
            pause_at: None,
            paused_at: None,
            resume_at: None,
            remind_at: None,
            unused_time: EndingPolicy::NOTHING.unused_time,
            open_invoices: EndingPolicy::NOTHING.open_invoices,
        };
        store::subscriptions::insert(tx, &sub)?;
        if trial_end.is_none() {
            let bill = bill::period_bill(tx, scope, &sub, first)?;
            let invoice = bill::invoice_period(tx, scope, &sub, bill, BillingReason::Create, &actor)?;
            if invoice.status == InvoiceStatus::Paid {
                sub.status = SubscriptionStatus::Active;
            }
            collect::enqueue(tx, scope, &invoice)?;
        }
        record::subscription(tx, scope, &mut sub, EventKind::SubscriptionCreated, &actor, None)?;
        schedule::save(tx, scope, &mut sub)?;
        Ok(sub.id)
    })
}
