//! Pages, mails, the invoice, their words and the code that renders them.
//!
//! The server fills a structure of [`page`], the worker one of [`email`]; [`Renderer`] turns it into text in the
//! reader's language. Templates, catalogues and static files are embedded; single ones can be replaced from a
//! folder.

pub mod assets;
pub mod email;
mod files;
pub mod flash;
pub mod fmt;
mod functions;
mod i18n;
pub mod invoice;
pub mod lang;
pub mod page;
mod render;
pub mod theme;
mod why;

pub use i18n::Arg;
pub use lang::Lang;
pub use render::Renderer;

/// Why something could not be rendered. All but [`TemplateError::File`] are programming errors that the tests
/// of this crate find, unless a file was replaced.
#[derive(Debug, thiserror::Error)]
pub enum TemplateError {
    /// A template, catalogue or static file cannot be read or understood.
    #[error("{name}: {error}")]
    File {
        /// Which one.
        name: String,
        /// What is wrong with it.
        error: String,
    },
    /// A template failed.
    #[error("{0}")]
    Template(String),
    /// No catalogue has this message.
    #[error("there is no message {0}")]
    MissingMessage(String),
    /// A message could not be filled in.
    #[error("message {id}: {error}")]
    Message {
        /// Its id.
        id: String,
        /// What is wrong.
        error: String,
    },
    /// A language without formats or catalogue.
    #[error("the language {0} cannot be written")]
    Language(String),
    /// A currency that cannot be formatted.
    #[error("amounts in {0} cannot be written")]
    Currency(String),
}

impl From<tera::Error> for TemplateError {
    fn from(error: tera::Error) -> Self {
        Self::Template(error.to_string())
    }
}
