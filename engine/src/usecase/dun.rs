//! After a failed payment: retries, mails and escalation of one invoice, step by step by its pinned policy.

use super::{advance, collect, document, record, schedule, write_off};
use crate::db::Conn;
use crate::error::{Error, Result};
use crate::ids::{CustomerId, DunningId, InvoiceId, SubscriptionId, TenantId};
use crate::job::Job;
use crate::mail::{self, MailFacts, MailKind, NewMail};
use crate::scope::{Engine, Scope};
use crate::store;
use crate::store::attempts::Attempt;
use crate::store::documents::DocumentKind;
use crate::store::dunning::DunningCase;
use crate::store::events::Actor;
use crate::store::invoices::Invoice;
use crate::store::subscriptions::Subscription;
use chrono::TimeDelta;
use domain::dunning::{CaseFacts, DunningAction, HoldOrFinal, Policy, UnpaidInvoice, due_at, next_step};
use domain::invoice::state::InvoiceStatus;
use domain::payment::state::AttemptTrigger;
use domain::provider::DeclineKind;
use domain::subscription::state::SubscriptionStatus;

/// Takes the step of an invoice's case that is due.
pub fn take_step(engine: &Engine, tenant_id: &TenantId, id: &InvoiceId) -> Result<()> {
    let id = id.clone();
    engine.write(tenant_id, move |tx, scope| {
        let owner = store::invoices::get(tx, scope.id(), &id)?.customer_id;
        scope.lock(tx, &owner)?;
        let invoice = store::invoices::get(tx, scope.id(), &id)?;
        let Some(mut case) = store::dunning::open_of(tx, scope.id(), &id)? else {
            return Ok(());
        };
        if invoice.status != InvoiceStatus::Open {
            return close(tx, scope, &id, "recovered");
        }
        let policy = pinned(&case)?;
        match next_step(&policy, &facts(tx, scope, &case, &invoice)?, scope.now.billing) {
            DunningAction::Wait(at) => {
                case.next_at = Some(at);
                store::dunning::update(tx, scope.id(), &case)
            }
            DunningAction::AwaitOutcome => {
                // The step is taken afterwards, not consumed.
                case.next_at = Some(scope.now.billing + TimeDelta::hours(1));
                store::dunning::update(tx, scope.id(), &case)
            }
            DunningAction::Exhausted => {
                // The last retry gave no outcome that could have drawn the consequence.
                let last = policy.escalation(policy.steps.len());
                escalate(tx, scope, &policy, &case, &invoice, last)?;
                close(tx, scope, &id, "exhausted")
            }
            DunningAction::Take(taken) => {
                case.step = i32::try_from(taken.step).map_err(Error::bug)?;
                case.next_at = taken.next_at;
                store::dunning::update(tx, scope.id(), &case)?;
                if taken.retry {
                    let attempt = collect::open_automatic(tx, scope, &invoice, AttemptTrigger::Dunning)?;
                    return attempt.map_or(Ok(()), |attempt| drive(tx, scope, &attempt));
                }
                if let Some(mail) = &taken.mail {
                    tell(tx, scope, &invoice, &case, mail, None)?;
                }
                escalate(tx, scope, &policy, &case, &invoice, taken.escalate)
            }
        }
    })
}

/// Invoices whose next dunning step is due.
pub fn find_due(engine: &Engine, tenant_id: &TenantId, limit: i64) -> Result<Vec<InvoiceId>> {
    engine.read(tenant_id, |conn, scope| store::dunning::due(conn, scope.id(), scope.now.billing, limit))
}

