//! The code on an invoice that a banking app scans: EPC069-12, version 2. What it says, not how it is drawn; draw it with
//! error correction level M.

use super::iban::Iban;
use super::reference::CreditorReference;
use crate::money::Money;

/// Most bytes: a QR code of version 13 at level M.
const MOST_BYTES: usize = 331;
/// Most characters of a name.
const LONGEST_NAME: usize = 70;
/// 999,999,999.99 euro, in cents.
const MOST_CENTS: i64 = 99_999_999_999;

/// A transfer to ask for.
#[derive(Debug, Clone, Copy)]
pub struct Transfer<'a> {
    /// Whom to pay, as the bank knows them.
    pub holder: &'a str,
    /// Their account.
    pub iban: &'a Iban,
    /// Their bank; needed for payers outside the European Economic Area only.
    pub bic: Option<&'a str>,
    /// How much, in euro.
    pub amount: Money,
    /// What for.
    pub reference: &'a CreditorReference,
}

/// Why there is no code for a transfer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum NoCode {
    /// The code knows euro only.
    #[error("only transfers in euro have a code")]
    NotEuro,
    /// Less than a cent, or more than the code can say.
    #[error("the amount is not between 0.01 and 999,999,999.99 euro")]
    Amount,
    /// The holder's name is empty, too long, or has line breaks.
    #[error("the account holder's name must have 1 to {LONGEST_NAME} plain characters")]
    Holder,
    /// The bank's code is not one.
    #[error("a BIC has eight or eleven letters and digits")]
    Bic,
    /// More bytes than the code can carry.
    #[error("the account holder's name takes too many bytes")]
    TooLong,
}

/// The text of the code.
pub fn payload(transfer: &Transfer<'_>) -> Result<String, NoCode> {
    if transfer.amount.currency.code() != "EUR" {
        return Err(NoCode::NotEuro);
    }
    let cents = transfer.amount.minor;
    if !(1..=MOST_CENTS).contains(&cents) {
        return Err(NoCode::Amount);
    }
    let name = transfer.holder.trim();
    if !(1..=LONGEST_NAME).contains(&name.chars().count()) || name.chars().any(char::is_control) {
        return Err(NoCode::Holder);
    }
    let bic = transfer.bic.unwrap_or_default();
    if !matches!(bic.len(), 0 | 8 | 11) || !bic.bytes().all(|b| b.is_ascii_alphanumeric()) {
        return Err(NoCode::Bic);
    }
    let amount = format!("EUR{}.{:02}", cents / 100, cents % 100);
    let (iban, reference) = (transfer.iban.as_str(), transfer.reference.as_str());
    // Service, version, UTF-8, kind, bank, holder, account, amount, no purpose, reference; nothing need follow.
    let lines = ["BCD", "002", "1", "SCT", bic, name, iban, &amount, "", reference];
    let payload = lines.join("\n");
    if payload.len() <= MOST_BYTES { Ok(payload) } else { Err(NoCode::TooLong) }
}
