//! What becomes of a charge that a customer asked for.

use super::billing::reason;
use super::setup_return::is_slow;
use crate::answer::{LOOK_AGAIN_S, refresh};
use crate::failure::{Answer, Failure};
use crate::sections;
use crate::view;
use crate::visit::SignedIn;
use chrono::TimeDelta;
use domain::Instant;
use domain::payment::state::AttemptState;
use engine::ids::{AttemptId, InvoiceId};
use engine::query::paying::Aftermath;
use engine::query::payment::Try;
use engine::query::{billing, paying};
use templates::page::{PaidChange, PaymentProgress, PaymentStage, Section};

/// Seconds for which a question to the provider is taken to be under way.
const ASKING_S: i64 = 10;

/// `GET /billing/{id}/pay?attempt=`: looks again by itself while the worker is at it.
pub(crate) async fn show(me: &SignedIn, id: InvoiceId, attempt: AttemptId) -> Answer {
    let (payment, after) = me
        .read(move |conn, scope, owner| {
            let payment = billing::payment(conn, scope, owner, &id)?;
            let after = paying::aftermath(conn, scope, &payment)?;
            Ok((payment, after))
        })
        .await?;
    let tried = payment.find_try(&attempt).ok_or(Failure::NOT_FOUND)?;
    let has_pdf = sections::is_on(&me.settings, Section::Billing);
    let number = payment.invoice.number.clone().filter(|_| has_pdf);
    let change = after.change.clone().map(paid_change);
    let stage = stage(tried, me.wall, number, after);
    let looks_again = matches!(stage, PaymentStage::Processing { slow: false });
    let response = me.page(&PaymentProgress {
        invoice_id: payment.invoice.id.to_string(),
        description: payment.description().to_owned(),
        amount: tried.attempt.amount(),
        method: view::method(&tried.method),
        stage,
        change,
    })?;
    Ok(if looks_again { refresh(response, LOOK_AGAIN_S) } else { response })
}

fn paid_change(change: paying::PaidChange) -> PaidChange {
    PaidChange {
        subscription_id: change.subscription.to_string(),
        product: change.product,
        parts: change.parts.iter().map(view::part).collect(),
    }
}

fn stage(tried: &Try, now: Instant, invoice_number: Option<String>, after: Aftermath) -> PaymentStage {
    let attempt = &tried.attempt;
    match (attempt.state, &attempt.action_url) {
        (AttemptState::Succeeded, _) => PaymentStage::Paid {
            invoice_number,
            reactivated: after.reactivated,
            next_payment: after.next_payment,
        },
        (
            AttemptState::Failed | AttemptState::Error | AttemptState::Cancelled | AttemptState::Reversed,
            _,
        ) => PaymentStage::Failed { reason: reason(tried) },
        (AttemptState::RequiresAction, Some(url)) if !is_asking(attempt.next_check_at, now) => {
            PaymentStage::NeedsConfirmation { url: url.clone() }
        }
        _ => PaymentStage::Processing { slow: is_slow(now, attempt.updated_at) },
    }
}

/// The customer is back from the bank, and the worker is about to ask what was decided there.
fn is_asking(next_check_at: Option<Instant>, now: Instant) -> bool {
    next_check_at.is_some_and(|at| at <= now && now - at < TimeDelta::seconds(ASKING_S))
}
