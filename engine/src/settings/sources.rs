//! Where settings come from, lowest first: built-in defaults, `default.toml`, a tenant's file, the environment,
//! the command line.

use super::layer::{BUILT_IN, empty, find, overlay, parse_toml, put, text_value};
use super::problem::Problem;
use config::{Value, ValueKind};
use std::collections::BTreeMap;
use std::ffi::OsString;
use std::fs;
use std::path::{Path, PathBuf};
use std::time::SystemTime;

/// The built-in defaults: the very file that documents every key.
pub(super) const DEFAULTS: &str = include_str!("../../../config/default.toml");
/// The example of a tenant file, commented.
pub(super) const EXAMPLE_TENANT: &str = include_str!("../../../config/example-tenant.toml");

/// The sections that belong to a business. `[mail]` is shared: see [`SENDER_KEYS`].
pub(super) const TENANT_SECTIONS: [&str; 15] = [
    "tenant",
    "seller",
    "tax",
    "invoice",
    "theme",
    "portal",
    "contact",
    "dunning",
    "billing",
    "ending",
    "changes",
    "refunds",
    "reminders",
    "win_back",
    "entitlements",
];
/// The keys of `[mail]` that belong to a business.
pub(super) const SENDER_KEYS: [&str; 3] = ["from_name", "from_address", "reply_to"];

/// Path, size and time of change of each file.
pub(super) type Fingerprint = Vec<(PathBuf, u64, Option<SystemTime>)>;

/// What a set of settings is loaded from. Kept, so that the same sources can be read again.
#[derive(Debug, Clone, Default)]
pub struct Sources {
    config_dir: Option<PathBuf>,
    environment: Vec<(String, String)>,
    arguments: Vec<(String, String, String)>,
    tenants: Vec<(String, String, String)>,
    dunning: Option<(String, String)>,
}

impl Sources {
    /// The files of `config_dir`, if any, and this process's environment.
    pub fn new(config_dir: Option<&Path>) -> Self {
        let text =
            |pair: (OsString, OsString)| Some((pair.0.into_string().ok()?, pair.1.into_string().ok()?));
        let environment = std::env::vars_os().filter_map(text).collect();
        Self { config_dir: config_dir.map(Path::to_owned), environment, ..Self::default() }
    }

    /// Replaces the environment.
    pub fn with_environment(mut self, variables: impl IntoIterator<Item = (String, String)>) -> Self {
        self.environment = variables.into_iter().collect();
        self
    }

    /// Sets `key` above everything else, because `flag` says so: `("http.bind", "127.0.0.1:9000", "--port")`.
    pub fn with_argument(mut self, key: &str, value: &str, flag: &str) -> Self {
        self.arguments.push((key.to_owned(), value.to_owned(), format!("command line {flag}")));
        self
    }

    /// Adds a tenant file that lies in no folder, such as the demo's. `name` stands for its path in messages.
    pub fn with_tenant(mut self, slug: &str, name: &str, text: &str) -> Self {
        self.tenants.push((slug.to_owned(), name.to_owned(), text.to_owned()));
        self
    }

    /// Replaces the dunning of every business by what `text` says under `[dunning]`: how another policy is tried.
    /// `name` stands for its path in messages.
    pub fn with_dunning(mut self, name: &str, text: &str) -> Self {
        self.dunning = Some((name.to_owned(), text.to_owned()));
        self
    }

    /// The files as they are now, for noticing changes.
    pub(super) fn fingerprint(&self) -> Fingerprint {
        let Some(dir) = &self.config_dir else {
            return Vec::new();
        };
        let stamp = |path: PathBuf| {
            let meta = fs::metadata(&path).ok()?;
            Some((path, meta.len(), meta.modified().ok()))
        };
        let shared = [dir.join("default.toml")];
        shared.into_iter().chain(tenant_files(dir).unwrap_or_default()).filter_map(stamp).collect()
    }

    /// Reads every layer. A file that cannot be read or parsed is a problem; the others are still returned.
    pub(super) fn read(&self) -> (Layers, Vec<Problem>) {
        let mut problems = Vec::new();
        let built_in = keep(parse_toml(BUILT_IN, DEFAULTS), &mut problems).unwrap_or_else(empty);
        let mut shared = built_in.clone();
        let mut tenants = BTreeMap::new();
        for (slug, name, text) in &self.tenants {
            if let Some(layer) = keep(parse_toml(name, text), &mut problems) {
                tenants.insert(slug.clone(), (name.clone(), layer));
            }
        }
        if let Some(dir) = &self.config_dir {
            let path = dir.join("default.toml");
            if path.exists()
                && let Some(layer) = keep(parse_file(&path), &mut problems)
            {
                overlay(&mut shared, layer);
            }
            for path in keep(tenant_files(dir), &mut problems).unwrap_or_default() {
                let slug = keep(slug_of(&path), &mut problems);
                let layer = keep(parse_file(&path), &mut problems);
                if let (Some(slug), Some(layer)) = (slug, layer) {
                    tenants.insert(slug, (path.display().to_string(), layer));
                }
            }
        }
        let mut above = self.above_files(&built_in);
        if let Some((name, text)) = &self.dunning
            && let Some(layer) = keep(dunning_alone(name, text), &mut problems)
        {
            overlay(&mut above, layer);
        }
        (Layers { built_in, shared, tenants, above }, problems)
    }

