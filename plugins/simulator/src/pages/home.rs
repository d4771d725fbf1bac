//! The page for people: what happened lately, and the test cards.

use super::{Page, amount, escape, test_cards};
use crate::book::{Book, Charge, ChargeStatus};
use crate::service::Service;
use actix_web::HttpResponse;
use actix_web::web::Data;
use chrono::DateTime;

/// Charges on the page.
const ROWS: usize = 50;

/// The latest charges and the test cards.
pub(crate) async fn show(service: Data<Service>) -> HttpResponse {
    let state = service.state();
    let body = format!(
        r#"<div class="box"><h1>Payment simulator</h1>
<p class="lede">A payment service for demo and tests. It keeps its own ledger, so it knows what was really charged.
The same as JSON: <a href="/_ledger">ledger</a>, <a href="/_cards">test cards</a>, <a href="/_script">script</a>, <a href="/_mode">mode</a>.</p></div>
<section class="box" aria-labelledby="charges"><h2 id="charges">Latest charges</h2>{}</section>
<section class="box" aria-labelledby="cards"><h2 id="cards">Test cards</h2>{}</section>"#,
        charges(&state.book),
        test_cards()
    );
    Page { wide: true, ..Page::new("Payment simulator", body) }.send()
}

fn charges(book: &Book) -> String {
    if book.charges.is_empty() {
        return "<p class=\"lede\">Nothing was charged yet.</p>".to_owned();
    }
    let rows: String = book.charges.values().rev().take(ROWS).map(|charge| row(book, charge)).collect();
    format!(
        r#"<div class="scroll" role="group" aria-labelledby="charges" tabindex="0"><table>
<thead><tr><th scope="col">Time (UTC)</th><th scope="col" class="amount">Amount</th><th scope="col">Status</th><th scope="col">Card</th><th scope="col">Reference</th></tr></thead>
<tbody>{rows}</tbody></table></div>"#
    )
}

fn row(book: &Book, charge: &Charge) -> String {
    let created = i64::try_from(charge.created).ok().and_then(|seconds| DateTime::from_timestamp(seconds, 0));
    let time = created.map(|time| time.format("%Y-%m-%d %H:%M:%S").to_string()).unwrap_or_default();
    let card = book.methods.get(&charge.method).map(|method| method.card.last4.as_str()).unwrap_or("?");
    let (class, word) = match charge.status {
        ChargeStatus::Succeeded => ("badge badge--ok", "Succeeded"),
        ChargeStatus::Pending => ("badge badge--warn", "Pending"),
        ChargeStatus::RequiresAction => ("badge badge--warn", "Asks the customer"),
        ChargeStatus::Cancelled => ("badge", "Cancelled"),
        ChargeStatus::Failed => ("badge badge--bad", "Failed"),
    };
    let reason = charge.decline.as_ref().map(|decline| format!(" <small>{}</small>", escape(&decline.code)));
    format!(
        r#"<tr><td>{time}</td><td class="amount">{amount}</td><td><span class="{class}">{word}</span>{reason}</td><td>•••• {card}</td><td>{reference}</td></tr>"#,
        amount = escape(&amount(charge.amount, &charge.currency)),
        reason = reason.unwrap_or_default(),
        card = escape(card),
        reference = escape(&charge.reference),
    )
}