/// A charge was refused, or its confirmation never came.
pub(crate) fn payment_failed(tx: &mut Conn, scope: &Scope, attempt: &Attempt) -> Result<()> {
    let invoice = store::invoices::get(tx, scope.id(), &attempt.invoice_id)?;
    if invoice.status != InvoiceStatus::Open {
        return Ok(());
    }
    document::request(tx, scope, &invoice.id, DocumentKind::Invoice)?;
    let kind: Option<DeclineKind> = attempt.decline_kind.as_deref().and_then(|kind| kind.parse().ok());
    let retryable = kind.is_none_or(DeclineKind::retryable);
    match store::dunning::open_of(tx, scope.id(), &invoice.id)? {
        Some(mut case) => {
            if attempt.attempt_trigger != AttemptTrigger::Customer {
                // What a customer tried by hand says nothing about the method that retries use.
                case.retryable = retryable;
                store::dunning::update(tx, scope.id(), &case)?;
            }
            if attempt.attempt_trigger != AttemptTrigger::Dunning {
                return Ok(());
            }
            let policy = pinned(&case)?;
            let taken = usize::try_from(case.step).map_err(Error::bug)?;
            let last = taken.checked_sub(1).and_then(|last| policy.steps.get(last));
            if let Some(mail) = last.and_then(|step| step.mail.as_deref()) {
                tell(tx, scope, &invoice, &case, mail, Some(attempt))?;
            }
            let consequence = policy.escalation(taken);
            escalate(tx, scope, &policy, &case, &invoice, consequence)
        }
        // Its case is over: what follows was decided then.
        None if store::dunning::of_invoice(tx, scope.id(), &invoice.id)?.is_some() => Ok(()),
        None => open(tx, scope, &invoice, Some(attempt), retryable),
    }
}

/// There is nothing to charge. The case opens all the same and reaches its end by time.
pub(crate) fn no_method(tx: &mut Conn, scope: &Scope, invoice: &Invoice) -> Result<()> {
    match store::dunning::of_invoice(tx, scope.id(), &invoice.id)? {
        Some(_) => Ok(()),
        None => open(tx, scope, invoice, None, true),
    }
}

/// A retry provably never reached the provider: it does not count as one, and comes again in an hour.
pub(crate) fn not_executed(tx: &mut Conn, scope: &Scope, attempt: &Attempt) -> Result<()> {
    if attempt.attempt_trigger != AttemptTrigger::Dunning {
        return Ok(());
    }
    if let Some(mut case) = store::dunning::open_of(tx, scope.id(), &attempt.invoice_id)? {
        case.step = (case.step - 1).max(0);
        case.next_at = Some(scope.now.billing + TimeDelta::hours(1));
        store::dunning::update(tx, scope.id(), &case)?;
    }
    Ok(())
}

/// Ends an invoice's case, if one is open: `recovered`, `exhausted` or `cancelled`.
pub(crate) fn close(tx: &mut Conn, scope: &Scope, id: &InvoiceId, outcome: &str) -> Result<()> {
    if let Some(mut case) = store::dunning::open_of(tx, scope.id(), id)? {
        case.outcome = Some(outcome.to_owned());
        case.closed_at = Some(scope.now.billing);
        case.next_at = None;
        store::dunning::update(tx, scope.id(), &case)?;
    }
    Ok(())
}

/// A customer has chosen a method: open cases that would now be charged to another one than last time are tried
/// at once, and the subscription it was chosen for begins if its trial's end put it on hold for want of one.
pub(crate) fn method_chosen(
    tx: &mut Conn,
    scope: &Scope,
    owner: &CustomerId,
    wanted: Option<&SubscriptionId>,
) -> Result<()> {
    if let Some(id) = wanted {
        let mut sub = store::subscriptions::of_customer(tx, scope.id(), owner, id)?;
        if sub.status == SubscriptionStatus::OnHold && sub.hold_reason.as_deref() == Some("trial_no_method") {
            advance::start_held_trial(tx, scope, &mut sub)?;
        }
    }
    for case in store::dunning::open_of_customer(tx, scope.id(), owner)? {
        retry_with_other_method(tx, scope, case)?;
    }
    Ok(())
}

