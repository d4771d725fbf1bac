//! How a request fails. Handlers answer with it by `?`; `middleware::faults` turns it into a page.

use actix_web::ResponseError;
use actix_web::http::StatusCode;
use templates::TemplateError;
use templates::page::ErrorPage;

/// What handlers answer with.
pub(crate) type Answer = Result<actix_web::HttpResponse, Failure>;

/// Why a request did not get the page it asked for. Nothing was changed, unless [`Failure::Engine`] holds a bug.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Failure {
    /// A use case or query failed.
    #[error(transparent)]
    Engine(#[from] engine::Error),
    /// A page could not be rendered.
    #[error(transparent)]
    Template(#[from] TemplateError),
    /// Nobody is signed in; with `ended` somebody was.
    #[error("not signed in")]
    SignIn {
        /// A session cookie came whose session is over.
        ended: bool,
    },
    /// The business has switched this part off.
    #[error("this part is switched off")]
    SectionOff,
    /// The form's token or origin is not the one of this browser's session.
    #[error("cross-site or stale form")]
    StaleForm,
    /// Input that no form of ours sends.
    #[error("unreadable input")]
    Invalid,
    /// More input than any form of ours sends.
    #[error("too much input")]
    TooLarge,
    /// The form did not arrive in time.
    #[error("input came too slowly")]
    TooSlow,
    /// A limit is reached.
    #[error("too many requests")]
    TooManyRequests {
        /// Seconds to wait.
        seconds: u32,
    },
    /// The payment provider does not answer; nothing was charged.
    #[error("the payment provider does not answer: {0}")]
    Provider(String),
    /// No business answers on this host.
    #[error("no business on this host")]
    NoTenant,
}

impl Failure {
    /// It does not exist, or not for this customer.
    pub(crate) const NOT_FOUND: Self = Self::Engine(engine::Error::NotFound);

    /// The code of a refusal, for handlers that show the form again or speak of it in a notice.
    pub(crate) fn refusal(&self) -> Option<&'static str> {
        match self {
            Self::Engine(engine::Error::Refused { code, .. }) => Some(code),
            _ => None,
        }
    }

    /// What the page says. `safe` requests cannot have changed anything.
    pub(crate) fn page(&self, request_id: &str, safe: bool) -> ErrorPage {
        use engine::Error as E;
        match self {
            Self::Engine(E::NotFound) | Self::SectionOff | Self::SignIn { .. } => ErrorPage::NotFound,
            Self::Engine(E::Conflict(_)) | Self::StaleForm => ErrorPage::StaleForm,
            Self::Engine(E::Refused { code: "money_paused", .. }) => ErrorPage::MoneyPaused,
            Self::Engine(E::Refused { .. }) | Self::Invalid | Self::TooLarge | Self::TooSlow => {
                ErrorPage::Invalid
            }
            Self::Engine(E::Unavailable(_)) => ErrorPage::Maintenance,
            Self::TooManyRequests { seconds } => ErrorPage::TooManyRequests { seconds: *seconds },
            Self::Provider(_) => ErrorPage::Provider,
            Self::NoTenant => ErrorPage::NoTenant,
            Self::Engine(E::Bug(_)) | Self::Template(_) => {
                ErrorPage::Internal { request_id: request_id.to_owned(), nothing_charged: safe }
            }
        }
    }
}

impl ResponseError for Failure {
    fn status_code(&self) -> StatusCode {
        use engine::Error as E;
        match self {
            Self::Engine(E::NotFound) | Self::NoTenant => StatusCode::NOT_FOUND,
            Self::Engine(E::Refused { code: "money_paused", .. }) => StatusCode::SERVICE_UNAVAILABLE,
            Self::Engine(E::Refused { .. }) | Self::Invalid => StatusCode::UNPROCESSABLE_ENTITY,
            Self::Engine(E::Conflict(_)) => StatusCode::CONFLICT,
            Self::Engine(E::Unavailable(_)) => StatusCode::SERVICE_UNAVAILABLE,
            Self::Engine(E::Bug(_)) | Self::Template(_) => StatusCode::INTERNAL_SERVER_ERROR,
            Self::SignIn { .. } => StatusCode::SEE_OTHER,
            Self::SectionOff | Self::StaleForm => StatusCode::FORBIDDEN,
            Self::TooLarge => StatusCode::PAYLOAD_TOO_LARGE,
            Self::TooSlow => StatusCode::REQUEST_TIMEOUT,
            Self::TooManyRequests { .. } => StatusCode::TOO_MANY_REQUESTS,
            Self::Provider(_) => StatusCode::BAD_GATEWAY,
        }
    }
}
