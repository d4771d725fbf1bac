//! Writes down an attempt to charge or refund. What it asks for is frozen here; the provider is not called.

use crate::db::Conn;
use crate::error::{Error, Result};
use crate::ids::{AccountId, AttemptId, CreditNoteId, MethodId};
use crate::scope::Scope;
use crate::store;
use crate::store::attempts::Attempt;
use crate::store::invoices::Invoice;
use domain::payment::key::idempotency_key;
use domain::payment::resolve::next_check;
use domain::payment::state::{AttemptState, AttemptTrigger, Purpose};

/// What an attempt is to do.
pub(crate) struct Plan<'a> {
    /// What is paid, or whose money goes back.
    pub(crate) invoice: &'a Invoice,
    /// Who asked for it.
    pub(crate) trigger: AttemptTrigger,
    /// Minor units of the invoice's currency.
    pub(crate) amount: i64,
    /// What is charged, or gets its money back.
    pub(crate) method: &'a MethodId,
    /// Through which account.
    pub(crate) account: &'a AccountId,
    /// The same over all attempts for the same thing.
    pub(crate) natural_ref: &'a str,
    /// Of a refund: what promised it, and the charge that it gives back.
    pub(crate) refund: Option<(&'a CreditNoteId, &'a AttemptId)>,
}

/// Tries of which we may know nothing after a restore, between the last that we know and one that took money.
const MOST_UNKNOWN: i64 = 200;

/// Writes down an attempt under the next number of its natural reference, or under that of an attempt which the
/// provider knows and we do not.
pub(crate) fn plan(tx: &mut Conn, scope: &Scope, plan: &Plan) -> Result<Attempt> {
    let purpose = if plan.refund.is_some() { Purpose::Refund } else { Purpose::Charge };
    let last = store::attempts::last_seq(tx, scope.id(), purpose, plan.natural_ref)?;
    let known = store::reconciliation::keys_of(tx, scope.id(), plan.natural_ref)?;
    let (seq, idempotency_key) = next_key(scope, purpose, plan.natural_ref, last, &known)?;
    let wall = scope.now.wall;
    let attempt = Attempt {
        id: AttemptId::mint(),
        tenant_id: scope.id().clone(),
        customer_id: plan.invoice.customer_id.clone(),
        invoice_id: plan.invoice.id.clone(),
        seq,
        purpose,
        attempt_trigger: plan.trigger,
        amount: plan.amount,
        currency: plan.invoice.currency,
        payment_method_id: plan.method.clone(),
        provider_account_id: plan.account.clone(),
        natural_ref: plan.natural_ref.to_owned(),
        idempotency_key,
        state: AttemptState::Created,
        review_since: None,
        lease_owner: None,
        lease_epoch: 0,
        lease_until: None,
        first_submitted_at: None,
        last_submitted_at: None,
        submit_count: 0,
        unproven_submissions: 0,
        resend_until: None,
        lookup_final_after: None,
        absent_since: None,
        next_check_at: Some(next_check(0, wall)),
        check_count: 0,
        provider_ref: None,
        outcome_source: None,
        decline_kind: None,
        decline_code: None,
        raw_status: None,
        return_url: None,
        action_url: None,
        action_expires_at: None,
        withdrawn_at: None,
        transcript: None,
        settled_at: None,
        created_at: wall,
        updated_at: wall,
        credit_note_id: plan.refund.map(|(note, _)| note.clone()),
        refund_of: plan.refund.map(|(_, charge)| charge.clone()),
    };
    store::attempts::insert(tx, &attempt)?;
    Ok(attempt)
}

/// The number and key after the last; or, of a later one, where the provider is known to have moved money under it.
fn next_key(
    scope: &Scope,
    purpose: Purpose,
    natural_ref: &str,
    last: i64,
    known: &[String],
) -> Result<(i64, String)> {
    let key_of = |seq: i64| {
        let key_seq = u32::try_from(seq).map_err(Error::bug)?;
        Ok((seq, idempotency_key(&scope.instance_id, scope.id().as_str(), purpose, natural_ref, key_seq)))
    };
    if !known.is_empty() {
        for seq in last + 1..=last + MOST_UNKNOWN {
            let (seq, key) = key_of(seq)?;
            if known.contains(&key) {
                return Ok((seq, key));
            }
        }
    }
    key_of(last + 1)
}