fn retry_with_other_method(tx: &mut Conn, scope: &Scope, mut case: DunningCase) -> Result<()> {
    let invoice = store::invoices::get(tx, scope.id(), &case.invoice_id)?;
    let Some(sub_id) = &invoice.subscription_id else { return Ok(()) };
    let sub = store::subscriptions::get(tx, scope.id(), sub_id)?;
    let customer = store::customers::get(tx, scope.id(), &invoice.customer_id)?;
    let method = schedule::effective_method(tx, scope, &sub, &customer)?.map(|method| method.id);
    let attempts = store::attempts::of_invoice(tx, scope.id(), &invoice.id)?;
    let last = attempts.last().map(|attempt| attempt.payment_method_id.clone());
    let a_day_ago = scope.now.wall - TimeDelta::days(1);
    let tries = store::attempts::by_hand_since(tx, scope.id(), &invoice.id, a_day_ago)?;
    let limit = i64::from(scope.installation.installation.payments.manual_tries_per_day);
    let busy = attempts.iter().any(|attempt| attempt.state.is_open());
    if method.is_none() || method == last || busy {
        return Ok(());
    }
    case.retryable = true;
    store::dunning::update(tx, scope.id(), &case)?;
    if tries < limit
        && let Some(attempt) = collect::open_automatic(tx, scope, &invoice, AttemptTrigger::MethodUpdate)?
    {
        drive(tx, scope, &attempt)?;
    }
    Ok(())
}

/// Asks the worker to go on with an attempt that this transaction opened.
pub(crate) fn drive(tx: &mut Conn, scope: &Scope, attempt: &Attempt) -> Result<()> {
    let job = Job::Resolve { tenant_id: scope.id().clone(), attempt_id: attempt.id.clone() };
    store::jobs::enqueue(tx, &job, scope.now.wall, scope.now.wall)
}

/// The facts that mails about a subscription share.
pub(crate) fn facts_of(
    conn: &mut Conn,
    scope: &Scope,
    sub: &Subscription,
    invoice: Option<&Invoice>,
) -> Result<MailFacts> {
    let (_, product) = store::catalog::price(conn, scope.id(), &sub.price_id)?;
    Ok(MailFacts {
        product: Some(product.name),
        amount: invoice.map(Invoice::due).transpose()?,
        subscription_id: Some(sub.id.clone()),
        invoice_id: invoice.map(|invoice| invoice.id.clone()),
        ..MailFacts::default()
    })
}

fn open(
    tx: &mut Conn,
    scope: &Scope,
    invoice: &Invoice,
    attempt: Option<&Attempt>,
    retryable: bool,
) -> Result<()> {
    let Some(sub_id) = &invoice.subscription_id else {
        return Ok(());
    };
    let mut sub = store::subscriptions::get(tx, scope.id(), sub_id)?;
    if sub.has_ended() || sub.status == SubscriptionStatus::Incomplete || invoice.disputed_since.is_some() {
        return Ok(());
    }
    let policy = scope.settings.dunning.policy(1);
    let started_at = scope.now.billing;
    let case = DunningCase {
        id: DunningId::mint(),
        tenant_id: scope.id().clone(),
        customer_id: invoice.customer_id.clone(),
        invoice_id: invoice.id.clone(),
        subscription_id: Some(sub.id.clone()),
        policy: serde_json::to_string(&policy).map_err(Error::bug)?,
        step: 1,
        retryable,
        started_at,
        next_at: due_at(&policy, started_at, 1),
        outcome: None,
        closed_at: None,
        policy_version: None,
        frozen_since: None,
        frozen_us: 0,
    };
    store::dunning::insert(tx, &case)?;
    if sub.status == SubscriptionStatus::Active {
        sub.status = SubscriptionStatus::PastDue;
        sub.past_due_since = Some(started_at);
        let reason = attempt.and_then(|attempt| attempt.decline_kind.clone());
        record::subscription(
            tx,
            scope,
            &mut sub,
            "subscription.past_due",
            &Actor::Worker,
            reason.as_deref(),
        )?;
    }
    schedule::save(tx, scope, &mut sub)?;
    tell(tx, scope, invoice, &case, MailKind::PaymentFailed.as_str(), attempt)
}

