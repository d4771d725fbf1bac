//! Whether a manifest is acceptable: what it promises must be possible, what it asks for must be nameable.

use crate::http::target::{is_host_pattern, is_named, setting_key};
use crate::setting;
use domain::provider::{Authorization, Manifest, SettingField, SettingKind};

use std::collections::BTreeSet;

/// Longest text a manifest may show people.
const MAX_TEXT: usize = 120;
/// Entries in any of its lists.
const MAX_ENTRIES: usize = 64;

/// The words a setting may hold, where they are listed.
fn choices(field: &SettingField) -> &[domain::provider::Choice] {
    match &field.kind {
        SettingKind::Choice(choices) => choices,
        _ => &[],
    }
}

/// Checks a manifest; says what is wrong.
pub fn validate(manifest: &Manifest) -> Result<(), String> {
    if !is_word(&manifest.name, "-") {
        return Err("the name must be lower-case letters, digits and hyphens".to_owned());
    }
    let texts = [&manifest.version, &manifest.display_name];
    let choices = manifest.settings.iter().flat_map(choices);
    let labels =
        manifest.settings.iter().map(|field| &field.label).chain(choices.map(|choice| &choice.label));
    if texts.into_iter().chain(labels).any(|text| !is_shown(text)) {
        return Err(format!("texts must be plain, and {MAX_TEXT} characters at most"));
    }
    let lists = [
        manifest.hosts.len(),
        manifest.redirect_hosts.len(),
        manifest.lookup_posts.len(),
        manifest.settings.len(),
        manifest.method_kinds.len(),
    ];
    if lists.into_iter().any(|entries| entries > MAX_ENTRIES) {
        return Err(format!("a list has more than {MAX_ENTRIES} entries"));
    }
    if let Some(kind) = manifest.method_kinds.iter().find(|kind| !is_word(kind, "-_")) {
        return Err(format!("{kind:?} is not a kind of payment method"));
    }
    check_settings(manifest)?;
    check_hosts(manifest)?;
    check_promises(manifest)
}

fn check_settings(manifest: &Manifest) -> Result<(), String> {
    let mut keys = BTreeSet::new();
    for field in &manifest.settings {
        if !is_word(&field.key, "_") || !keys.insert(&field.key) {
            return Err(format!("{:?} is not a setting's key, or occurs twice", field.key));
        }
        if field.is_secret() && field.default.is_some() {
            return Err(format!("the secret {} has a default", field.key));
        }
        check_kind(field)?;
    }
    let used: Vec<&String> = match &manifest.authorization {
        Authorization::Headers => Vec::new(),
        Authorization::Basic { user, password } => vec![user, password],
        Authorization::OAuth2ClientCredentials { token_url, client_id, client_secret, .. } => {
            check_token_url(token_url, manifest)?;
            vec![client_id, client_secret]
        }
    };
    match used.into_iter().find(|key| !keys.contains(key)) {
        Some(key) => Err(format!("the authorization uses the setting {key}, which does not exist")),
        None => Ok(()),
    }
}

/// A token is had from a host that the manifest names, or below the origin in the setting `base_url`.
fn check_token_url(url: &str, manifest: &Manifest) -> Result<(), String> {
    let below_base = is_path(url)
        && manifest.settings.iter().any(|field| field.key == "base_url" && field.kind == SettingKind::Url);
    if below_base || is_named(url, &manifest.hosts) {
        Ok(())
    } else {
        Err(format!("no token is had from {url:?}: neither on a named host nor a path below base_url"))
    }
}

/// A default is something the form would accept.
fn check_kind(field: &SettingField) -> Result<(), String> {
    if matches!(field.kind, SettingKind::Choice(_)) {
        let values: BTreeSet<&str> = choices(field).iter().map(|choice| choice.value.as_str()).collect();
        let told_apart = values.len() == choices(field).len() && values.iter().all(|value| is_shown(value));
        if values.is_empty() || values.len() > MAX_ENTRIES || !told_apart {
            return Err(format!("the choices of {} are none, too many or not told apart", field.key));
        }
    }
    match &field.default {
        Some(default) if !setting::fits(&field.kind, default) => {
            Err(format!("the default of {} is not a value of its kind", field.key))
        }
        _ => Ok(()),
    }
}

