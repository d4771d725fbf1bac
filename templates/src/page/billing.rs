//! Billing history and one payment.

use super::{Bill, FailureReason, Method, PaymentRow, PaymentStatus};
use chrono::{NaiveDate, NaiveDateTime};
use serde::Serialize;

/// `GET /billing?status=&page=`.
#[derive(Debug, Clone, Serialize)]
pub struct BillingHistory {
    /// Chosen filter.
    pub filter: BillingFilter,
    /// One page of payments, newest first.
    pub payments: Vec<PaymentRow>,
    /// Payments that need the customer, over all pages.
    pub attention: u32,
    /// Number of the first one shown, from 1.
    pub first: u32,
    /// Number of the last one shown.
    pub last: u32,
    /// How many there are under this filter.
    pub total: u32,
    /// Page with newer payments.
    pub newer: Option<u32>,
    /// Page with older payments.
    pub older: Option<u32>,
}

/// Filter of the history: the `status` of its query.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum BillingFilter {
    /// No filter; no query.
    All,
    /// `status=paid`
    Paid,
    /// `status=failed`: due or failed.
    Failed,
}

/// `GET /billing/{id}`.
#[derive(Debug, Clone, Serialize)]
pub struct PaymentPage {
    /// `inv_...`
    pub id: String,
    /// What was paid for.
    pub description: String,
    /// Day of the payment, or of the invoice while unpaid.
    pub date: NaiveDate,
    /// State.
    pub status: PaymentStatus,
    /// Lines, taxes, total.
    pub bill: Bill,
    /// Number of the invoice whose PDF can be downloaded.
    pub invoice_number: Option<String>,
    /// Receipts of the charges that paid it, oldest first.
    pub receipts: Vec<ReceiptLink>,
    /// Paid or last tried with.
    pub method: Option<Method>,
    /// Every try, newest first.
    pub attempts: Vec<Attempt>,
    /// The customer can pay it now.
    pub payable: bool,
    /// Next automatic try, if one is planned.
    pub next_try: Option<NaiveDate>,
    /// When it was paid, in UTC, for the copyable details.
    pub paid_at: Option<NaiveDateTime>,
    /// Address of the customer, for the copyable details.
    pub email: String,
}

/// A receipt whose PDF can be downloaded.
#[derive(Debug, Clone, Serialize)]
pub struct ReceiptLink {
    /// `rec_...`
    pub id: String,
    /// Its number.
    pub number: String,
}

/// One try to charge.
#[derive(Debug, Clone, Serialize)]
pub struct Attempt {
    /// Day.
    pub on: NaiveDate,
    /// What was charged.
    pub method: Method,
    /// What became of it.
    pub outcome: AttemptOutcome,
    /// Why, when it failed.
    pub reason: Option<FailureReason>,
}

/// What became of a try.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum AttemptOutcome {
    /// Charged.
    Succeeded,
    /// Under way.
    Processing,
    /// Waits for the customer's bank.
    NeedsConfirmation,
    /// Refused.
    Failed,
    /// Given up before it took effect.
    Cancelled,
}
