//! Paying an open invoice and what becomes of it.

use super::{Bill, FailureReason, Method, MethodChoice};
use chrono::NaiveDate;
use domain::money::Money;
use serde::Serialize;

/// `GET /billing/{id}/pay` and `/subscriptions/{id}/reactivate`.
#[derive(Debug, Clone, Serialize)]
pub struct Pay {
    /// `inv_...`; absent when reactivating needs a new invoice.
    pub invoice_id: Option<String>,
    /// What is paid for.
    pub description: String,
    /// What is charged.
    pub bill: Bill,
    /// Saved methods.
    pub methods: Vec<MethodChoice>,
    /// Preselected method.
    pub selected: Option<String>,
    /// Paying turns this subscription back on.
    pub reactivation: Option<Reactivation>,
    /// Why the last try of this form came to nothing.
    pub error: Option<PayError>,
    /// A method can be added.
    pub can_add: bool,
    /// Makes double clicks and reloads one payment.
    pub idempotency_key: String,
}

/// A subscription on hold that paying turns back on.
#[derive(Debug, Clone, Serialize)]
pub struct Reactivation {
    /// `sub_...`
    pub subscription_id: String,
    /// Product name.
    pub product: String,
    /// Day it was put on hold.
    pub since: NaiveDate,
    /// Why, when a charge failed.
    pub reason: Option<FailureReason>,
    /// It comes back with a new period, and what was open is taken back.
    pub restarts: bool,
}

/// Why a payment form was refused.
#[derive(Debug, Clone, Serialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum PayError {
    /// No method chosen.
    NoMethod,
    /// The chosen method failed.
    Failed {
        /// It.
        method: Method,
        /// Why.
        reason: FailureReason,
    },
    /// Another payment for the same invoice is under way.
    UnderWay,
    /// The amount is not the one that was shown.
    AmountChanged {
        /// Shown before.
        from: Money,
        /// Now.
        to: Money,
    },
}

/// A payment under way, re-asked by `Refresh` until it settles.
#[derive(Debug, Clone, Serialize)]
pub struct PaymentProgress {
    /// `inv_...`
    pub invoice_id: String,
    /// What is paid for.
    pub description: String,
    /// How much.
    pub amount: Money,
    /// With what.
    pub method: Method,
    /// How it stands.
    pub stage: PaymentStage,
    /// The change of a subscription that it is for.
    pub change: Option<PaidChange>,
}

/// A change that takes effect once it is paid.
#[derive(Debug, Clone, Serialize)]
pub struct PaidChange {
    /// `sub_...`
    pub subscription_id: String,
    /// The plan that the subscription is on, until it is paid and when it is not.
    pub product: String,
    /// What it consists of once it is paid, the plan first.
    pub parts: Vec<String>,
}

/// How a payment stands.
#[derive(Debug, Clone, Serialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum PaymentStage {
    /// The worker or the bank is at it.
    Processing {
        /// It takes longer than two minutes: the page no longer re-asks.
        slow: bool,
    },
    /// The bank wants the customer.
    NeedsConfirmation {
        /// Page of the bank or provider.
        url: String,
    },
    /// It failed; nothing was charged.
    Failed {
        /// Why.
        reason: FailureReason,
    },
    /// Settled.
    Paid {
        /// Number of its invoice, once it has one.
        invoice_number: Option<String>,
        /// Product that is active again through it.
        reactivated: Option<String>,
        /// Next planned payment.
        next_payment: Option<NaiveDate>,
    },
}
