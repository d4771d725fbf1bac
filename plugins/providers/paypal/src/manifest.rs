//! What the PayPal provider says of itself.

use plugin_sdk::types::{
    Authorization, Capabilities, Idempotency, Lookup, Manifest, Oauth2, SettingField, SettingKind,
};

/// Currencies of wallets, by <https://developer.paypal.com/api/rest/reference/currency-codes/>.
const CURRENCIES: &str =
    "AUD BRL CAD CHF CNY CZK DKK EUR GBP HKD HUF ILS JPY MXN MYR NOK NZD PHP PLN SEK SGD THB TWD USD";

/// PayPal's promises, in the words of the contract. README.md names the page behind each.
pub fn manifest() -> Manifest {
    Manifest {
        name: "paypal".to_owned(),
        version: env!("CARGO_PKG_VERSION").to_owned(),
        display_name: "PayPal".to_owned(),
        capabilities: Capabilities {
            idempotency: Some(Idempotency {
                // Orders are remembered for 6 h and refunds for 45 days, but tokens for 3 h only.
                window_s: 3 * 60 * 60,
                header: Some("PayPal-Request-Id".to_owned()),
                replays_errors: false,
                rejects_mismatch: false,
            }),
            // Without PayPal's id the transaction search is asked, which may lag by three hours.
            lookup: Some(Lookup { by_reference: true, lag_s: 3 * 60 * 60 }),
            cancel: false,
            refund: true,
            list_since: true,
            max_in_flight_s: 120,
        },
        authorization: Authorization::Oauth2ClientCredentials(Oauth2 {
            token_url: "/v1/oauth2/token".to_owned(),
            client_id: "client_id".to_owned(),
            client_secret: "client_secret".to_owned(),
            scope: None,
        }),
        hosts: vec!["${settings.base_url}".to_owned()],
        redirect_hosts: vec!["www.paypal.com".to_owned(), "www.sandbox.paypal.com".to_owned()],
        lookup_posts: Vec::new(),
        settings: settings(),
        method_kinds: vec!["paypal".to_owned()],
        currencies: CURRENCIES.split(' ').map(str::to_owned).collect(),
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
        field("client_id", "Client ID of the REST app", SettingKind::Text),
        field("client_secret", "Secret of the REST app", SettingKind::Secret),
        SettingField {
            default: Some("https://api-m.paypal.com".to_owned()),
            ..field("base_url", "Address of the API", SettingKind::Url)
        },
    ]
}
