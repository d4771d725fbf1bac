//! Pages without a session.

use serde::Serialize;

/// `GET /login`, and its refusals.
#[derive(Debug, Clone, Default, Serialize)]
pub struct SignIn {
    /// What was typed, or the address known from a link.
    pub email: String,
    /// What is wrong with it.
    pub error: Option<SignInError>,
    /// Path to go to after signing in, carried as `return`.
    pub return_to: Option<String>,
}

/// Why no link was sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum SignInError {
    /// Nothing typed.
    Empty,
    /// Not an address.
    Malformed,
    /// Asked too often (429).
    TooMany {
        /// Minutes to wait.
        minutes: u32,
    },
    /// Mail does not go out (503).
    MailDown,
}

/// `GET /login/sent`. The same for known and unknown addresses.
#[derive(Debug, Clone, Serialize)]
pub struct LinkSent {
    /// Address from the signed cookie.
    pub email: String,
    /// Minutes the link works for.
    pub valid_minutes: u32,
    /// Seconds until it can be sent again.
    pub wait_s: u32,
}

/// `GET /auth/{token}` and `/r/{token}`. Showing it changes nothing.
#[derive(Debug, Clone, Serialize)]
pub struct Confirm {
    /// Path the form posts to.
    pub action: String,
    /// Who is signing in.
    pub email: String,
    /// The link was opened in a browser that did not ask for it: the code from the mail is needed.
    pub code: Option<CodeField>,
    /// Days the session can be kept for; absent when the business does not offer it.
    pub remember_days: Option<u32>,
    /// Somebody else who is signed in here and would be signed out.
    pub other: Option<String>,
}

/// The field for the six-digit code.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize)]
pub struct CodeField {
    /// What was wrong with the last one.
    pub error: Option<CodeError>,
}

/// Why a code was refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum CodeError {
    /// Nothing typed.
    Empty,
    /// Not the code.
    Wrong {
        /// Tries left before the link stops working.
        left: u32,
    },
}

/// A link that is used, expired or unknown (410): the sign-in form again.
#[derive(Debug, Clone, Default, Serialize)]
pub struct LinkExpired {
    /// Address the link belonged to, or empty.
    pub email: String,
}