fn check_hosts(manifest: &Manifest) -> Result<(), String> {
    for host in manifest.hosts.iter().chain(&manifest.redirect_hosts) {
        let known = match setting_key(host) {
            Some(key) => {
                manifest.settings.iter().any(|field| field.key == key && field.kind == SettingKind::Url)
            }
            None => is_host_pattern(host),
        };
        if !known {
            return Err(format!("{host:?} is neither a host nor a setting's origin"));
        }
    }
    match manifest.lookup_posts.iter().find(|path| !is_path(path)) {
        Some(path) => Err(format!("{path:?} is not a path")),
        None => Ok(()),
    }
}

fn check_promises(manifest: &Manifest) -> Result<(), String> {
    let Some(idempotency) = &manifest.capabilities.idempotency else {
        return Ok(());
    };
    if idempotency.window_s == 0 {
        return Err("an idempotency window of nothing is none".to_owned());
    }
    let is_name = |name: &str| {
        !name.is_empty() && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
    };
    match &idempotency.header {
        Some(name) if !is_name(name) => Err(format!("{name:?} is not a header")),
        _ => Ok(()),
    }
}

fn is_word(text: &str, more: &str) -> bool {
    let allowed = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || more.contains(c);
    (1..=40).contains(&text.len()) && text.chars().all(allowed)
}

/// A path as it stands in a URL, whole.
fn is_path(path: &str) -> bool {
    path.starts_with('/')
        && path.len() <= MAX_TEXT
        && path.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"/-._~".contains(&byte))
        && path.split('/').all(|part| part != "." && part != "..")
}

