//! The hosted pages. They work without script and load nothing from elsewhere; everything shown is escaped.

pub(crate) mod confirm;
mod home;
pub(crate) mod setup;

pub(crate) use home::show as home;

use crate::cards::TEST_CARDS;
use crate::service::Service;
use crate::wire;
use actix_web::http::StatusCode;
use actix_web::http::header::{
    CACHE_CONTROL, CONTENT_SECURITY_POLICY, CONTENT_TYPE, LOCATION, REFERRER_POLICY, X_CONTENT_TYPE_OPTIONS,
};
use actix_web::web::Data;
use actix_web::{HttpResponse, Responder};
use domain::money::Money;
use std::io;

/// The look of the pages.
pub(crate) async fn stylesheet() -> impl Responder {
    HttpResponse::Ok()
        .insert_header((CONTENT_TYPE, "text/css; charset=utf-8"))
        .body(include_str!("simulator.css"))
}

/// The mark in the corner and in the browser's tab.
pub(crate) async fn icon() -> impl Responder {
    HttpResponse::Ok().insert_header((CONTENT_TYPE, "image/svg+xml")).body(include_str!("simulator.svg"))
}

/// A page to send.
struct Page<'a> {
    status: StatusCode,
    title: &'a str,
    /// HTML, everything variable in it escaped.
    body: String,
    /// Address that the page's form may end at, after the redirect.
    leads_to: Option<&'a str>,
    wide: bool,
}

impl<'a> Page<'a> {
    fn new(title: &'a str, body: String) -> Self {
        Self { status: StatusCode::OK, title, body, leads_to: None, wide: false }
    }

    fn send(self) -> HttpResponse {
        // Chromium applies form-action to the redirect that answers a form, too.
        let form_action =
            self.leads_to.and_then(origin).map(|origin| format!(" {origin}")).unwrap_or_default();
        let policy = format!(
            "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'{form_action}; \
             frame-ancestors 'none'; base-uri 'none'"
        );
        HttpResponse::build(self.status)
            .insert_header((CONTENT_TYPE, "text/html; charset=utf-8"))
            .insert_header((CONTENT_SECURITY_POLICY, policy))
            .insert_header((REFERRER_POLICY, "same-origin"))
            .insert_header((X_CONTENT_TYPE_OPTIONS, "nosniff"))
            .insert_header((CACHE_CONTROL, "no-store"))
            .body(self.document())
    }

    fn document(&self) -> String {
        let (title, body) = (escape(self.title), &self.body);
        let class = if self.wide { "wide" } else { "narrow" };
        format!(
            r#"<!doctype html>
<html lang="en" dir="ltr">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="robots" content="noindex">
<title>{title} · Test payments</title>
<link rel="icon" href="/simulator.svg" type="image/svg+xml">
<link rel="stylesheet" href="/simulator.css">
</head>
<body class="{class}">
<header><img src="/simulator.svg" alt="" width="28" height="28"><b>Test payments</b><span class="badge">No real money</span></header>
<main>
{body}
</main>
</body>
</html>
"#
        )
    }
}

/// A page that only says something, with a way back where there is one.
fn message(status: StatusCode, title: &str, text: &str, back: Option<&str>) -> HttpResponse {
    let back = back.map(|url| format!(r#"<a class="btn btn--primary" href="{}">Continue</a>"#, escape(url)));
    let body = format!(
        r#"<div class="box"><h1>{}</h1><p class="lede">{}</p>{}</div>"#,
        escape(title),
        escape(text),
        back.unwrap_or_default()
    );
    Page { status, ..Page::new(title, body) }.send()
}

fn not_found() -> HttpResponse {
    message(StatusCode::NOT_FOUND, "Page not found", "This page does not exist, or not any more.", None)
}

fn go(url: &str) -> HttpResponse {
    HttpResponse::SeeOther()
        .insert_header((LOCATION, url))
        .insert_header((REFERRER_POLICY, "same-origin"))
        .insert_header((CACHE_CONTROL, "no-store"))
        .finish()
}

/// The answer to a form, once what it changed is on the disk.
async fn after<T>(
    service: &Data<Service>,
    changed: io::Result<(T, Option<u64>)>,
    answer: impl FnOnce(T) -> HttpResponse,
) -> HttpResponse {
    match changed {
        Ok((value, length)) => match wire::flush(service, length).await {
            Ok(()) => answer(value),
            Err(error) => wire::ledger_failed(&error),
        },
        Err(error) => wire::ledger_failed(&error),
    }
}

/// Scheme and authority of an absolute http address.
pub(crate) fn origin(url: &str) -> Option<&str> {
    let authority_at = if url.starts_with("http://") {
        "http://".len()
    } else if url.starts_with("https://") {
        "https://".len()
    } else {
        return None;
    };
    let length = url[authority_at..].find(['/', '?', '#']).unwrap_or(url.len() - authority_at);
    let authority = &url[authority_at..authority_at + length];
    let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | ':' | '[' | ']');
    let printable = url.bytes().all(|byte| byte.is_ascii_graphic());
    (!authority.is_empty() && authority.chars().all(plain) && printable)
        .then(|| &url[..authority_at + length])
}

fn escape(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            '\'' => escaped.push_str("&#39;"),
            _ => escaped.push(c),
        }
    }
    escaped
}

/// An amount for people: `EUR 12.50`.
fn amount(minor: i64, currency: &str) -> String {
    match currency.parse() {
        Ok(currency) => Money::new(minor, currency).to_string(),
        Err(_) => format!("{currency} {minor}"),
    }
}

/// The list of test cards, the same on every page.
fn test_cards() -> String {
    let rows: String = TEST_CARDS
        .iter()
        .map(|card| {
            format!(
                "<li><code>{}</code> <span>{}: {}</span></li>",
                card.grouped(),
                brand_name(card.brand),
                escape(card.explanation)
            )
        })
        .collect();
    format!(r#"<ul class="cards">{rows}</ul>"#)
}

fn brand_name(brand: &str) -> &str {
    match brand {
        "visa" => "Visa",
        "mastercard" => "Mastercard",
        "amex" => "American Express",
        other => other,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_absolute_http_addresses_have_an_origin() {
        assert_eq!(origin("http://127.0.0.1:8080/a?b#c"), Some("http://127.0.0.1:8080"));
        assert_eq!(origin("https://billing.example"), Some("https://billing.example"));
        for wrong in [
            "javascript:alert(1)",
            "//evil.example",
            "/return",
            "http://",
            "http://a b/",
            "http://a;b/",
            "https://x/\r\ny",
        ] {
            assert_eq!(origin(wrong), None, "{wrong}");
        }
    }
}
