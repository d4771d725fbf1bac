//! Writes down what happened to a subscription: its next event, with a full snapshot.

use crate::db::Conn;
use crate::error::Result;
use crate::scope::Scope;
use crate::store;
use crate::store::events::{Actor, NewEvent};
use crate::store::subscriptions::Subscription;
use serde_json::json;

/// Records a change of a subscription; call it before the subscription is saved.
pub(crate) fn subscription(
    tx: &mut Conn,
    scope: &Scope,
    sub: &mut Subscription,
    kind: &'static str,
    actor: &Actor,
    reason: Option<&str>,
) -> Result<()> {
    sub.event_seq += 1;
    let payload = json!({
        "status": sub.status, "price": sub.price_id, "quantity": sub.quantity, "period_index": sub.period_index,
        "current_period_start": sub.current_period_start, "current_period_end": sub.current_period_end,
        "trial_end": sub.trial_end, "cancel_at": sub.cancel_at, "cancel_reason": sub.cancel_reason,
        "cancel_comment": sub.cancel_comment, "ended_at": sub.ended_at, "hold_reason": sub.hold_reason,
        "payment_method": sub.payment_method_id,
    });
    let id = sub.id.clone();
    let event = NewEvent { subject: id.as_str(), kind, actor, reason, payload };
    store::events::record(tx, scope.id(), event, scope.now.billing)
}
