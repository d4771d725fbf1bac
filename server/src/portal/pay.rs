//! `/billing/{id}/pay`: paying an invoice by hand. The form writes the intent; the page after it looks again until the
//! worker has done it.

use super::billing::reason;
use super::pay_progress;
use crate::bill;
use crate::failure::{Answer, Failure};
use crate::sections;
use crate::view;
use crate::visit::SignedIn;
use actix_web::http::StatusCode;
use actix_web::web::{Form, Path, Query};
use domain::money::Money;
use domain::payment::state::AttemptState;
use engine::ids::{AttemptId, InvoiceId, MethodId};
use engine::query::paying::{self, Paying};
use engine::query::payment::{Payment, PaymentState};
use engine::usecase;
use engine::usecase::pay::Wanted;
use serde::Deserialize;
use templates::flash::Flash;
use templates::page::{MethodChoice, Pay, PayError, Reactivation, Section};

/// Seconds to wait for who has tried too often today.
const TRY_AGAIN_S: u32 = 3_600;

/// Stands for "no charge yet" in a form.
const FIRST: &str = "first";

/// Whose progress to show.
#[derive(Deserialize)]
pub(crate) struct Shown {
    attempt: Option<AttemptId>,
}

/// What the form sends.
#[derive(Deserialize)]
pub(crate) struct Intent {
    /// The last charge that its page knew of.
    idempotency_key: String,
    /// The amount that its page showed, in minor units.
    amount: i64,
    method: Option<MethodId>,
}

/// `GET /billing/{id}/pay`: the form; with `?attempt=` what became of it. Browsers come back here from the bank.
pub(crate) async fn form(me: SignedIn, id: Path<InvoiceId>, shown: Query<Shown>) -> Answer {
    let id = id.into_inner();
    if let Some(attempt) = shown.into_inner().attempt {
        return pay_progress::show(&me, id, attempt).await;
    }
    let facts = facts(&me, &id).await?;
    match next(&facts.payment) {
        Next::Pay => show(&me, id, facts, StatusCode::OK, None).await,
        Next::Confirm(attempt) => {
            let asked = id.clone();
            me.run(move |engine, tenant, owner| {
                usecase::pay::check_confirmation(engine, tenant, owner, &asked)
            })
            .await?;
            me.to(&progress_path(&id, &attempt))
        }
        Next::Watch(attempt) => me.to(&progress_path(&id, &attempt)),
        Next::Nothing => me.to_with(&format!("/billing/{id}"), &Flash::NothingDue),
    }
}

/// `POST /billing/{id}/pay`
pub(crate) async fn pay(me: SignedIn, id: Path<InvoiceId>, intent: Form<Intent>) -> Answer {
    submit(&me, id.into_inner(), intent.into_inner()).await
}

/// Writes the intent to pay, unless the page it comes from is out of date.
pub(crate) async fn submit(me: &SignedIn, id: InvoiceId, intent: Intent) -> Answer {
    let facts = facts(me, &id).await?;
    let key = key(&facts.payment);
    match (next(&facts.payment), facts.payment.last_try()) {
        (Next::Pay, Some(last)) if key != intent.idempotency_key => {
            return me.to(&progress_path(&id, &last.attempt.id));
        }
        (Next::Pay, _) => {}
        (Next::Confirm(attempt) | Next::Watch(attempt), _) => return me.to(&progress_path(&id, &attempt)),
        (Next::Nothing, _) => return me.to_with(&format!("/billing/{id}"), &Flash::NothingDue),
    }
    let Some(method) = intent.method else {
        return show(me, id, facts, StatusCode::UNPROCESSABLE_ENTITY, Some(PayError::NoMethod)).await;
    };
    let wanted = Wanted { invoice: id.clone(), method, amount: intent.amount };
    let opened = me.run(move |engine, tenant, owner| usecase::pay::pay(engine, tenant, owner, wanted)).await;
    match opened {
        Ok(opened) => match opened.attempt {
            Some(attempt) => me.to(&progress_path(&opened.invoice, &attempt)),
            None => me.to(&format!("/billing/{}", opened.invoice)),
        },
        Err(failure) => match failure.refusal() {
            Some("method_gone") => {
                show(me, id, facts, StatusCode::UNPROCESSABLE_ENTITY, Some(PayError::NoMethod)).await
            }
            Some("amount_changed") => show_changed(me, id, intent.amount).await,
            Some("already_paid" | "not_payable") => me.to_with(&format!("/billing/{id}"), &Flash::NothingDue),
            Some("too_many_tries") => Err(Failure::TooManyRequests { seconds: TRY_AGAIN_S }),
            _ => Err(failure),
        },
    }
}

