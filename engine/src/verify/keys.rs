//! License keys: they belong to who has the subscription, end with it, and are used on no more devices than it gives.

use super::{Finding, FindingKind};
use crate::db::Conn;
use crate::db::schema::{benefit, license_activation, license_key, subscription};
use crate::error::Result;
use crate::scope::Scope;
use diesel::prelude::*;
use std::collections::BTreeMap;

pub(super) fn check(conn: &mut Conn, scope: &Scope) -> Result<Vec<Finding>> {
    let of_subscription = license_key::table
        .inner_join(subscription::table.on(subscription::id.eq(license_key::subscription_id)))
        .filter(license_key::tenant_id.eq(scope.id()));
    let strangers: Vec<String> = of_subscription
        .filter(license_key::customer_id.ne(subscription::customer_id))
        .select(license_key::id)
        .load(conn)?;
    let outliving: Vec<String> = of_subscription
        .filter(license_key::revoked_at.is_null().and(subscription::ended_at.is_not_null()))
        .select(license_key::id)
        .load(conn)?;
    let finding = |kind, text: &'static str| move |id| Finding::new(kind, id, text);
    let mut findings: Vec<Finding> = Vec::new();
    findings.extend(
        strangers.into_iter().map(finding(FindingKind::Owner, "its subscription is somebody else's")),
    );
    findings.extend(outliving.into_iter().map(finding(FindingKind::License, "its subscription has ended")));
    findings.extend(crowded(conn, scope)?);
    Ok(findings)
}

/// Keys that are used on more devices than their benefit gives.
fn crowded(conn: &mut Conn, scope: &Scope) -> Result<Vec<Finding>> {
    let devices: Vec<(String, Option<i32>)> = license_key::table
        .inner_join(benefit::table.on(benefit::id.eq(license_key::benefit_id)))
        .inner_join(license_activation::table.on(license_activation::license_key_id.eq(license_key::id)))
        .filter(license_key::tenant_id.eq(scope.id()).and(license_activation::deactivated_at.is_null()))
        .select((license_key::id, benefit::activations))
        .load(conn)?;
    let mut used = BTreeMap::new();
    for of in devices {
        *used.entry(of).or_insert(0) += 1;
    }
    let too_many = used.into_iter().filter(|((_, limit), used)| limit.is_some_and(|limit| *used > limit));
    let finding = |((id, _), used)| {
        Finding::new(FindingKind::License, id, format!("{used} devices use it, more than it gives"))
    };
    Ok(too_many.map(finding).collect())
}
