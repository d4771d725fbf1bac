//! From a tree of values to typed settings, collecting every mistake on the way.

use super::layer::{BUILT_IN, find, put, remove};
use super::problem::Problem;
use config::{ConfigError, Value};
use serde::de::DeserializeOwned;

/// Reads `tree` as `T`. After a mistake the value is put back to that of `fallback` (or taken out) and reading
/// goes on, so one run finds all of them. `home` is where missing keys belong.
pub(super) fn read<T: DeserializeOwned>(
    tree: &Value,
    fallback: &Value,
    home: &str,
) -> Result<T, Vec<Problem>> {
    let mut tree = tree.clone();
    let mut problems: Vec<Problem> = Vec::new();
    loop {
        let error = match tree.clone().try_deserialize::<T>() {
            Ok(settings) if problems.is_empty() => return Ok(settings),
            Ok(_) => return Err(problems),
            Err(error) => error,
        };
        let (key, message) = explain(error);
        let stuck = problems.iter().any(|p| p.key == key);
        problems.push(Problem { place: place_of(&tree, &key, home), key: key.clone(), message });
        let setting = key.split('[').next().unwrap_or(&key);
        let faulty = remove(&mut tree, setting);
        if stuck || faulty.is_none() {
            return Err(problems);
        }
        if let Some(good) = find(fallback, setting) {
            put(&mut tree, setting, good.clone());
        }
    }
}

/// Where the value of `key` was set; for a key that is not there, where it belongs.
pub(super) fn place_of(tree: &Value, key: &str, home: &str) -> String {
    find(tree, key).and_then(Value::origin).filter(|place| *place != BUILT_IN).unwrap_or(home).to_owned()
}

/// The key and a sentence for people.
fn explain(error: ConfigError) -> (String, String) {
    let join = |parent: &str, name: &str| {
        if parent.is_empty() { name.to_owned() } else { format!("{parent}.{name}") }
    };
    match error {
        ConfigError::At { error, key, .. } => {
            let parent = key.unwrap_or_default();
            match unknown_field(&error.to_string()) {
                Some((name, known)) => (join(&parent, name), format!("there is no such key; {known}")),
                None => (parent, error.to_string()),
            }
        }
        ConfigError::NotFound(key) => (key, "this key is missing".to_owned()),
        ConfigError::Type { unexpected, expected, key, .. } => {
            (key.unwrap_or_default(), format!("expected {expected}, found {unexpected}"))
        }
        other => {
            let text = other.to_string();
            match unknown_field(&text) {
                Some((name, known)) => (name.to_owned(), format!("there is no such key; {known}")),
                None => (String::new(), text),
            }
        }
    }
}

/// The name in serde's "unknown field `x`, expected ..", and the rest.
fn unknown_field(text: &str) -> Option<(&str, &str)> {
    let (name, known) = text.strip_prefix("unknown field `")?.split_once("`, ")?;
    Some((name, known))
}
