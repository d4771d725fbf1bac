//! The bank's page: 3-D Secure for a card that is being saved, or for a charge.

use super::{Page, after, amount, escape, go, message, not_found, setup};
use crate::api::{self, Desk};
use crate::book::{Book, Charge, ChargeStatus, Decline, Entry, Setup, SetupStatus};
use crate::cards::Card;
use crate::service::{Service, now_ms};
use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use actix_web::web::{Data, Form, Path};
use domain::provider::DeclineKind;
use serde::Deserialize;

/// The button pressed.
#[derive(Deserialize)]
pub(crate) struct Choice {
    #[serde(rename = "do")]
    action: String,
}

/// What is to be confirmed.
enum Question<'a> {
    Setup(&'a Setup, &'a Card),
    Charge(&'a Charge),
    /// Answered, expired or cancelled: what to say, and where to go on.
    Over(&'static str, Option<String>),
}

fn question<'a>(book: &'a Book, id: &str, now: u64) -> Option<Question<'a>> {
    if let Some(setup) = book.setups.get(id) {
        return Some(match (&setup.card, setup.status) {
            (Some(card), SetupStatus::Open) => Question::Setup(setup, card),
            _ => Question::Over("There is nothing to confirm any more.", Some(setup.return_url.clone())),
        });
    }
    let charge = book.charges.get(id)?;
    let words = match charge.status {
        ChargeStatus::RequiresAction if charge.expires_at.is_none_or(|end| now < end) => {
            return Some(Question::Charge(charge));
        }
        ChargeStatus::RequiresAction => "The time to confirm this payment is over.",
        ChargeStatus::Succeeded => "The payment is confirmed. You can close this page.",
        ChargeStatus::Failed => "The payment was refused. Nothing was charged.",
        ChargeStatus::Cancelled => "The payment was cancelled. Nothing was charged.",
        ChargeStatus::Pending => "The bank is working on this payment.",
    };
    Some(Question::Over(words, charge.return_url.clone()))
}

/// Asks, and changes nothing.
pub(crate) async fn show(service: Data<Service>, id: Path<String>) -> HttpResponse {
    let state = service.state();
    match question(&state.book, &id, now_ms() / 1000) {
        None => not_found(),
        Some(Question::Over(words, back)) => {
            message(StatusCode::GONE, "Nothing to confirm", words, back.as_deref())
        }
        Some(Question::Setup(setup, card)) => form(
            "Confirm your card",
            &format!("Save the card ending in {}?", card.last4),
            Some(&setup.return_url),
        ),
        Some(Question::Charge(charge)) => {
            let last4 = state.book.methods.get(&charge.method).map(|method| method.card.last4.as_str());
            let text = format!(
                "Pay {} with the card ending in {}?",
                amount(charge.amount, &charge.currency),
                last4.unwrap_or("····")
            );
            form("Confirm your payment", &text, charge.return_url.as_deref())
        }
    }
}

/// Takes the answer and sends the browser back. A second answer changes nothing.
pub(crate) async fn submit(service: Data<Service>, id: Path<String>, choice: Form<Choice>) -> HttpResponse {
    let changed = service.change(|desk| decide(desk, &id, choice.action == "approve"));
    after(&service, changed, |leads_to| match leads_to {
        None => not_found(),
        Some(url) => go(&url),
    })
    .await
}

/// Where the browser goes, if there is such a question.
fn decide(desk: &mut Desk<'_>, id: &str, approved: bool) -> (Option<String>, Vec<Entry>) {
    let here = format!("/confirm/{id}");
    let (url, entries) = match question(desk.book, id, desk.now) {
        None => return (None, Vec::new()),
        Some(Question::Over(_, back)) => (back.unwrap_or(here), Vec::new()),
        Some(Question::Setup(setup, card)) if approved => setup::complete(desk, setup, card.clone()),
        Some(Question::Setup(setup, _)) => setup::fail(setup, "authentication_failed"),
        Some(Question::Charge(charge)) => {
            let refused = Decline {
                code: "authentication_failed".to_owned(),
                kind: DeclineKind::AuthenticationRequired,
            };
            let answer = api::settle(desk, id, (!approved).then_some(refused));
            (charge.return_url.clone().unwrap_or(here), answer.entries)
        }
    };
    (Some(url), entries)
}

fn form(title: &str, text: &str, leads_to: Option<&str>) -> HttpResponse {
    let body = format!(
        r#"<div class="box">
<p class="bank">Your test bank · 3-D Secure</p>
<h1>{}</h1>
<p class="lede">{}</p>
<form class="form" method="post">
<div class="actions"><button class="btn btn--primary" name="do" value="approve">Approve</button>
<button class="btn" name="do" value="refuse">Refuse</button></div>
</form>
</div>"#,
        escape(title),
        escape(text)
    );
    Page { leads_to, ..Page::new(title, body) }.send()
}
