//! Payment methods: list, adding, removing.

use super::{Method, MethodRow};
use chrono::NaiveDate;
use domain::money::Money;
use serde::Serialize;

/// `GET /payment-methods`.
#[derive(Debug, Clone, Serialize)]
pub struct MethodList {
    /// Saved methods, the default first.
    pub methods: Vec<MethodRow>,
    /// A method can be added.
    pub can_add: bool,
}

/// `GET /payment-methods/add`. Posts `kind` and `for`.
#[derive(Debug, Clone, Serialize)]
pub struct AddMethod {
    /// Kinds the business offers, in order.
    pub kinds: Vec<MethodKind>,
    /// Preselected value.
    pub selected: String,
    /// What the method is for, as the query said: carried along unread.
    pub purpose: String,
    /// Product that will be charged to it; absent for the general list.
    pub product: Option<String>,
    /// What is charged to it at once, for a new period that begins then.
    pub charged_now: Option<Money>,
    /// Why the last try came to nothing.
    pub error: Option<AddMethodError>,
}

/// A kind of payment method to add.
#[derive(Debug, Clone, Serialize)]
pub struct MethodKind {
    /// Value of the choice; names the account and the kind.
    pub value: String,
    /// The provider's kind: `card`, `sepa`, `paypal` ...
    pub kind: String,
    /// The provider's name, as its page shows it.
    pub provider: String,
}

/// Why no method could be added.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum AddMethodError {
    /// Nothing chosen.
    NoKind,
    /// The provider does not answer.
    ProviderDown,
    /// The customer came back without finishing.
    NotFinished,
    /// The bank did not confirm it.
    Refused,
}

/// `GET /payment-methods/return`: what became of the setup. Success is a redirect with a notice.
#[derive(Debug, Clone, Serialize)]
pub struct SetupProgress {
    /// How it stands.
    pub stage: SetupStage,
    /// `for` of the page to try again.
    pub purpose: String,
}

/// How a setup stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum SetupStage {
    /// We ask the provider; the page re-asks by `Refresh`.
    Waiting {
        /// It takes longer than two minutes: the page no longer re-asks.
        slow: bool,
    },
    /// The provider checks a bank account.
    Verifying {
        /// Days it takes at most.
        days: u32,
    },
    /// The customer did not finish.
    NotFinished,
    /// The bank did not confirm it.
    Refused,
}

/// `GET /payment-methods/{id}/remove`: the list with the dialog open.
#[derive(Debug, Clone, Serialize)]
pub struct RemoveMethod {
    /// The page behind.
    #[serde(flatten)]
    pub list: MethodList,
    /// The dialog.
    pub removal: Removal,
}

/// What removing a method means.
#[derive(Debug, Clone, Serialize)]
pub struct Removal {
    /// `pm_...`
    pub id: String,
    /// What is removed.
    pub method: Method,
    /// Products charged to it.
    pub used_for: Vec<String>,
    /// What happens to those.
    pub effect: RemovalEffect,
}

/// What happens to subscriptions charged to a removed method.
#[derive(Debug, Clone, Serialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum RemovalEffect {
    /// None is.
    Unused,
    /// They go on being charged to it until another one is chosen.
    KeepsRenewals,
    /// They use the default instead.
    UsesDefault {
        /// It.
        default: Method,
    },
    /// Removing is refused: a renewal would fail.
    Blocked {
        /// Product.
        product: String,
        /// Its renewal.
        renews_on: NaiveDate,
    },
}
