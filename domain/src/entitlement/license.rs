//! License keys: how they look, and what may be done with them.

use crate::words;
use std::fmt;
use std::str::FromStr;

/// Crockford's base 32: no I, L, O and U, so that keys survive being read out.
const ALPHABET: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";
/// Characters that carry the random bytes.
const PAYLOAD: usize = 24;
/// Characters of a group.
const GROUP: usize = 5;

/// Random bytes in a key: 120 bits.
pub const KEY_BYTES: usize = 15;

/// A license key: `7ZZ0T-3M8KQ-...`, five groups of five characters, of which the last character checks the others.
///
/// Reading forgives case, spaces, missing hyphens, O for 0 and I or L for 1; writing is canonical. Any one wrong
/// character and any two that changed places are noticed. A key opens what was paid for, so `Debug` hides it.
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct LicenseKey([u8; PAYLOAD + 1]);

/// Not a license key.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum BadLicenseKey {
    /// Too few or too many characters.
    #[error("a license key has 25 letters and digits")]
    Length,
    /// A character that no key has.
    #[error("{0:?} does not occur in license keys")]
    Character(char),
    /// It was mistyped.
    #[error("the license key is mistyped")]
    Check,
}

impl LicenseKey {
    /// The key made of these bytes, which must be random.
    pub fn from_random(bytes: [u8; KEY_BYTES]) -> Self {
        let mut values = [0; PAYLOAD + 1];
        // Five bytes are eight characters.
        for (from, to) in bytes.chunks_exact(5).zip(values.chunks_exact_mut(8)) {
            let bits = from.iter().fold(0_u64, |bits, byte| bits << 8 | u64::from(*byte));
            for (i, value) in to.iter_mut().enumerate() {
                *value = (bits >> (35 - 5 * i)) as u8 & 31;
            }
        }
        values[PAYLOAD] = check(&values[..PAYLOAD]);
        Self(values)
    }

    /// Enough of it to tell it from others: the first and the last group.
    pub fn masked(&self) -> String {
        let text = self.to_string();
        let hidden = format!("-{0}-{0}-{0}-", "•".repeat(GROUP));
        text[..GROUP].to_owned() + &hidden + &text[text.len() - GROUP..]
    }
}

/// Weighs each character by another power of x in the field of 32 elements, modulo x^5 + x^2 + 1. As x has order 31,
/// the weights differ, and so do the sums of any two keys that differ in one character or by two that changed places.
fn check(payload: &[u8]) -> u8 {
    let times_x = |value: u8| if value & 16 == 0 { value << 1 } else { (value << 1 & 31) ^ 0b00101 };
    payload.iter().fold(0, |sum, value| times_x(sum ^ value))
}

impl FromStr for LicenseKey {
    type Err = BadLicenseKey;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let mut values = [0; PAYLOAD + 1];
        let mut length = 0;
        for character in text.chars().filter(|c| !c.is_ascii_whitespace() && *c != '-') {
            let read = value_of(character).ok_or(BadLicenseKey::Character(character))?;
            *values.get_mut(length).ok_or(BadLicenseKey::Length)? = read;
            length += 1;
        }
        if length != values.len() {
            return Err(BadLicenseKey::Length);
        }
        if values[PAYLOAD] == check(&values[..PAYLOAD]) {
            Ok(Self(values))
        } else {
            Err(BadLicenseKey::Check)
        }
    }
}

fn value_of(character: char) -> Option<u8> {
    let canonical = match character.to_ascii_uppercase() {
        'O' => '0',
        'I' | 'L' => '1',
        other => other,
    };
    let place = ALPHABET.iter().position(|letter| char::from(*letter) == canonical)?;
    u8::try_from(place).ok()
}

impl fmt::Display for LicenseKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (i, value) in self.0.iter().enumerate() {
            if i > 0 && i % GROUP == 0 {
                f.write_str("-")?;
            }
            write!(f, "{}", char::from(ALPHABET[usize::from(*value)]))?;
        }
        Ok(())
    }
}

