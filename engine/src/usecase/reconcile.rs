//! Compares a provider's list of charges and refunds with our own rows. What we did not know is taken in; what we know
//! otherwise is for a person, and stops the money of the business.

use super::pause_money::pause_money;
use super::{charge, settle};
use crate::db::Conn;
use crate::error::{Error, Result};
use crate::ids::{AccountId, AttemptId, TenantId};
use crate::scope::{Engine, Scope};
use crate::store;
use crate::store::attempts::Attempt;
use crate::store::events::Actor;
use crate::store::reconciliation::Stray;
use chrono::TimeDelta;
use domain::Instant;
use domain::event::Why;
use domain::payment::protocol::{Settlement, learn};
use domain::payment::reconcile::{Comparison, compare, is_made_by, may_have_moved, purpose};
use domain::payment::state::{OutcomeSource, Purpose};
use domain::provider::{Listed, LookupRequest, Movement, Outcome};
use std::collections::BTreeSet;

/// Lists overlap by so much: what settled late is seen again.
const OVERLAP: TimeDelta = TimeDelta::days(1);

/// Clocks differ, and lists lag: what is as young or as near to the edge may be missing from a list.
const EDGE: TimeDelta = TimeDelta::hours(1);

/// Why lists are compared.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Occasion {
    /// Every day, or because an operator asks.
    Daily,
    /// The data came from a backup or from elsewhere: what happened since is not known here, which is no alarm.
    Restored,
}

/// What came of comparing the list of one account.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Report {
    /// Charges and refunds that the provider listed.
    pub listed: usize,
    /// Those among them that others made who use the same account.
    pub strangers: usize,
    /// Attempts of which we have learned something.
    pub taken_in: Vec<AttemptId>,
    /// Attempts of which we say one thing and the provider another.
    pub differing: Vec<AttemptId>,
    /// Attempts that succeeded, and that the provider does not know.
    pub missing: Vec<AttemptId>,
    /// What we have made and do not know, in the provider's words; kept until an attempt for it is opened.
    pub unknown: Vec<String>,
}

/// The moment from which an account's list is wanted.
pub fn since(engine: &Engine, tenant_id: &TenantId, account: &AccountId) -> Result<Instant> {
    engine.read(tenant_id, |conn, scope| {
        let until = store::reconciliation::until(conn, scope.id(), account)?;
        let added = store::methods::account(conn, scope.id(), account)?.created_at;
        Ok(until.unwrap_or(added) - OVERLAP)
    })
}

/// Accounts whose list is due.
pub fn find_due(engine: &Engine, tenant_id: &TenantId) -> Result<Vec<AccountId>> {
    engine.read(tenant_id, |conn, scope| store::reconciliation::due(conn, scope.id(), scope.now.wall))
}

/// Compares what a provider lists of an account.
///
/// # Errors
/// When the database fails; what was taken in by then stays.
pub fn take_in(
    engine: &Engine,
    tenant_id: &TenantId,
    account: &AccountId,
    list: &[Listed],
) -> Result<Report> {
    let mut report = Report { listed: list.len(), ..Report::default() };
    for listed in list {
        let met = engine.read(tenant_id, |conn, scope| meet(conn, scope, account, listed))?;
        match met {
            Met::Settled => {}
            Met::Stranger => report.strangers += 1,
            Met::Telling(id) => match tell(engine, tenant_id, &id, &listed.outcome)? {
                Told::Nothing => {}
                Told::News => report.taken_in.push(id),
                Told::Otherwise => report.differing.push(id),
            },
            Met::Unknown(stray) => {
                let name = stray.provider_ref.clone();
                if engine.write(tenant_id, move |tx, _| store::reconciliation::insert(tx, &stray))? {
                    report.unknown.push(name);
                }
            }
        }
    }
    Ok(report)
}

/// What a listed movement is to us.
enum Met {
    /// It says nothing that we do not know.
    Settled,
    /// An attempt of ours about which it tells more, or other things.
    Telling(AttemptId),
    /// Ours by its key, and unknown here.
    Unknown(Box<Stray>),
    /// Somebody else's.
    Stranger,
}

fn meet(conn: &mut Conn, scope: &Scope, account: &AccountId, listed: &Listed) -> Result<Met> {
    let names = (listed.key.as_deref(), listed.provider_ref.as_str(), listed.reference.as_deref());
    let purpose = purpose(listed.movement);
    let found = store::reconciliation::candidates(conn, scope.id(), account, purpose, names)?;
    if let [attempt] = found.as_slice() {
        let facts = settle::facts_of(conn, scope, attempt)?;
        return Ok(match compare(&facts, &listed.outcome, attempt.amount()) {
            Comparison::Agrees => Met::Settled,
            Comparison::News(_) | Comparison::Differs => Met::Telling(attempt.id.clone()),
        });
    }
    if !is_made_by(&scope.instance_id, scope.id().as_str(), listed) {
        return Ok(Met::Stranger);
    }
    let (true, Some(key), Some(reference)) =
        (may_have_moved(&listed.outcome), &listed.key, &listed.reference)
    else {
        return Ok(Met::Settled);
    };
    Ok(Met::Unknown(Box::new(Stray {
        tenant_id: scope.id().clone(),
        provider_account_id: account.clone(),
        provider_ref: listed.provider_ref.clone(),
        idempotency_key: key.clone(),
        purpose,
        natural_ref: reference.clone(),
        outcome: serde_json::to_string(&listed.outcome).map_err(Error::bug)?,
        created_at: listed.created_at,
        found_at: scope.now.wall,
        attempt_id: None,
    })))
}

/// What a list said of an attempt.
enum Told {
    Nothing,
    News,
    Otherwise,
}

