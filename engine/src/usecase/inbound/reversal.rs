//! Money went back without our asking: a dispute, a bank's return, a refund made at the provider.

use crate::db::Conn;
use crate::error::Result;
use crate::ids::AccountId;
use crate::scope::Scope;
use crate::store;
use crate::store::attempts::Attempt;
use crate::store::events::Actor;
use crate::store::inbound::InboundState;
use crate::usecase::{charge, dispute, settle};
use domain::event::Why;
use domain::money::Money;
use domain::payment::reversal::{Reverse, weigh};
use domain::payment::state::Purpose;
use domain::provider::{ChangeKind, Reversal};

/// Takes in a reversal once, however often it is told; one that the provider knows as a refund of ours is that refund.
pub(super) fn take_in(
    tx: &mut Conn,
    scope: &Scope,
    account: &AccountId,
    told: &Reversal,
) -> Result<InboundState> {
    let mut named =
        |purpose, name: &str| store::attempts::named(tx, scope.id(), account, purpose, (None, name));
    if named(Purpose::Refund, &told.provider_ref)?.is_some() {
        return Ok(InboundState::Done);
    }
    let Some(id) = named(Purpose::Charge, &told.charge_ref)? else { return Ok(InboundState::Waiting) };
    let mut attempt = charge::locked(tx, scope, &id)?;
    // Only now: two events that tell the same wait for each other here.
    if store::inbound::is_done(tx, scope.id(), account, ChangeKind::Reversed, &told.provider_ref)? {
        return Ok(InboundState::Done);
    }
    let refunds = dispute::refunds_of(tx, scope, &attempt)?;
    let left = Money::new(dispute::left_of(&attempt, &refunds), attempt.currency);
    match weigh(attempt.state, left, told.amount, is_refunding(&refunds)) {
        Reverse::Wait => return Ok(InboundState::Waiting),
        Reverse::Known => {}
        Reverse::TakeBack => drop(dispute::open(tx, scope, &mut attempt, &Actor::Provider)?),
        Reverse::AskAPerson => settle::ask_a_person(tx, scope, &mut attempt, Why::WentBack)?,
    }
    Ok(InboundState::Done)
}

/// A refund was sent, and the provider has not said by which name it knows it.
fn is_refunding(refunds: &[Attempt]) -> bool {
    let nameless =
        |refund: &Attempt| refund.state.is_open() && refund.submit_count > 0 && refund.provider_ref.is_none();
    refunds.iter().any(nameless)
}
