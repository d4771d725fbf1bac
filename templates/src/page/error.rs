//! Pages that say what went wrong.

use serde::Serialize;

/// An error page; its HTTP status is the caller's.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum ErrorPage {
    /// 404, and 403 with the same words.
    NotFound,
    /// 410 for anything but a sign-in link.
    Gone,
    /// 403: the form's token does not match, for example after signing in elsewhere.
    StaleForm,
    /// 422 for input that no form could send.
    Invalid,
    /// 429
    TooManyRequests {
        /// Seconds to wait.
        seconds: u32,
    },
    /// 500
    Internal {
        /// For support.
        request_id: String,
        /// Certain that no money moved.
        nothing_charged: bool,
    },
    /// 502: the payment provider does not answer; nothing was charged.
    Provider,
    /// 503: the business takes no payments at the moment; nothing was charged and nothing is lost.
    MoneyPaused,
    /// 503
    Maintenance,
    /// No business answers on this host. Shown without brand.
    NoTenant,
}