fn tell(engine: &Engine, tenant_id: &TenantId, id: &AttemptId, outcome: &Outcome) -> Result<Told> {
    let (id, outcome) = (id.clone(), outcome.clone());
    engine.write(tenant_id, move |tx, scope| {
        let mut attempt = charge::locked(tx, scope, &id)?;
        if attempt.lease_until.is_some_and(|until| until > scope.now.wall) {
            // Whoever holds it learns the same.
            return Ok(Told::Nothing);
        }
        let facts = settle::facts_of(tx, scope, &attempt)?;
        let flagged = attempt.review_since.is_some();
        let settlement = match compare(&facts, &outcome, attempt.amount()) {
            Comparison::Agrees => return Ok(Told::Nothing),
            Comparison::Differs => {
                settle::ask_a_person(tx, scope, &mut attempt, Why::Mismatch)?;
                return Ok(if flagged { Told::Nothing } else { Told::Otherwise });
            }
            Comparison::News(settlement) => settlement,
        };
        let twice = settlement == Settlement::Review;
        settle::apply(tx, scope, &mut attempt, settlement, OutcomeSource::Reconcile)?;
        Ok(match (twice, flagged) {
            (true, false) => Told::Otherwise,
            (true, true) => Told::Nothing,
            (false, _) => Told::News,
        })
    })
}

/// What we say succeeded since then and the list does not have, with the question what became of it: lists lag.
pub fn unlisted(
    engine: &Engine,
    tenant_id: &TenantId,
    account: &AccountId,
    since: Instant,
    list: &[Listed],
) -> Result<Vec<(AttemptId, LookupRequest)>> {
    let listed: BTreeSet<&str> = list.iter().map(|listed| listed.provider_ref.as_str()).collect();
    engine.read(tenant_id, |conn, scope| {
        let time = (since + EDGE, scope.now.wall - EDGE);
        let mut ours = store::reconciliation::succeeded(conn, scope.id(), account, time)?;
        ours.retain(|attempt| attempt.provider_ref.as_deref().is_some_and(|name| !listed.contains(name)));
        ours.iter().map(|attempt| Ok((attempt.id.clone(), question(conn, scope, attempt)?))).collect()
    })
}

fn question(conn: &mut Conn, scope: &Scope, attempt: &Attempt) -> Result<LookupRequest> {
    let charge =
        attempt.refund_of.as_ref().map(|id| store::attempts::get(conn, scope.id(), id)).transpose()?;
    let method = store::methods::get(conn, scope.id(), &attempt.payment_method_id)?;
    Ok(LookupRequest {
        movement: match attempt.purpose {
            Purpose::Charge => Movement::Charge,
            Purpose::Refund => Movement::Refund,
        },
        key: attempt.idempotency_key.clone(),
        reference: attempt.natural_ref.clone(),
        provider_ref: attempt.provider_ref.clone(),
        charge_ref: charge.and_then(|charge| charge.provider_ref),
        customer_ref: method.provider_customer_ref,
        since: attempt.first_submitted_at.unwrap_or(attempt.created_at),
    })
}

/// Flags attempts that succeeded, and that the provider was asked about and does not know.
pub fn not_there(engine: &Engine, tenant_id: &TenantId, ids: &[AttemptId]) -> Result<()> {
    for id in ids {
        let id = id.clone();
        engine.write(tenant_id, move |tx, scope| {
            let mut attempt = charge::locked(tx, scope, &id)?;
            settle::ask_a_person(tx, scope, &mut attempt, Why::NotThere)
        })?;
    }
    Ok(())
}

/// Writes down that an account was compared from a moment on. Books that differ stop the money of the business.
pub fn finish(
    engine: &Engine,
    tenant_id: &TenantId,
    account: &AccountId,
    began: Instant,
    report: &Report,
    occasion: Occasion,
) -> Result<()> {
    let Report { differing, missing, unknown, .. } = report;
    let lost = occasion == Occasion::Daily && !unknown.is_empty();
    if lost || !differing.is_empty() || !missing.is_empty() {
        tracing::error!(%account, ?differing, ?missing, ?unknown, "the provider's list and ours do not agree");
        pause_money(engine, tenant_id, Why::BooksDiffer.into(), Actor::Worker)?;
    }
    let account = account.clone();
    engine.write(tenant_id, move |tx, scope| {
        store::reconciliation::compared(tx, scope.id(), &account, began)?;
        store::reconciliation::look_again(tx, scope.id(), &account, scope.now.wall + TimeDelta::days(1))
    })
}

/// Puts the next comparison off: the provider did not list, or cannot.
pub fn put_off(engine: &Engine, tenant_id: &TenantId, account: &AccountId, by: TimeDelta) -> Result<()> {
    let account = account.clone();
    engine.write(tenant_id, move |tx, scope| {
        store::reconciliation::look_again(tx, scope.id(), &account, scope.now.wall + by)
    })
}

/// Ends an attempt that was never sent from here, if a list has shown that it was sent before the data was restored.
/// Says whether it was.
pub(super) fn was_made_before(tx: &mut Conn, scope: &Scope, attempt: &mut Attempt) -> Result<bool> {
    let Some(stray) = store::reconciliation::of_key(tx, scope.id(), &attempt.idempotency_key)? else {
        return Ok(false);
    };
    let outcome: Outcome = serde_json::from_str(&stray.outcome).map_err(Error::bug)?;
    let settlement = learn(&settle::facts_of(tx, scope, attempt)?, &outcome, attempt.amount());
    store::reconciliation::taken_in(tx, scope.id(), &stray.idempotency_key, &attempt.id)?;
    settle::apply(tx, scope, attempt, settlement, OutcomeSource::Reconcile)?;
    Ok(true)
}
