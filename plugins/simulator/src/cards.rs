//! The test cards: what each one does, and the checks a card form makes. A number outside the list is refused,
//! so nobody pays with a real card here.

use data_encoding::HEXLOWER;
use domain::provider::DeclineKind;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

/// What a card does when it is saved and charged.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Behaviour {
    Ok,
    RefusedAtSetup,
    Declines,
    InsufficientFunds,
    Expired,
    Stolen,
    ConfirmsSetup,
    ConfirmsAlways,
    StaysPending,
}

impl Behaviour {
    /// The outcome of a charge.
    pub(crate) fn charge(self) -> ChargeOutcome {
        match self {
            Self::Ok | Self::ConfirmsSetup => ChargeOutcome::Succeeded,
            Self::RefusedAtSetup | Self::Declines => ChargeOutcome::Declined(DeclineKind::Soft),
            Self::InsufficientFunds => ChargeOutcome::Declined(DeclineKind::InsufficientFunds),
            Self::Expired => ChargeOutcome::Declined(DeclineKind::ExpiredMethod),
            Self::Stolen => ChargeOutcome::Declined(DeclineKind::Fraud),
            Self::ConfirmsAlways => ChargeOutcome::RequiresAction,
            Self::StaysPending => ChargeOutcome::Pending,
        }
    }

    /// The bank shows its page before the card is saved.
    pub(crate) fn confirms_setup(self) -> bool {
        matches!(self, Self::ConfirmsSetup | Self::ConfirmsAlways)
    }
}

/// What a charge comes to at once.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum ChargeOutcome {
    Succeeded,
    Pending,
    RequiresAction,
    Declined(DeclineKind),
}

/// The code and the sentence a bank sends with a decline.
pub(crate) fn decline_words(kind: DeclineKind) -> (&'static str, &'static str) {
    match kind {
        DeclineKind::Soft => ("card_declined", "The card was declined."),
        DeclineKind::Hard => ("do_not_honor", "The bank refuses this card."),
        DeclineKind::AuthenticationRequired => {
            ("authentication_required", "The bank asks for a confirmation.")
        }
        DeclineKind::ExpiredMethod => ("expired_card", "The card has expired."),
        DeclineKind::InsufficientFunds => ("insufficient_funds", "The account has not enough money."),
        DeclineKind::Fraud => ("stolen_card", "The card was reported stolen."),
        DeclineKind::Limit => ("limit_exceeded", "The card is over its limit."),
    }
}

/// One line of the list of test cards.
#[derive(Debug, Clone, Copy, Serialize)]
pub(crate) struct TestCard {
    pub(crate) number: &'static str,
    pub(crate) brand: &'static str,
    pub(crate) behaviour: Behaviour,
    pub(crate) explanation: &'static str,
}

const fn card(
    number: &'static str,
    brand: &'static str,
    behaviour: Behaviour,
    explanation: &'static str,
) -> TestCard {
    TestCard { number, brand, behaviour, explanation }
}

/// Every card that exists in the simulator.
pub(crate) const TEST_CARDS: &[TestCard] = &[
    card("4242424242424242", "visa", Behaviour::Ok, "Works"),
    card("5555555555554444", "mastercard", Behaviour::Ok, "Works"),
    card("378282246310005", "amex", Behaviour::Ok, "Works"),
    card("4000000000000002", "visa", Behaviour::RefusedAtSetup, "Cannot be saved"),
    card("4000000000000341", "visa", Behaviour::Declines, "Saves; every charge is declined"),
    card("4000000000009995", "visa", Behaviour::InsufficientFunds, "Saves; never enough money"),
    card("4000000000000069", "visa", Behaviour::Expired, "Saves; charges say it has expired"),
    card("4000000000009979", "visa", Behaviour::Stolen, "Saves; charges say it was stolen"),
    card("4000002500003155", "visa", Behaviour::ConfirmsSetup, "3-D Secure when saved, then works"),
    card("4000002760003184", "visa", Behaviour::ConfirmsAlways, "3-D Secure when saved and at every charge"),
    card("4000000000000077", "visa", Behaviour::StaysPending, "Charges stay pending until settled by hand"),
];

/// A saved card without its number.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Card {
    pub(crate) brand: String,
    pub(crate) last4: String,
    pub(crate) exp_month: u8,
    pub(crate) exp_year: u16,
    pub(crate) fingerprint: String,
    pub(crate) behaviour: Behaviour,
}

/// Why a card cannot be used.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub(crate) enum CardError {
    #[error("Enter a card number")]
    NoNumber,
    #[error("This card number is not complete or has a typing mistake")]
    BadNumber,
    #[error("This is a test service. Use one of the test cards")]
    NotATestCard,
    #[error("Enter the expiry date as month and year, for example 04 / 30")]
    BadExpiry,
    #[error("This card has expired")]
    Expired,
}

