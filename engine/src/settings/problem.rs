//! What is wrong with a configuration, said so that it can be put right.

use std::fmt;

/// One mistake in the configuration.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    /// Where the value comes from: `config/default.toml:12`, `environment PORTICO__HTTP__BIND`.
    pub place: String,
    /// The key, such as `portal.cancel.modes`; empty when the file cannot be read at all.
    pub key: String,
    /// One sentence. Never contains a secret.
    pub message: String,
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.key.as_str() {
            "" => write!(f, "{}: {}", self.place, self.message),
            key => write!(f, "{}: {key}: {}", self.place, self.message),
        }
    }
}

/// A configuration that cannot be used. Holds every mistake found; its text has one line each.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SettingsError {
    /// The mistakes, ordered by place. Never empty.
    pub problems: Vec<Problem>,
}

impl SettingsError {
    pub(super) fn new(mut problems: Vec<Problem>) -> Self {
        let file_and_line =
            |place: &str| match place.rsplit_once(':').map(|(file, line)| (file, line.parse())) {
                Some((file, Ok(line))) => (file.to_owned(), line),
                _ => (place.to_owned(), 0_u32),
            };
        problems.sort_by_cached_key(|p| (file_and_line(&p.place), p.key.clone(), p.message.clone()));
        problems.dedup();
        Self { problems }
    }
}

impl fmt::Display for SettingsError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (i, problem) in self.problems.iter().enumerate() {
            write!(f, "{}{problem}", if i == 0 { "" } else { "\n" })?;
        }
        Ok(())
    }
}

impl std::error::Error for SettingsError {}
