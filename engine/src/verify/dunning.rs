//! Dunning cases: open only while there is something to collect.

use super::{Finding, FindingKind};
use crate::db::Conn;
use crate::db::schema::{dunning_case, invoice};
use crate::error::Result;
use crate::ids::DunningId;
use crate::scope::Scope;
use diesel::prelude::*;
use domain::invoice::state::InvoiceStatus;

pub(super) fn check(conn: &mut Conn, scope: &Scope) -> Result<Vec<Finding>> {
    let needless: Vec<(DunningId, String)> = dunning_case::table
        .inner_join(invoice::table.on(invoice::id.eq(dunning_case::invoice_id)))
        .filter(dunning_case::tenant_id.eq(scope.id()).and(dunning_case::outcome.is_null()))
        .filter(invoice::status.ne(InvoiceStatus::Open.as_str()))
        .order(dunning_case::id)
        .select((dunning_case::id, invoice::status))
        .load(conn)?;
    let half_closed = dunning_case::outcome
        .is_null()
        .and(dunning_case::closed_at.is_not_null())
        .or(dunning_case::outcome.is_not_null().and(dunning_case::closed_at.is_null()))
        .or(dunning_case::outcome.is_not_null().and(dunning_case::next_at.is_not_null()));
    let forgotten: Vec<DunningId> = dunning_case::table
        .filter(dunning_case::tenant_id.eq(scope.id()).and(dunning_case::outcome.is_null()))
        .filter(dunning_case::next_at.is_null().and(dunning_case::frozen_since.is_null()))
        .order(dunning_case::id)
        .select(dunning_case::id)
        .load(conn)?;
    let half_closed: Vec<DunningId> = dunning_case::table
        .filter(dunning_case::tenant_id.eq(scope.id()))
        .filter(half_closed)
        .order(dunning_case::id)
        .select(dunning_case::id)
        .load(conn)?;
    let needless = needless.into_iter().map(|(id, status)| {
        Finding::new(FindingKind::Dunning, id, format!("it goes on, and its invoice is {status}"))
    });
    let half_closed =
        half_closed.into_iter().map(|id| Finding::new(FindingKind::Dunning, id, "it is closed by half"));
    let forgotten = forgotten
        .into_iter()
        .map(|id| Finding::new(FindingKind::Dunning, id, "it is open, and nobody looks at it any more"));
    Ok(needless.chain(half_closed).chain(forgotten).collect())
}
