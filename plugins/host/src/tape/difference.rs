//! In what a call that is run again differs. Told without what requests and outcomes hold, which may be personal data.

use super::Request;
use serde_json::Value;
use std::fmt;

/// How a call that is run again differs first from the recorded one.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Difference {
    /// A request is not the same.
    #[error("request {0} has another {1}")]
    Request(usize, Part),
    /// It makes a request that was not made.
    #[error("request {0} was not made before")]
    OneMoreRequest(usize),
    /// It ends before all requests are made.
    #[error("only {0} of {1} requests are made")]
    FewerRequests(usize, usize),
    /// The new component's manifest does not allow what was allowed.
    #[error("request {0} may not leave: {1}")]
    Forbidden(usize, &'static str),
    /// It wants something signed or verified that was not.
    #[error("it asks for another signature")]
    Signature,
    /// The requests are the same, and what the component makes of the answers is not.
    #[error("another outcome: {0}")]
    Outcome(String),
}

/// A part of a request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Part {
    /// `GET`, `POST` ...
    Method,
    /// Scheme, host and port.
    Origin,
    /// The path.
    Path,
    /// What follows the question mark.
    Query,
    /// The header of this name.
    Header(String),
    /// The body.
    Body,
    /// The word that sets its key apart from those of the call's other requests.
    Step,
}

impl fmt::Display for Part {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Method => "method",
            Self::Origin => "origin",
            Self::Path => "path",
            Self::Query => "query",
            Self::Header(name) => return write!(f, "header {name}"),
            Self::Body => "body",
            Self::Step => "step",
        })
    }
}

/// The first part in which two requests differ. The order of headers is none, and neither is the case of their names.
pub fn between(recorded: &Request, now: &Request) -> Option<Part> {
    if recorded.method != now.method {
        return Some(Part::Method);
    }
    if recorded.url != now.url {
        return Some(of_urls(&recorded.url, &now.url));
    }
    let (before, after) = (sorted(recorded), sorted(now));
    if before != after {
        let alone = |one: &[(String, String)], other: &[(String, String)]| {
            one.iter().find(|header| !other.contains(header)).map(|(name, _)| name.clone())
        };
        let name = alone(&before, &after).or_else(|| alone(&after, &before));
        return Some(Part::Header(name.unwrap_or_else(|| "that occurs more often".to_owned())));
    }
    if recorded.body != now.body {
        return Some(Part::Body);
    }
    (recorded.step != now.step).then_some(Part::Step)
}

fn of_urls(recorded: &str, now: &str) -> Part {
    let parts = |url: &str| {
        let url = url::Url::parse(url).ok()?;
        Some((url.origin().ascii_serialization(), url.path().to_owned()))
    };
    match (parts(recorded), parts(now)) {
        (Some(before), Some(after)) if before.0 != after.0 => Part::Origin,
        (Some(before), Some(after)) if before.1 != after.1 => Part::Path,
        (Some(_), Some(_)) => Part::Query,
        _ => Part::Origin,
    }
}

fn sorted(request: &Request) -> Vec<(String, String)> {
    let lower = |(name, value): &(String, String)| (name.to_ascii_lowercase(), value.clone());
    let mut headers: Vec<_> = request.headers.iter().map(lower).collect();
    headers.sort();
    headers
}

/// Where two outcomes (JSON) differ: the words on which they part, or the field whose value is another.
pub fn of_outcomes(recorded: &str, now: &str) -> String {
    let read = |text: &str| serde_json::from_str::<Value>(text).unwrap_or_default();
    let (mut before, mut after, mut path) = (read(recorded), read(now), Vec::new());
    loop {
        match (before, after) {
            (Value::Object(one), Value::Object(other)) if one.keys().eq(other.keys()) => {
                let Some(key) = one.keys().find(|key| one[*key] != other[*key]).cloned() else {
                    return path.join(".");
                };
                (before, after) = (one[&key].clone(), other[&key].clone());
                path.push(key);
            }
            (one, other) => return parting(&path, &one, &other),
        }
    }
}

