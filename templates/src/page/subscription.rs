//! `/subscriptions`, one subscription, its cancel dialog and its payment method.

use super::{
    Address, Bill, Method, MethodChoice, MethodRow, PaymentRow, Period, Price, Problem, ScheduledChange,
    SubscriptionRow, SubscriptionState,
};
use chrono::NaiveDate;
use domain::money::Money;
use domain::subscription::ending::OpenInvoices;
use serde::Serialize;

/// `GET /subscriptions`.
#[derive(Debug, Clone, Serialize)]
pub struct SubscriptionList {
    /// Running ones.
    pub current: Vec<SubscriptionRow>,
    /// Ended ones.
    pub ended: Vec<SubscriptionRow>,
}

/// `GET /subscriptions/{id}`.
#[derive(Debug, Clone, Serialize)]
pub struct SubscriptionPage {
    /// `sub_...`
    pub id: String,
    /// Product name.
    pub name: String,
    /// State, with its dates.
    pub state: SubscriptionState,
    /// Price per interval.
    pub price: Price,
    /// Units subscribed to.
    pub quantity: u32,
    /// What it has beside its plan: `2 × Archive`.
    pub addons: Vec<String>,
    /// Day it started.
    pub started: NaiveDate,
    /// Current period, while it has one.
    pub period: Option<Period>,
    /// Day a minimum term runs until.
    pub minimum_term: Option<NaiveDate>,
    /// The next invoice: the figure the renewal will charge.
    pub next_invoice: Option<NextInvoice>,
    /// What needs the customer here.
    pub problem: Option<Problem>,
    /// What changes with the next period.
    pub change: Option<ScheduledChange>,
    /// Its payments, newest first.
    pub payments: Vec<PaymentRow>,
    /// More payments exist than shown.
    pub more_payments: bool,
    /// What it gives.
    pub benefits: Vec<Benefit>,
    /// What is charged for it: its own method or the default.
    pub method: Option<MethodRow>,
    /// `method` is its own, not the default.
    pub own_method: bool,
    /// Printed on its invoices.
    pub billing_address: Option<Address>,
    /// Where its invoices are sent.
    pub billing_email: String,
    /// "Change plan" is offered.
    pub can_change: bool,
    /// "Cancel subscription" is offered.
    pub can_cancel: bool,
    /// "Keep subscription" is offered: the scheduled end can be revoked.
    pub can_resume: bool,
}

/// What a subscription gives.
#[derive(Debug, Clone, Serialize)]
pub struct Benefit {
    /// Its name.
    pub name: String,
    /// It can be used now.
    pub open: bool,
    /// Its license key, if it is one that has been issued.
    pub license: Option<License>,
}

/// A license key. Posting to `licenses/{id}` shows it, to `licenses/{id}/devices/{device}/remove` frees a place.
#[derive(Debug, Clone, Serialize)]
pub struct License {
    /// `lic_...`
    pub id: String,
    /// The key, masked unless it is shown.
    pub key: String,
    /// The whole key is shown.
    pub shown: bool,
    /// It works no more.
    pub revoked: bool,
    /// Devices that use it.
    pub devices: Vec<LicensedDevice>,
    /// How many may; any number when not given.
    pub limit: Option<u32>,
}

/// A device that uses a license key.
#[derive(Debug, Clone, Serialize)]
pub struct LicensedDevice {
    /// `act_...`
    pub id: String,
    /// What it calls itself.
    pub name: String,
}

/// An invoice that is still to come.
#[derive(Debug, Clone, Serialize)]
pub struct NextInvoice {
    /// Day it is written and charged.
    pub on: NaiveDate,
    /// What it will say.
    pub bill: Bill,
}

/// `GET /subscriptions/{id}/cancel`: the subscription's page with the dialog open.
#[derive(Debug, Clone, Serialize)]
pub struct CancelDialog {
    /// The page behind.
    #[serde(flatten)]
    pub subscription: SubscriptionPage,
    /// The dialog.
    pub cancel: Cancel,
}

/// The cancel form. It posts `timing`, `reason`, `comment`, `preview_id` and `as_of`.
#[derive(Debug, Clone, Serialize)]
pub struct Cancel {
    /// What can be chosen, in order; one entry shows a sentence instead of choices.
    pub options: Vec<CancelOption>,
    /// Chosen timing: `period_end` or `now`.
    pub timing: String,
    /// Reasons offered, as stored words; none hides the field.
    pub reasons: Vec<String>,
    /// A reason must be given.
    pub reason_required: bool,
    /// Chosen reason, or empty.
    pub reason: String,
    /// What was typed, at most 1,000 characters.
    pub comment: String,
    /// Where the confirmation goes.
    pub email: String,
    /// No reason was given although one is required.
    pub reason_missing: bool,
    /// Identifies what was shown, so that nobody agrees to something else.
    pub preview_id: String,
    /// The moment for which it was computed, for the server to read.
    pub as_of: String,
}

/// One way to cancel, with what it means.
#[derive(Debug, Clone, Serialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum CancelOption {
    /// At the end of the paid period (`timing=period_end`).
    PeriodEnd {
        /// That day.
        on: NaiveDate,
    },
    /// At the end of the contract (`timing=period_end`).
    ContractEnd {
        /// That day.
        on: NaiveDate,
        /// Payments that remain until then.
        payments: u32,
        /// Amount of each.
        amount: Money,
    },
    /// Now (`timing=now`).
    Now {
        /// Days paid for and lost, unless something comes back.
        unused_days: u32,
        /// What comes back, if anything does.
        back: Option<ComesBack>,
    },
    /// When the trial ends (`timing=period_end`).
    TrialEnd {
        /// That day.
        on: NaiveDate,
    },
    /// The trial ends now (`timing=now`).
    TrialNow,
    /// Past due or on hold: it ends now (`timing=now`).
    Unpaid {
        /// What is open then, if anything is.
        open: Option<Money>,
        /// What becomes of that.
        rule: OpenInvoices,
        /// What comes back, if anything does.
        back: Option<ComesBack>,
    },
}

/// What comes back of time that was billed and will not be used.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct ComesBack {
    /// Sent back.
    pub refund: Option<Money>,
    /// Kept as the customer's balance.
    pub to_balance: Option<Money>,
    /// No longer owed.
    pub to_offset: Option<Money>,
}

/// `GET /subscriptions/{id}/payment-method`.
#[derive(Debug, Clone, Serialize)]
pub struct ChooseMethod {
    /// `sub_...`
    pub subscription_id: String,
    /// Product name.
    pub product: String,
    /// Saved methods.
    pub methods: Vec<MethodChoice>,
    /// Its own method; absent while it uses the default.
    pub selected: Option<String>,
    /// What the default is.
    pub default: Option<Method>,
    /// What choosing one charges at once, for a new period that begins then.
    pub charged_now: Option<Money>,
    /// A method can be added.
    pub can_add: bool,
}
