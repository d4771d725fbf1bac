//! What surrounds every page: brand, navigation, language, notice, test banner.

use crate::flash::Flash;
use crate::lang::Lang;
use chrono::NaiveDate;
use serde::Serialize;

/// The business whose portal this is.
#[derive(Debug, Clone, Serialize)]
pub struct Brand {
    /// Name.
    pub name: String,
    /// Path of its logo on this host; without one the name's initial is shown.
    pub logo_url: Option<String>,
    /// Its website, for "Back to ...".
    pub website_url: Option<String>,
    /// Its help pages.
    pub support_url: Option<String>,
    /// Terms of service.
    pub terms_url: Option<String>,
    /// Privacy policy.
    pub privacy_url: Option<String>,
}

/// A section of the portal.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Section {
    /// `/`
    Overview,
    /// `/subscriptions`
    Subscriptions,
    /// `/payment-methods`
    PaymentMethods,
    /// `/billing`
    Billing,
    /// `/addresses`
    Addresses,
    /// `/profile`
    Profile,
    /// `/contact`
    Contact,
}

/// A tenant in test mode: the day its clock shows and how to move it.
#[derive(Debug, Clone, Serialize)]
pub struct TestMode {
    /// Day of the test clock.
    pub today: NaiveDate,
    /// Show the buttons that post to `/test-clock/advance` with `by=1d`, `1w` or `1m`.
    pub clock_controls: bool,
    /// Where captured mail can be read.
    pub mailbox_url: Option<String>,
}

/// Common to all pages.
#[derive(Debug, Clone, Serialize)]
pub struct Shell {
    /// The business.
    pub brand: Brand,
    /// Language of the page.
    pub lang: Lang,
    /// Languages the business offers.
    pub languages: Vec<Lang>,
    /// Sections that are switched on, in menu order; empty without a session.
    pub sections: Vec<Section>,
    /// Section of this page.
    pub current: Option<Section>,
    /// Token every form carries as `csrf`.
    pub csrf: String,
    /// Result of the last action, shown once.
    pub flash: Option<Flash>,
    /// Name or address of the signed-in customer.
    pub customer: Option<String>,
    /// URL of the business's theme, from [`crate::theme::Stylesheet::url`].
    pub theme_url: String,
    /// Present when the tenant is in test mode.
    pub test_mode: Option<TestMode>,
    /// Path and query of this page, for the language switcher to return to.
    pub path: String,
}
