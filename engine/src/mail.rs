//! What is mailed: the kinds, the facts they carry, and putting one in the queue.

use crate::db::Conn;
use crate::error::{Error, Result};
use crate::ids::{CreditNoteId, InvoiceId, MailId, MethodId, ReceiptId, SubscriptionId, TokenId};
use crate::job::Job;
use crate::scope::Scope;
use crate::store;
use crate::store::access::{PortalToken, TokenPurpose};
use crate::store::customers::Customer;
use crate::store::mails::{Mail, MailState};
use chrono::{NaiveDate, TimeDelta};
use domain::money::Money;
use domain::reminder::{ReminderKind, WinBackMail};
use domain::subscription::ending::GivenBack;
use domain::words;
use serde::{Deserialize, Serialize};

words! {
    /// Every mail there is.
    MailKind {
        /// The link and code for signing in.
        SignIn = "sign_in",
        /// A payment succeeded.
        Receipt = "receipt",
        /// A payment failed. This and the next two are steps of dunning, too.
        PaymentFailed = "payment_failed",
        /// It is still open.
        PaymentReminder = "payment_reminder",
        /// It is still open, and this is the last word about it.
        FinalNotice = "final_notice",
        /// The first payment failed: the subscription has not begun.
        FirstPaymentFailed = "first_payment_failed",
        /// It did not come in time: the subscription will not begin.
        FirstPaymentExpired = "first_payment_expired",
        /// The bank wants the customer to confirm a payment.
        AuthenticationRequired = "authentication_required",
        /// A subscription went on hold.
        OnHold = "on_hold",
        /// A subscription that was on hold is active again.
        Reactivated = "reactivated",
        /// A cancellation is scheduled.
        CancellationScheduled = "cancellation_scheduled",
        /// A scheduled cancellation was revoked.
        Uncancelled = "uncancelled",
        /// A subscription ended.
        Cancelled = "cancelled",
        /// A change that was planned will not come.
        ChangeDropped = "change_dropped",
        /// Something was billed once.
        InvoiceIssued = "invoice_issued",
        /// The business said no to a customer's wish for a refund. A yes is told by its credit note.
        RefundDeclined = "refund_declined",
        /// A credit note was written.
        CreditNote = "credit_note",
        /// A payment method was added.
        PaymentMethodAdded = "payment_method_added",
        /// A trial is about to become a paid period.
        TrialEnding = "trial_ending",
        /// A long period is about to be paid again.
        RenewalUpcoming = "renewal_upcoming",
        /// A card expires before it is charged again.
        CardExpiring = "card_expiring",
        /// A coupon for a customer who has left. This and the next three are marketing.
        WinBackOffer = "win_back_offer",
        /// What was missing?
        WinBackSurvey = "win_back_survey",
        /// Help with getting started.
        WinBackHelp = "win_back_help",
        /// An apology.
        WinBackApology = "win_back_apology",
    }
}

impl MailKind {
    /// Sent at a planned moment, and not at all once that is over.
    pub fn is_planned(self) -> bool {
        matches!(self, Self::TrialEnding | Self::RenewalUpcoming | Self::CardExpiring) || self.is_marketing()
    }

    /// Goes to customers who have agreed to it, and tells how to end that.
    pub fn is_marketing(self) -> bool {
        matches!(self, Self::WinBackOffer | Self::WinBackSurvey | Self::WinBackHelp | Self::WinBackApology)
    }
}

impl From<ReminderKind> for MailKind {
    fn from(kind: ReminderKind) -> Self {
        match kind {
            ReminderKind::TrialEnding => Self::TrialEnding,
            ReminderKind::RenewalUpcoming => Self::RenewalUpcoming,
            ReminderKind::CardExpiring => Self::CardExpiring,
        }
    }
}

impl From<WinBackMail> for MailKind {
    fn from(kind: WinBackMail) -> Self {
        match kind {
            WinBackMail::Offer => Self::WinBackOffer,
            WinBackMail::Survey => Self::WinBackSurvey,
            WinBackMail::Help => Self::WinBackHelp,
            WinBackMail::Apology => Self::WinBackApology,
        }
    }
}

/// Reason of a mail about a trial that ended with nothing to charge.
pub const TRIAL_NO_METHOD: &str = "trial_no_method";

