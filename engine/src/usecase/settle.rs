//! Writes down what became of an attempt, and everything that follows from it, in one transaction. [`apply`]
//! is the only writer of an attempt's terminal state.

use super::goes_on::Settled;
use super::pay_from_balance::pay_from_balance;
use super::{bill, change, document, dun, goes_on, late_money, reactivate, receipt, record, refund};
use crate::db::Conn;
use crate::error::{Error, Result};
use crate::mail::{self, MailFacts, MailKind, NewMail};
use crate::scope::Scope;
use crate::store;
use crate::store::attempts::Attempt;
use crate::store::documents::DocumentKind;
use crate::store::events::Actor;
use crate::store::invoices::Invoice;
use crate::store::methods::MethodStatus;
use crate::store::receipts::Receipt;
use chrono::TimeDelta;
use domain::Instant;
use domain::dunning::CaseOutcome;
use domain::event::{EventKind, Why, of_attempt};
use domain::invoice::state::{BillingReason, InvoiceStatus};
use domain::ledger::payment_succeeded;
use domain::money::Money;
use domain::payment::protocol::{AttemptFacts, Change, Settlement, Windows};
use domain::payment::resolve::next_check;
use domain::payment::state::{AttemptState, AttemptTrigger, OutcomeSource, Purpose};
use domain::subscription::hold::Means;

/// Attempts in a row that never reached the provider before the invoice counts as unpaid.
const TECHNICAL_TRIES: usize = 5;

/// Hours a customer has for a confirmation whose page names no end.
const CONFIRMATION_HOURS: i64 = 24;

/// What the protocol needs to know about an attempt.
pub(crate) fn facts_of(conn: &mut Conn, scope: &Scope, attempt: &Attempt) -> Result<AttemptFacts> {
    let invoice = store::invoices::get(conn, scope.id(), &attempt.invoice_id)?;
    let subscription_ended = match &invoice.subscription_id {
        Some(id) => !store::subscriptions::get(conn, scope.id(), id)?.is_collected(),
        None => false,
    };
    let windows = attempt
        .resend_until
        .zip(attempt.lookup_final_after)
        .map(|(resend_until, lookup_final_after)| Windows { resend_until, lookup_final_after });
    Ok(AttemptFacts {
        state: attempt.state,
        trigger: attempt.attempt_trigger,
        document_open: match invoice.status {
            // The credit note that promised it holds.
            _ if attempt.purpose == Purpose::Refund => true,
            InvoiceStatus::Open => true,
            // Given up by us, but a customer may still pay it.
            InvoiceStatus::Uncollectible => !attempt.attempt_trigger.is_automatic(),
            InvoiceStatus::Draft | InvoiceStatus::Paid | InvoiceStatus::Void => false,
        },
        subscription_ended,
        submit_count: attempt.submit_count.unsigned_abs(),
        unproven_submissions: attempt.unproven_submissions.unsigned_abs(),
        windows,
        provider_ref: attempt.provider_ref.clone(),
        check_count: attempt.check_count.unsigned_abs(),
        next_check_at: attempt.next_check_at,
        absent_since: attempt.absent_since,
        action_expires_at: attempt.action_expires_at,
        withdrawn: attempt.withdrawn_at.is_some(),
        in_review: attempt.review_since.is_some(),
    })
}

/// Writes a settlement and what follows from it. The attempt is loaded and its customer locked by the caller.
pub(crate) fn apply(
    tx: &mut Conn,
    scope: &Scope,
    attempt: &mut Attempt,
    settlement: Settlement,
    source: OutcomeSource,
) -> Result<()> {
    match settlement {
        Settlement::Unchanged => {
            let check = next_check(attempt.check_count.unsigned_abs(), scope.now.wall);
            release(attempt, scope, check);
            store::attempts::update(tx, scope.id(), attempt)
        }
        Settlement::Review => ask_a_person(tx, scope, attempt, Why::MovedTwice),
        Settlement::Change(change) => write(tx, scope, attempt, change, source),
    }
}

