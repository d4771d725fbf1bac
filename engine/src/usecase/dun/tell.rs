//! The mails of dunning.

use super::{case_facts, method_of, pinned, subscription_of};
use crate::db::Conn;
use crate::error::Result;
use crate::mail::{self, MailFacts, MailKind, NewMail};
use crate::scope::Scope;
use crate::store;
use crate::store::attempts::Attempt;
use crate::store::dunning::DunningCase;
use crate::store::invoices::Invoice;
use crate::store::subscriptions::Subscription;
use crate::usecase::settle;
use chrono::NaiveDate;
use domain::dunning::DunningMail;
use domain::provider::DeclineKind;
use domain::subscription::state::SubscriptionStatus;

impl From<DunningMail> for MailKind {
    fn from(mail: DunningMail) -> Self {
        match mail {
            DunningMail::PaymentFailed => Self::PaymentFailed,
            DunningMail::PaymentReminder => Self::PaymentReminder,
            DunningMail::OnHold => Self::OnHold,
            DunningMail::FinalNotice => Self::FinalNotice,
        }
    }
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

/// Sends the mail that a step names, each in its own words. That of a hold is sent by the hold itself, whatever
/// the step says; as a step's mail it repeats that.
pub(super) fn tell(
    tx: &mut Conn,
    scope: &Scope,
    invoice: &Invoice,
    case: &DunningCase,
    mail: DunningMail,
    attempt: Option<&Attempt>,
) -> Result<()> {
    let sub = subscription_of(tx, scope, invoice)?;
    let held = sub.as_ref().is_some_and(|sub| sub.status == SubscriptionStatus::OnHold);
    if mail == DunningMail::OnHold && !held {
        return Ok(());
    }
    let method = method_of(tx, scope, invoice)?;
    let (pinned, facts) = (pinned(case)?, case_facts(tx, scope, case, method.as_ref())?);
    let next = pinned.policy.steps.get(facts.step);
    let passes = facts.has_method && facts.decline.is_none_or(DeclineKind::retryable);
    let says_when = mail == DunningMail::FinalNotice || (passes && next.is_some_and(|step| step.retry));
    let next_at = pinned.due_at(&facts.clock, facts.zone, facts.step);
    let date = next_at.filter(|_| says_when).map(|at| scope.date_of(at));
    let kind = MailKind::from(mail);
    let key = format!("{}:{}:{kind}:{}", case.id, case.started_at.and_utc().timestamp(), case.step);
    queue(tx, scope, sub.as_ref(), invoice, attempt, (kind, key), date)
}

/// Nobody chases a first payment. Its customer hears that it failed, or that there is nothing to charge, unless they
/// tried it themselves and saw it.
pub(super) fn first_payment_failed(
    tx: &mut Conn,
    scope: &Scope,
    sub: Option<&Subscription>,
    invoice: &Invoice,
    attempt: Option<&Attempt>,
) -> Result<()> {
    let Some(sub) = sub.filter(|sub| sub.status == SubscriptionStatus::Incomplete) else { return Ok(()) };
    if attempt.is_some_and(|attempt| !attempt.attempt_trigger.is_automatic()) {
        return Ok(());
    }
    let kind = MailKind::FirstPaymentFailed;
    let about = attempt.map_or(invoice.id.as_str(), |attempt| attempt.id.as_str());
    queue(tx, scope, Some(sub), invoice, attempt, (kind, format!("{about}:{kind}")), None)
}

/// Queues a mail about an unpaid invoice: which, and the key of the fact it tells.
pub(super) fn queue(
    tx: &mut Conn,
    scope: &Scope,
    sub: Option<&Subscription>,
    invoice: &Invoice,
    attempt: Option<&Attempt>,
    (kind, dedupe_key): (MailKind, String),
    date: Option<NaiveDate>,
) -> Result<()> {
    let customer = store::customers::get(tx, scope.id(), &invoice.customer_id)?;
    let about = match sub {
        Some(sub) if sub.has_ended() => {
            // Nothing is kept by paying it.
            MailFacts { subscription_id: None, ..facts_of(tx, scope, sub, Some(invoice))? }
        }
        Some(sub) => facts_of(tx, scope, sub, Some(invoice))?,
        None => MailFacts {
            product: settle::first_line(tx, scope, invoice)?,
            amount: Some(invoice.due()?),
            invoice_id: Some(invoice.id.clone()),
            ..MailFacts::default()
        },
    };
    let facts = MailFacts {
        date,
        method_id: attempt.map(|attempt| attempt.payment_method_id.clone()),
        reason: attempt.and_then(|attempt| attempt.decline_kind.clone()),
        ..about
    };
    mail::queue(tx, scope, NewMail { to: &customer, kind, dedupe_key, facts })
}