impl fmt::Debug for LicenseKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("LicenseKey(..)")
    }
}

words! {
    /// Where a license key stands.
    LicenseState {
        /// It works while its subscription gives access.
        Issued = "issued",
        /// It never works again.
        Revoked = "revoked",
    }
}

/// What decides about a license key.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LicenseFacts<'a> {
    /// Where the key stands.
    pub state: LicenseState,
    /// Its subscription gives access, see [`super::access`].
    pub entitled: bool,
    /// How many devices may use it at once; none for any number.
    pub limit: Option<u32>,
    /// Names of the devices that use it now.
    pub active: &'a [&'a str],
}

/// Longest name of a device, in bytes.
pub const LONGEST_LABEL: usize = 200;

/// Why a key does not work, or not here.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum LicenseRefusal {
    /// It was revoked.
    #[error("the license key has been revoked")]
    Revoked,
    /// Its subscription gives no access now.
    #[error("the subscription of this license key gives no access")]
    NotEntitled,
    /// As many devices as allowed use it.
    #[error("the license key is in use on {0} devices, which is its limit")]
    Limit(u32),
    /// This device does not use it.
    #[error("the license key is not active on this device")]
    NotActive,
    /// The device has no usable name.
    #[error("a device needs a name of 1 to {LONGEST_LABEL} bytes")]
    Label,
}

/// What an activation or its end comes to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Activation {
    /// Write it down.
    Changed,
    /// It was so already.
    Unchanged,
}

/// Decides about using a key on the device called `label`. Asking twice changes nothing, even at the limit.
pub fn activate(key: &LicenseFacts, label: &str) -> Result<Activation, LicenseRefusal> {
    works(key)?;
    if !(1..=LONGEST_LABEL).contains(&label.len()) {
        return Err(LicenseRefusal::Label);
    }
    if key.active.contains(&label) {
        return Ok(Activation::Unchanged);
    }
    match key.limit {
        Some(limit) if key.active.len() >= usize::try_from(limit).unwrap_or(usize::MAX) => {
            Err(LicenseRefusal::Limit(limit))
        }
        _ => Ok(Activation::Changed),
    }
}

/// Decides about giving up a device. Always possible: a key that does not work any more can still be cleaned up.
pub fn deactivate(key: &LicenseFacts, label: &str) -> Activation {
    if key.active.contains(&label) { Activation::Changed } else { Activation::Unchanged }
}

/// Whether a key works: at all, or on the device called `label`.
pub fn validate(key: &LicenseFacts, label: Option<&str>) -> Result<(), LicenseRefusal> {
    works(key)?;
    match label {
        Some(label) if !key.active.contains(&label) => Err(LicenseRefusal::NotActive),
        _ => Ok(()),
    }
}

fn works(key: &LicenseFacts) -> Result<(), LicenseRefusal> {
    match key.state {
        LicenseState::Revoked => Err(LicenseRefusal::Revoked),
        LicenseState::Issued if !key.entitled => Err(LicenseRefusal::NotEntitled),
        LicenseState::Issued => Ok(()),
    }
}

/// What a subscription's key of one benefit needs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum KeyChange {
    /// Issue one.
    Issue,
    /// Revoke the one there is.
    Revoke,
    /// Nothing. A key without access rests: it works again when the subscription comes back.
    Keep,
}

/// Decides about the key of a benefit of license keys. `revoked_by_hand`: the business has revoked one for this
/// subscription, so no other follows by itself.
pub fn key_change(entitled: bool, ended: bool, has_key: bool, revoked_by_hand: bool) -> KeyChange {
    match (has_key, ended) {
        (true, true) => KeyChange::Revoke,
        (false, false) if entitled && !revoked_by_hand => KeyChange::Issue,
        _ => KeyChange::Keep,
    }
}
