//! The invariants of the layout that no compiler holds. Each exception stands here, with its reason.

mod crates;
mod rows;
mod settings;
mod text;

use std::fs;
use std::path::{Path, PathBuf};

/// Folders that hold nothing of ours.
const FOREIGN: [&str; 6] = ["target", "node_modules", ".git", "dist", "data", "fonts"];

/// A source file: path from the root of the repository, and content.
struct Source {
    path: String,
    text: String,
}

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("the repository").to_owned()
}

/// All files under these folders with one of these endings.
fn sources(folders: &[&str], endings: &[&str]) -> Vec<Source> {
    let mut found = Vec::new();
    for folder in folders {
        collect(&root().join(folder), endings, &mut found);
    }
    assert!(!found.is_empty(), "nothing to look at under {folders:?}");
    found
}

fn collect(folder: &Path, endings: &[&str], found: &mut Vec<Source>) {
    for entry in
        fs::read_dir(folder).unwrap_or_else(|error| panic!("{}: {error}", folder.display())).flatten()
    {
        let (path, name) = (entry.path(), entry.file_name().to_string_lossy().into_owned());
        let is_source = endings.iter().any(|ending| name.ends_with(ending));
        if path.is_dir() && !FOREIGN.contains(&name.as_str()) {
            collect(&path, endings, found);
        } else if path.is_file() && is_source {
            let relative = path.strip_prefix(root()).unwrap().display().to_string();
            found.push(Source { path: relative, text: fs::read_to_string(&path).unwrap() });
        }
    }
}

impl Source {
    /// Numbered lines of code, comments left out.
    fn code(&self) -> impl Iterator<Item = (usize, &str)> {
        let lines = self.text.lines().enumerate().map(|(number, line)| (number + 1, line));
        lines.filter(|(_, line)| !line.trim_start().starts_with("//"))
    }

    /// `path:line` of each line of code that holds one of these.
    fn hits(&self, words: &[&str]) -> Vec<String> {
        let hit = |line: &str| words.iter().any(|word| line.contains(word));
        self.code()
            .filter(|(_, line)| hit(line))
            .map(|(n, line)| format!("{}:{n}: {}", self.path, line.trim()))
            .collect()
    }

    fn is(&self, paths: &[&str]) -> bool {
        paths.iter().any(|path| self.path.starts_with(path))
    }
}

/// Fails with the list, one a line.
fn none(what: &str, found: Vec<String>) {
    assert!(found.is_empty(), "{what}:\n  {}", found.join("\n  "));
}
