//! Values that must never be printed.

use serde::Deserialize;

/// A password or key. It has no `Display`, its `Debug` shows nothing, and it cannot be serialised.
#[derive(Clone, PartialEq, Eq, Deserialize)]
#[serde(transparent)]
pub struct Secret(String);

impl Secret {
    /// Wraps a secret.
    pub fn new(value: impl Into<String>) -> Self {
        Self(value.into())
    }

    /// The secret itself, for the one call that needs it.
    pub fn expose(&self) -> &str {
        &self.0
    }
}

impl std::fmt::Debug for Secret {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Secret(***)")
    }
}

/// A database address: `sqlite:path/to/file.db` or `postgres://user:password@host/name`.
///
/// The scheme chooses the database. The password inside is never printed.
#[derive(Clone, PartialEq, Eq, Deserialize)]
#[serde(try_from = "String")]
pub struct DatabaseUrl(String);

impl DatabaseUrl {
    /// The whole address, password included, for opening the connection.
    pub fn expose(&self) -> &str {
        &self.0
    }

    /// The address with its password masked.
    pub fn masked(&self) -> String {
        mask_password(&self.0)
    }
}

impl TryFrom<String> for DatabaseUrl {
    type Error = String;

    fn try_from(url: String) -> Result<Self, String> {
        match url.split_once(':') {
            Some(("sqlite", rest)) if !rest.trim_matches('/').is_empty() => Ok(Self(url)),
            Some(("postgres" | "postgresql", rest)) if !rest.trim_matches('/').is_empty() => {
                if is_readable(rest) { Ok(Self(url)) } else { Err(RESERVED.to_owned()) }
            }
            _ => {
                Err("a database address starts with sqlite: or postgres:// and names a file or a host"
                    .to_owned())
            }
        }
    }
}

const RESERVED: &str =
    "write the characters @ : / ? # % of a user name, password or parameter as %40 %3A %2F %3F %23 %25";

/// Whether everybody reads the same user and password: the client library would take a part of a password for the
/// host, and print it.
fn is_readable(rest: &str) -> bool {
    let Some((user, _)) = rest.trim_start_matches('/').rsplit_once('@') else {
        return true;
    };
    let is_hex = |code: &str| code.len() >= 2 && code.bytes().take(2).all(|b| b.is_ascii_hexdigit());
    !user.contains(['@', '/', '?', '#'])
        && user.matches(':').count() <= 1
        && user.split('%').skip(1).all(is_hex)
}

/// A message about a connection, with the passwords that `url` holds replaced by `***`.
pub(crate) fn without_passwords(message: &str, url: &str) -> String {
    let (address, query) = url.split_once('?').unwrap_or((url, ""));
    let user = address.split_once("://").and_then(|(_, rest)| rest.rsplit_once('@')).map(|(user, _)| user);
    let password = user.and_then(|user| user.split_once(':')).map(|(_, password)| password);
    let parameters = query.split('&').filter_map(|part| part.split_once('='));
    let parameters = parameters.filter(|(name, _)| name.contains("pass")).map(|(_, password)| password);
    let known = password.into_iter().chain(parameters).filter(|password| !password.is_empty());
    known.fold(message.to_owned(), |message, password| message.replace(password, "***"))
}

impl std::fmt::Debug for DatabaseUrl {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.masked())
    }
}

/// Replaces the password of `scheme://user:password@host` and of a `password=` parameter by `***`.
pub(super) fn mask_password(url: &str) -> String {
    let Some((scheme, rest)) = url.split_once("://") else {
        return url.to_owned();
    };
    let (address, query) = rest.split_once('?').map_or((rest, None), |(a, q)| (a, Some(q)));
    let address = match address.rsplit_once('@') {
        Some((user, host)) => match user.split_once(':') {
            Some((name, _)) => format!("{name}:***@{host}"),
            None => address.to_owned(),
        },
        None => address.to_owned(),
    };
    let query = query.map(|query| {
        let masked: Vec<String> = query
            .split('&')
            .map(|part| match part.split_once('=') {
                Some((name, _)) if name.contains("pass") => format!("{name}=***"),
                _ => part.to_owned(),
            })
            .collect();
        format!("?{}", masked.join("&"))
    });
    format!("{scheme}://{address}{}", query.unwrap_or_default())
}
