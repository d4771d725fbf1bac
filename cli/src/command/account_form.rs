//! The form of a provider account, as the provider's manifest wants it.

use anyhow::{Context, bail};
use domain::provider::{Manifest, SettingField, SettingKind};
use engine::settings::Secret;
use engine::usecase::catalog::NewAccount;
use std::io::{IsTerminal, Write};
use std::path::Path;

/// Checks what was given against the manifest, and asks for what is missing where somebody is there to answer.
pub fn complete(manifest: &Manifest, account: &mut NewAccount) -> anyhow::Result<()> {
    let is_field = |key: &str, secret: bool| {
        manifest.settings.iter().any(|field| field.key == key && field.is_secret() == secret)
    };
    if let Some(key) = account.settings.keys().find(|key| !is_field(key, false)) {
        bail!("{key} is no setting of {}; {}", manifest.name, fields(manifest));
    }
    if let Some(key) = account.secrets.keys().find(|key| !is_field(key, true)) {
        bail!("{key} is no secret of {}; {}", manifest.name, fields(manifest));
    }
    for field in &manifest.settings {
        fill(field, account)?;
    }
    for origin in origins(manifest, account) {
        if account.grants.contains(&origin) {
            continue;
        }
        if !asks_yes(&format!("May {} send requests to {origin}?", manifest.display_name))? {
            bail!("{} needs to reach {origin}: grant it with --grant {origin}", manifest.name);
        }
        account.grants.push(origin);
    }
    Ok(())
}

fn fill(field: &SettingField, account: &mut NewAccount) -> anyhow::Result<()> {
    let SettingField { key, label, .. } = field;
    let given = if field.is_secret() {
        account.secrets.contains_key(key)
    } else {
        account.settings.contains_key(key)
    };
    if !given && field.required && field.default.is_none() {
        let answer = ask(&match &field.kind {
            SettingKind::Secret => format!("{label}; file that holds it: "),
            SettingKind::Choice(choices) => {
                let words: Vec<&str> = choices.iter().map(|choice| choice.value.as_str()).collect();
                format!("{label} ({}): ", words.join(", "))
            }
            SettingKind::Text | SettingKind::Url => format!("{label}: "),
        })?;
        match answer {
            None if field.is_secret() => bail!("{label} is missing: --secret-file {key}=FILE"),
            None => bail!("{label} is missing: --set {key}=VALUE"),
            Some(file) if field.is_secret() => {
                drop(account.secrets.insert(key.clone(), secret(Path::new(&file))?))
            }
            Some(value) => drop(account.settings.insert(key.clone(), value)),
        }
    }
    match account.settings.get(key) {
        Some(value) if !plugin_host::fits(&field.kind, value) => bail!("{label} cannot be {value:?}"),
        _ => Ok(()),
    }
}

/// Reads a secret from a file; line breaks at its end are none of it.
pub fn secret(file: &Path) -> anyhow::Result<Secret> {
    let value = std::fs::read_to_string(file).with_context(|| file.display().to_string())?;
    Ok(Secret::new(value.trim_end()))
}

/// Origins that the account needs to reach.
fn origins(manifest: &Manifest, account: &NewAccount) -> Vec<String> {
    let origin = |host: &String| {
        let Some(key) = host.strip_prefix("${settings.").and_then(|rest| rest.strip_suffix('}')) else {
            return Some(format!("https://{host}"));
        };
        let field = manifest.settings.iter().find(|field| field.key == key)?;
        let value = account.settings.get(key).or(field.default.as_ref())?;
        Some(value.trim_end_matches('/').to_owned())
    };
    manifest.hosts.iter().filter_map(origin).collect()
}

fn fields(manifest: &Manifest) -> String {
    let named = manifest.settings.iter().map(|field| match field.is_secret() {
        true => format!("--secret-file {}", field.key),
        false => format!("--set {}", field.key),
    });
    format!("there is: {}", named.collect::<Vec<_>>().join(", "))
}

/// The answer of somebody at a terminal; none where nobody is.
fn ask(question: &str) -> anyhow::Result<Option<String>> {
    if !std::io::stdin().is_terminal() {
        return Ok(None);
    }
    eprint!("{question}");
    std::io::stderr().flush()?;
    let mut answer = String::new();
    std::io::stdin().read_line(&mut answer)?;
    Ok(Some(answer.trim().to_owned()).filter(|answer| !answer.is_empty()))
}

fn asks_yes(question: &str) -> anyhow::Result<bool> {
    Ok(matches!(ask(&format!("{question} [y/N] "))?.as_deref(), Some("y" | "Y" | "yes")))
}