impl CardError {
    /// Word for the API.
    pub(crate) fn code(self) -> &'static str {
        match self {
            Self::NoNumber | Self::BadNumber | Self::NotATestCard => "invalid_number",
            Self::BadExpiry | Self::Expired => "invalid_expiry",
        }
    }
}

/// The test card with this number; spaces and dashes do not count.
pub(crate) fn find(number: &str) -> Result<&'static TestCard, CardError> {
    let digits: String = number.chars().filter(|c| !matches!(c, ' ' | '-')).collect();
    if digits.is_empty() {
        return Err(CardError::NoNumber);
    }
    if !passes_luhn(&digits) {
        return Err(CardError::BadNumber);
    }
    TEST_CARDS.iter().find(|card| card.number == digits).ok_or(CardError::NotATestCard)
}

/// ISO/IEC 7812-1, annex B.
fn passes_luhn(digits: &str) -> bool {
    if !(12..=19).contains(&digits.len()) || !digits.bytes().all(|b| b.is_ascii_digit()) {
        return false;
    }
    let sum: u32 = digits
        .bytes()
        .rev()
        .enumerate()
        .map(|(place, byte)| {
            let digit = u32::from(byte - b'0');
            if place % 2 == 0 { digit } else { (digit * 2) / 10 + (digit * 2) % 10 }
        })
        .sum();
    sum.is_multiple_of(10)
}

/// A month on a card.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Expiry {
    pub(crate) year: u16,
    pub(crate) month: u8,
}

impl Expiry {
    /// Reads `MM/YY`, `MM / YYYY`, `MMYY`.
    pub(crate) fn read(text: &str) -> Result<Self, CardError> {
        let digits: String = text.chars().filter(char::is_ascii_digit).collect();
        if text.chars().any(|c| !(c.is_ascii_digit() || matches!(c, ' ' | '/' | '-'))) {
            return Err(CardError::BadExpiry);
        }
        let year: u16 = match digits.len() {
            4 => 2000 + digits[2..].parse::<u16>().map_err(|_| CardError::BadExpiry)?,
            6 => digits[2..].parse().map_err(|_| CardError::BadExpiry)?,
            _ => return Err(CardError::BadExpiry),
        };
        Self::new(year, digits[..2].parse().map_err(|_| CardError::BadExpiry)?)
    }

    /// A month of a year within a card's possible life.
    pub(crate) fn new(year: u16, month: u8) -> Result<Self, CardError> {
        if !(1..=12).contains(&month) || !(2000..=2099).contains(&year) {
            return Err(CardError::BadExpiry);
        }
        Ok(Self { year, month })
    }

    /// A card is good to the end of its month.
    pub(crate) fn check(self, today: Self) -> Result<Self, CardError> {
        if self < today { Err(CardError::Expired) } else { Ok(self) }
    }
}

impl TestCard {
    /// The card as it is kept.
    pub(crate) fn saved(&self, expiry: Expiry) -> Card {
        let digest = Sha256::digest(format!("portico simulator {}", self.number));
        Card {
            brand: self.brand.to_owned(),
            last4: self.number[self.number.len() - 4..].to_owned(),
            exp_month: expiry.month,
            exp_year: expiry.year,
            fingerprint: HEXLOWER.encode(&digest[..8]),
            behaviour: self.behaviour,
        }
    }

    /// The number in the groups printed on a card.
    pub(crate) fn grouped(&self) -> String {
        let groups: &[usize] = if self.brand == "amex" { &[4, 6, 5] } else { &[4, 4, 4, 4] };
        let mut rest = self.number;
        let mut words = Vec::new();
        for size in groups {
            let (word, tail) = rest.split_at((*size).min(rest.len()));
            words.push(word);
            rest = tail;
        }
        words.join(" ")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_test_card_is_a_valid_number_and_no_other_is_taken() {
        for card in TEST_CARDS {
            assert_eq!(find(&card.grouped()).unwrap().number, card.number);
        }
        assert_eq!(find("4242 4242 4242 4241").unwrap_err(), CardError::BadNumber);
        assert_eq!(find("4111111111111111").unwrap_err(), CardError::NotATestCard);
    }

    #[test]
    fn a_card_is_good_to_the_end_of_its_month() {
        let november = Expiry::new(2026, 11).unwrap();
        assert!(Expiry::read("11/26").unwrap().check(november).is_ok());
        assert!(Expiry::read("11 / 2026").unwrap().check(november).is_ok());
        assert_eq!(Expiry::read("10/26").unwrap().check(november), Err(CardError::Expired));
        for wrong in ["", "13/27", "00/27", "1/27", "ab/cd", "11/26x"] {
            assert_eq!(Expiry::read(wrong), Err(CardError::BadExpiry), "{wrong}");
        }
    }
}
