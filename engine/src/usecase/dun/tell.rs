//! The mails of dunning.

use super::{clock, pinned};
use crate::db::Conn;
use crate::error::{Error, Result};
use crate::mail::{self, MailFacts, MailKind, NewMail};
use crate::scope::Scope;
use crate::store;
use crate::store::attempts::Attempt;
use crate::store::dunning::DunningCase;
use crate::store::invoices::Invoice;
use crate::store::subscriptions::Subscription;
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
    let Some(sub_id) = &case.subscription_id else { return Ok(()) };
    let sub = store::subscriptions::get(tx, scope.id(), sub_id)?;
    if mail == DunningMail::OnHold && sub.status != SubscriptionStatus::OnHold {
        return Ok(());
    }
    let (pinned, taken) = (pinned(case)?, usize::try_from(case.step).map_err(Error::bug)?);
    let next = pinned.policy.steps.get(taken);
    let passes =
        case.decline.as_deref().and_then(|kind| kind.parse().ok()).is_none_or(DeclineKind::retryable);
    let says_when = mail == DunningMail::FinalNotice || (passes && next.is_some_and(|step| step.retry));
    let next_at = pinned.due_at(&clock(case), sub.anchor()?.zone, taken);
    let date = next_at.filter(|_| says_when).map(|at| scope.date_of(at));
    let kind = MailKind::from(mail);
    let key = format!("{}:{}:{kind}:{}", case.id, case.started_at.and_utc().timestamp(), case.step);
    queue(tx, scope, &sub, invoice, attempt, (kind, key), date)
}

/// Queues a mail about an unpaid invoice: which, and the key of the fact it tells.
pub(super) fn queue(
    tx: &mut Conn,
    scope: &Scope,
    sub: &Subscription,
    invoice: &Invoice,
    attempt: Option<&Attempt>,
    (kind, dedupe_key): (MailKind, String),
    date: Option<NaiveDate>,
) -> Result<()> {
    let customer = store::customers::get(tx, scope.id(), &invoice.customer_id)?;
    let facts = MailFacts {
        date,
        method_id: attempt.map(|attempt| attempt.payment_method_id.clone()),
        reason: attempt.and_then(|attempt| attempt.decline_kind.clone()),
        ..facts_of(tx, scope, sub, Some(invoice))?
    };
    mail::queue(tx, scope, NewMail { to: &customer, kind, dedupe_key, facts })
}
