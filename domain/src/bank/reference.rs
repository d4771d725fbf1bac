//! Creditor references by ISO 11649: what a customer writes on a transfer so that the money finds its invoice.

use super::{compact, grouped, mod97};
use sha2::{Digest, Sha256};
use std::fmt;
use std::str::FromStr;

/// Characters of our references after `RF` and the check digits: 60 bits, short enough to type.
const OWN_LENGTH: usize = 12;
/// `RF` and two check digits.
const PREFIX: usize = 4;
/// Most characters after the prefix.
const LONGEST: usize = 21;

/// A creditor reference whose check digits are right, without blanks.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct CreditorReference(String);

/// Not a creditor reference.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("this is not a creditor reference, or it has a typing error")]
pub struct BadReference;

impl CreditorReference {
    /// The reference of what an attempt's natural reference names: the same for all attempts and all documents of it,
    /// also after a restore.
    pub fn of(natural_ref: &str) -> Self {
        let digest = data_encoding::BASE32_NOPAD.encode(&Sha256::digest(natural_ref));
        let body = &digest[..OWN_LENGTH];
        let rest = mod97(body.chars().chain("RF00".chars())).unwrap_or_default();
        Self(format!("RF{:02}{body}", 98 - rest))
    }

    /// Without blanks.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// In groups of four, for people.
    pub fn grouped(&self) -> String {
        grouped(&self.0)
    }

    /// References of the length of ours in what a customer or their bank wrote. Blanks and punctuation may stand anywhere, as banks cut
    /// lines where they like, and other words may stand right before and behind.
    pub fn find_in(text: &str) -> Vec<Self> {
        let letters = text.chars().filter(char::is_ascii_alphanumeric).map(|c| c.to_ascii_uppercase());
        let letters: String = letters.collect();
        let starts = letters.match_indices("RF").map(|(at, _)| at);
        let mut found: Vec<Self> = Vec::new();
        for start in starts {
            let candidate = letters.get(start..start + PREFIX + OWN_LENGTH);
            if let Some(reference) = candidate.and_then(|text| text.parse().ok())
                && !found.contains(&reference)
            {
                found.push(reference);
            }
        }
        found
    }
}

impl FromStr for CreditorReference {
    type Err = BadReference;

    /// Reads it in any case and with any blanks.
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let reference = compact(text);
        let (prefix, body) = reference.split_at_checked(PREFIX).ok_or(BadReference)?;
        let check = prefix.strip_prefix("RF").ok_or(BadReference)?;
        let shaped = (1..=LONGEST).contains(&body.len()) && check.bytes().all(|b| b.is_ascii_digit());
        let sound = shaped && mod97(body.chars().chain(prefix.chars())) == Some(1);
        if sound { Ok(Self(reference)) } else { Err(BadReference) }
    }
}

impl fmt::Display for CreditorReference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}
