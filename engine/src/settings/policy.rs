//! What a business lets its customers do, and how it handles what they do not do.

use super::values::within;
use super::words::{
    CancelReasons, CancelTiming, CatchUp, DunningEnd, LapsedPeriod, OpenInvoices, TrialCancellation,
    TrialEndWithoutMethod, UnpaidInvoice, UnusedTime,
};
use serde::Deserialize;

/// `[portal]`
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Portal {
    /// Parts of the portal.
    pub sections: Sections,
    /// Cancelling.
    pub cancel: Cancel,
    /// What cancelling during a trial does.
    pub trial_cancellation: TrialCancellation,
    /// Whether customers may change their plan.
    pub plan_changes: bool,
}

/// `[portal.sections]`: what is off leaves the menu, and its pages answer 403.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Sections {
    /// The person to turn to.
    pub contact_person: bool,
    /// Billing history and PDFs.
    pub invoices: bool,
    /// Billing addresses.
    pub billing_addresses: bool,
    /// Cards and other methods.
    pub payment_methods: bool,
    /// Subscriptions.
    pub subscriptions: bool,
}

/// `[portal.cancel]`
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Cancel {
    /// Whether customers may cancel by themselves.
    pub enabled: bool,
    /// When a cancellation may take effect; the first is chosen beforehand.
    pub modes: Vec<CancelTiming>,
    /// Whether the page asks why.
    pub reasons: CancelReasons,
}

/// `[dunning]`: pinned on each case when it opens, so a change holds for new cases.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Dunning {
    /// What happens when, counted from the first failure. The failure itself is always told by mail.
    pub steps: Vec<DunningStep>,
    /// What the last step does to the subscription when it fails, too.
    pub end: DunningEnd,
    /// What the last step does to the invoice when it fails, too.
    pub unpaid_invoice: UnpaidInvoice,
}

/// One entry of `dunning.steps`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DunningStep {
    /// Days after the first failure. Grows from step to step.
    #[serde(deserialize_with = "within::<_, 1, 365>")]
    pub after_days: u32,
    /// Try the charge again.
    pub retry: bool,
    /// Write to the customer.
    #[serde(default)]
    pub mail: bool,
    /// Put the subscription on hold when the invoice is still unpaid.
    #[serde(default)]
    pub hold: bool,
}

/// `[billing]`
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Billing {
    /// After downtime longer than a period.
    pub catch_up: CatchUp,
    /// When a trial ends without a payment method.
    pub trial_end_without_method: TrialEndWithoutMethod,
    /// When a customer reactivates after the unpaid period is over.
    pub lapsed: LapsedPeriod,
    /// Paid time left over by "cancel now".
    pub unused_time: UnusedTime,
    /// Open invoices of a subscription that is cancelled at once.
    pub open_invoices: OpenInvoices,
    /// Days before a trial ends that the customer is reminded; 0 for no reminder.
    #[serde(deserialize_with = "within::<_, 0, 30>")]
    pub trial_reminder_days: u32,
    /// Hours a new subscription waits for its first payment.
    #[serde(deserialize_with = "within::<_, 1, 720>")]
    pub first_payment_hours: u32,
}
