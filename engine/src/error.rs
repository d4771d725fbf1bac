//! How a use case fails.

/// The result of anything that touches the engine.
pub type Result<T, E = Error> = std::result::Result<T, E>;

/// Why a use case did not do what was asked.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// It does not exist, or not for this tenant or customer. The two are never told apart.
    #[error("not found")]
    NotFound,
    /// The request is understood and refused. Nothing was changed.
    #[error("{message}")]
    Refused {
        /// Stable machine word, also the key of the sentence shown: `not_cancellable`.
        code: &'static str,
        /// A sentence for logs and the command line.
        message: String,
    },
    /// Someone else changed the same thing first, or the same thing exists already. Nothing was changed.
    #[error("conflict: {0}")]
    Conflict(&'static str),
    /// The database or another service does not answer now; trying again later may help.
    #[error("unavailable: {0}")]
    Unavailable(String),
    /// Our own mistake: broken data or a broken assumption.
    #[error("internal error: {0}")]
    Bug(String),
}

impl Error {
    /// A refusal with a stable code.
    pub fn refused(code: &'static str, message: impl Into<String>) -> Self {
        Self::Refused { code, message: message.into() }
    }

    /// Our own mistake.
    pub fn bug(message: impl std::fmt::Display) -> Self {
        Self::Bug(message.to_string())
    }
}

impl From<diesel::result::Error> for Error {
    fn from(error: diesel::result::Error) -> Self {
        use diesel::result::{DatabaseErrorKind as Kind, Error as Diesel};
        match error {
            Diesel::NotFound => Self::NotFound,
            Diesel::DatabaseError(Kind::UniqueViolation, _) => Self::Conflict("already exists"),
            Diesel::DatabaseError(Kind::SerializationFailure | Kind::ClosedConnection, info) => {
                Self::Unavailable(info.message().to_owned())
            }
            // diesel hands on no SQLSTATE: 40P01 and 55P03 are known by PostgreSQL's words.
            Diesel::DatabaseError(Kind::Unknown, info) if waited_in_vain(info.message()) => {
                Self::Unavailable(info.message().to_owned())
            }
            other => Self::Bug(other.to_string()),
        }
    }
}

/// PostgreSQL ended a statement because others held its locks; the same again may pass.
fn waited_in_vain(message: &str) -> bool {
    message.starts_with("deadlock detected") || message.contains("due to lock timeout")
}
