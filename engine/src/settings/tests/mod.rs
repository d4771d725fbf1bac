//! Stories about configuration: a folder with files, an environment, and what comes of them.

mod checks;
mod documented;
mod layers;
mod live;
mod values;

use super::{Problem, Settings, Sources};
use std::fs;
use std::path::PathBuf;

/// The smallest file of a business in test mode.
const ACME: &str = r#"
[tenant]
name = "Acme"
hosts = ["billing.acme.example"]
mode = "test"
country = "DE"
currency = "EUR"
timezone = "Europe/Berlin"
"#;

/// A configuration folder that goes away with the test.
struct Folder(tempfile::TempDir);

impl Folder {
    fn new() -> Self {
        let folder = Self(tempfile::tempdir().unwrap());
        fs::create_dir(folder.path("tenants")).unwrap();
        folder
    }

    /// With the business `acme` and these lines after its own.
    fn with_acme(lines: &str) -> Self {
        let folder = Self::new();
        folder.write("tenants/acme.toml", &format!("{ACME}{lines}"));
        folder
    }

    fn path(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    fn write(&self, name: &str, text: &str) {
        fs::write(self.path(name), text).unwrap();
    }

    fn sources(&self) -> Sources {
        Sources::new(Some(self.0.path())).with_environment([])
    }

    fn load(&self) -> Settings {
        Settings::from_sources(&self.sources()).unwrap()
    }

    /// The problems of a configuration that must be refused.
    fn refused(&self) -> Vec<Problem> {
        Settings::from_sources(&self.sources()).unwrap_err().problems
    }

    /// `file:line` as problems and explanations name it.
    fn place(&self, name: &str, line: usize) -> String {
        format!("{}:{line}", self.path(name).display())
    }
}

/// The number of the first line of `text` that contains `part`.
fn line(text: &str, part: &str) -> usize {
    text.lines().position(|line| line.contains(part)).unwrap() + 1
}

fn env(pairs: &[(&str, &str)]) -> Vec<(String, String)> {
    pairs.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect()
}
