//! What a provider told, and nothing here is.

use super::{Finding, FindingKind};
use crate::db::Conn;
use crate::error::Result;
use crate::scope::Scope;
use crate::store;

pub(super) fn check(conn: &mut Conn, scope: &Scope) -> Result<Vec<Finding>> {
    let mut open = store::inbound::open(conn, scope.id())?;
    open.retain(|event| event.alarmed_at.is_some());
    let finding = |event: &store::inbound::InboundEvent| {
        let text = format!(
            "account {} tells of {} ({}), which is not known here",
            event.provider_account_id, event.object_ref, event.kind
        );
        Finding::new(FindingKind::Unmatched, &event.id, text)
    };
    Ok(open.iter().map(finding).collect())
}