/// Outcomes are words with something behind them, written as objects of one field or as texts. Where one of the two is such
/// an object, both are words, which may be told.
fn parting(path: &[String], before: &Value, after: &Value) -> String {
    let path = |end: &[String]| [path, end].concat().join(".");
    let (one, other) = (words(before), words(after));
    if one.is_empty() && other.is_empty() {
        return path(&[]);
    }
    let told = |words: Vec<String>, value: &Value| match value {
        Value::String(word) if words.is_empty() => path(std::slice::from_ref(word)),
        _ => path(&words),
    };
    format!("{} before, {} now", told(one, before), told(other, after))
}

/// The words that a value begins with: `Ok`, `Succeeded`.
fn words(mut value: &Value) -> Vec<String> {
    let mut words = Vec::new();
    while let Value::Object(fields) = value
        && fields.len() == 1
        && let Some((word, behind)) = fields.iter().next()
        && word.starts_with(|first: char| first.is_ascii_uppercase())
    {
        words.push(word.clone());
        value = behind;
    }
    words
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::bindings::portico::payment::http::Method;
    use crate::tape::wire::Body;

    fn request() -> Request {
        Request {
            method: Method::Post,
            url: "https://api.example.com/v1/charges?expand=card".to_owned(),
            headers: vec![("Accept".to_owned(), "json".to_owned()), ("X-A".to_owned(), "1".to_owned())],
            body: Body(b"amount=1".to_vec()),
            step: None,
        }
    }

    #[test]
    fn the_part_that_differs_has_a_name() {
        let url = |url: &str| Request { url: url.to_owned(), ..request() };
        let headers = |headers: &[(&str, &str)]| Request {
            headers: headers.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect(),
            ..request()
        };
        for (other, part) in [
            (Request { method: Method::Put, ..request() }, "method"),
            (url("https://api.example.org/v1/charges?expand=card"), "origin"),
            (url("https://api.example.com/v2/charges?expand=card"), "path"),
            (url("https://api.example.com/v1/charges"), "query"),
            (headers(&[("accept", "json")]), "header x-a"),
            (headers(&[("accept", "text"), ("x-a", "1")]), "header accept"),
            (Request { body: Body(b"amount=2".to_vec()), ..request() }, "body"),
            (Request { step: Some("confirm".to_owned()), ..request() }, "step"),
        ] {
            assert_eq!(between(&request(), &other).map(|part| part.to_string()).as_deref(), Some(part));
        }
        assert_eq!(between(&request(), &headers(&[("x-a", "1"), ("accept", "json")])), None);
    }

    #[test]
    fn outcomes_part_on_words_or_in_a_field_that_is_not_told() {
        for (before, after, told) in [
            (
                r#"{"Ok":{"Succeeded":{"provider_ref":"ch_1","raw_status":"paid"}}}"#,
                r#"{"Err":{"Unknown":"why"}}"#,
                "Ok.Succeeded before, Err.Unknown now",
            ),
            (
                r#"{"Ok":{"Outcome":{"Pending":{"provider_ref":"ch_1"}}}}"#,
                r#"{"Ok":"NotFound"}"#,
                "Ok.Outcome.Pending before, Ok.NotFound now",
            ),
            (
                r#"{"Ok":{"Succeeded":{"provider_ref":"ch_1","raw_status":"a"}}}"#,
                r#"{"Ok":{"Succeeded":{"provider_ref":"ch_1","raw_status":"b"}}}"#,
                "Ok.Succeeded.raw_status",
            ),
            (r#"{"Err":{"Unknown":"one"}}"#, r#"{"Err":{"Unknown":"other"}}"#, "Err.Unknown"),
        ] {
            assert_eq!(of_outcomes(before, after), told);
        }
    }
}
