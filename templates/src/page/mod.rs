//! What each page says: one structure a page, filled by the server, read by the template of the same name.
//!
//! Values are raw (amounts, days in the reader's zone, states); the templates choose the words and formats.

mod account;
mod bill;
mod billing;
mod change;
mod common;
mod error;
mod methods;
mod overview;
mod payment;
mod shell;
mod sign_in;
mod subscription;
mod why;

pub use account::*;
pub use bill::*;
pub use billing::*;
pub use change::*;
pub use common::*;
pub use error::*;
pub use methods::*;
pub use overview::*;
pub use payment::*;
pub use shell::*;
pub use sign_in::*;
pub use subscription::*;
pub use why::*;

use serde::Serialize;

/// A page: its values, and the template that shows them.
pub trait Page: Serialize {
    /// Template name, for example `pages/overview.html`.
    const TEMPLATE: &'static str;
}

/// Ties each page to its template.
macro_rules! pages {
    ($($page:ident => $template:literal),+ $(,)?) => {
        $(impl Page for $page { const TEMPLATE: &'static str = concat!("pages/", $template, ".html"); })+
    };
}

pages! {
    SignIn => "sign_in",
    LinkSent => "link_sent",
    Confirm => "confirm",
    LinkExpired => "link_expired",
    Overview => "overview",
    SubscriptionList => "subscriptions",
    SubscriptionPage => "subscription",
    CancelDialog => "cancel",
    ChangePlan => "change",
    ChangeReview => "change_review",
    ChooseMethod => "choose_method",
    Pay => "pay",
    PaymentProgress => "payment_progress",
    MethodList => "methods",
    AddMethod => "add_method",
    SetupProgress => "setup_progress",
    RemoveMethod => "remove_method",
    BillingHistory => "billing",
    PaymentPage => "payment",
    AddressBook => "addresses",
    AddressForm => "address",
    RemoveAddress => "remove_address",
    Profile => "profile",
    Unsubscribe => "unsubscribe",
    Contact => "contact",
    ChooseLanguage => "language",
    ErrorPage => "error",
}