fn is_shown(text: &str) -> bool {
    !text.is_empty() && text.chars().count() <= MAX_TEXT && !text.chars().any(char::is_control)
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::provider::{Capabilities, Choice, Idempotency};

    fn field(key: &str, kind: SettingKind) -> SettingField {
        SettingField { key: key.to_owned(), label: "Label".to_owned(), kind, required: true, default: None }
    }

    fn good() -> Manifest {
        Manifest {
            name: "acme-pay".to_owned(),
            version: "1.2.3".to_owned(),
            display_name: "Acme Pay".to_owned(),
            capabilities: Capabilities {
                idempotency: Some(Idempotency {
                    window_s: 86_400,
                    header: Some("Idempotency-Key".to_owned()),
                    replays_errors: true,
                    rejects_mismatch: true,
                }),
                lookup: None,
                cancel: false,
                refund: false,
                list_since: false,
                max_in_flight_s: 60,
            },
            authorization: Authorization::Basic { user: "base_url".to_owned(), password: "key".to_owned() },
            hosts: vec!["api.acme.example".to_owned(), "${settings.base_url}".to_owned()],
            redirect_hosts: vec!["*.acme.example".to_owned()],
            lookup_posts: vec!["/v1/charges/search".to_owned()],
            settings: vec![field("base_url", SettingKind::Url), field("key", SettingKind::Secret)],
            method_kinds: vec!["card".to_owned()],
            currencies: Vec::new(),
        }
    }

    fn spoilt(spoil: impl FnOnce(&mut Manifest)) -> bool {
        let mut manifest = good();
        spoil(&mut manifest);
        validate(&manifest).is_err()
    }

    #[test]
    fn a_plain_manifest_is_accepted() {
        assert_eq!(validate(&good()), Ok(()));
    }

    #[test]
    fn names_and_texts_are_plain() {
        for name in ["", "Acme", "acme pay", "../acme", &"a".repeat(41)] {
            assert!(spoilt(|m| m.name = name.to_owned()), "{name}");
        }
        for text in ["", "a\nb", "\u{1b}[31mred", &"a".repeat(121)] {
            assert!(spoilt(|m| m.display_name = text.to_owned()), "{text:?}");
            assert!(spoilt(|m| m.settings[0].label = text.to_owned()), "{text:?}");
        }
    }

    #[test]
    fn hosts_are_names_or_the_origin_in_a_setting_that_exists_and_is_no_secret() {
        for host in ["*", "127.0.0.1", "localhost", "https://a.b", "${settings.none}", "${settings.key}"] {
            assert!(spoilt(|m| m.hosts.push(host.to_owned())), "{host}");
            assert!(spoilt(|m| m.redirect_hosts.push(host.to_owned())), "{host}");
        }
    }

    #[test]
    fn settings_are_told_apart_and_secrets_have_no_default() {
        assert!(spoilt(|m| m.settings.push(field("key", SettingKind::Text))));
        assert!(spoilt(|m| m.settings[1].default = Some("sk_shared".to_owned())));
        assert!(spoilt(|m| m.settings[0].key = "base url".to_owned()));
        assert!(spoilt(|m| m.settings.truncate(1)));
    }

    #[test]
    fn a_hosts_setting_is_an_origin_and_defaults_are_of_their_kind() {
        assert!(spoilt(|m| m.settings[0].kind = SettingKind::Text), "only a url can name a host");
        assert!(!spoilt(|m| m.settings[0].default = Some("https://api.acme.example".to_owned())));
        for default in ["api.acme.example", "https://api.acme.example/v1", "ftp://a.b", ""] {
            assert!(spoilt(|m| m.settings[0].default = Some(default.to_owned())), "{default}");
        }
    }

    #[test]
    fn choices_are_some_words_told_apart() {
        let choose = |values: &[&str], default: Option<&str>| {
            let choice = |value: &&str| Choice { value: (*value).to_owned(), label: "A label".to_owned() };
            let kind = SettingKind::Choice(values.iter().map(choice).collect());
            let field = SettingField { default: default.map(str::to_owned), ..field("region", kind) };
            spoilt(|m| m.settings.push(field))
        };
        assert!(!choose(&["eu", "us"], Some("eu")));
        assert!(choose(&["eu", "us"], Some("asia")));
        assert!(choose(&[], None) && choose(&["eu", "eu"], None) && choose(&["e\nu"], None));
    }

    #[test]
    fn paths_that_only_search_are_whole_paths() {
        for path in ["", "v1/search", "/v1/*", "/v1?x", "/v1/../charges", "/v1/%73earch", "//\n"] {
            assert!(spoilt(|m| m.lookup_posts.push(path.to_owned())), "{path:?}");
        }
    }

    #[test]
    fn a_token_is_had_from_a_host_that_is_named() {
        let ask = |m: &mut Manifest, token_url: &str| {
            m.authorization = Authorization::OAuth2ClientCredentials {
                token_url: token_url.to_owned(),
                client_id: "base_url".to_owned(),
                client_secret: "key".to_owned(),
                scope: None,
            };
        };
        for url in ["https://api.acme.example/oauth/token", "/oauth/token"] {
            assert!(!spoilt(|m| ask(m, url)), "{url}");
        }
        for url in ["https://evil.example/token", "http://api.acme.example/token", "oauth/token", ""] {
            assert!(spoilt(|m| ask(m, url)), "{url}");
        }
    }

    #[test]
    fn an_idempotency_promise_has_a_window_and_a_header_that_is_one() {
        let promise = |m: &mut Manifest, window_s, header: &str| {
            m.capabilities.idempotency = Some(Idempotency {
                window_s,
                header: Some(header.to_owned()),
                replays_errors: false,
                rejects_mismatch: false,
            });
        };
        assert!(spoilt(|m| promise(m, 0, "Idempotency-Key")));
        for header in ["", "Idempotency Key", "a\r\nb"] {
            assert!(spoilt(|m| promise(m, 1, header)), "{header:?}");
        }
    }
}