    /// Environment and command line as one layer.
    fn above_files(&self, built_in: &Value) -> Value {
        let mut layer = empty();
        for (name, value) in &self.environment {
            let key = match name.strip_prefix("PORTICO__") {
                Some(rest) => rest.to_ascii_lowercase().replace("__", "."),
                None if name == "PORTICO_SECRET_FILE" => "secret_file".to_owned(),
                None => continue,
            };
            if !value.is_empty() {
                let place = format!("environment {name}");
                put(&mut layer, &key, text_value(value, &place, find(built_in, &key)));
            }
        }
        for (key, value, place) in &self.arguments {
            put(&mut layer, key, text_value(value, place, find(built_in, key)));
        }
        layer
    }
}

/// The layers, read but not yet understood.
pub(super) struct Layers {
    pub(super) built_in: Value,
    /// Built-in defaults and `default.toml`.
    pub(super) shared: Value,
    /// File name and content by slug.
    pub(super) tenants: BTreeMap<String, (String, Value)>,
    /// Environment and command line.
    pub(super) above: Value,
}

impl Layers {
    /// What holds for the installation.
    pub(super) fn installation(&self) -> Value {
        let mut tree = self.shared.clone();
        overlay(&mut tree, self.above.clone());
        installation_part(tree)
    }

    /// What holds for a business with this file.
    pub(super) fn tenant(&self, file: &Value) -> Value {
        let mut tree = self.shared.clone();
        overlay(&mut tree, file.clone());
        overlay(&mut tree, self.above.clone());
        tenant_part(tree)
    }
}

/// Without the keys of businesses.
pub(super) fn installation_part(mut tree: Value) -> Value {
    if let ValueKind::Table(sections) = &mut tree.kind {
        sections.retain(|name, _| !TENANT_SECTIONS.contains(&name.as_str()));
        if let Some(ValueKind::Table(mail)) = sections.get_mut("mail").map(|mail| &mut mail.kind) {
            mail.retain(|name, _| !SENDER_KEYS.contains(&name.as_str()));
        }
    }
    tree
}

/// The keys of businesses only.
pub(super) fn tenant_part(mut tree: Value) -> Value {
    if let ValueKind::Table(sections) = &mut tree.kind {
        sections.retain(|name, _| name == "mail" || TENANT_SECTIONS.contains(&name.as_str()));
        if let Some(ValueKind::Table(mail)) = sections.get_mut("mail").map(|mail| &mut mail.kind) {
            mail.retain(|name, _| SENDER_KEYS.contains(&name.as_str()));
        }
    }
    tree
}

/// A file that holds a dunning policy and nothing else.
fn dunning_alone(name: &str, text: &str) -> Result<Value, Problem> {
    let layer = parse_toml(name, text)?;
    let alone = matches!(&layer.kind, ValueKind::Table(sections) if sections.keys().eq(["dunning"]));
    let message = "this file has to hold [dunning] and nothing else".to_owned();
    if alone { Ok(layer) } else { Err(Problem { place: name.to_owned(), key: String::new(), message }) }
}

fn keep<T>(result: Result<T, Problem>, problems: &mut Vec<Problem>) -> Option<T> {
    result.map_err(|problem| problems.push(problem)).ok()
}

fn problem(path: &Path, message: String) -> Problem {
    Problem { place: path.display().to_string(), key: String::new(), message }
}

fn parse_file(path: &Path) -> Result<Value, Problem> {
    let unreadable = |error| problem(path, format!("this file cannot be read: {error}"));
    parse_toml(&path.display().to_string(), &fs::read_to_string(path).map_err(unreadable)?)
}

/// `tenants/*.toml` in alphabetical order; none when there is no such folder.
fn tenant_files(dir: &Path) -> Result<Vec<PathBuf>, Problem> {
    if !dir.is_dir() {
        return Err(problem(dir, "there is no such configuration folder".to_owned()));
    }
    let folder = dir.join("tenants");
    if !folder.is_dir() {
        return Ok(Vec::new());
    }
    let unreadable = |error| problem(&folder, format!("this folder cannot be read: {error}"));
    let mut paths = Vec::new();
    for entry in fs::read_dir(&folder).map_err(unreadable)? {
        paths.push(entry.map_err(unreadable)?.path());
    }
    paths.retain(|path| path.extension().is_some_and(|extension| extension == "toml"));
    paths.sort();
    Ok(paths)
}

/// The short name of a business is the name of its file.
fn slug_of(path: &Path) -> Result<String, Problem> {
    let slug = path.file_stem().unwrap_or_default().to_string_lossy().into_owned();
    let fine = (1..=40).contains(&slug.len())
        && slug.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-')
        && !slug.starts_with('-');
    let rule = "the file's name is the business's short name: use a-z, 0-9 and -, 40 characters at most";
    if fine { Ok(slug) } else { Err(problem(path, rule.to_owned())) }
}
