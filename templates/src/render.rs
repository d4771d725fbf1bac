//! The renderer: one set of compiled templates, every language.

use crate::TemplateError;
use crate::assets::Assets;
use crate::files::Files;
use crate::flash::Flash;
use crate::functions;
use crate::i18n::{Arg, Catalogues};
use crate::lang::Lang;
use crate::page::{Page, Shell, Tone};
use serde::Serialize;
use std::path::Path;
use std::sync::Arc;
use tera::{Context, Tera};

/// Folders with Tera templates.
const TEMPLATE_FOLDERS: [&str; 5] = ["components", "email", "invoice", "layout", "pages"];

/// Renders pages, mails and documents. Build once, share between threads.
pub struct Renderer {
    tera: Tera,
    words: Arc<Catalogues>,
    assets: Arc<Assets>,
}

/// A notice with its words.
#[derive(Serialize)]
struct Notice {
    tone: Tone,
    title: String,
    body: Option<String>,
}

impl Renderer {
    /// Compiles everything. A file below `override_dir` replaces the embedded one of the same path, for example
    /// `pages/overview.html`, `locales/de/portal.ftl` or `static/portal.css`.
    pub fn new(override_dir: Option<&Path>) -> Result<Self, TemplateError> {
        let files = Files::new(override_dir);
        let words = Arc::new(Catalogues::load(&files)?);
        let assets = Arc::new(Assets::load(&files)?);
        let mut tera = Tera::new();
        functions::register(&mut tera, &words, &assets);
        let mut templates = Vec::new();
        for name in TEMPLATE_FOLDERS.into_iter().flat_map(Files::below).filter(|name| is_template(name)) {
            templates.push((name, files.text(name)?));
        }
        tera.add_raw_templates(templates)?;
        Ok(Self { tera, words, assets })
    }

    /// A page as HTML.
    pub fn page<P: Page>(&self, shell: &Shell, page: &P) -> Result<String, TemplateError> {
        let mut context = Context::new();
        context.insert("lang", &shell.lang);
        context.insert("dir", shell.lang.dir());
        context.insert("shell", shell);
        context.insert("flash", &self.notice(shell)?);
        context.insert("page", page);
        let languages: Vec<_> = shell.languages.iter().map(|lang| (lang.code(), lang.name())).collect();
        context.insert("languages", &languages);
        context.insert("language_name", shell.lang.name());
        Ok(self.tera.render(P::TEMPLATE, &context)?)
    }

    /// Any template with any values, for documents. `lang` and `dir` are set; the values are its variables.
    pub fn template(&self, name: &str, lang: Lang, values: &impl Serialize) -> Result<String, TemplateError> {
        let mut context = Context::from_serialize(values)?;
        context.insert("lang", &lang);
        context.insert("dir", lang.dir());
        Ok(self.tera.render(name, &context)?)
    }

    /// The catalogues.
    pub(crate) fn words(&self) -> &Catalogues {
        &self.words
    }

    /// A message of the catalogues, for file names and other text outside of templates.
    pub fn message(&self, lang: Lang, id: &str, args: &[(&str, Arg)]) -> Result<String, TemplateError> {
        self.words.message(lang, id, args)
    }

    /// Languages of pages and mails.
    pub fn languages(&self) -> Vec<Lang> {
        self.words.languages().collect()
    }

    /// Languages of documents: invoices, credit notes and receipts.
    pub fn document_languages(&self) -> Vec<Lang> {
        self.words.document_languages().collect()
    }

    /// The static files.
    pub fn assets(&self) -> &Assets {
        &self.assets
    }

    fn notice(&self, shell: &Shell) -> Result<Option<Notice>, TemplateError> {
        shell.flash.as_ref().map(|flash| self.worded(shell.lang, flash)).transpose()
    }

    fn worded(&self, lang: Lang, flash: &Flash) -> Result<Notice, TemplateError> {
        let (id, args) = (flash.message(), flash.args());
        let body = format!("{id}-body");
        Ok(Notice {
            tone: flash.tone(),
            title: self.words.message(lang, id, &args)?,
            body: self.words.has(lang, &body).then(|| self.words.message(lang, &body, &args)).transpose()?,
        })
    }
}

fn is_template(name: &str) -> bool {
    name.ends_with(".html") || name.ends_with(".txt")
}
