//! Headers of a request: the component's with secrets put in, then the host's own.

use super::redact::Redactor;
use crate::account::Account;
use crate::bindings::portico::payment::http::Header;
use reqwest::header::{HeaderMap, HeaderName, HeaderValue};

/// Headers and bytes of headers in one request.
const MAX_HEADERS: usize = 64;
const MAX_BYTES: usize = 16 * 1024;

/// Headers that decide where and how a message ends, or who asks; and those that would bring an answer in a form in which
/// a secret is not recognised.
const RESERVED: &[&str] = &[
    "host",
    "content-length",
    "transfer-encoding",
    "te",
    "trailer",
    "upgrade",
    "connection",
    "keep-alive",
    "cookie",
    "expect",
    "accept-encoding",
    "range",
];

/// The component's headers, with secrets. `own` are names that the host sets itself.
pub fn from_guest(given: &[Header], account: &Account, own: &[&str]) -> Result<HeaderMap, &'static str> {
    let size: usize = given.iter().map(|header| header.name.len() + header.value.len()).sum();
    if given.len() > MAX_HEADERS || size > MAX_BYTES {
        return Err("too many headers");
    }
    let mut headers = HeaderMap::new();
    for header in given {
        let name =
            HeaderName::from_bytes(header.name.as_bytes()).map_err(|_| "a header's name is not a name")?;
        let reserved = RESERVED.contains(&name.as_str()) || name.as_str().starts_with("proxy-");
        if reserved || own.iter().any(|own| own.eq_ignore_ascii_case(name.as_str())) {
            return Err("a header is set by the host alone");
        }
        let value =
            account.substitute(&header.value).ok_or("a header names a secret the account does not have")?;
        headers.append(name, sensitive(&value)?);
    }
    Ok(headers)
}

/// A value that logs don't show. Line breaks and other control characters are refused.
pub fn sensitive(value: &str) -> Result<HeaderValue, &'static str> {
    let mut value =
        HeaderValue::from_str(value).map_err(|_| "a header's value has characters it must not have")?;
    value.set_sensitive(true);
    Ok(value)
}

/// The answer's headers as the component sees them: cookies are the host's to ignore.
pub fn to_guest(headers: &HeaderMap, redactor: &Redactor) -> Vec<Header> {
    let seen = headers.iter().filter(|(name, _)| !name.as_str().starts_with("set-cookie"));
    seen.map(|(name, value)| Header {
        name: name.as_str().to_owned(),
        value: redactor.text(String::from_utf8_lossy(value.as_bytes()).into_owned()),
    })
    .collect()
}

/// Bytes of a header block.
pub fn size(headers: &HeaderMap) -> u64 {
    headers.iter().map(|(name, value)| (name.as_str().len() + value.len() + 4) as u64).sum()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::SecretValue;
    use reqwest::header::AUTHORIZATION;

    fn check(name: &str, value: &str) -> Result<HeaderMap, &'static str> {
        let secrets = [("key".to_owned(), SecretValue::new("sk_live_1".to_owned()))].into();
        let account = Account { secrets, ..Account::default() };
        let header = Header { name: name.to_owned(), value: value.to_owned() };
        from_guest(&[header], &account, &["Idempotency-Key"])
    }

    #[test]
    fn a_secret_is_put_in_and_hidden_from_logs() {
        let headers = check("Authorization", "Bearer {{secret:key}}").unwrap();
        assert_eq!(headers[AUTHORIZATION], "Bearer sk_live_1");
        assert!(!format!("{headers:?}").contains("sk_live_1"));
    }

    #[test]
    fn headers_of_the_host_cannot_be_set() {
        for name in [
            "Host",
            "content-length",
            "Transfer-Encoding",
            "TE",
            "Cookie",
            "Proxy-Authorization",
            "Connection",
            "Accept-Encoding",
            "Range",
        ] {
            assert!(check(name, "x").is_err(), "{name}");
        }
        assert!(check("idempotency-key", "mine").is_err());
    }

    #[test]
    fn no_line_break_gets_into_a_header() {
        for (name, value) in
            [("x", "a\r\nHost: b"), ("x", "a\nb"), ("x", "a\0b"), ("x\r\ny", "a"), ("x y", "a"), ("", "a")]
        {
            assert!(check(name, value).is_err(), "{name:?}: {value:?}");
        }
    }
}