/// Gives the lease back and says when to look again.
pub(crate) fn release(attempt: &mut Attempt, scope: &Scope, next_check_at: Instant) {
    attempt.lease_owner = None;
    attempt.lease_until = None;
    attempt.next_check_at = attempt.state.is_open().then_some(next_check_at);
    attempt.updated_at = scope.now.wall;
}

/// Flags an attempt for a person. Its invoice stays blocked: the flag is an addition, not an end.
pub(crate) fn ask_a_person(tx: &mut Conn, scope: &Scope, attempt: &mut Attempt, why: Why) -> Result<()> {
    let check = next_check(attempt.check_count.unsigned_abs(), scope.now.wall);
    release(attempt, scope, check);
    if attempt.review_since.is_none() {
        attempt.review_since = Some(scope.now.wall);
        tracing::error!(tenant = %scope.tenant.slug, attempt = %attempt.id, %why, "payment needs review");
        let kind = match attempt.purpose {
            Purpose::Charge => EventKind::PaymentNeedsReview,
            Purpose::Refund => EventKind::RefundNeedsReview,
        };
        record::attempt(tx, scope, attempt, kind, &Actor::Provider, Some(&why.into()))?;
    }
    store::attempts::update(tx, scope.id(), attempt)
}

fn write(
    tx: &mut Conn,
    scope: &Scope,
    attempt: &mut Attempt,
    change: Change,
    source: OutcomeSource,
) -> Result<()> {
    let moved = attempt.state != change.to;
    attempt.state = change.to;
    attempt.outcome_source = Some(source.into());
    attempt.unproven_submissions = i32::try_from(change.unproven_submissions).map_err(Error::bug)?;
    attempt.raw_status = change.raw_status.or(attempt.raw_status.take());
    attempt.provider_ref = change.provider_ref.or(attempt.provider_ref.take());
    if let Some(decline) = &change.decline {
        attempt.decline_kind = Some(decline.kind.into());
        attempt.decline_code = Some(decline.code.clone());
    }
    if let Some(action) = change.action {
        attempt.action_url = Some(action.url);
        let fallback = scope.now.wall + TimeDelta::hours(CONFIRMATION_HOURS);
        attempt.action_expires_at = action.expires_at.or(attempt.action_expires_at).or(Some(fallback));
    }
    if change.close_resend {
        attempt.resend_until = attempt.first_submitted_at;
    }
    if !change.to.is_open() && change.to != AttemptState::Reversed {
        attempt.settled_at = Some(scope.now.wall);
    }
    let check = next_check(attempt.check_count.unsigned_abs(), scope.now.wall);
    release(attempt, scope, check);
    store::attempts::update(tx, scope.id(), attempt)?;
    match attempt.purpose {
        Purpose::Charge if moved => follow(tx, scope, attempt, change.taken, source)?,
        Purpose::Refund if moved => refund::follow(tx, scope, attempt, change.taken, &actor_of(source))?,
        Purpose::Charge | Purpose::Refund => {}
    }
    if change.review {
        ask_a_person(tx, scope, attempt, Why::Mismatch)?;
    }
    Ok(())
}

/// What follows from an attempt's new state.
fn follow(
    tx: &mut Conn,
    scope: &Scope,
    attempt: &mut Attempt,
    taken: Option<Money>,
    source: OutcomeSource,
) -> Result<()> {
    if let Some(kind) = of_attempt(attempt.purpose, attempt.state) {
        let why = match attempt.state {
            AttemptState::Failed => attempt.refusal(),
            AttemptState::Reversed => Some(Why::Disputed.into()),
            _ => None,
        };
        record::attempt(tx, scope, attempt, kind, &actor_of(source), why.as_ref())?;
    }
    match attempt.state {
        AttemptState::Succeeded => {
            let taken = taken.unwrap_or(attempt.amount());
            paid(tx, scope, attempt, taken, &actor_of(source))?;
            pay_from_balance(tx, scope, &attempt.customer_id, taken.currency, &actor_of(source))
        }
        AttemptState::Failed | AttemptState::Cancelled | AttemptState::Error => unpaid(tx, scope, attempt),
        AttemptState::RequiresAction => ask_to_confirm(tx, scope, attempt),
        AttemptState::Pending => goes_on::money_on_its_way(tx, scope, attempt),
        AttemptState::Created | AttemptState::Submitted | AttemptState::Unknown | AttemptState::Reversed => {
            Ok(())
        }
    }
}

