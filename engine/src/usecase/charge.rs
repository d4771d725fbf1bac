//! Drives one attempt: what to do about it now, with the claim and the submission in one transaction, and the
//! provider's answer in another. The call itself happens in between, in the worker, with nothing open.

use super::bill::Party;
use super::reconcile;
use super::settle::{self, facts_of};
use crate::crash;
use crate::db::Conn;
use crate::error::{Error, Result};
use crate::ids::{AttemptId, TenantId};
use crate::scope::{Engine, Scope};
use crate::store;
use crate::store::attempts::Attempt;
use crate::store::methods::ProviderAccount;
use chrono::TimeDelta;
use domain::Instant;
use domain::event::Why;
use domain::payment::circuit::answered;
use domain::payment::protocol::{AttemptFacts, Settlement, may_charge_automatically, windows, withdrawn};
use domain::payment::resolve::{Absent, Resolution, after_not_found, never_executed, next_check, resolve};
use domain::payment::state::{AttemptState, AttemptTrigger, OutcomeSource, Purpose};
use domain::provider::{
    CallContext, Capabilities, ChargeRequest, LookupRequest, Movement, Outcome, RefundRequest, Report,
};

/// How soon an attempt goes on once money moves again.
const PAUSED_LOOK: TimeDelta = TimeDelta::minutes(1);

/// What the worker has to do about an attempt.
#[derive(Debug)]
pub enum Step {
    /// Nothing now.
    Done,
    /// Submit it; the submission is counted already. Then [`submitted`].
    Submit(Box<Submission>),
    /// Ask the provider what became of it. Then [`looked_up`].
    LookUp(Box<Submission>),
    /// Cancel it at the provider, for its confirmation was not given in time. Then [`looked_up`].
    Cancel(Box<Submission>),
}

/// Everything a call needs.
#[derive(Debug)]
pub struct Submission {
    /// The attempt as saved.
    pub attempt: Attempt,
    /// The account to call, secrets still sealed.
    pub account: ProviderAccount,
    /// Rides on the call.
    pub context: CallContext,
    /// What to ask for.
    pub request: Request,
    /// Whether the same key was sent before.
    pub resent: bool,
}

/// What a submission asks the provider for.
#[derive(Debug)]
pub enum Request {
    /// To take money.
    Charge(ChargeRequest),
    /// To give it back.
    Refund(RefundRequest),
}

impl Submission {
    /// How to ask what became of it.
    pub fn query(&self) -> LookupRequest {
        query_of(&self.attempt, &self.request)
    }
}

/// How to ask what became of an attempt.
pub(super) fn query_of(attempt: &Attempt, request: &Request) -> LookupRequest {
    let (movement, charge_ref, customer_ref) = match request {
        Request::Charge(request) => (Movement::Charge, None, request.customer_ref.clone()),
        Request::Refund(request) => (Movement::Refund, Some(request.charge_ref.clone()), None),
    };
    LookupRequest {
        movement,
        key: attempt.idempotency_key.clone(),
        reference: attempt.natural_ref.clone(),
        provider_ref: attempt.provider_ref.clone(),
        charge_ref,
        customer_ref,
        since: attempt.first_submitted_at.unwrap_or(attempt.created_at),
    }
}

/// The account an attempt goes through; its provider's capabilities are what [`begin`] needs.
pub fn account_of(engine: &Engine, tenant_id: &TenantId, id: &AttemptId) -> Result<ProviderAccount> {
    engine.read(tenant_id, |conn, scope| {
        let attempt = store::attempts::get(conn, scope.id(), id)?;
        store::methods::account(conn, scope.id(), &attempt.provider_account_id)
    })
}

