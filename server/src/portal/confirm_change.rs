//! `POST /subscriptions/{id}/change`: carries out a change exactly as its page said, or shows what holds now.

use super::change::{Refused, allowed, refused, review};
use crate::failure::Answer;
use crate::view;
use crate::visit::SignedIn;
use actix_web::web::{Form, Path};
use domain::money::Money;
use engine::ids::{InvoiceId, SubscriptionId};
use engine::query::{billing, change, portal};
use engine::store::events::Actor;
use engine::usecase::change::{Confirmation, Quoted, confirm as carry_out};
use serde::Deserialize;
use templates::flash::Flash;
use templates::page::ReviewError;

/// What the form sends.
#[derive(Deserialize)]
pub(crate) struct Agreed {
    /// The signed quote that its page showed.
    ticket: String,
    /// The amount that its page showed, in minor units: for saying what has changed.
    amount: i64,
}

/// `POST /subscriptions/{id}/change`
pub(crate) async fn confirm(me: SignedIn, id: Path<SubscriptionId>, agreed: Form<Agreed>) -> Answer {
    allowed(&me)?;
    let (id, Agreed { ticket, amount }) = (id.into_inner(), agreed.into_inner());
    let asked = id.clone();
    me.read(move |conn, scope, owner| portal::subscription(conn, scope, owner, &asked)).await?;
    let confirmed = me.run(move |engine, tenant, owner| {
        carry_out(engine, tenant, &Actor::Customer(owner.to_string()), &ticket)
    });
    let page = format!("/subscriptions/{id}");
    match confirmed.await {
        Ok(Confirmation::Paying(invoice)) => watch(&me, &page, invoice).await,
        Ok(Confirmation::Stale(quoted)) => {
            let error = error(amount, &quoted);
            review(&me, id, *quoted, Some(error)).await
        }
        Ok(Confirmation::Applied | Confirmation::Scheduled(_)) => {
            let flash = me.read(move |conn, scope, owner| {
                let found = portal::subscription(conn, scope, owner, &id)?.subscribed;
                Ok(match view::scheduled_change(scope, &found) {
                    Some(change) => Flash::ChangeScheduled { parts: change.parts, on: change.on },
                    None => Flash::PlanChanged {
                        parts: change::parts_of(conn, scope, &found.sub)?.iter().map(view::part).collect(),
                    },
                })
            });
            me.to_with(&page, &flash.await?)
        }
        Err(failure) => match refused(failure)? {
            Refused::Choice(_) => me.to_with(&format!("{page}/change"), &Flash::Outdated),
            Refused::Standing(flash) => me.to_with(&page, &flash),
        },
    }
}

/// Leads to the page that says what becomes of the charge.
async fn watch(me: &SignedIn, page: &str, invoice: InvoiceId) -> Answer {
    let asked = invoice.clone();
    let payment = me.read(move |conn, scope, owner| billing::payment(conn, scope, owner, &asked)).await?;
    match payment.last_try() {
        Some(last) => me.to(&format!("/billing/{invoice}/pay?attempt={}", last.attempt.id)),
        None => me.to(page),
    }
}

fn error(shown: i64, now: &Quoted) -> ReviewError {
    let to = Money::new(now.quote.settlement.due, now.quote.currency);
    let from = Money::new(shown, to.currency);
    if from == to { ReviewError::Outdated } else { ReviewError::AmountChanged { from, to } }
}
