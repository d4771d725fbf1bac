//! The account that the kit tries a provider with.

use crate::scenario::Scenario;
use domain::provider::{Manifest, SettingKind};
use plugin_host::{Account, SecretValue};

/// The account of the scenario at the service with this address. What the manifest requires and the scenario leaves out
/// is made up; every origin in a setting is the service's, for nothing else may be reached.
pub fn account(manifest: &Manifest, scenario: &Scenario, url: &str) -> Account {
    let mut account = Account { grants: vec![url.to_owned()], ..Account::default() };
    for field in &manifest.settings {
        let key = field.key.clone();
        let given = scenario.settings.get(&key).map(|value| value.replace("{{base_url}}", url));
        match (&field.kind, given) {
            (SettingKind::Secret, _) => {
                let value = scenario.secrets.get(&key).cloned();
                let value = value.or_else(|| field.required.then(|| format!("conformance-{key}")));
                account.secrets.extend(value.map(|value| (key, SecretValue::new(value))));
            }
            (SettingKind::Url, _) => drop(account.settings.insert(key, url.to_owned())),
            (_, Some(value)) => drop(account.settings.insert(key, value)),
            (SettingKind::Choice(choices), None) if field.required && field.default.is_none() => {
                account.settings.extend(choices.first().map(|choice| (key, choice.value.clone())));
            }
            (SettingKind::Text, None) if field.required && field.default.is_none() => {
                drop(account.settings.insert(key, "conformance".to_owned()));
            }
            _ => {}
        }
    }
    account
}
