//! What the sandbox says of itself.

use plugin_sdk::types::{
    Authorization, Capabilities, Idempotency, Lookup, Manifest, SettingField, SettingKind,
};

/// The simulator's promises, in the words of the contract.
pub fn manifest() -> Manifest {
    let base_url = "${settings.base_url}".to_owned();
    Manifest {
        name: "sandbox".to_owned(),
        version: env!("CARGO_PKG_VERSION").to_owned(),
        display_name: "Portico Sandbox".to_owned(),
        capabilities: Capabilities {
            idempotency: Some(Idempotency {
                window_s: 24 * 60 * 60,
                header: Some("Idempotency-Key".to_owned()),
                replays_errors: false,
                rejects_mismatch: true,
            }),
            lookup: Some(Lookup { by_reference: true, lag_s: 0 }),
            cancel: true,
            refund: true,
            list_since: true,
            max_in_flight_s: 60,
        },
        authorization: Authorization::Headers,
        hosts: vec![base_url.clone()],
        redirect_hosts: vec![base_url],
        lookup_posts: Vec::new(),
        settings: vec![
            SettingField {
                key: "base_url".to_owned(),
                label: "Address of the simulator".to_owned(),
                kind: SettingKind::Url,
                required: true,
                default: None,
            },
            SettingField {
                key: "secret_key".to_owned(),
                label: "Secret key".to_owned(),
                kind: SettingKind::Secret,
                required: true,
                default: None,
            },
            SettingField {
                key: "webhook_secret".to_owned(),
                label: "Signing secret of the webhook".to_owned(),
                kind: SettingKind::Secret,
                required: false,
                default: None,
            },
        ],
        method_kinds: vec!["card".to_owned()],
        currencies: Vec::new(),
    }
}
