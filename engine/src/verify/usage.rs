//! Usage: what was taken in and not billed yet is counted by something that will bill it.

use super::pages::Extent;
use super::{Finding, FindingKind, pages};
use crate::db::Conn;
use crate::db::schema::usage_event;
use crate::error::Result;
use crate::ids::MeterId;
use crate::scope::Scope;
use crate::store::subscriptions::Subscription;
use crate::usecase::bill::items::items;
use crate::usecase::change::TAX_DOES_NOT_MATTER;
use diesel::prelude::*;

pub(super) fn check(conn: &mut Conn, scope: &Scope, extent: Extent) -> Result<Vec<Finding>> {
    let mut findings = Vec::new();
    pages::subscriptions(conn, scope, extent, |conn, sub| {
        if sub.has_ended() {
            return Ok(());
        }
        let waiting = uncounted(conn, scope, &sub)?;
        if waiting.is_empty() {
            return Ok(());
        }
        let sold = items(conn, scope, &sub, &TAX_DOES_NOT_MATTER)?;
        let is_lost = |meter: &&MeterId| sold.iter().all(|sold| sold.price.meter_id.as_ref() != Some(*meter));
        findings.extend(waiting.iter().filter(is_lost).map(|meter| {
            Finding::new(FindingKind::Usage, &sub.id, format!("nothing will bill what was used of {meter}"))
        }));
        Ok(())
    })?;
    Ok(findings)
}

/// Meters with events that nothing has counted. A trial costs nothing.
fn uncounted(conn: &mut Conn, scope: &Scope, sub: &Subscription) -> Result<Vec<MeterId>> {
    let mut events = usage_event::table
        .filter(usage_event::tenant_id.eq(scope.id()).and(usage_event::subscription_id.eq(&sub.id)))
        .filter(usage_event::invoice_id.is_null().and(usage_event::pending_line_id.is_null()))
        .select(usage_event::meter_id)
        .distinct()
        .into_boxed();
    if let Some(end) = sub.trial_end {
        events = events.filter(usage_event::occurred_at.ge(end));
    }
    Ok(events.load(conn)?)
}
