//! Every setting that the documentation promises is asked for somewhere.

use super::{none, root, sources};
use std::fs;
use toml::{Table, Value};

/// Settings that others ask for through a method of the settings, or take with their whole section.
const THROUGH: [(&str, &str); 17] = [
    ("secret_file", "secret_path"),
    ("database.url", "database_url"),
    ("mail.folder", "mail_folder"),
    ("seller.legal_name", "legal_name"),
    ("dunning.steps", "pinned"),
    ("dunning.unpaid_invoice", "pinned"),
    ("dunning.hours.weekdays", "pinned"),
    ("refunds.self_service", "policy"),
    ("changes.upgrade", "changes"),
    ("changes.downgrade", "changes"),
    ("changes.lateral", "changes"),
    ("changes.granularity", "changes"),
    ("reminders.trial_days", "reminders"),
    ("reminders.renewal_days", "reminders"),
    ("reminders.renewal_cycle_days", "reminders"),
    ("reminders.card_days", "reminders"),
    // Becomes the password when it is loaded.
    ("mail.smtp.password_file", "password"),
];

/// Looks for `.field`. Fields that share their name with others, such as `name`, may be missed by this.
#[test]
fn every_documented_setting_has_a_reader() {
    let folders = ["engine/src", "server/src", "worker/src", "cli/src"];
    let outside: Vec<_> = sources(&folders, &[".rs"])
        .into_iter()
        .filter(|source| !source.is(&["engine/src/settings/"]) && !source.path.contains("test"))
        .collect();
    let read = |word: &str| outside.iter().any(|source| source.code().any(|(_, line)| names(line, word)));
    let unread = documented().into_iter().filter(|key| {
        let field = key.rsplit('.').next().unwrap_or(key);
        let word = THROUGH.iter().find(|(known, _)| known == key).map_or(field, |(_, method)| method);
        !read(word)
    });
    none("has no reader", unread.collect());
}

/// Whether `line` asks something for `word`.
fn names(line: &str, word: &str) -> bool {
    let whole = |rest: &str| !rest.starts_with(|c: char| c.is_alphanumeric() || c == '_');
    line.split('.').skip(1).any(|part| part.strip_prefix(word).is_some_and(whole))
}

/// Every key of `config/default.toml`, those without a default included.
fn documented() -> Vec<String> {
    fn walk(prefix: &str, table: &Table, keys: &mut Vec<String>) {
        for (key, value) in table {
            let key = if prefix.is_empty() { key.clone() } else { format!("{prefix}.{key}") };
            match value {
                Value::Table(table) => walk(&key, table, keys),
                _ => keys.push(key),
            }
        }
    }
    let text = fs::read_to_string(root().join("config/default.toml")).expect("the documented settings");
    let mut keys = Vec::new();
    walk("", &text.replace("#: ", "").parse().expect("TOML"), &mut keys);
    keys
}
