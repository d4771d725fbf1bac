//! Tests of the templates: one binary, one module a subject.
#![allow(
    clippy::unwrap_used,
    reason = "clippy knows tests by their attribute only, not the helpers between them"
)]

mod budget;
mod catalogues;
mod fixtures;
mod formats;
mod mails;
mod pages;
mod why;

use templates::{Lang, Renderer};

/// A renderer with nothing replaced.
fn renderer() -> Renderer {
    Renderer::new(None).unwrap()
}

fn lang(code: &str) -> Lang {
    Lang::parse(code).unwrap()
}