/// Claims an attempt and decides what to do about it. A submission is counted, with its limits, in this
/// transaction, so that whatever dies afterwards is known to have possibly sent something.
pub fn begin(
    engine: &Engine,
    tenant_id: &TenantId,
    id: &AttemptId,
    caps: &Capabilities,
    owner: &str,
) -> Result<Step> {
    let (id, caps, owner) = (id.clone(), caps.clone(), owner.to_owned());
    let step = engine.write(tenant_id, move |tx, scope| {
        let mut attempt = locked(tx, scope, &id)?;
        if !attempt.state.is_open() || attempt.lease_until.is_some_and(|until| until > scope.now.wall) {
            return Ok(Step::Done);
        }
        if attempt.state == AttemptState::Created && reconcile::was_made_before(tx, scope, &mut attempt)? {
            return Ok(Step::Done);
        }
        let facts = facts_of(tx, scope, &attempt)?;
        let unasked = attempt.state == AttemptState::Created && attempt.attempt_trigger.is_automatic();
        let account = store::methods::account(tx, scope.id(), &attempt.provider_account_id)?;
        if unasked && !may_charge_automatically(&caps, account.allow_unsafe) {
            settle::ask_a_person(tx, scope, &mut attempt, Why::NoPromise)?;
            return Ok(Step::Done);
        }
        match resolve(&facts, &caps, scope.now.wall) {
            Resolution::SubmitFirst | Resolution::Resend if scope.money_is_paused() => {
                wait_for_operator(tx, scope, attempt)
            }
            Resolution::Resend if !has_landed(&attempt, &caps, scope) => {
                wait_for_landing(tx, scope, attempt, &caps)
            }
            Resolution::Nothing => Ok(Step::Done),
            Resolution::SubmitFirst | Resolution::Resend => {
                submit(tx, scope, attempt, &facts, &caps, &owner).map(Step::Submit)
            }
            Resolution::Lookup => claim(tx, scope, attempt, &owner).map(Step::LookUp),
            Resolution::CancelAtProvider => claim(tx, scope, attempt, &owner).map(Step::Cancel),
            Resolution::CancelUnsent => {
                settle::apply(tx, scope, &mut attempt, withdrawn(&facts), OutcomeSource::Unsent)?;
                Ok(Step::Done)
            }
            Resolution::Review => {
                settle::ask_a_person(tx, scope, &mut attempt, Why::CannotAsk)?;
                Ok(Step::Done)
            }
            Resolution::Wait(until) => {
                attempt.next_check_at = Some(until);
                store::attempts::update(tx, scope.id(), &attempt)?;
                Ok(Step::Done)
            }
        }
    })?;
    if matches!(step, Step::Submit(_)) {
        crash::point("t2.after_commit");
    }
    Ok(step)
}

/// Whether nothing sent before can still arrive. Resending earlier could meet the first send at a provider that
/// does not keep refusals under their key.
fn has_landed(attempt: &Attempt, caps: &Capabilities, scope: &Scope) -> bool {
    landing(attempt, caps).is_none_or(|at| at <= scope.now.wall)
}

fn landing(attempt: &Attempt, caps: &Capabilities) -> Option<Instant> {
    attempt.last_submitted_at.map(|at| at + TimeDelta::seconds(i64::from(caps.max_in_flight_s)))
}

fn wait_for_landing(tx: &mut Conn, scope: &Scope, attempt: Attempt, caps: &Capabilities) -> Result<Step> {
    let until = landing(&attempt, caps).unwrap_or(scope.now.wall);
    wait(tx, scope, attempt, until)
}

/// Money stands still: nothing is sent, and nothing is lost.
fn wait_for_operator(tx: &mut Conn, scope: &Scope, attempt: Attempt) -> Result<Step> {
    wait(tx, scope, attempt, scope.now.wall + PAUSED_LOOK)
}

fn wait(tx: &mut Conn, scope: &Scope, mut attempt: Attempt, until: Instant) -> Result<Step> {
    settle::release(&mut attempt, scope, until);
    store::attempts::update(tx, scope.id(), &attempt)?;
    Ok(Step::Done)
}

/// Takes in what a submission came to. A late truth is still a truth: no lease is needed.
pub fn submitted(
    engine: &Engine,
    tenant_id: &TenantId,
    submission: &Submission,
    report: Report<Outcome>,
) -> Result<AttemptState> {
    let id = submission.attempt.id.clone();
    let source = if submission.resent { OutcomeSource::Resend } else { OutcomeSource::Response };
    let state = engine.write(tenant_id, move |tx, scope| {
        let mut attempt = locked(tx, scope, &id)?;
        let facts = facts_of(tx, scope, &attempt)?;
        note_call(tx, scope, &attempt, answered(&report))?;
        attempt.transcript = serde_json::to_string(&report.evidence.exchanges).ok();
        let settlement = domain::payment::protocol::settle(&facts, &report, attempt.amount());
        settle::apply(tx, scope, &mut attempt, settlement, source)?;
        crash::point("t3.before_commit");
        Ok(attempt.state)
    })?;
    crash::point("t3.after_commit");
    Ok(state)
}

