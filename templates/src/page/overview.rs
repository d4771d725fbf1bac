//! `GET /`.

use super::{Bill, Contact, FailureReason, Method, MethodRow, PaymentRow, ScheduledChange, SubscriptionRow};
use chrono::NaiveDate;
use domain::money::Money;
use serde::Serialize;

/// The overview: problems first.
#[derive(Debug, Clone, Serialize)]
pub struct Overview {
    /// What needs the customer, worst first, at most three.
    pub problems: Vec<Problem>,
    /// What changes with the next periods.
    pub changes: Vec<ScheduledChange>,
    /// The next planned payment.
    pub next_payment: Option<NextPayment>,
    /// Current subscriptions; absent when the section is off.
    pub subscriptions: Option<Vec<SubscriptionRow>>,
    /// Ended subscriptions, folded.
    pub ended: Vec<SubscriptionRow>,
    /// The latest payments, at most four; absent when the section is off.
    pub payments: Option<Vec<PaymentRow>>,
    /// Payment methods; absent when the section is off.
    pub methods: Option<Vec<MethodRow>>,
    /// The person in charge, when assigned and switched on.
    pub contact: Option<Contact>,
}

/// Something that needs the customer, with the one button that fixes it.
#[derive(Debug, Clone, Serialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Problem {
    /// A subscription is on hold.
    OnHold {
        /// Leads to `/subscriptions/{id}/reactivate`.
        subscription_id: String,
        /// Product name.
        product: String,
        /// What to pay; absent when a trial ended without a payment method.
        amount: Option<Money>,
        /// The failed try, where there was one.
        failure: Option<Failure>,
    },
    /// A payment failed; the subscription still runs.
    PaymentFailed {
        /// Leads to `/billing/{id}/pay`.
        invoice_id: String,
        /// Product name.
        product: String,
        /// What to pay.
        amount: Money,
        /// The failed try, where there was one.
        failure: Option<Failure>,
        /// Next automatic try, if one is planned.
        next_try: Option<NaiveDate>,
    },
    /// The bank wants a confirmation.
    ConfirmPayment {
        /// Leads to `/billing/{id}/pay`.
        invoice_id: String,
        /// Product name.
        product: String,
        /// What to confirm.
        amount: Money,
    },
    /// A card expires before the next renewal it is needed for.
    CardExpires {
        /// The card.
        method: Method,
        /// First day of the month it expires in.
        month: NaiveDate,
        /// Product that renews after that.
        product: String,
        /// That renewal.
        renews_on: NaiveDate,
    },
    /// A trial ends soon and no payment method is there.
    TrialNeedsMethod {
        /// Product name.
        product: String,
        /// Day the trial ends.
        until: NaiveDate,
    },
}

/// A try that failed.
#[derive(Debug, Clone, Serialize)]
pub struct Failure {
    /// What was charged.
    pub method: Method,
    /// When.
    pub on: NaiveDate,
    /// Why not.
    pub reason: FailureReason,
}

/// The next planned payment.
#[derive(Debug, Clone, Serialize)]
pub struct NextPayment {
    /// What it pays for.
    pub bill: Bill,
    /// Day it is charged.
    pub on: NaiveDate,
    /// Days until then; 0 is today.
    pub in_days: i64,
    /// What will be charged, if anything can be.
    pub method: Option<Method>,
}
