//! Why a payment was refused: Stripe's codes as kinds of refusal.
//!
//! <https://docs.stripe.com/declines/codes>, <https://docs.stripe.com/error-codes>

use plugin_sdk::types::DeclineKind;

/// The kind of a decline code or, where the bank gave none, of an error code. A code that is missing or unknown may
/// pass later.
pub fn kind(code: &str) -> DeclineKind {
    match code {
        "authentication_required"
        | "authentication_not_handled"
        | "authentication_failure"
        | "payment_intent_authentication_failure"
        | "approve_with_id"
        | "offline_pin_required"
        | "online_or_offline_pin_required" => DeclineKind::AuthenticationRequired,
        "insufficient_funds" => DeclineKind::InsufficientFunds,
        "expired_card" | "expired_payment_method" | "invalid_expiry_month" | "invalid_expiry_year" => {
            DeclineKind::ExpiredMethod
        }
        "fraudulent" | "lost_card" | "stolen_card" | "pickup_card" | "merchant_blacklist"
        | "security_violation" => DeclineKind::Fraud,
        "card_velocity_exceeded"
        | "withdrawal_count_limit_exceeded"
        | "amount_too_large"
        | "charge_exceeds_source_limit"
        | "charge_exceeds_weekly_limit"
        | "charge_exceeds_transaction_limit" => DeclineKind::Limit,
        "account_closed"
        | "bank_account_restricted"
        | "bank_account_unusable"
        | "card_not_supported"
        | "currency_not_supported"
        | "debit_not_authorized"
        | "do_not_try_again"
        | "incorrect_cvc"
        | "incorrect_number"
        | "incorrect_pin"
        | "invalid_account"
        | "invalid_cvc"
        | "invalid_number"
        | "invalid_pin"
        | "new_account_information_available"
        | "no_account"
        | "not_permitted"
        | "payment_method_restricted"
        | "pin_try_exceeded"
        | "resource_missing"
        | "restricted_card"
        | "revocation_of_all_authorizations"
        | "revocation_of_authorization"
        | "stop_payment_order"
        | "testmode_decline"
        | "transaction_not_allowed" => DeclineKind::Hard,
        _ => DeclineKind::Soft,
    }
}
