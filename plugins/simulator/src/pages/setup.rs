//! The card page.

use super::{Page, after, escape, go, message, not_found, test_cards};
use crate::api::{self, Desk};
use crate::book::{Entry, Setup, SetupStatus};
use crate::cards::{self, Behaviour, Card, CardError, Expiry};
use crate::service::Service;
use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use actix_web::web::{Data, Form, Path};
use serde::Deserialize;

/// What the customer typed.
#[derive(Default, Deserialize)]
#[serde(default)]
pub(crate) struct Fields {
    number: String,
    expiry: String,
    cvc: String,
    name: String,
    #[serde(rename = "do")]
    action: String,
}

/// What is wrong with a field: its name and the words for it.
type Mistake = (&'static str, String);

/// What a form came to.
enum Submitted {
    Unknown,
    /// It was over before.
    Over(Setup),
    /// The browser goes on here.
    Go(String),
    Mistakes(Setup, Vec<Mistake>),
}

/// The form, while the setup is open.
pub(crate) async fn show(service: Data<Service>, id: Path<String>) -> HttpResponse {
    let setup = service.state().book.setups.get(id.as_str()).cloned();
    match setup {
        None => not_found(),
        Some(setup) if setup.status == SetupStatus::Open => form(&setup, &Fields::default(), &[]),
        Some(setup) => over(&setup),
    }
}

/// Saves the card, asks the bank first, or leaves without a card.
pub(crate) async fn submit(service: Data<Service>, id: Path<String>, fields: Form<Fields>) -> HttpResponse {
    let changed = service.change(|desk| decide(desk, &id, &fields));
    after(&service, changed, |submitted| match submitted {
        Submitted::Unknown => not_found(),
        Submitted::Over(setup) => over(&setup),
        Submitted::Go(url) => go(&url),
        Submitted::Mistakes(setup, mistakes) => form(&setup, &fields, &mistakes),
    })
    .await
}

fn decide(desk: &mut Desk<'_>, id: &str, fields: &Fields) -> (Submitted, Vec<Entry>) {
    let Some(setup) = desk.book.setups.get(id) else {
        return (Submitted::Unknown, Vec::new());
    };
    if setup.status != SetupStatus::Open {
        return (Submitted::Over(setup.clone()), Vec::new());
    }
    if fields.action == "back" {
        let (url, entries) = fail(setup, "abandoned");
        return (Submitted::Go(url), entries);
    }
    match read_card(fields, desk.month()) {
        Err(mistakes) => (Submitted::Mistakes(setup.clone(), mistakes), Vec::new()),
        Ok(card) if card.behaviour.confirms_setup() => {
            let waiting = Setup { card: Some(card), ..setup.clone() };
            (Submitted::Go(format!("/confirm/{id}")), vec![Entry::Setup(waiting)])
        }
        Ok(card) => {
            let (url, entries) = complete(desk, setup, card);
            (Submitted::Go(url), entries)
        }
    }
}

/// Saves the card of a setup; answers with where the browser returns.
pub(super) fn complete(desk: &mut Desk<'_>, setup: &Setup, card: Card) -> (String, Vec<Entry>) {
    let method = api::save(desk, card, setup.customer.clone());
    let done =
        Setup { status: SetupStatus::Done, method: Some(method.id.clone()), card: None, ..setup.clone() };
    (setup.return_url.clone(), vec![Entry::Method(method), Entry::Setup(done)])
}

/// Ends a setup without a card; answers with where the browser returns.
pub(super) fn fail(setup: &Setup, failure: &str) -> (String, Vec<Entry>) {
    let failure = Some(failure.to_owned());
    let failed = Setup { status: SetupStatus::Failed, failure, card: None, ..setup.clone() };
    (setup.return_url.clone(), vec![Entry::Setup(failed)])
}

fn read_card(fields: &Fields, month: Expiry) -> Result<Card, Vec<Mistake>> {
    let mut mistakes = Vec::new();
    let card =
        cards::find(&fields.number).map_err(|error: CardError| mistakes.push(("number", error.to_string())));
    let expiry = Expiry::read(&fields.expiry).and_then(|expiry| expiry.check(month));
    let expiry = expiry.map_err(|error| mistakes.push(("expiry", error.to_string())));
    let cvc = fields.cvc.trim();
    if !(3..=4).contains(&cvc.len()) || !cvc.bytes().all(|byte| byte.is_ascii_digit()) {
        mistakes.push(("cvc", "Enter the three or four digits of the security code".to_owned()));
    }
    if fields.name.trim().is_empty() {
        mistakes.push(("name", "Enter the name on the card".to_owned()));
    }
    match (card, expiry) {
        (Ok(card), _) if mistakes.is_empty() && card.behaviour == Behaviour::RefusedAtSetup => {
            Err(vec![("number", "Your bank declined this card. Use another one".to_owned())])
        }
        (Ok(card), Ok(expiry)) if mistakes.is_empty() => Ok(card.saved(expiry)),
        _ => Err(mistakes),
    }
}

fn over(setup: &Setup) -> HttpResponse {
    let text = match setup.status {
        SetupStatus::Done => "The card is saved. There is nothing more to do here.",
        _ => "No card was saved on this visit. Begin again where you came from.",
    };
    message(StatusCode::GONE, "This visit is over", text, Some(&setup.return_url))
}

fn form(setup: &Setup, fields: &Fields, mistakes: &[Mistake]) -> HttpResponse {
    let number = field(
        "number",
        "Card number",
        &fields.number,
        mistakes,
        r#"inputmode="numeric" autocomplete="cc-number""#,
    );
    let expiry = field(
        "expiry",
        "Expiry (MM / YY)",
        &fields.expiry,
        mistakes,
        r#"inputmode="numeric" autocomplete="cc-exp""#,
    );
    // A security code is never sent back to a browser.
    let cvc = field("cvc", "Security code", "", mistakes, r#"inputmode="numeric" autocomplete="cc-csc""#);
    let name = field("name", "Name on card", &fields.name, mistakes, r#"autocomplete="cc-name""#);
    let body = format!(
        r#"<div class="box">
<h1>Add a card</h1>
<p class="lede">You return to where you came from once it is saved.</p>
{summary}<form class="form" method="post" action="/setup/{id}" novalidate>
{number}
<div class="pair">{expiry}{cvc}</div>
{name}
<div class="actions"><button class="btn btn--primary" name="do" value="save">Save card</button>
<button class="btn" name="do" value="back">Back without saving</button></div>
</form>
</div>
<details{open}><summary>Test cards</summary>{cards}<p class="hint">Any future date, any security code and any name will do.</p></details>"#,
        summary = summary(mistakes),
        id = escape(&setup.id),
        cards = test_cards(),
        open = if mistakes.is_empty() { "" } else { " open" },
    );
    let title = if mistakes.is_empty() { "Add a card" } else { "Error: Add a card" };
    let status = if mistakes.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    Page { status, leads_to: Some(&setup.return_url), ..Page::new(title, body) }.send()
}

fn summary(mistakes: &[Mistake]) -> String {
    if mistakes.is_empty() {
        return String::new();
    }
    let items: String = mistakes
        .iter()
        .map(|(name, words)| format!("<li><a href=\"#{name}\">{}</a></li>", escape(words)))
        .collect();
    format!(r#"<div class="notice" role="alert"><h2>There is a problem</h2><ul>{items}</ul></div>"#)
}

fn field(name: &str, label: &str, value: &str, mistakes: &[Mistake], attributes: &str) -> String {
    let mistake = mistakes.iter().find(|(field, _)| *field == name);
    let (error, invalid) = match mistake {
        None => (String::new(), String::new()),
        Some((_, words)) => (
            format!(r#"<p class="error" id="{name}-error">{}</p>"#, escape(words)),
            format!(r#" aria-invalid="true" aria-describedby="{name}-error""#),
        ),
    };
    format!(
        r#"<div class="field"><label for="{name}">{label}</label>{error}<input class="input" id="{name}" name="{name}" value="{}" {attributes}{invalid}></div>"#,
        escape(value)
    )
}
