//! What the Stripe provider says of itself.

use plugin_sdk::types::{
    Authorization, Capabilities, Choice, Idempotency, Lookup, Manifest, SettingField, SettingKind,
};

/// Stripe's promises, in the words of the contract. README.md names the page behind each.
pub fn manifest() -> Manifest {
    Manifest {
        name: "stripe".to_owned(),
        version: env!("CARGO_PKG_VERSION").to_owned(),
        display_name: "Stripe".to_owned(),
        capabilities: Capabilities {
            idempotency: Some(Idempotency {
                window_s: 24 * 60 * 60,
                header: Some("Idempotency-Key".to_owned()),
                replays_errors: true,
                rejects_mismatch: true,
            }),
            // Lists are up to date; search, which is asked where no customer is known, may lag by an hour.
            lookup: Some(Lookup { by_reference: true, lag_s: 60 * 60 }),
            cancel: true,
            refund: true,
            list_since: true,
            max_in_flight_s: 120,
        },
        authorization: Authorization::Headers,
        hosts: vec!["${settings.base_url}".to_owned()],
        redirect_hosts: vec!["checkout.stripe.com".to_owned(), "hooks.stripe.com".to_owned()],
        lookup_posts: Vec::new(),
        settings: settings(),
        method_kinds: vec!["card".to_owned(), "sepa".to_owned()],
        currencies: Vec::new(),
    }
}

fn settings() -> Vec<SettingField> {
    let field = |key: &str, label: &str, kind: SettingKind| SettingField {
        key: key.to_owned(),
        label: label.to_owned(),
        kind,
        required: true,
        default: None,
    };
    vec![
        field("secret_key", "Secret or restricted key (sk_ or rk_)", SettingKind::Secret),
        SettingField {
            required: false,
            ..field("webhook_secret", "Signing secret of the webhook endpoint (whsec_)", SettingKind::Secret)
        },
        SettingField {
            default: Some("any".to_owned()),
            ..field("three_d_secure", "3-D Secure when a card is saved", three_d_secure())
        },
        SettingField {
            default: Some("https://api.stripe.com".to_owned()),
            ..field("base_url", "Address of the API", SettingKind::Url)
        },
    ]
}

/// <https://docs.stripe.com/payments/3d-secure/authentication-flow#manual-three-ds>
fn three_d_secure() -> SettingKind {
    let choice = |value: &str, label: &str| Choice { value: value.to_owned(), label: label.to_owned() };
    SettingKind::Choice(vec![
        choice("any", "Always, where the card can"),
        choice("challenge", "Always, and with a question"),
        choice("automatic", "When Stripe finds it necessary"),
    ])
}
