//! Subscriptions.

use crate::db::Conn;
use crate::db::schema::subscription;
use crate::error::{Error, Result};
use crate::ids::{CustomerId, MethodId, PriceId, SubscriptionId, TenantId};
use crate::store::catalog::Price;
use diesel::prelude::*;
use domain::Instant;
use domain::period::{Anchor, Schedule};
use domain::subscription::ending::{OpenInvoices, UnusedTime};
use domain::subscription::state::SubscriptionStatus;

/// A subscription. Times are billing time unless they say otherwise.
#[derive(Debug, Clone, Queryable, Selectable, Insertable, AsChangeset)]
#[diesel(table_name = subscription, treat_none_as_null = true)]
pub struct Subscription {
    /// Its id.
    pub id: SubscriptionId,
    /// The business.
    #[diesel(skip_update)]
    pub tenant_id: TenantId,
    /// Whose it is.
    #[diesel(skip_update)]
    pub customer_id: CustomerId,
    /// What is bought.
    pub price_id: PriceId,
    /// How many.
    pub quantity: i64,
    /// Where it stands.
    #[diesel(deserialize_as = String, serialize_as = String)]
    pub status: SubscriptionStatus,
    /// Why it is on hold: `payment_failed` or `trial_no_method`.
    pub hold_reason: Option<String>,
    /// IANA zone of all its boundaries, fixed at the start.
    pub billing_tz: String,
    /// Civil time from which periods are computed.
    pub anchor_local: Instant,
    /// `period_index` of the period that starts at the anchor.
    pub anchor_index: i64,
    /// Number of the current period; only grows.
    pub period_index: i64,
    /// Start of the current period (or of the trial).
    pub current_period_start: Instant,
    /// End of the current period (or of the trial).
    pub current_period_end: Instant,
    /// End of the trial, for those that had one.
    pub trial_end: Option<Instant>,
    /// When a scheduled cancellation takes effect.
    pub cancel_at: Option<Instant>,
    /// When it was asked for.
    pub cancel_requested_at: Option<Instant>,
    /// Why: a word of `CancelReason`.
    pub cancel_reason: Option<String>,
    /// Why, in the customer's words.
    pub cancel_comment: Option<String>,
    /// When it ended for good.
    pub ended_at: Option<Instant>,
    /// Charged instead of the customer's default.
    pub payment_method_id: Option<MethodId>,
    /// Since when an invoice of it is unpaid after a failed charge.
    pub past_due_since: Option<Instant>,
    /// Since when missed boundaries wait for a person.
    pub review_since: Option<Instant>,
    /// When the worker has to look at it next.
    pub next_due_at: Option<Instant>,
    /// Number of its last event.
    pub event_seq: i64,
    /// Wall time.
    #[diesel(skip_update)]
    pub created_at: Instant,
    /// Wall time.
    pub updated_at: Instant,
    /// The customer cannot end it before.
    pub contract_until: Option<Instant>,
    /// Only the business may undo its scheduled end.
    pub cancel_locked: bool,
    /// When a scheduled pause begins.
    pub pause_at: Option<Instant>,
    /// Since when it is paused.
    pub paused_at: Option<Instant>,
    /// When it goes on by itself.
    pub resume_at: Option<Instant>,
    /// When the worker has to look for a reminder.
    pub remind_at: Option<Instant>,
    /// Since it ended: what became of time that was billed and not used.
    #[diesel(deserialize_as = String, serialize_as = String)]
    pub unused_time: UnusedTime,
    /// Since it ended: what becomes of its open invoices.
    #[diesel(deserialize_as = String, serialize_as = String)]
    pub open_invoices: OpenInvoices,
}

impl Subscription {
    /// What periods are computed from.
    pub fn anchor(&self) -> Result<Anchor> {
        let zone = self.billing_tz.parse().map_err(|_| Error::bug(format!("zone {:?}", self.billing_tz)))?;
        Ok(Anchor { local: self.anchor_local, zone })
    }

