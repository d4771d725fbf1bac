//! Notices: what the last action did, shown once on the page after it.

use crate::i18n::Arg;
use crate::page::{Method, Tone};
use chrono::NaiveDate;
use domain::money::Money;
use serde::{Deserialize, Serialize};

/// A notice. Serialisable, so that it can wait in a cookie or a row for the next page.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Flash {
    /// Signed out.
    SignedOut,
    /// The session ended by itself.
    SessionEnded,
    /// The subscription ends later.
    CancellationScheduled {
        /// Product name.
        product: String,
        /// Day it ends.
        on: NaiveDate,
        /// Where the confirmation goes.
        email: String,
    },
    /// The subscription has ended.
    Cancelled {
        /// Product name.
        product: String,
        /// Where the confirmation goes.
        email: String,
    },
    /// The scheduled end is revoked; it renews.
    Uncancelled {
        /// Product name.
        product: String,
        /// Next renewal.
        renews_on: NaiveDate,
        /// What it costs.
        amount: Money,
    },
    /// It was cancelled before, for example in another tab.
    AlreadyCancelled {
        /// When.
        on: NaiveDate,
    },
    /// What was agreed to is not what holds now; nothing was changed.
    Outdated,
    /// The subscription consists of something else now.
    PlanChanged {
        /// Of what, the plan first.
        parts: Vec<String>,
    },
    /// It will with the next period.
    ChangeScheduled {
        /// Of what, the plan first.
        parts: Vec<String>,
        /// From when.
        on: NaiveDate,
    },
    /// The scheduled change is revoked.
    ChangeUndone {
        /// The plan that goes on.
        product: String,
    },
    /// A change has to wait: a payment is under way, or a period just begins.
    ChangeNotNow,
    /// A change is not possible as the subscription stands.
    NotChangeable,
    /// What a change would give back is not paid yet.
    NothingToGiveBack,
    /// A payment method was added.
    MethodAdded {
        /// It.
        method: Method,
        /// It is now the default.
        is_default: bool,
    },
    /// The payment method was there already.
    MethodKnown,
    /// A payment method is now the default.
    DefaultMethodSet {
        /// It.
        method: Method,
    },
    /// A payment method is gone from the list.
    MethodRemoved {
        /// It.
        method: Method,
    },
    /// A subscription is now charged to another method.
    SubscriptionMethodSet {
        /// Product name.
        product: String,
        /// The method.
        method: Method,
    },
    /// A payment settled.
    Paid {
        /// How much.
        amount: Money,
        /// With what.
        method: Method,
    },
    /// There was nothing left to pay.
    NothingDue,
    /// An address was saved.
    AddressSaved,
    /// An address was removed.
    AddressRemoved,
    /// An address is now the default.
    DefaultAddressSet,
    /// The profile was saved.
    ProfileSaved,
    /// All other sessions ended.
    SessionsRevoked,
    /// A device does not use a license key any more.
    DeviceRemoved {
        /// What it called itself.
        device: String,
    },
    /// The test clock moved.
    ClockAdvanced {
        /// To this day.
        to: NaiveDate,
    },
}

impl Flash {
    /// Its colour.
    pub(crate) fn tone(&self) -> Tone {
        match self {
            Self::SessionEnded
            | Self::AlreadyCancelled { .. }
            | Self::ChangeNotNow
            | Self::MethodKnown
            | Self::NothingDue => Tone::Info,
            Self::Outdated | Self::NotChangeable | Self::NothingToGiveBack => Tone::Warn,
            _ => Tone::Ok,
        }
    }

    /// Its message id; the text below it is `{id}-body`, where there is one.
    pub(crate) fn message(&self) -> &'static str {
        match self {
            Self::SignedOut => "notice-signed-out",
            Self::SessionEnded => "notice-session-ended",
            Self::CancellationScheduled { .. } => "notice-cancellation-scheduled",
            Self::Cancelled { .. } => "notice-cancelled",
            Self::Uncancelled { .. } => "notice-uncancelled",
            Self::AlreadyCancelled { .. } => "notice-already-cancelled",
            Self::Outdated => "notice-outdated",
            Self::PlanChanged { .. } => "notice-plan-changed",
            Self::ChangeScheduled { .. } => "notice-change-scheduled",
            Self::ChangeUndone { .. } => "notice-change-undone",
            Self::ChangeNotNow => "notice-change-not-now",
            Self::NotChangeable => "notice-not-changeable",
            Self::NothingToGiveBack => "notice-nothing-to-give-back",
            Self::MethodAdded { is_default: true, .. } => "notice-method-added-default",
            Self::MethodAdded { .. } => "notice-method-added",
            Self::MethodKnown => "notice-method-known",
            Self::DefaultMethodSet { .. } => "notice-default-method-set",
            Self::MethodRemoved { .. } => "notice-method-removed",
            Self::SubscriptionMethodSet { .. } => "notice-subscription-method-set",
            Self::Paid { .. } => "notice-paid",
            Self::NothingDue => "notice-nothing-due",
            Self::AddressSaved => "notice-address-saved",
            Self::AddressRemoved => "notice-address-removed",
            Self::DefaultAddressSet => "notice-default-address-set",
            Self::ProfileSaved => "notice-profile-saved",
            Self::SessionsRevoked => "notice-sessions-revoked",
            Self::DeviceRemoved { .. } => "notice-device-removed",
            Self::ClockAdvanced { .. } => "notice-clock-advanced",
        }
    }

    /// The values its messages may speak about.
    pub(crate) fn args(&self) -> Vec<(&'static str, Arg)> {
        let text = |text: &str| Arg::Text(text.to_owned());
        match self {
            Self::CancellationScheduled { product, on, email } => {
                vec![("product", text(product)), ("date", Arg::Date(*on)), ("email", text(email))]
            }
            Self::Cancelled { product, email } => vec![("product", text(product)), ("email", text(email))],
            Self::Uncancelled { product, renews_on, amount } => {
                vec![
                    ("product", text(product)),
                    ("date", Arg::Date(*renews_on)),
                    ("amount", Arg::Money(*amount)),
                ]
            }
            Self::AlreadyCancelled { on } => vec![("date", Arg::Date(*on))],
            Self::PlanChanged { parts } => vec![("what", Arg::List(parts.clone()))],
            Self::ChangeScheduled { parts, on } => {
                vec![("what", Arg::List(parts.clone())), ("date", Arg::Date(*on))]
            }
            Self::ChangeUndone { product } => vec![("product", text(product))],
            Self::MethodAdded { method, .. }
            | Self::DefaultMethodSet { method }
            | Self::MethodRemoved { method } => {
                vec![("method", Arg::Method(method.clone()))]
            }
            Self::SubscriptionMethodSet { product, method } => {
                vec![("product", text(product)), ("method", Arg::Method(method.clone()))]
            }
            Self::Paid { amount, method } => {
                vec![("amount", Arg::Money(*amount)), ("method", Arg::Method(method.clone()))]
            }
            Self::DeviceRemoved { device } => vec![("device", text(device))],
            Self::ClockAdvanced { to } => vec![("date", Arg::Date(*to))],
            _ => Vec::new(),
        }
    }
}
