//! What providers tell by webhook, once it is verified: claims about the account that the webhook came to, each taken in
//! once, in any order. What names nothing here is kept and looked at again; after an hour a person is told.

mod dismiss;
mod effect;
mod fetch_back;
mod look_again;
mod receive;
mod reversal;

pub use dismiss::dismiss;
pub use fetch_back::{Question, fetched, question};
pub use look_again::{find_due, look_again};
pub use receive::receive;

use crate::db::{Conn, dialect};
use crate::error::{Error, Result};
use crate::ids::{AccountId, InboundId};
use crate::job::Job;
use crate::scope::Scope;
use crate::store;
use crate::store::events::{Actor, NewEvent};
use crate::store::inbound::{InboundEvent, InboundState};
use domain::event::EventKind;
use domain::provider::Change;
use serde_json::json;

/// Takes in what an event claims, as far as it can be now, and says how far that is.
fn take_in(tx: &mut Conn, scope: &Scope, event: &mut InboundEvent) -> Result<()> {
    let claim: Change = serde_json::from_str(&event.claim).map_err(Error::bug)?;
    event.state = effect::of(tx, scope, &event.provider_account_id, claim)?;
    match event.state {
        InboundState::Waiting => {}
        InboundState::Asking => {
            let job = Job::FetchBack { tenant_id: scope.id().clone(), inbound_event_id: event.id.clone() };
            store::jobs::enqueue_missing(tx, &job, scope.now.wall, scope.now.wall)?;
        }
        InboundState::Done | InboundState::Dismissed => close(scope, event),
    }
    Ok(())
}

/// Nobody looks at it again.
fn close(scope: &Scope, event: &mut InboundEvent) {
    event.next_try_at = None;
    event.settled_at = Some(scope.now.wall);
}

/// Makes those wait who take in the same event.
fn lock(tx: &mut Conn, scope: &Scope, account: &AccountId, event_id: &str) -> Result<()> {
    dialect::lock(tx, scope.id().as_str(), &format!("{account}/{event_id}"))
}

/// An event that nobody else takes in until this transaction ends.
fn locked(tx: &mut Conn, scope: &Scope, id: &InboundId) -> Result<InboundEvent> {
    let found = store::inbound::get(tx, scope.id(), id)?;
    lock(tx, scope, &found.provider_account_id, &found.event_id)?;
    store::inbound::get(tx, scope.id(), id)
}

fn record(tx: &mut Conn, scope: &Scope, event: &InboundEvent, kind: EventKind, actor: &Actor) -> Result<()> {
    let payload = json!({ "account": event.provider_account_id, "event": event.event_id, "kind": event.kind,
        "provider_ref": event.object_ref, "state": event.state, "received_at": event.received_at });
    let new = NewEvent { subject: event.id.as_str(), kind, actor, reason: None, payload };
    store::events::record(tx, scope.id(), new, scope.now.billing)
}
