//! The provider account a call acts for: what the component may see, and what it may only name.

use crate::setting;
use domain::provider::{CallError, Manifest};

use std::collections::BTreeMap;
use std::fmt;

/// A secret's value. It has no `Display`, and its `Debug` shows nothing.
#[derive(Clone, PartialEq, Eq)]
pub struct SecretValue(String);

impl SecretValue {
    /// Wraps a value.
    pub const fn new(value: String) -> Self {
        Self(value)
    }

    pub(crate) fn reveal(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for SecretValue {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SecretValue")
    }
}

/// A provider account.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Account {
    /// The business it belongs to; its calls wait for each other.
    pub tenant: String,
    /// Its id; calls of one account wait for each other, too.
    pub id: String,
    /// Settings that are no secrets, by key.
    pub settings: BTreeMap<String, String>,
    /// Secrets, by key.
    pub secrets: BTreeMap<String, SecretValue>,
    /// Literal origins the operator grants: `https://api.example.com`, `http://127.0.0.1:8081`. One label may be a
    /// wildcard, as in the manifest: `https://*.example.com`.
    pub grants: Vec<String>,
}

impl Account {
    /// This account with the manifest's defaults, and with nothing the manifest doesn't declare. Fails when a
    /// required setting is missing.
    pub(crate) fn filled(&self, manifest: &Manifest) -> Result<Self, CallError> {
        let mut filled = Self {
            tenant: self.tenant.clone(),
            id: self.id.clone(),
            grants: self.grants.clone(),
            ..Self::default()
        };
        for field in &manifest.settings {
            let given = if field.is_secret() {
                self.secrets.get(&field.key).map(|value| value.0.clone())
            } else {
                self.settings.get(&field.key).cloned()
            };
            let value = given.or_else(|| field.default.clone()).filter(|value| !value.is_empty());
            if value.as_ref().is_some_and(|value| !setting::fits(&field.kind, value)) {
                return Err(CallError::Misconfigured(format!("{} has a value it cannot have", field.key)));
            }
            match (value, field.is_secret()) {
                (Some(value), true) => drop(filled.secrets.insert(field.key.clone(), SecretValue(value))),
                (Some(value), false) => drop(filled.settings.insert(field.key.clone(), value)),
                (None, _) if field.required => {
                    return Err(CallError::Misconfigured(format!("{} is missing", field.key)));
                }
                (None, _) => {}
            }
        }
        Ok(filled)
    }

    /// What the component is given: values of settings, handles of secrets.
    pub(crate) fn visible(&self) -> Vec<(String, String)> {
        let settings = self.settings.iter().map(|(key, value)| (key.clone(), value.clone()));
        settings.chain(self.secrets.keys().map(|key| (key.clone(), handle(key)))).collect()
    }

    /// The secret that a handle names.
    pub(crate) fn secret(&self, handle: &str) -> Option<&str> {
        let key = handle.strip_prefix(OPEN)?.strip_suffix(CLOSE)?;
        self.secrets.get(key).map(SecretValue::reveal)
    }

    /// The value of an HTTP basic `Authorization` whose user and password are these settings.
    pub(crate) fn basic(&self, user: &str, password: &str) -> String {
        let value = |key: &str| {
            let secret = self.secrets.get(key).map(SecretValue::reveal);
            secret.or_else(|| self.settings.get(key).map(String::as_str)).unwrap_or_default()
        };
        let pair = format!("{}:{}", value(user), value(password));
        format!("Basic {}", data_encoding::BASE64.encode(pair.as_bytes()))
    }

    /// `text` with each handle replaced by its secret. None when a handle names no secret of this account.
    pub(crate) fn substitute(&self, text: &str) -> Option<String> {
        let (mut done, mut rest) = (String::new(), text);
        while let Some(start) = rest.find(OPEN) {
            let (before, from) = rest.split_at(start);
            let end = from.find(CLOSE)? + CLOSE.len();
            done.push_str(before);
            done.push_str(self.secret(&from[..end])?);
            rest = &from[end..];
        }
        done.push_str(rest);
        Some(done)
    }
}

const OPEN: &str = "{{secret:";
const CLOSE: &str = "}}";

pub(crate) fn handle(key: &str) -> String {
    format!("{OPEN}{key}{CLOSE}")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn account() -> Account {
        Account {
            settings: [("region".to_owned(), "eu".to_owned())].into(),
            secrets: [("key".to_owned(), SecretValue::new("sk_live_1".to_owned()))].into(),
            ..Account::default()
        }
    }

    #[test]
    fn a_component_sees_handles_and_never_secrets() {
        let visible = account().visible();
        assert!(visible.contains(&("region".to_owned(), "eu".to_owned())));
        assert!(visible.contains(&("key".to_owned(), "{{secret:key}}".to_owned())));
        assert!(!format!("{visible:?} {:?}", account()).contains("sk_live_1"));
    }

    #[test]
    fn handles_are_replaced_wherever_they_stand() {
        assert_eq!(account().substitute("Bearer {{secret:key}}").as_deref(), Some("Bearer sk_live_1"));
        assert_eq!(
            account().substitute("{{secret:key}}{{secret:key}}").as_deref(),
            Some("sk_live_1sk_live_1")
        );
        assert_eq!(account().substitute("nothing {{here}}").as_deref(), Some("nothing {{here}}"));
    }

    #[test]
    fn basic_is_encoded() {
        let text = |text: &str| text.to_owned();
        let account = Account {
            settings: [(text("user"), text("Aladdin"))].into(),
            secrets: [(text("password"), SecretValue::new(text("open sesame")))].into(),
            ..Account::default()
        };
        assert_eq!(account.basic("user", "password"), "Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ==");
    }

    #[test]
    fn a_guessed_handle_gives_nothing() {
        for text in [
            "{{secret:other}}",
            "{{secret:region}}",
            "{{secret:key",
            "{{secret:}}",
            "{{secret:{{secret:key}}}}",
        ] {
            assert_eq!(account().substitute(text), None, "{text}");
        }
    }
}