/// The facts a mail states, as they were when it was queued.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct MailFacts {
    /// What was bought.
    pub product: Option<String>,
    /// How much.
    pub amount: Option<Money>,
    /// The day it is about: when it ends, when it is tried again, until when to pay, when it renews next.
    pub date: Option<NaiveDate>,
    /// What was charged, or added.
    pub method_id: Option<MethodId>,
    /// A word of `DeclineKind`, or [`TRIAL_NO_METHOD`].
    pub reason: Option<String>,
    /// The subscription to link to.
    pub subscription_id: Option<SubscriptionId>,
    /// The invoice to link to; a receipt shows its lines.
    pub invoice_id: Option<InvoiceId>,
    /// The credit note.
    pub credit_note_id: Option<CreditNoteId>,
    /// The receipt of the charge.
    pub receipt_id: Option<ReceiptId>,
    /// The code of a coupon that it offers.
    pub coupon: Option<String>,
    /// What came back at the end of a subscription.
    pub given_back: Option<GivenBack>,
    /// The amount is charged by itself, though the subscription has ended.
    #[serde(default)]
    pub still_charged: bool,
}

/// A mail to queue.
pub struct NewMail<'a> {
    /// To whom.
    pub to: &'a Customer,
    /// Which.
    pub kind: MailKind,
    /// Names the fact it tells; the same key is never mailed twice.
    pub dedupe_key: String,
    /// What it says.
    pub facts: MailFacts,
}

/// Queues a mail with a link that signs its reader in for a day. Queuing the same fact again does nothing.
pub fn queue(tx: &mut Conn, scope: &Scope, new: NewMail) -> Result<()> {
    if store::mails::exists(tx, scope.id(), &new.dedupe_key)? {
        return Ok(());
    }
    let token_id = TokenId::mint();
    let hours = i64::from(scope.installation.installation.security.receipt_link_hours);
    let token = PortalToken {
        token_hash: scope.keys.mail_token_hash(token_id.as_str()),
        id: token_id.clone(),
        tenant_id: scope.id().clone(),
        purpose: TokenPurpose::Receipt,
        email: new.to.email.clone(),
        customer_id: Some(new.to.id.clone()),
        nonce_hash: None,
        return_path: return_path(new.kind, &new.facts),
        code_tries: 0,
        expires_at: scope.now.wall + TimeDelta::hours(hours),
        consumed_at: None,
        revoked_at: None,
        created_at: scope.now.wall,
    };
    store::access::insert_token(tx, &token)?;
    enqueue(tx, scope, new, token_id)?;
    Ok(())
}

/// Queues the mail that carries the link of a token that exists already.
pub fn queue_with_token(tx: &mut Conn, scope: &Scope, new: NewMail, token_id: TokenId) -> Result<MailId> {
    enqueue(tx, scope, new, token_id)
}

fn enqueue(tx: &mut Conn, scope: &Scope, new: NewMail, token_id: TokenId) -> Result<MailId> {
    let id = MailId::mint();
    let row = Mail {
        message_id: format!("{id}@{}", scope.settings.identity.hosts[0]),
        id: id.clone(),
        tenant_id: scope.id().clone(),
        customer_id: Some(new.to.id.clone()),
        kind: new.kind.into(),
        dedupe_key: new.dedupe_key,
        to_address: new.to.email.clone(),
        locale: locale_of(new.to, scope),
        data: serde_json::to_string(&new.facts).map_err(Error::bug)?,
        token_id: Some(token_id),
        state: MailState::Queued,
        attempts: 0,
        next_at: scope.now.wall,
        last_error: None,
        created_at: scope.now.wall,
        sent_at: None,
    };
    store::mails::insert(tx, &row)?;
    let job = Job::SendMail { tenant_id: scope.id().clone(), mail_id: id.clone() };
    store::jobs::enqueue(tx, &job, scope.now.wall, scope.now.wall)?;
    Ok(id)
}

/// The language a customer is written to in.
pub fn locale_of(customer: &Customer, scope: &Scope) -> String {
    customer.locale.clone().unwrap_or_else(|| scope.settings.identity.default_locale.to_string())
}

/// Where its reader goes on: to the payment where one is asked for.
fn return_path(kind: MailKind, facts: &MailFacts) -> Option<String> {
    use MailKind::*;
    let asks = match kind {
        PaymentFailed | PaymentReminder | FinalNotice | OnHold | AuthenticationRequired => true,
        FirstPaymentFailed => true,
        // The balance may have paid it.
        InvoiceIssued => facts.amount.is_some(),
        _ => false,
    };
    match (&facts.invoice_id, &facts.subscription_id) {
        (Some(id), _) if asks => Some(format!("/billing/{id}/pay")),
        (_, Some(id)) if kind == CardExpiring => Some(format!("/subscriptions/{id}/payment-method")),
        (_, Some(id)) => Some(format!("/subscriptions/{id}")),
        (Some(id), None) => Some(format!("/billing/{id}")),
        (None, None) => None,
    }
}
