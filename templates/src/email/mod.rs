//! Mails: one structure a mail, composed into a letter that one HTML and one text template show.
//!
//! Keeping the two parts of a mail in one letter means they cannot say different things.

mod compose;
mod letter;
mod notices;
mod planned;

pub use letter::Letter;
pub use notices::{
    ChangeDropped, Due, FirstPaymentExpired, FirstPaymentFailed, InvoiceIssued, RefundDeclined,
};
pub use planned::{CardExpiring, Offer, RenewalUpcoming, TrialEnding, WinBack, WithoutMethod};

use crate::lang::Lang;
use crate::page::{Bill, FailureReason, Method};
use crate::theme::Rgb;
use chrono::{NaiveDate, NaiveDateTime};
use domain::money::Money;
use domain::subscription::ending::GivenBack;

/// A mail ready to be sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Email {
    /// Subject, one line.
    pub subject: String,
    /// Text part.
    pub text: String,
    /// HTML part.
    pub html: String,
}

/// Common to all mails.
#[derive(Debug, Clone)]
pub struct Sender {
    /// Name of the business.
    pub brand: String,
    /// Its postal address and registration in one line, as the law of its country asks.
    pub imprint: String,
    /// Its brand colour; contrast is seen to.
    pub colour: Rgb,
    /// Language of the reader.
    pub lang: Lang,
}

/// A mail that can be composed.
pub trait Mail {
    /// Its content in words.
    fn letter(&self, say: &letter::Say<'_>) -> Result<Letter, crate::TemplateError>;
}

/// The sign-in mail.
#[derive(Debug, Clone)]
pub struct SignIn {
    /// `https://.../auth/{token}`
    pub url: String,
    /// Six digits, asked for when the link is opened in another browser.
    pub code: String,
    /// Minutes both work for.
    pub valid_minutes: u32,
    /// When it was asked for, in UTC.
    pub requested_at: NaiveDateTime,
    /// Browser that asked, `Firefox on Windows`; empty when unknown.
    pub device: String,
}

/// After a payment.
#[derive(Debug, Clone)]
pub struct Receipt {
    /// Total paid.
    pub amount: Money,
    /// Day it was paid.
    pub paid_on: NaiveDate,
    /// With what.
    pub method: Method,
    /// Lines, taxes, total.
    pub bill: Bill,
    /// Number and link of the invoice, once it is written.
    pub invoice: Option<DocumentLink>,
    /// Number and link of the receipt.
    pub receipt: Option<DocumentLink>,
    /// Next planned payment.
    pub next_payment: Option<NextCharge>,
    /// `https://.../r/{token}`
    pub portal_url: String,
}

/// Where a document can be downloaded.
#[derive(Debug, Clone)]
pub struct DocumentLink {
    /// Its number.
    pub number: String,
    /// `https://.../billing/...`; asks to sign in.
    pub url: String,
}

/// A planned charge.
#[derive(Debug, Clone)]
pub struct NextCharge {
    /// How much.
    pub amount: Money,
    /// When.
    pub on: NaiveDate,
}

/// An invoice could not be charged, or is overdue.
#[derive(Debug, Clone)]
pub struct PaymentFailed {
    /// Product name.
    pub product: String,
    /// What is open.
    pub amount: Money,
    /// What was charged, and why it was refused; absent when there was nothing to charge.
    pub refused: Option<(Method, FailureReason)>,
    /// Next automatic try, if one is planned.
    pub next_try: Option<NaiveDate>,
    /// It is for a subscription, which paying keeps; else it is for something billed once.
    pub keeps: bool,
    /// Link to pay.
    pub pay_url: String,
}

/// A payment that failed is still open.
#[derive(Debug, Clone)]
pub struct PaymentReminder {
    /// Product name.
    pub product: String,
    /// What is open.
    pub amount: Money,
    /// Next automatic try, if one is planned.
    pub next_try: Option<NaiveDate>,
    /// It is for a subscription, which paying keeps; else it is for something billed once.
    pub keeps: bool,
    /// Link to pay.
    pub pay_url: String,
}

/// The last mail about a payment that failed.
#[derive(Debug, Clone)]
pub struct FinalNotice {
    /// Product name.
    pub product: String,
    /// What is open.
    pub amount: Money,
    /// Day on which the next step is taken; absent when there is none left.
    pub pay_by: Option<NaiveDate>,
    /// It is for a subscription, which paying keeps; else it is for something billed once.
    pub keeps: bool,
    /// Link to pay.
    pub pay_url: String,
}

/// A subscription was put on hold.
#[derive(Debug, Clone)]
pub struct OnHold {
    /// Product name.
    pub product: String,
    /// What is open; absent when a trial ended without a payment method.
    pub amount: Option<Money>,
    /// Link to pay and reactivate.
    pub pay_url: String,
}

/// A subscription is going to end.
#[derive(Debug, Clone)]
pub struct CancellationScheduled {
    /// Product name.
    pub product: String,
    /// Day it ends.
    pub ends_on: NaiveDate,
    /// Link to the subscription, where it can be revoked.
    pub portal_url: String,
}

/// A subscription has ended.
#[derive(Debug, Clone)]
pub struct Cancelled {
    /// Product name.
    pub product: String,
    /// Day it ended.
    pub ended_on: NaiveDate,
    /// It was a trial, and there was nothing to charge afterwards.
    pub trial_without_method: bool,
    /// What its last invoice is over, such as usage; it is not charged by itself. If `still_charged`, all that is open.
    pub owed: Option<Money>,
    /// What is open is charged as before.
    pub still_charged: bool,
    /// What came back.
    pub given_back: Option<GivenBack>,
    /// Link to the portal.
    pub portal_url: String,
}

/// A scheduled cancellation was revoked.
#[derive(Debug, Clone)]
pub struct Uncancelled {
    /// Product name.
    pub product: String,
    /// Next renewal; absent while it is on hold.
    pub renewal: Option<NextCharge>,
    /// Link to the subscription.
    pub portal_url: String,
}

/// A credit note was written. Amounts are minor units of the total's currency.
#[derive(Debug, Clone)]
pub struct CreditNote {
    /// Its number.
    pub number: String,
    /// Number of the invoice that it amends.
    pub invoice: String,
    /// What it gives back.
    pub total: Money,
    /// Of that: sent back, and to what where that is one method.
    pub refund: Option<(Money, Option<Method>)>,
    /// Of that: kept as the customer's balance.
    pub to_balance: Option<Money>,
    /// Of that: no longer owed.
    pub to_offset: Option<Money>,
    /// Link to the invoice.
    pub portal_url: String,
}

/// A payment method was added.
#[derive(Debug, Clone)]
pub struct MethodAdded {
    /// It.
    pub method: Method,
    /// It is now the default.
    pub is_default: bool,
    /// Link to the payment methods.
    pub portal_url: String,
}

/// A subscription on hold is active again.
#[derive(Debug, Clone)]
pub struct Reactivated {
    /// Product name.
    pub product: String,
    /// What was paid for it, if anything.
    pub amount: Option<Money>,
    /// Next planned payment.
    pub next_payment: Option<NextCharge>,
    /// Link to the subscription.
    pub portal_url: String,
}

/// The bank wants the customer to confirm a charge.
#[derive(Debug, Clone)]
pub struct AuthenticationRequired {
    /// Product name.
    pub product: String,
    /// What is to be confirmed.
    pub amount: Money,
    /// Link to pay.
    pub pay_url: String,
}
