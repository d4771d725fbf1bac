//! Parts that several pages show.

use chrono::NaiveDate;
use domain::money::Money;
use domain::provider::DeclineKind;
use serde::{Deserialize, Serialize};

/// Colour of a badge or notice. It only repeats what the words say.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Tone {
    /// Nothing to do.
    Neutral,
    /// All is well.
    Ok,
    /// Good to know.
    Info,
    /// Something will change.
    Warn,
    /// Something is wrong.
    Bad,
}

/// Unit of a billing interval, the shortest first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum IntervalUnit {
    /// Calendar days.
    Day,
    /// Calendar weeks.
    Week,
    /// Calendar months.
    Month,
    /// Calendar years.
    Year,
}

/// What a subscription costs, and how often.
#[derive(Debug, Clone, Serialize)]
pub struct Price {
    /// Amount per interval, as the price list shows it.
    pub amount: Money,
    /// Unit of the interval.
    pub unit: IntervalUnit,
    /// Units in one interval: 3 with `Month` is "every 3 months".
    pub count: u32,
}

/// A span of days, both ends included.
#[derive(Debug, Clone, Copy, Serialize)]
pub struct Period {
    /// First day.
    pub from: NaiveDate,
    /// Last day.
    pub to: NaiveDate,
}

impl Period {
    /// The days from `start` to the one before `end`, at least one.
    pub fn before(start: NaiveDate, end: NaiveDate) -> Self {
        Self { from: start, to: end.pred_opt().unwrap_or(start).max(start) }
    }
}

/// A payment method, as far as a label needs it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Method {
    /// The provider's kind: `card`, `sepa`, `paypal` ...
    pub kind: String,
    /// `visa`, `mastercard` ...; empty when the kind has no brands.
    pub brand: String,
    /// Last digits; empty when there are none to show.
    pub last4: String,
}

/// Brands with a name of their own, and those with a drawing in `brands.svg`.
const BRANDS: [(&str, &str); 8] = [
    ("visa", "Visa"),
    ("mastercard", "Mastercard"),
    ("amex", "American Express"),
    ("discover", "Discover"),
    ("diners", "Diners Club"),
    ("jcb", "JCB"),
    ("unionpay", "UnionPay"),
    ("maestro", "Maestro"),
];
const MARKS: [&str; 4] = ["visa", "mastercard", "paypal", "sepa"];

impl Method {
    /// The name of the card's brand, when it is a well-known one.
    pub(crate) fn known_brand(&self) -> Option<&'static str> {
        BRANDS.iter().find(|(brand, _)| brand.eq_ignore_ascii_case(&self.brand)).map(|(_, name)| *name)
    }

    /// Its drawing in `brands.svg`.
    pub(crate) fn mark(&self) -> &'static str {
        let drawn = |word: &str| MARKS.iter().find(|mark| mark.eq_ignore_ascii_case(word)).copied();
        drawn(&self.brand).or_else(|| drawn(&self.kind)).unwrap_or(if self.kind == "card" {
            "card"
        } else {
            "bank"
        })
    }
}

/// Month a card expires in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Expiry {
    /// 1 to 12.
    pub month: u8,
    /// Four digits.
    pub year: u16,
}

/// Why a charge failed, in the words a customer may read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FailureReason {
    /// "your bank declined it"; also for fraud, loss and theft, which are never named.
    Declined,
    /// "the card has expired"
    ExpiredCard,
    /// "there was not enough money"
    InsufficientFunds,
    /// "your bank wants you to confirm it"
    AuthenticationRequired,
    /// "of a problem at the payment provider"
    ProcessingError,
    /// "it did not go through"
    Other,
}

impl From<DeclineKind> for FailureReason {
    fn from(kind: DeclineKind) -> Self {
        match kind {
            DeclineKind::Soft | DeclineKind::Hard | DeclineKind::Fraud | DeclineKind::Limit => Self::Declined,
            DeclineKind::AuthenticationRequired => Self::AuthenticationRequired,
            DeclineKind::ExpiredMethod => Self::ExpiredCard,
            DeclineKind::InsufficientFunds => Self::InsufficientFunds,
        }
    }
}