/// Keeps count of the calls in a row that an account's provider did not answer.
fn note_call(tx: &mut Conn, scope: &Scope, attempt: &Attempt, answered: bool) -> Result<()> {
    let account = &attempt.provider_account_id;
    let seen = store::circuits::of(tx, scope.id(), account)?;
    if seen.after_call(answered, scope.now.wall) == seen {
        return Ok(());
    }
    let before = store::circuits::hold(tx, scope.id(), account)?;
    let after = before.after_call(answered, scope.now.wall);
    if after.is_open(scope.now.wall) != before.is_open(scope.now.wall) {
        let open = after.is_open(scope.now.wall);
        tracing::error!(tenant = %scope.tenant.slug, %account, open, "a provider stopped or began to answer");
    }
    store::circuits::update(tx, scope.id(), account, after)
}

/// What a question to the provider came to.
#[derive(Debug, Clone)]
pub enum Answer {
    /// It knows the attempt.
    Known(Outcome),
    /// It does not (now).
    Absent,
    /// It did not answer.
    Silence,
}

/// Takes in the answer to a lookup or cancellation that was asked with the lease of `asked`. May come to a
/// submission under the same key. What the provider knows is taken in whoever asked; that it knows nothing says
/// only something to who still has the lease, for another may have submitted since.
pub fn looked_up(
    engine: &Engine,
    tenant_id: &TenantId,
    asked: &Attempt,
    answer: Answer,
    caps: &Capabilities,
    owner: &str,
) -> Result<Step> {
    let (id, epoch) = (asked.id.clone(), asked.lease_epoch);
    let (caps, owner) = (caps.clone(), owner.to_owned());
    engine.write(tenant_id, move |tx, scope| {
        let mut attempt = locked(tx, scope, &id)?;
        note_call(tx, scope, &attempt, !matches!(answer, Answer::Silence))?;
        if attempt.lease_epoch != epoch && !matches!(answer, Answer::Known(_)) {
            return Ok(Step::Done);
        }
        attempt.check_count += 1;
        let facts = facts_of(tx, scope, &attempt)?;
        let settlement = match answer {
            Answer::Known(outcome) => domain::payment::protocol::learn(&facts, &outcome, attempt.amount()),
            Answer::Silence => Settlement::Unchanged,
            Answer::Absent => match after_not_found(&facts, &caps, scope.now.wall) {
                Absent::Resend if scope.money_is_paused() => return wait_for_operator(tx, scope, attempt),
                Absent::Resend if !has_landed(&attempt, &caps, scope) => {
                    return wait_for_landing(tx, scope, attempt, &caps);
                }
                Absent::Resend => return submit(tx, scope, attempt, &facts, &caps, &owner).map(Step::Submit),
                Absent::FreeSlot => never_executed(&facts),
                Absent::Wait { until, absent_since } => {
                    attempt.absent_since = absent_since;
                    return wait(tx, scope, attempt, until);
                }
            },
        };
        settle::apply(tx, scope, &mut attempt, settlement, OutcomeSource::Lookup)?;
        Ok(Step::Done)
    })
}

/// Attempts that the resolver has to look at.
pub fn find_unresolved(engine: &Engine, tenant_id: &TenantId, limit: i64) -> Result<Vec<AttemptId>> {
    engine.read(tenant_id, |conn, scope| store::attempts::to_check(conn, scope.id(), scope.now.wall, limit))
}

/// An attempt of a customer whose billing nobody else changes until this transaction ends.
pub(super) fn locked(tx: &mut Conn, scope: &Scope, id: &AttemptId) -> Result<Attempt> {
    let owner = store::attempts::get(tx, scope.id(), id)?.customer_id;
    scope.lock(tx, &owner)?;
    store::attempts::get(tx, scope.id(), id)
}

