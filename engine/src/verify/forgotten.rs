//! Subscriptions in force have a next moment: a boundary of theirs, a case or a charge that sees to what is owed, or
//! a person who was asked.

use super::{Finding, FindingKind};
use crate::db::Conn;
use crate::db::schema::{dunning_case, invoice, payment_attempt, subscription};
use crate::error::Result;
use crate::ids::SubscriptionId;
use crate::scope::Scope;
use diesel::dsl::{exists, not};
use diesel::prelude::*;
use domain::subscription::state::SubscriptionStatus;

const IN_FORCE: [SubscriptionStatus; 3] =
    [SubscriptionStatus::Trialing, SubscriptionStatus::Active, SubscriptionStatus::PastDue];

pub(super) fn check(conn: &mut Conn, scope: &Scope) -> Result<Vec<Finding>> {
    let chased = dunning_case::table
        .filter(dunning_case::tenant_id.eq(scope.id()).and(dunning_case::outcome.is_null()))
        .filter(dunning_case::subscription_id.eq(subscription::id.nullable()));
    let moving = payment_attempt::table
        .inner_join(invoice::table.on(invoice::id.eq(payment_attempt::invoice_id)))
        .filter(payment_attempt::tenant_id.eq(scope.id()).and(payment_attempt::settled_at.is_null()))
        .filter(invoice::subscription_id.eq(subscription::id.nullable()));
    let forgotten: Vec<(SubscriptionId, String)> = subscription::table
        .filter(subscription::tenant_id.eq(scope.id()))
        .filter(subscription::status.eq_any(IN_FORCE.map(SubscriptionStatus::as_str)))
        .filter(subscription::next_due_at.is_null().and(subscription::review_since.is_null()))
        .filter(not(exists(chased)).and(not(exists(moving))))
        .order(subscription::id)
        .select((subscription::id, subscription::status))
        .load(conn)?;
    let finding = |(id, status)| {
        let text = format!("it is {status}, and nothing is ever due for it");
        Finding::new(FindingKind::Forgotten, id, text)
    };
    Ok(forgotten.into_iter().map(finding).collect())
}
