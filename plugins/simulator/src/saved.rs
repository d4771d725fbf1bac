//! A saved method as whoever takes it over needs it.

use domain::provider::NewMethod;
use serde_json::Value;

/// Reads the answer to `POST /v1/methods`. What the answer does not hold is empty.
pub fn saved_method(answer: &Value) -> NewMethod {
    let text = |key: &str| answer[key].as_str().unwrap_or_default().to_owned();
    let number = |key: &str| answer[key].as_u64();
    NewMethod {
        method_ref: text("id"),
        customer_ref: answer["customer"].as_str().map(str::to_owned),
        kind: text("kind"),
        brand: text("brand"),
        last4: text("last4"),
        exp_month: number("exp_month").and_then(|month| month.try_into().ok()),
        exp_year: number("exp_year").and_then(|year| year.try_into().ok()),
        fingerprint: answer["fingerprint"].as_str().map(str::to_owned),
    }
}
