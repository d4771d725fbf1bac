//! Why PayPal refused: issues of its API and codes of card processors as kinds of refusal.
//!
//! <https://developer.paypal.com/api/rest/reference/orders/v2/errors/>,
//! <https://developer.paypal.com/docs/checkout/advanced/customize/processor-response-codes/>

use plugin_sdk::types::DeclineKind;

/// What an issue says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Issue {
    /// The payment or refund was refused.
    Refused(DeclineKind),
    /// The key was used before for another request.
    Conflict,
    /// The business's own account is not in order.
    Account,
    /// Another request with this key is being executed.
    InProgress,
    /// The request was wrong; nothing happened.
    Invalid,
}

/// What an issue means.
pub fn issue(issue: &str) -> Issue {
    match issue {
        "PAYER_ACTION_REQUIRED" => Issue::Refused(DeclineKind::AuthenticationRequired),
        "REFUND_FAILED_INSUFFICIENT_FUNDS" => Issue::Refused(DeclineKind::InsufficientFunds),
        "CARD_EXPIRED" | "TOKEN_EXPIRED" => Issue::Refused(DeclineKind::ExpiredMethod),
        "TRANSACTION_BLOCKED_BY_PAYEE" | "PAYEE_BLOCKED_TRANSACTION" => Issue::Refused(DeclineKind::Fraud),
        "TRANSACTION_LIMIT_EXCEEDED" | "TRANSACTION_RECEIVING_LIMIT_EXCEEDED" => {
            Issue::Refused(DeclineKind::Limit)
        }
        "AGREEMENT_ALREADY_CANCELLED"
        | "BILLING_AGREEMENT_NOT_FOUND"
        | "COMPLIANCE_VIOLATION"
        | "MISMATCHED_VAULT_ID_TO_PAYMENT_SOURCE"
        | "PAYER_ACCOUNT_LOCKED_OR_CLOSED"
        | "PAYER_ACCOUNT_RESTRICTED"
        | "PAYMENT_SOURCE_CANNOT_BE_USED"
        | "MAX_NUMBER_OF_REFUNDS_EXCEEDED"
        | "PARTIAL_REFUND_NOT_ALLOWED"
        | "REFUND_IS_RESTRICTED"
        | "REFUND_NOT_ALLOWED"
        | "REFUND_NOT_PERMITTED_DUE_TO_CHARGEBACK"
        | "REFUND_TIME_LIMIT_EXCEEDED"
        | "TRANSACTION_DISPUTED" => Issue::Refused(DeclineKind::Hard),
        "INSTRUMENT_DECLINED"
        | "MAX_NUMBER_OF_PAYMENT_ATTEMPTS_EXCEEDED"
        | "PAYER_CANNOT_PAY"
        | "PAYMENT_DENIED"
        | "PAYMENT_SOURCE_DECLINED_BY_PROCESSOR"
        | "TRANSACTION_REFUSED" => Issue::Refused(DeclineKind::Soft),
        "DUPLICATE_INVOICE_ID" | "DUPLICATE_REQUEST_ID" => Issue::Conflict,
        "NOT_ENABLED_TO_VAULT_PAYMENT_SOURCE"
        | "PAYEE_ACCOUNT_INVALID"
        | "PAYEE_ACCOUNT_LOCKED_OR_CLOSED"
        | "PAYEE_ACCOUNT_RESTRICTED"
        | "PERMISSION_DENIED" => Issue::Account,
        "PREVIOUS_REQUEST_IN_PROGRESS" | "ORDER_COMPLETION_IN_PROGRESS" => Issue::InProgress,
        _ => Issue::Invalid,
    }
}

/// The kind of a card processor's response code; one that is unknown may pass later.
pub fn processor(code: &str) -> DeclineKind {
    match code {
        "5120" => DeclineKind::InsufficientFunds,
        "5400" | "5910" => DeclineKind::ExpiredMethod,
        "5650" => DeclineKind::AuthenticationRequired,
        "9500" | "9510" | "9520" => DeclineKind::Fraud,
        "1330" | "5140" | "5180" | "5930" | "9540" => DeclineKind::Hard,
        _ => DeclineKind::Soft,
    }
}