/// Sends the mail that a step names, each in its own words. That of a hold is sent by the hold itself, whatever
/// the step says; as a step's mail it repeats that.
fn tell(
    tx: &mut Conn,
    scope: &Scope,
    invoice: &Invoice,
    case: &DunningCase,
    mail: &str,
    attempt: Option<&Attempt>,
) -> Result<()> {
    let Some(sub_id) = &invoice.subscription_id else {
        return Ok(());
    };
    let kind: MailKind = mail.parse().map_err(Error::bug)?;
    let sub = store::subscriptions::get(tx, scope.id(), sub_id)?;
    if kind == MailKind::OnHold && sub.status != SubscriptionStatus::OnHold {
        return Ok(());
    }
    let customer = store::customers::get(tx, scope.id(), &invoice.customer_id)?;
    let policy = pinned(case)?;
    let next = usize::try_from(case.step).ok().and_then(|step| policy.steps.get(step));
    let tries = case.retryable && next.is_some_and(|step| step.retry);
    let facts = MailFacts {
        date: case.next_at.filter(|_| tries || kind == MailKind::FinalNotice).map(|at| scope.date_of(at)),
        method_id: attempt.map(|attempt| attempt.payment_method_id.clone()),
        reason: attempt.and_then(|attempt| attempt.decline_kind.clone()),
        ..facts_of(tx, scope, &sub, Some(invoice))?
    };
    let dedupe_key = format!("{}:{kind}:{}", case.id, case.step);
    mail::queue(tx, scope, NewMail { to: &customer, kind, dedupe_key, facts })
}

fn escalate(
    tx: &mut Conn,
    scope: &Scope,
    policy: &Policy,
    case: &DunningCase,
    invoice: &Invoice,
    consequence: Option<HoldOrFinal>,
) -> Result<()> {
    let (Some(consequence), Some(sub_id)) = (consequence, &case.subscription_id) else {
        return Ok(());
    };
    let mut sub = store::subscriptions::get(tx, scope.id(), sub_id)?;
    if sub.status == SubscriptionStatus::PastDue && consequence != HoldOrFinal::Cancel {
        hold(tx, scope, &mut sub, invoice, case)?;
    }
    if !consequence.is_final() {
        return Ok(());
    }
    close(tx, scope, &invoice.id, "exhausted")?;
    if policy.unpaid_invoice == UnpaidInvoice::Uncollectible {
        let mut given_up = store::invoices::get(tx, scope.id(), &invoice.id)?;
        write_off::give_up(tx, scope, &mut given_up, &Actor::Worker)?;
    }
    if consequence == HoldOrFinal::Cancel && !sub.has_ended() {
        sub.cancel_reason = None;
        advance::end(tx, scope, &mut sub, &Actor::Worker, Some("unpaid"))?;
    }
    Ok(())
}

fn hold(
    tx: &mut Conn,
    scope: &Scope,
    sub: &mut Subscription,
    invoice: &Invoice,
    case: &DunningCase,
) -> Result<()> {
    sub.status = SubscriptionStatus::OnHold;
    sub.hold_reason = Some("payment_failed".to_owned());
    record::subscription(tx, scope, sub, "subscription.on_hold", &Actor::Worker, Some("payment_failed"))?;
    schedule::save(tx, scope, sub)?;
    tell(tx, scope, invoice, case, MailKind::OnHold.as_str(), None)
}

fn facts(conn: &mut Conn, scope: &Scope, case: &DunningCase, invoice: &Invoice) -> Result<CaseFacts> {
    let customer = store::customers::get(conn, scope.id(), &invoice.customer_id)?;
    let has_method = match &invoice.subscription_id {
        Some(id) => {
            let sub = store::subscriptions::get(conn, scope.id(), id)?;
            schedule::effective_method(conn, scope, &sub, &customer)?.is_some()
        }
        None => customer.default_payment_method_id.is_some(),
    };
    Ok(CaseFacts {
        started_at: case.started_at,
        step: usize::try_from(case.step).map_err(Error::bug)?,
        retryable: case.retryable,
        has_method,
        attempt_open: store::attempts::open_of(conn, scope.id(), &invoice.id)?.is_some(),
    })
}

fn pinned(case: &DunningCase) -> Result<Policy> {
    serde_json::from_str(&case.policy).map_err(Error::bug)
}
