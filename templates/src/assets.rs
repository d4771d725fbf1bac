//! Static files under URLs that carry their content's hash, so that browsers may keep them for ever.

use crate::TemplateError;
use crate::files::Files;
use sha2::{Digest, Sha256};
use std::borrow::Cow;
use std::collections::BTreeMap;

/// `Cache-Control` of every asset and theme.
pub const IMMUTABLE: &str = "public, max-age=31536000, immutable";

/// A static file.
#[derive(Debug, Clone)]
pub struct Asset {
    /// Its path on the portal's host: `/assets/portal.3f2a9c1b04de.css`.
    pub url: String,
    /// `Content-Type`.
    pub content_type: &'static str,
    /// Its content.
    pub bytes: Cow<'static, [u8]>,
}

/// All static files.
#[derive(Debug, Clone, Default)]
pub struct Assets {
    by_name: BTreeMap<String, Asset>,
}

impl Assets {
    /// Reads `static/`; the style sheet comes last, because it names the others by their URLs.
    pub(crate) fn load(files: &Files) -> Result<Self, TemplateError> {
        let mut assets = Self::default();
        let (sheets, others): (Vec<_>, Vec<_>) =
            Files::below("static").partition(|name| name.ends_with(".css"));
        for path in others.into_iter().chain(sheets) {
            let name = path.trim_start_matches("static/");
            let mut bytes = files.bytes(path)?;
            if path.ends_with(".css") {
                bytes = Cow::Owned(assets.with_urls(files.text(path)?).into_bytes());
            }
            assets.by_name.insert(name.to_owned(), Asset::new("assets", name, bytes));
        }
        Ok(assets)
    }

    /// The URL of a file by its plain name: `portal.css`.
    pub fn url(&self, name: &str) -> Option<&str> {
        self.by_name.get(name).map(|asset| asset.url.as_str())
    }

    /// The file behind a request path. A path with an old hash finds nothing.
    pub fn find(&self, path: &str) -> Option<&Asset> {
        self.by_name.values().find(|asset| asset.url == path)
    }

    /// Every file, by name.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &Asset)> {
        self.by_name.iter().map(|(name, asset)| (name.as_str(), asset))
    }

    fn with_urls(&self, sheet: String) -> String {
        self.by_name.iter().fold(sheet, |sheet, (name, asset)| {
            sheet.replace(&format!("url(\"{name}\")"), &format!("url(\"{}\")", asset.url))
        })
    }
}

impl Asset {
    /// A file below `/{folder}/`; the hash goes before the extension.
    pub(crate) fn new(folder: &str, name: &str, bytes: Cow<'static, [u8]>) -> Self {
        let (stem, extension) = name.rsplit_once('.').unwrap_or((name, ""));
        let hash: String = Sha256::digest(&bytes).iter().take(6).map(|byte| format!("{byte:02x}")).collect();
        Self {
            url: format!("/{folder}/{stem}.{hash}.{extension}"),
            content_type: content_type(extension),
            bytes,
        }
    }
}

fn content_type(extension: &str) -> &'static str {
    match extension {
        "css" => "text/css; charset=utf-8",
        "js" => "text/javascript; charset=utf-8",
        "svg" => "image/svg+xml",
        "png" => "image/png",
        _ => "application/octet-stream",
    }
}
