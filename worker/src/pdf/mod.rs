//! PDF documents from rendered HTML.
//!
//! The HTML carries its own pages: every `<section>` of the body becomes one sheet of A4, laid out alone, because
//! the layout engine breaks long content badly by itself. Only the fonts of `templates/fonts` and of a folder that
//! the operator names are used, never those of the machine. The same HTML and fonts give the same bytes in every process.

mod fonts;
#[cfg(test)]
mod golden;
mod rewrite;
#[cfg(test)]
mod samples;
#[cfg(test)]
mod tests;

use printpdf::html::{SharedFontPool, XmlRenderOptions, add_xml_to_document, build_font_pool};
use printpdf::{PdfDocument, PdfSaveOptions, PdfWarnMsg};
use std::collections::BTreeMap;
use std::path::Path;

/// Why a document could not be made.
#[derive(Debug, thiserror::Error)]
pub enum PdfError {
    /// The HTML is not well-formed, or has no body.
    #[error("the document cannot be laid out: {0}")]
    Layout(String),
    /// The font engine refused the built-in fonts.
    #[error("the built-in fonts cannot be used: {0}")]
    Fonts(String),
    /// A file of the folder of more fonts is of no use.
    #[error("the font {file} cannot be used: {reason}")]
    Font {
        /// The file or folder.
        file: String,
        /// What is wrong with it.
        reason: String,
    },
}

/// Turns HTML into PDF. It holds the parsed fonts: build it once and share it between threads.
pub struct PdfRenderer {
    /// For texts within the Latin, Greek and Cyrillic font: most documents.
    plain: XmlRenderOptions,
    /// With the fonts of every script.
    every_script: XmlRenderOptions,
}

impl PdfRenderer {
    /// Reads the built-in fonts and those of `more`, for scripts that the built-in ones do not cover; takes some
    /// tenths of a second.
    ///
    /// # Errors
    /// When a font cannot be read.
    pub fn new(more: Option<&Path>) -> Result<Self, PdfError> {
        let mut all = fonts::all();
        if let Some(folder) = more {
            all.extend(fonts::of_folder(folder)?);
        }
        let pool = build_font_pool(&all, Some(&[]));
        let renderer = Self { plain: options(fonts::plain(), &pool), every_script: options(all, &pool) };
        // The engine enters fonts into the pool as documents ask for them. Asking for all of them here makes each
        // document independent of those before it.
        let warm_up = "<html><body><p>Portico</p></body></html>";
        add_xml_to_document(&mut PdfDocument::new(""), warm_up, &renderer.every_script)
            .map_err(|warnings| PdfError::Fonts(first(&warnings)))?;
        Ok(renderer)
    }

    /// Makes a PDF of `html`; `title` is what viewers show in their window.
    pub fn render(&self, html: &str, title: &str) -> Result<Vec<u8>, PdfError> {
        let options = if html.chars().all(fonts::is_plain) { &self.plain } else { &self.every_script };
        let html = rewrite::settle_directions(html);
        let mut document = PdfDocument::new(title);
        document.metadata.info.producer = "Portico".to_owned();
        for sheet in rewrite::sheets(&html).ok_or_else(|| PdfError::Layout("there is no body".to_owned()))? {
            add_xml_to_document(&mut document, &sheet, options)
                .map_err(|warnings| PdfError::Layout(first(&warnings)))?;
        }
        let mut bytes = document.save(&PdfSaveOptions::default(), &mut Vec::new());
        rewrite::normalise(&mut bytes);
        Ok(bytes)
    }
}

fn options(fonts: BTreeMap<String, Vec<u8>>, pool: &SharedFontPool) -> XmlRenderOptions {
    XmlRenderOptions { fonts, font_pool: Some(pool.clone()), ..XmlRenderOptions::default() }
}

fn first(warnings: &[PdfWarnMsg]) -> String {
    warnings.first().map(|warning| warning.msg.clone()).unwrap_or_default()
}