/// Counts a submission and fixes the limits of the first one.
fn submit(
    tx: &mut Conn,
    scope: &Scope,
    mut attempt: Attempt,
    facts: &AttemptFacts,
    caps: &Capabilities,
    owner: &str,
) -> Result<Box<Submission>> {
    let wall = scope.now.wall;
    let first = *attempt.first_submitted_at.get_or_insert(wall);
    if facts.windows.is_none() {
        let limits = windows(caps, first);
        attempt.resend_until = Some(limits.resend_until);
        attempt.lookup_final_after = Some(limits.lookup_final_after);
    }
    let resent = attempt.submit_count > 0;
    if resent {
        attempt.check_count += 1;
    }
    attempt.state = AttemptState::Submitted;
    attempt.submit_count += 1;
    attempt.unproven_submissions += 1;
    attempt.last_submitted_at = Some(wall);
    attempt.absent_since = None;
    attempt.next_check_at = Some(next_check(1, wall));
    let submission = take(tx, scope, attempt, owner, resent)?;
    crash::point("t2.before_commit");
    Ok(submission)
}

fn claim(tx: &mut Conn, scope: &Scope, attempt: Attempt, owner: &str) -> Result<Box<Submission>> {
    let resent = attempt.submit_count > 0;
    take(tx, scope, attempt, owner, resent)
}

/// Takes the lease and gathers what the call needs.
fn take(
    tx: &mut Conn,
    scope: &Scope,
    mut attempt: Attempt,
    owner: &str,
    resent: bool,
) -> Result<Box<Submission>> {
    let loaded_epoch = attempt.lease_epoch;
    let payments = &scope.installation.installation.payments;
    let request = request(tx, scope, &mut attempt)?;
    attempt.lease_owner = Some(owner.to_owned());
    attempt.lease_epoch += 1;
    attempt.lease_until = Some(scope.now.wall + TimeDelta::seconds(i64::from(payments.lease_seconds)));
    attempt.updated_at = scope.now.wall;
    if !store::attempts::update_claimed(tx, scope.id(), &attempt, loaded_epoch)? {
        return Err(Error::Conflict("the attempt was claimed by somebody else"));
    }
    let account = store::methods::account(tx, scope.id(), &attempt.provider_account_id)?;
    let context = CallContext {
        key: attempt.idempotency_key.clone(),
        reference: attempt.natural_ref.clone(),
        seq: u32::try_from(attempt.seq).map_err(Error::bug)?,
        deadline_ms: payments.request_seconds * 1_000,
    };
    Ok(Box::new(Submission { attempt, account, context, request, resent }))
}

/// What to ask for. Every submission of an attempt asks for the same, to the byte, whatever the settings say by
/// then: a repeated key with another body is a conflict at the provider.
pub(super) fn request(tx: &mut Conn, scope: &Scope, attempt: &mut Attempt) -> Result<Request> {
    match attempt.purpose {
        Purpose::Charge => charge_request(tx, scope, attempt).map(Request::Charge),
        Purpose::Refund => refund_request(tx, scope, attempt).map(Request::Refund),
    }
}

fn refund_request(conn: &mut Conn, scope: &Scope, attempt: &Attempt) -> Result<RefundRequest> {
    let charge = attempt.refund_of.as_ref().ok_or_else(|| Error::bug("a refund of no charge"))?;
    let charge_ref = store::attempts::get(conn, scope.id(), charge)?.provider_ref;
    let charge_ref = charge_ref.ok_or_else(|| Error::bug("a refund of a charge without its reference"))?;
    Ok(RefundRequest { amount: attempt.amount(), charge_ref })
}

fn charge_request(tx: &mut Conn, scope: &Scope, attempt: &mut Attempt) -> Result<ChargeRequest> {
    let method = store::methods::get(tx, scope.id(), &attempt.payment_method_id)?;
    let invoice = store::invoices::get(tx, scope.id(), &attempt.invoice_id)?;
    let seller: Party = serde_json::from_str(&invoice.seller).map_err(Error::bug)?;
    let pay = || format!("{}/billing/{}/pay", scope.portal_url(), invoice.id);
    Ok(ChargeRequest {
        amount: attempt.amount(),
        method_ref: method.provider_ref,
        customer_ref: method.provider_customer_ref,
        description: format!("{} {}", seller.name, invoice.number.clone().unwrap_or_default()),
        // Who pays or has just chosen another method is at the browser.
        off_session: matches!(attempt.attempt_trigger, AttemptTrigger::Cycle | AttemptTrigger::Dunning),
        return_url: attempt.return_url.get_or_insert_with(pay).clone(),
    })
}