    /// Its periods at a price.
    pub fn schedule(&self, price: &Price) -> Result<Schedule> {
        Ok(Schedule { anchor: self.anchor()?, interval: price.interval(), anchor_index: self.anchor_index })
    }

    /// Whether it has ended for good.
    pub fn has_ended(&self) -> bool {
        self.ended_at.is_some()
    }

    /// Whether its invoices are charged by themselves: until it has ended, and then by the rule it ended by.
    pub fn is_collected(&self) -> bool {
        !self.has_ended() || self.open_invoices == OpenInvoices::KeepCollecting
    }
}

/// One subscription, whoever's.
pub fn get(conn: &mut Conn, tenant_id: &TenantId, id: &SubscriptionId) -> Result<Subscription> {
    Ok(subscription::table
        .filter(subscription::tenant_id.eq(tenant_id).and(subscription::id.eq(id)))
        .select(Subscription::as_select())
        .get_result(conn)?)
}

/// One subscription of a customer.
pub fn of_customer(
    conn: &mut Conn,
    tenant_id: &TenantId,
    owner: &CustomerId,
    id: &SubscriptionId,
) -> Result<Subscription> {
    let found = get(conn, tenant_id, id)?;
    if &found.customer_id == owner { Ok(found) } else { Err(Error::NotFound) }
}

/// A customer's subscriptions, oldest first.
pub fn list(conn: &mut Conn, tenant_id: &TenantId, owner: &CustomerId) -> Result<Vec<Subscription>> {
    Ok(subscription::table
        .filter(subscription::tenant_id.eq(tenant_id).and(subscription::customer_id.eq(owner)))
        .order(subscription::id)
        .select(Subscription::as_select())
        .load(conn)?)
}

/// Subscriptions to look at by `now` (billing time), most overdue first.
pub fn due(conn: &mut Conn, tenant_id: &TenantId, now: Instant, limit: i64) -> Result<Vec<SubscriptionId>> {
    Ok(subscription::table
        .filter(subscription::tenant_id.eq(tenant_id).and(subscription::next_due_at.le(now)))
        .order(subscription::next_due_at)
        .limit(limit)
        .select(subscription::id)
        .load(conn)?)
}

/// The next moment at which any subscription has to be looked at.
pub fn next_due(conn: &mut Conn, tenant_id: &TenantId) -> Result<Option<Instant>> {
    Ok(subscription::table
        .filter(subscription::tenant_id.eq(tenant_id))
        .select(diesel::dsl::min(subscription::next_due_at))
        .get_result(conn)?)
}

/// Subscriptions with a reminder to look for by `now` (billing time), oldest first.
pub fn to_remind(
    conn: &mut Conn,
    tenant_id: &TenantId,
    now: Instant,
    limit: i64,
) -> Result<Vec<SubscriptionId>> {
    Ok(subscription::table
        .filter(subscription::tenant_id.eq(tenant_id).and(subscription::remind_at.le(now)))
        .order(subscription::remind_at)
        .limit(limit)
        .select(subscription::id)
        .load(conn)?)
}

/// The next moment at which a reminder may be due.
pub fn next_reminder(conn: &mut Conn, tenant_id: &TenantId) -> Result<Option<Instant>> {
    Ok(subscription::table
        .filter(subscription::tenant_id.eq(tenant_id))
        .select(diesel::dsl::min(subscription::remind_at))
        .get_result(conn)?)
}

/// Adds a subscription.
pub fn insert(conn: &mut Conn, row: &Subscription) -> Result<()> {
    diesel::insert_into(subscription::table).values(row.clone()).execute(conn)?;
    Ok(())
}

/// Saves a subscription.
pub fn update(conn: &mut Conn, tenant_id: &TenantId, row: &Subscription) -> Result<()> {
    let this =
        subscription::table.filter(subscription::tenant_id.eq(tenant_id).and(subscription::id.eq(&row.id)));
    diesel::update(this).set(row.clone()).execute(conn)?;
    Ok(())
}
