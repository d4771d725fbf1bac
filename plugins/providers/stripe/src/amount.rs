//! Amounts as Stripe counts them: like ISO 4217, but for a few currencies.
//!
//! <https://docs.stripe.com/currencies#minor-units>

use plugin_sdk::types::{CallError, Money};

/// Stripe takes two digits, ISO 4217 has none.
const TWO_DIGITS_HERE: &[&str] = &["ISK", "UGX"];
/// Stripe takes none, ISO 4217 has two.
const NO_DIGITS_HERE: &[&str] = &["MGA"];

/// The amount to ask for. Refused where Stripe cannot express it.
pub fn to_stripe(money: &Money) -> Result<i64, CallError> {
    let currency = money.currency.as_str();
    if TWO_DIGITS_HERE.contains(&currency) {
        money.minor.checked_mul(100).ok_or_else(|| inexact(money))
    } else if NO_DIGITS_HERE.contains(&currency) {
        if money.minor % 100 == 0 { Ok(money.minor / 100) } else { Err(inexact(money)) }
    } else {
        Ok(money.minor)
    }
}

/// What Stripe says moved; its codes are lower case. None where that is no amount in minor units.
pub fn from_stripe(amount: i64, currency: &str) -> Option<Money> {
    let currency = currency.to_ascii_uppercase();
    let minor = if TWO_DIGITS_HERE.contains(&currency.as_str()) {
        if amount % 100 != 0 {
            return None;
        }
        amount / 100
    } else if NO_DIGITS_HERE.contains(&currency.as_str()) {
        amount.checked_mul(100)?
    } else {
        amount
    };
    Some(Money { minor, currency })
}

fn inexact(money: &Money) -> CallError {
    CallError::NotExecuted(format!("{} {} has no amount at Stripe", money.minor, money.currency))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn money(minor: i64, currency: &str) -> Money {
        Money { minor, currency: currency.to_owned() }
    }

    #[test]
    fn amounts_there_and_back() {
        for (minor, currency, stripe) in [
            (1428, "EUR", 1428),
            (500, "JPY", 500),
            (12_340, "KWD", 12_340),
            (500, "ISK", 50_000),
            (3_700, "UGX", 370_000),
            (450_000, "MGA", 4_500),
        ] {
            assert_eq!(to_stripe(&money(minor, currency)), Ok(stripe), "{currency}");
            let back = from_stripe(stripe, &currency.to_ascii_lowercase());
            assert_eq!(back, Some(money(minor, currency)), "{currency}");
        }
    }

    #[test]
    fn what_cannot_be_expressed_is_not_rounded() {
        assert!(to_stripe(&money(450_001, "MGA")).is_err());
        assert!(to_stripe(&money(i64::MAX, "ISK")).is_err());
        assert_eq!(from_stripe(50_001, "isk"), None);
    }
}