/// The form again, with what is charged now.
async fn show_changed(me: &SignedIn, id: InvoiceId, shown: i64) -> Answer {
    let facts = facts(me, &id).await?;
    let to = facts.amount()?;
    let error = PayError::AmountChanged { from: Money::new(shown, to.currency), to };
    show(me, id, facts, StatusCode::CONFLICT, Some(error)).await
}

/// What there is to do about a payment.
enum Next {
    /// Choose a method and pay.
    Pay,
    /// The bank waits for the customer.
    Confirm(AttemptId),
    /// A charge is under way, or was the one that paid.
    Watch(AttemptId),
    /// Nothing is owed.
    Nothing,
}

fn next(payment: &Payment) -> Next {
    let id = |tried: &engine::query::payment::Try| tried.attempt.id.clone();
    let waiting = payment.last_try().filter(|last| last.attempt.state == AttemptState::RequiresAction);
    match (payment.state(), waiting) {
        (PaymentState::Due, Some(tried)) => Next::Confirm(id(tried)),
        (PaymentState::Due | PaymentState::Failed, _) => Next::Pay,
        (PaymentState::Processing | PaymentState::Paid, _) => {
            payment.deciding_try().map_or(Next::Nothing, |tried| Next::Watch(id(tried)))
        }
        (PaymentState::Void, _) => Next::Nothing,
    }
}

/// Names the last charge: a form made before another charge pays nothing, however often it is sent.
fn key(payment: &Payment) -> String {
    payment.last_try().map_or_else(|| FIRST.to_owned(), |last| last.attempt.id.to_string())
}

fn progress_path(id: &InvoiceId, attempt: &AttemptId) -> String {
    format!("/billing/{id}/pay?attempt={attempt}")
}

async fn facts(me: &SignedIn, id: &InvoiceId) -> Result<Paying, Failure> {
    let id = id.clone();
    me.read(move |conn, scope, owner| paying::paying(conn, scope, owner, &id)).await
}

async fn show(
    me: &SignedIn,
    id: InvoiceId,
    facts: Paying,
    status: StatusCode,
    error: Option<PayError>,
) -> Answer {
    let can_add = sections::is_on(&me.settings, Section::PaymentMethods);
    let page = me
        .read(move |_, scope, _| {
            let failed = facts.payment.last_try().filter(|last| last.has_failed());
            Ok(Pay {
                description: facts.payment.description().to_owned(),
                bill: bill::to_pay(scope, &facts)?,
                methods: facts.methods.iter().map(|method| choice(&facts, method)).collect(),
                selected: selected(&facts),
                reactivation: facts.held.as_ref().map(|held| Reactivation {
                    subscription_id: held.id.to_string(),
                    product: held.product.clone(),
                    since: held.since,
                    reason: failed.map(reason),
                    restarts: held.restart.is_some(),
                }),
                error,
                can_add,
                idempotency_key: key(&facts.payment),
                invoice_id: Some(id.to_string()),
            })
        })
        .await?;
    me.page_with(status, &page)
}

fn choice(facts: &Paying, method: &engine::store::methods::PaymentMethod) -> MethodChoice {
    let failed =
        facts.payment.tries.iter().rev().find(|tried| tried.method.id == method.id && tried.has_failed());
    MethodChoice {
        id: method.id.to_string(),
        method: view::method(method),
        is_default: facts.default_method.as_ref() == Some(&method.id),
        expiry: view::expiry(method),
        failed_on: failed.map(|tried| tried.on),
    }
}

/// What the subscription is charged to, or the default, unless that one has just failed: then another.
fn selected(facts: &Paying) -> Option<String> {
    let failed = facts.payment.last_try().filter(|last| last.has_failed()).map(|last| &last.method.id);
    let wanted = [facts.current_method.as_ref(), facts.default_method.as_ref()];
    let listed = |id: &&MethodId| facts.methods.iter().any(|method| &method.id == *id);
    let candidates = wanted.into_iter().flatten().filter(listed).chain(facts.methods.iter().map(|m| &m.id));
    let all: Vec<&MethodId> = candidates.collect();
    let other = all.iter().find(|id| Some(**id) != failed).or(all.first());
    other.map(ToString::to_string)
}
