//! What the bank transfer provider says of itself.

use crate::KIND;
use plugin_sdk::types::{
    Authorization, Capabilities, Idempotency, Lookup, Manifest, SettingField, SettingKind,
};

/// Every answer follows from the question alone, so a repeat is harmless at any time; ten years stand for that.
const FOR_EVER: u64 = 10 * 365 * 24 * 60 * 60;

/// No hosts: nothing is sent anywhere. The settings are for the invoice.
pub fn manifest() -> Manifest {
    Manifest {
        name: "bank-transfer".to_owned(),
        version: env!("CARGO_PKG_VERSION").to_owned(),
        display_name: "Bank transfer".to_owned(),
        capabilities: Capabilities {
            idempotency: Some(Idempotency {
                window_s: FOR_EVER,
                header: None,
                replays_errors: false,
                rejects_mismatch: false,
            }),
            lookup: Some(Lookup { by_reference: true, lag_s: 0 }),
            cancel: true,
            refund: false,
            list_since: false,
            max_in_flight_s: 1,
        },
        authorization: Authorization::Headers,
        hosts: Vec::new(),
        redirect_hosts: Vec::new(),
        lookup_posts: Vec::new(),
        settings: settings(),
        method_kinds: vec![KIND.to_owned()],
        currencies: Vec::new(),
    }
}

fn settings() -> Vec<SettingField> {
    let field = |key: &str, label: &str, required: bool| SettingField {
        key: key.to_owned(),
        label: label.to_owned(),
        kind: SettingKind::Text,
        required,
        default: None,
    };
    vec![
        field("account_holder", "Account holder, as the bank knows them", true),
        field("iban", "IBAN", true),
        field("bic", "BIC, for customers outside the European Economic Area", false),
    ]
}