/// State of a subscription, with what its line says.
#[derive(Debug, Clone, Serialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum SubscriptionState {
    /// Renews.
    Active {
        /// Next renewal.
        renews_on: NaiveDate,
    },
    /// Active with a scheduled end.
    Ending {
        /// Day it ends.
        ends_on: NaiveDate,
    },
    /// Free trial that will become a paid subscription.
    Trial {
        /// Day the trial ends.
        until: NaiveDate,
    },
    /// Free trial that ends without a paid subscription.
    TrialEnding {
        /// Day the trial ends.
        until: NaiveDate,
    },
    /// A payment failed and is retried.
    PastDue {
        /// Open amount.
        overdue: Money,
        /// Day of the first failure.
        since: NaiveDate,
        /// Next automatic try, if one is planned.
        next_try: Option<NaiveDate>,
    },
    /// Stopped until the open amount is paid.
    OnHold {
        /// Open amount; absent when a trial ended without a payment method.
        overdue: Option<Money>,
        /// Day since which that is owed; without a debt, the day it was put on hold.
        since: NaiveDate,
    },
    /// Paused by agreement.
    Paused {
        /// Day it continues, if known.
        continues_on: Option<NaiveDate>,
    },
    /// Waits for its first payment.
    Incomplete,
    /// Over.
    Ended {
        /// Last day.
        on: NaiveDate,
    },
}

/// A subscription in a list.
#[derive(Debug, Clone, Serialize)]
pub struct SubscriptionRow {
    /// `sub_...`
    pub id: String,
    /// Product name.
    pub name: String,
    /// State, with its dates.
    pub state: SubscriptionState,
    /// Price per interval.
    pub price: Price,
}

/// State of a payment as its badge says it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum PaymentStatus {
    /// Settled.
    Paid,
    /// Under way.
    Processing,
    /// Open, not yet tried.
    Due,
    /// Open, the last try failed.
    Failed,
    /// Fully given back.
    Refunded,
    /// Partly given back.
    PartlyRefunded,
    /// Cancelled invoice.
    Void,
}

/// A payment in a table. Its id is the invoice's.
#[derive(Debug, Clone, Serialize)]
pub struct PaymentRow {
    /// `inv_...`
    pub id: String,
    /// Day of the payment, or of the invoice while unpaid.
    pub date: NaiveDate,
    /// What was paid for.
    pub description: String,
    /// Days it covers; shown instead of the description on a subscription's own page.
    pub period: Option<Period>,
    /// Paid or last tried with.
    pub method: Option<Method>,
    /// State.
    pub status: PaymentStatus,
    /// Total.
    pub amount: Money,
    /// Number of the invoice whose PDF can be downloaded.
    pub invoice_number: Option<String>,
    /// Whether the customer can pay it now.
    pub payable: bool,
}

/// A payment method in a list.
#[derive(Debug, Clone, Serialize)]
pub struct MethodRow {
    /// `pm_...`
    pub id: String,
    /// Label parts.
    pub method: Method,
    /// Used for subscriptions without a method of their own.
    pub is_default: bool,
    /// Month of expiry; absent for methods that do not expire.
    pub expiry: Option<Expiry>,
    /// Whether it can be charged.
    pub health: MethodHealth,
    /// Products charged to it.
    pub used_for: Vec<String>,
}

/// Whether a payment method can be charged.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum MethodHealth {
    /// It can.
    Good,
    /// It expires before the next renewal, or within 30 days.
    ExpiresSoon,
    /// It cannot: the card has expired.
    Expired,
    /// The bank has not confirmed it yet.
    NeedsConfirmation,
}

/// A payment method to choose when paying.
#[derive(Debug, Clone, Serialize)]
pub struct MethodChoice {
    /// `pm_...`
    pub id: String,
    /// Label parts.
    pub method: Method,
    /// Used for subscriptions without a method of their own.
    pub is_default: bool,
    /// Month of expiry, where there is one.
    pub expiry: Option<Expiry>,
    /// Day it last failed for this payment.
    pub failed_on: Option<NaiveDate>,
}

/// A postal address.
#[derive(Debug, Clone, Serialize)]
pub struct Address {
    /// Person.
    pub name: String,
    /// Company, or empty.
    pub company: String,
    /// Street lines; empty ones are left out.
    pub lines: Vec<String>,
    /// Postal code, or empty.
    pub postal_code: String,
    /// City.
    pub city: String,
    /// Region, or empty.
    pub region: String,
    /// ISO 3166-1 two-letter code.
    pub country: String,
    /// Tax number, or empty.
    pub tax_id: String,
}

/// A field that was refused, with the message that says why.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct FieldError {
    /// Name of the input.
    pub field: String,
    /// Message id in `portal.ftl`, for example `error-postal-code`.
    pub message: String,
}
