//! Rows that point to each other belong to one customer, and so to one business. Most of this the database holds by
//! its keys; payment methods that are chosen are looked at here.

use super::{Finding, FindingKind};
use crate::db::Conn;
use crate::db::schema::{customer, payment_attempt, payment_method, subscription};
use crate::error::Result;
use crate::scope::Scope;
use diesel::prelude::*;

pub(super) fn check(conn: &mut Conn, scope: &Scope) -> Result<Vec<Finding>> {
    let defaults: Vec<String> = customer::table
        .inner_join(
            payment_method::table.on(payment_method::id.nullable().eq(customer::default_payment_method_id)),
        )
        .filter(customer::tenant_id.eq(scope.id()).and(payment_method::customer_id.ne(customer::id)))
        .select(customer::id)
        .load(conn)?;
    let chosen: Vec<String> = subscription::table
        .inner_join(
            payment_method::table.on(payment_method::id.nullable().eq(subscription::payment_method_id)),
        )
        .filter(subscription::tenant_id.eq(scope.id()))
        .filter(payment_method::customer_id.ne(subscription::customer_id))
        .select(subscription::id)
        .load(conn)?;
    let charged: Vec<String> = payment_attempt::table
        .inner_join(payment_method::table.on(payment_method::id.eq(payment_attempt::payment_method_id)))
        .filter(payment_attempt::tenant_id.eq(scope.id()))
        .filter(payment_method::customer_id.ne(payment_attempt::customer_id))
        .select(payment_attempt::id)
        .load(conn)?;
    let text = "its payment method is somebody else's";
    let all = defaults.into_iter().chain(chosen).chain(charged);
    Ok(all.map(|subject| Finding::new(FindingKind::Owner, subject, text)).collect())
}
