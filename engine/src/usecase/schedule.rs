//! Facts that decisions need about a subscription, and when the worker has to look at it next.

use super::{entitle, remind};
use crate::db::Conn;
use crate::error::Result;
use crate::ids::MethodId;
use crate::scope::Scope;
use crate::store;
use crate::store::customers::Customer;
use crate::store::methods::{MethodStatus, PaymentMethod};
use crate::store::subscriptions::Subscription;
use domain::subscription::due::{SubscriptionFacts, next_due_at};

/// The payment method a subscription is charged to: its own, else the customer's default. A hidden method
/// still serves what is bound to it; a detached one serves nobody.
pub fn effective_method(
    conn: &mut Conn,
    scope: &Scope,
    sub: &Subscription,
    customer: &Customer,
) -> Result<Option<PaymentMethod>> {
    match usable(conn, scope, sub.payment_method_id.as_ref())? {
        Some(own) => Ok(Some(own)),
        None => default_method(conn, scope, customer),
    }
}

/// The payment method that a customer is charged to by default.
pub(crate) fn default_method(
    conn: &mut Conn,
    scope: &Scope,
    customer: &Customer,
) -> Result<Option<PaymentMethod>> {
    usable(conn, scope, customer.default_payment_method_id.as_ref())
}

fn usable(conn: &mut Conn, scope: &Scope, id: Option<&MethodId>) -> Result<Option<PaymentMethod>> {
    let method = id.map(|id| store::methods::get(conn, scope.id(), id)).transpose()?;
    Ok(method.filter(|method| method.status != MethodStatus::Detached))
}

/// Loads what decisions about a subscription need.
pub fn facts(conn: &mut Conn, scope: &Scope, sub: &Subscription) -> Result<SubscriptionFacts> {
    let customer = store::customers::get(conn, scope.id(), &sub.customer_id)?;
    let (price, _) = store::catalog::price(conn, scope.id(), &sub.price_id)?;
    let has_method = effective_method(conn, scope, sub, &customer)?.is_some();
    let mut unpaid = store::invoices::open_of(conn, scope.id(), &sub.id)?;
    // Nobody chases what a bank took back, so nothing waits for it.
    unpaid.retain(|invoice| invoice.disputed_since.is_none());
    Ok(SubscriptionFacts {
        status: sub.status,
        created_at: sub.current_period_start,
        schedule: sub.schedule(&price)?,
        period_index: sub.period_index,
        current_period_end: sub.current_period_end,
        trial_end: sub.trial_end,
        cancel_at: sub.cancel_at,
        cancel_locked: sub.cancel_locked,
        contract_until: sub.contract_until,
        pause_at: sub.pause_at,
        resume_at: sub.resume_at,
        has_method,
        oldest_unpaid_period_end: unpaid.iter().filter_map(|invoice| invoice.period_end).min(),
        awaits_review: sub.review_since.is_some(),
    })
}

/// Saves a subscription together with when the worker has to look at it next, and its license keys. Invoices that the same
/// transaction changes are saved before.
pub(crate) fn save(tx: &mut Conn, scope: &Scope, sub: &mut Subscription) -> Result<()> {
    sub.remind_at = remind::next_at(tx, scope, sub)?;
    sub.next_due_at = if sub.has_ended() { None } else { next_due_at(&facts(tx, scope, sub)?) };
    sub.updated_at = scope.now.wall;
    store::subscriptions::update(tx, scope.id(), sub)?;
    entitle::keep_up(tx, scope, sub)
}
