//! Requests and answers as they stand on a tape. Bodies that are text are kept as text.

use crate::bindings::portico::payment::http;
use data_encoding::BASE64;
use serde::{Deserialize, Serialize};

/// A request as the component made it, with handles in the place of secrets.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Request {
    #[serde(with = "MethodWord")]
    pub method: http::Method,
    pub url: String,
    pub headers: Vec<(String, String)>,
    pub body: Body,
    pub step: Option<String>,
}

/// What the component was given for it.
pub type Answer = Result<Response, Failure>;

/// An answer, with handles in the place of secrets.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Response {
    pub status: u16,
    pub headers: Vec<(String, String)>,
    pub body: Body,
}

/// Why there was none.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Failure {
    #[serde(with = "FailureWord")]
    pub failure: http::Failure,
    pub sent: bool,
    pub message: String,
}

/// Bytes, written as text where they are.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "Written", into = "Written")]
pub struct Body(pub Vec<u8>);

#[derive(Serialize, Deserialize)]
#[serde(untagged)]
enum Written {
    Text(String),
    Bytes { base64: String },
}

impl From<Body> for Written {
    fn from(body: Body) -> Self {
        match String::from_utf8(body.0) {
            Ok(text) => Self::Text(text),
            Err(bytes) => Self::Bytes { base64: BASE64.encode(bytes.as_bytes()) },
        }
    }
}

impl TryFrom<Written> for Body {
    type Error = data_encoding::DecodeError;

    fn try_from(written: Written) -> Result<Self, Self::Error> {
        match written {
            Written::Text(text) => Ok(Self(text.into_bytes())),
            Written::Bytes { base64 } => BASE64.decode(base64.as_bytes()).map(Self),
        }
    }
}

#[derive(Serialize, Deserialize)]
#[serde(remote = "http::Method")]
enum MethodWord {
    Get,
    Post,
    Put,
    Patch,
    Delete,
}

#[derive(Serialize, Deserialize)]
#[serde(remote = "http::Failure")]
enum FailureWord {
    Denied,
    Unreachable,
    TimedOut,
    Broken,
    TooLarge,
}

fn pairs(headers: &[http::Header]) -> Vec<(String, String)> {
    headers.iter().map(|header| (header.name.clone(), header.value.clone())).collect()
}

impl From<&http::Request> for Request {
    fn from(request: &http::Request) -> Self {
        Self {
            method: request.method,
            url: request.url.clone(),
            headers: pairs(&request.headers),
            body: Body(request.body.clone()),
            step: request.step.clone(),
        }
    }
}

impl Request {
    /// About how many bytes it takes on a tape.
    pub fn size(&self) -> usize {
        self.url.len() + size(&self.headers) + self.body.0.len()
    }
}

/// The answer to keep of what a component is given.
pub fn answer(given: &Result<http::Response, http::HttpError>) -> Answer {
    match given {
        Ok(response) => Ok(Response {
            status: response.status,
            headers: pairs(&response.headers),
            body: Body(response.body.clone()),
        }),
        Err(error) => {
            Err(Failure { failure: error.failure, sent: error.sent, message: error.message.clone() })
        }
    }
}

/// The same answer for a component.
pub fn given(answer: &Answer) -> Result<http::Response, http::HttpError> {
    let header = |(name, value): &(String, String)| http::Header { name: name.clone(), value: value.clone() };
    match answer {
        Ok(response) => Ok(http::Response {
            status: response.status,
            headers: response.headers.iter().map(header).collect(),
            body: response.body.0.clone(),
        }),
        Err(Failure { failure, sent, message }) => {
            Err(http::HttpError { failure: *failure, sent: *sent, message: message.clone() })
        }
    }
}

/// About how many bytes an answer takes on a tape.
pub fn size_of(answer: &Answer) -> usize {
    match answer {
        Ok(response) => size(&response.headers) + response.body.0.len(),
        Err(failure) => failure.message.len(),
    }
}

fn size(headers: &[(String, String)]) -> usize {
    headers.iter().map(|(name, value)| name.len() + value.len()).sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bodies_come_back_to_the_byte_and_text_stays_readable() {
        for body in [&b"{\"amount\":1428}"[..], b"", b"\xff\x00\xfe", "Gr\u{fc}\u{df}e".as_bytes()] {
            let written = serde_json::to_string(&Body(body.to_vec())).unwrap();
            assert_eq!(serde_json::from_str::<Body>(&written).unwrap().0, body);
            assert_eq!(written.contains("base64"), std::str::from_utf8(body).is_err(), "{written}");
        }
    }
}