/// Whose word an outcome is.
const fn actor_of(source: OutcomeSource) -> Actor {
    match source {
        OutcomeSource::Operator => Actor::Operator,
        OutcomeSource::Unsent => Actor::Worker,
        OutcomeSource::Response
        | OutcomeSource::Resend
        | OutcomeSource::Lookup
        | OutcomeSource::Webhook
        | OutcomeSource::Reconcile => Actor::Provider,
    }
}

/// A charge came to nothing: that is the end of what it was to begin or to change, or the balance pays what it left alone
/// until now, or it is a matter of dunning, or of nobody any more.
fn unpaid(tx: &mut Conn, scope: &Scope, attempt: &Attempt) -> Result<()> {
    let of_a_change = change::payment_failed(tx, scope, attempt)?;
    let unsent = attempt.state == AttemptState::Cancelled && attempt.submit_count == 0;
    if unsent {
        return Ok(());
    }
    dun::withdraw_what_never_began(tx, scope, attempt)?;
    pay_from_balance(tx, scope, &attempt.customer_id, attempt.currency, &Actor::Worker)?;
    let settled = store::invoices::get(tx, scope.id(), &attempt.invoice_id)?.status == InvoiceStatus::Paid;
    if of_a_change || settled || dun::after_the_end(tx, scope, attempt)? {
        return Ok(());
    }
    if attempt.state == AttemptState::Error && !will_not_pass(tx, scope, attempt)? {
        return dun::not_executed(tx, scope, attempt);
    }
    dun::payment_failed(tx, scope, attempt)
}

/// Whether the customer has to know of charges that never reach the provider: so many in a row do not get better by
/// themselves, unless it is the provider that is out of order, for everybody.
fn will_not_pass(conn: &mut Conn, scope: &Scope, attempt: &Attempt) -> Result<bool> {
    let tries = store::attempts::of_invoice(conn, scope.id(), &attempt.invoice_id)?;
    let in_a_row = tries.iter().rev().take_while(|tried| tried.state == AttemptState::Error).count();
    let circuit = store::circuits::of(conn, scope.id(), &attempt.provider_account_id)?;
    Ok(in_a_row >= TECHNICAL_TRIES && !circuit.is_open(scope.now.wall))
}

/// Money moved: post it, credit the invoice, and tell the subscription and the customer. Money that is more
/// than was owed, or in another currency, is recorded all the same and flagged.
fn paid(tx: &mut Conn, scope: &Scope, attempt: &mut Attempt, taken: Money, actor: &Actor) -> Result<()> {
    let mut invoice = store::invoices::get(tx, scope.id(), &attempt.invoice_id)?;
    let received = payment_succeeded(&bill::owed(&invoice)?, taken).map_err(Error::bug)?;
    let about = (&invoice.id, Some(&attempt.id));
    let posting = &received.posting;
    store::ledger::post(tx, scope.id(), &invoice.customer_id, about, posting, scope.now.billing)?;
    if taken.currency == invoice.currency {
        invoice.amount_paid += taken.minor;
    }
    let (left, before) = (invoice.due()?.minor, invoice.status);
    if left <= 0 && matches!(invoice.status, InvoiceStatus::Open | InvoiceStatus::Uncollectible) {
        invoice.status = InvoiceStatus::Paid;
        invoice.paid_at = Some(scope.now.billing);
    }
    invoice.updated_at = scope.now.wall;
    store::invoices::update(tx, scope.id(), &invoice)?;
    record::invoice(tx, scope, &invoice, before, actor, None)?;
    if left < 0 || invoice.status != InvoiceStatus::Paid {
        tracing::error!(tenant = %scope.tenant.slug, invoice = %invoice.id, "payment does not match what was due");
    }
    if invoice.status == InvoiceStatus::Void {
        return ask_a_person(tx, scope, attempt, Why::PaidVoid);
    }
    if invoice.status != InvoiceStatus::Paid {
        return Ok(());
    }
    dun::close(tx, scope, &invoice.id, CaseOutcome::Recovered)?;
    // A change is charged to what pays the subscription anyway.
    if attempt.attempt_trigger == AttemptTrigger::Customer && invoice.reason != BillingReason::Change {
        bind_what_paid(tx, scope, &invoice, attempt)?;
    }
    document::request(tx, scope, &invoice.id, DocumentKind::InvoicePaid)?;
    let receipt = receipt::issue(tx, scope, &invoice, attempt, taken)?;
    send_receipt(tx, scope, attempt, &invoice, receipt)?;
    change::paid(tx, scope, &invoice)?;
    if reactivate::waits_for(tx, scope, &invoice, before)? {
        let charged = Settled { invoice: &invoice, means: Means::Charge };
        goes_on::subscription_goes_on(tx, scope, charged, actor)?;
    }
    late_money::give_back(tx, scope, attempt, &invoice)
}

