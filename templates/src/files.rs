//! The embedded templates, catalogues and static files, and the folder that may replace single ones.

use crate::TemplateError;
use std::borrow::Cow;
use std::path::{Path, PathBuf};

/// Every embedded file by its path below the crate, for example `pages/overview.html`.
const EMBEDDED: &[(&str, &[u8])] = include!(concat!(env!("OUT_DIR"), "/files.rs"));

/// Where texts and static files come from.
#[derive(Debug, Clone, Default)]
pub(crate) struct Files {
    override_dir: Option<PathBuf>,
}

impl Files {
    /// Embedded files, each replaced by the file of the same path below `override_dir` where there is one.
    pub(crate) fn new(override_dir: Option<&Path>) -> Self {
        Self { override_dir: override_dir.map(Path::to_owned) }
    }

    /// Names of the embedded files below `folder`.
    pub(crate) fn below(folder: &str) -> impl Iterator<Item = &'static str> {
        EMBEDDED
            .iter()
            .map(|(name, _)| *name)
            .filter(move |name| name.strip_prefix(folder).is_some_and(|rest| rest.starts_with('/')))
    }

    /// The bytes of one file.
    pub(crate) fn bytes(&self, name: &str) -> Result<Cow<'static, [u8]>, TemplateError> {
        if let Some(path) = self.override_dir.as_ref().map(|dir| dir.join(name)).filter(|path| path.is_file())
        {
            return std::fs::read(&path).map(Cow::Owned).map_err(|error| TemplateError::File {
                name: path.display().to_string(),
                error: error.to_string(),
            });
        }
        EMBEDDED.iter().find(|(known, _)| *known == name).map(|(_, bytes)| Cow::Borrowed(*bytes)).ok_or_else(
            || TemplateError::File { name: name.to_owned(), error: "there is no such file".into() },
        )
    }

    /// The text of one file; it must be UTF-8.
    pub(crate) fn text(&self, name: &str) -> Result<String, TemplateError> {
        String::from_utf8(self.bytes(name)?.into_owned())
            .map_err(|_| TemplateError::File { name: name.to_owned(), error: "it is not UTF-8".into() })
    }
}
