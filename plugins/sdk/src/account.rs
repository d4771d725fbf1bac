//! Reading an account's settings.

use crate::types::{Account, CallError};

/// An account's settings by key.
#[derive(Debug, Clone, Copy)]
pub struct Settings<'a>(&'a Account);

impl<'a> Settings<'a> {
    /// The settings of `account`.
    pub const fn of(account: &'a Account) -> Self {
        Self(account)
    }

    /// A setting's value, or a secret's handle.
    pub fn get(&self, key: &str) -> Option<&'a str> {
        self.0.settings.iter().find(|(known, _)| known == key).map(|(_, value)| value.as_str())
    }

    /// Like [`Self::get`]; without the setting, the account is misconfigured.
    pub fn require(&self, key: &str) -> Result<&'a str, CallError> {
        self.get(key).ok_or_else(|| CallError::Misconfigured(format!("the account has no setting {key}")))
    }
}