/// What a customer paid with also pays the renewals of the subscription.
fn bind_what_paid(tx: &mut Conn, scope: &Scope, invoice: &Invoice, attempt: &Attempt) -> Result<()> {
    let Some(id) = &invoice.subscription_id else { return Ok(()) };
    let sub = store::subscriptions::get(tx, scope.id(), id)?;
    let method = store::methods::get(tx, scope.id(), &attempt.payment_method_id)?;
    if sub.has_ended() || method.status != MethodStatus::Active {
        return Ok(());
    }
    super::use_method::bind(tx, scope, &sub.customer_id, id, &method)
}

fn send_receipt(
    tx: &mut Conn,
    scope: &Scope,
    attempt: &Attempt,
    invoice: &Invoice,
    receipt: Receipt,
) -> Result<()> {
    let customer = store::customers::get(tx, scope.id(), &invoice.customer_id)?;
    let facts = MailFacts {
        product: first_line(tx, scope, invoice)?,
        amount: Some(attempt.amount()),
        date: Some(scope.today()),
        method_id: Some(attempt.payment_method_id.clone()),
        invoice_id: Some(invoice.id.clone()),
        subscription_id: invoice.subscription_id.clone(),
        receipt_id: Some(receipt.id),
        ..MailFacts::default()
    };
    let dedupe_key = format!("{}:receipt", attempt.id);
    mail::queue(tx, scope, NewMail { to: &customer, kind: MailKind::Receipt, dedupe_key, facts })
}

/// What an invoice is for, in the words of its first line.
pub(super) fn first_line(conn: &mut Conn, scope: &Scope, invoice: &Invoice) -> Result<Option<String>> {
    Ok(store::invoices::lines(conn, scope.id(), &invoice.id)?.into_iter().next().map(|line| line.description))
}

/// The bank wants the customer, who is not there when a renewal is charged: send a link.
fn ask_to_confirm(tx: &mut Conn, scope: &Scope, attempt: &Attempt) -> Result<()> {
    if !attempt.attempt_trigger.is_automatic() {
        return Ok(());
    }
    let invoice = store::invoices::get(tx, scope.id(), &attempt.invoice_id)?;
    let customer = store::customers::get(tx, scope.id(), &invoice.customer_id)?;
    let facts = MailFacts {
        product: first_line(tx, scope, &invoice)?,
        amount: Some(attempt.amount()),
        method_id: Some(attempt.payment_method_id.clone()),
        invoice_id: Some(invoice.id.clone()),
        ..MailFacts::default()
    };
    let dedupe_key = format!("{}:authentication_required", attempt.id);
    mail::queue(
        tx,
        scope,
        NewMail { to: &customer, kind: MailKind::AuthenticationRequired, dedupe_key, facts },
    )
}
