//! Account numbers by ISO 13616.

use super::{compact, grouped, mod97};
use std::fmt;
use std::str::FromStr;

/// An IBAN whose check digits are right, without blanks. Which lengths a country uses is not checked.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Iban(String);

/// Not an IBAN.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("this is not an IBAN, or it has a typing error")]
pub struct BadIban;

impl Iban {
    /// Without blanks.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// In groups of four, for people.
    pub fn grouped(&self) -> String {
        grouped(&self.0)
    }
}

impl FromStr for Iban {
    type Err = BadIban;

    /// Reads it in any case and with any blanks.
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let iban = compact(text);
        let (Some((country, rest)), 15..=34) = (iban.split_at_checked(2), iban.len()) else {
            return Err(BadIban);
        };
        let (check, account) = rest.split_at_checked(2).ok_or(BadIban)?;
        let shaped =
            country.bytes().all(|b| b.is_ascii_uppercase()) && check.bytes().all(|b| b.is_ascii_digit());
        let sound =
            shaped && mod97([account, country, check].iter().flat_map(|part| part.chars())) == Some(1);
        if sound { Ok(Self(iban)) } else { Err(BadIban) }
    }
}

impl fmt::Display for Iban {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}
