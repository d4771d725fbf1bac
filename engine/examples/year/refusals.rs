//! What people are refused. A year is full of wishes that cannot be granted; one that is refused for a reason nobody
//! expects is a mistake of ours.

/// The codes of refusals that a year may hear.
const KNOWN: &[&str] = &[
    // Changes.
    "same_target",
    "ended",
    "on_hold",
    "not_running",
    "cancelling",
    "payment_under_way",
    "renewing",
    "other_interval",
    "other_collection",
    "outside_subscription",
    "quantity",
    "no_method",
    "credit_not_possible",
    "nothing_pending",
    "too_late",
    // Ends, pauses and trials.
    "already_ended",
    "not_scheduled",
    "locked",
    "not_active",
    "not_paused",
    "not_trialing",
    "not_longer",
    "resumes_too_early",
    "no_review",
    "coupon_over",
    "coupon_redeemed",
    "timing_off",
    // Money.
    "not_payable",
    "already_paid",
    "method_gone",
    "payment_open",
    "too_many_tries",
    "too_much",
    "nothing_left",
    "only_whole",
    "not_creditable",
    "not_voidable",
    "not_open",
    "not_disputable",
    "no_dispute",
    "refunded",
    "refund_open",
    "no_refund",
    "no_request",
    "not_offered",
    "decided",
    // Usage and keys.
    "not_metered",
    "settled",
    "key_reused",
    "bad_usage",
    "device_limit",
    "has_key",
    "unknown_benefit",
    "not_entitled",
    "revoked",
];

/// Whether a refusal is one that people meet who ask for what cannot be.
pub fn is_known(code: &str) -> bool {
    KNOWN.contains(&code)
}
