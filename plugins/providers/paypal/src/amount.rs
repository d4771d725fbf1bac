//! Amounts as PayPal writes them: decimal text.
//!
//! <https://developer.paypal.com/api/rest/reference/currency-codes/>

use plugin_sdk::types::{CallError, Money};
use serde::{Deserialize, Serialize};

/// PayPal takes whole units only, though ISO 4217 has two digits.
const WHOLE_HERE: &[&str] = &["HUF", "TWD"];
/// The one of PayPal's currencies without digits in ISO 4217; all others have two.
const WITHOUT_DIGITS: &str = "JPY";

/// An amount in a body.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Amount {
    pub currency_code: String,
    pub value: String,
}

impl Amount {
    /// The amount to ask for. Refused where PayPal cannot express it.
    pub fn of(money: &Money) -> Result<Self, CallError> {
        let refused =
            || CallError::NotExecuted(format!("PayPal takes no {} {}", money.minor, money.currency));
        let currency = money.currency.as_str();
        let (whole, part) = (money.minor / 100, money.minor % 100);
        let value = if money.minor <= 0 {
            return Err(refused());
        } else if currency == WITHOUT_DIGITS {
            money.minor.to_string()
        } else if !WHOLE_HERE.contains(&currency) {
            format!("{whole}.{part:02}")
        } else if part == 0 {
            whole.to_string()
        } else {
            return Err(refused());
        };
        Ok(Self { currency_code: money.currency.clone(), value })
    }

    /// What PayPal says moved, without its sign: reports write money that left as negative. None where that is no amount
    /// in minor units.
    pub fn moved(&self) -> Option<Money> {
        let text = self.value.strip_prefix('-').unwrap_or(&self.value);
        let (whole, part) = text.split_once('.').unwrap_or((text, ""));
        let digits = if self.currency_code == WITHOUT_DIGITS { 0 } else { 2 };
        let (part, rest) = part.split_at_checked(digits).unwrap_or((part, ""));
        let digit = |byte: u8| byte.is_ascii_digit();
        let exact = whole.bytes().chain(part.bytes()).all(digit) && rest.bytes().all(|byte| byte == b'0');
        if !exact || !text.bytes().any(digit) {
            return None;
        }
        let minor = format!("{whole}{part:0<digits$}").parse().ok()?;
        Some(Money { minor, currency: self.currency_code.clone() })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn money(minor: i64, currency: &str) -> Money {
        Money { minor, currency: currency.to_owned() }
    }

    fn amount(value: &str, currency: &str) -> Amount {
        Amount { currency_code: currency.to_owned(), value: value.to_owned() }
    }

    #[test]
    fn amounts_there_and_back() {
        for (minor, currency, value) in
            [(1428, "EUR", "14.28"), (5, "USD", "0.05"), (500, "JPY", "500"), (12_300, "HUF", "123")]
        {
            assert_eq!(Amount::of(&money(minor, currency)), Ok(amount(value, currency)));
            assert_eq!(amount(value, currency).moved(), Some(money(minor, currency)), "{value} {currency}");
        }
    }

    #[test]
    fn what_cannot_be_expressed_is_not_rounded() {
        for (minor, currency) in [(12_345, "HUF"), (101, "TWD"), (0, "EUR"), (-5, "EUR")] {
            assert!(Amount::of(&money(minor, currency)).is_err(), "{minor} {currency}");
        }
    }

    #[test]
    fn decimals_are_read_exactly_or_not_at_all() {
        for (value, currency, minor) in [
            ("14.2", "EUR", Some(1420)),
            ("14", "EUR", Some(1400)),
            ("-4.28", "EUR", Some(428)),
            ("14.280", "EUR", Some(1428)),
            ("500.00", "JPY", Some(500)),
            (".50", "EUR", Some(50)),
            ("500.50", "JPY", None),
            ("14.281", "EUR", None),
            ("1e3", "EUR", None),
            ("--1", "EUR", None),
            ("", "EUR", None),
            (".", "EUR", None),
            ("14.€", "EUR", None),
            ("99999999999999999999", "EUR", None),
        ] {
            assert_eq!(amount(value, currency).moved().map(|money| money.minor), minor, "{value} {currency}");
        }
    }
}
