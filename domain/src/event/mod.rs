//! The vocabulary of events: every change of state there is, in one word each.
//!
//! An event is written in the transaction of its change, numbered per subject, and carries the whole [`Subject`] as it
//! is after the change, so that a reader who has missed some can go on from any of them. Its actor says who
//! caused it, its reason why, where there is a why.

mod cause;

pub use cause::{Actor, Reason, UnknownActor, Why};

use crate::invoice::state::InvoiceStatus;
use crate::payment::state::{AttemptState, Purpose};
use crate::words;

words! {
    /// What an event is about: the first half of its word. Each carries a snapshot of that name.
    Subject {
        /// A subscription: status, plan, quantity and add-ons, period and its index, trial, dates of end, pause and
        /// resumption, feedback, hold reason, contract, payment method, coupons, pending change.
        Subscription = "subscription",
        /// An invoice: number, status, reason, customer, subscription, period, dates, every amount. Its lines are in the
        /// document and never change.
        Invoice = "invoice",
        /// A charge: invoice, amount, state, trigger, method, provider's reference, decline.
        Payment = "payment",
        /// A refund: credit note, the charge it gives back, amount, state, provider's reference. Or the wish for one:
        /// invoice, state.
        Refund = "refund",
        /// A credit note: number, invoice, reason, amounts, where they go.
        CreditNote = "credit_note",
        /// A dispute: the charge, amount, state.
        Dispute = "dispute",
        /// A case of dunning: invoice, policy version, step, when the next is, last refusal, outcome, how long it was
        /// frozen.
        Dunning = "dunning",
        /// A customer: locale, whether it wants news, what VIES says, tax and zone of their own; never the details
        /// themselves.
        Customer = "customer",
        /// A payment method: customer, kind, brand, last digits, expiry, status.
        PaymentMethod = "payment_method",
        /// What a provider told by webhook: its account, kind and reference, the provider's id of it, when it came.
        ProviderEvent = "provider_event",
        /// A license key: benefit, subscription, customer, devices; never the key. Whether there is access is computed
        /// and no event.
        Entitlement = "entitlement",
        /// A business: since when its money stands still.
        Business = "business",
    }
}

words! {
    /// Something that happened.
    EventKind {
        /// It was created.
        SubscriptionCreated = "subscription.created",
        /// Its first payment came.
        SubscriptionActivated = "subscription.activated",
        /// Its trial became a paid period.
        SubscriptionTrialEnded = "subscription.trial_ended",
        /// Its trial was made longer.
        SubscriptionTrialExtended = "subscription.trial_extended",
        /// A period was opened.
        SubscriptionRenewed = "subscription.renewed",
        /// A payment is missing.
        SubscriptionPastDue = "subscription.past_due",
        /// Nothing is missing any more: paid, or let go by the business.
        SubscriptionRecovered = "subscription.recovered",
        /// It stopped; the reason says why.
        SubscriptionOnHold = "subscription.on_hold",
        /// It came back from hold.
        SubscriptionReactivated = "subscription.reactivated",
        /// A pause is scheduled.
        SubscriptionPauseScheduled = "subscription.pause_scheduled",
        /// A scheduled pause was undone.
        SubscriptionPauseRevoked = "subscription.pause_revoked",
        /// It paused.
        SubscriptionPaused = "subscription.paused",
        /// It goes on after a pause.
        SubscriptionResumed = "subscription.resumed",
        /// A change of plan, quantity or add-ons is scheduled.
        SubscriptionChangeScheduled = "subscription.change_scheduled",
        /// A scheduled change was undone, or dropped.
        SubscriptionChangeRevoked = "subscription.change_revoked",
        /// Plan, quantity or add-ons have changed, or how long its contract runs (`contract`).
        SubscriptionChanged = "subscription.changed",
        /// A coupon was redeemed; the reason is its code.
        SubscriptionDiscountChanged = "subscription.discount_changed",
        /// Another payment method pays it.
        SubscriptionMethodChanged = "subscription.method_changed",
        /// Its end is scheduled.
        SubscriptionCancellationScheduled = "subscription.cancellation_scheduled",
        /// Its scheduled end was revoked.
        SubscriptionUncancelled = "subscription.uncancelled",
        /// It ended.
        SubscriptionCancelled = "subscription.cancelled",
        /// It ended before its first payment.
        SubscriptionExpired = "subscription.expired",
        /// It waits for an operator after repeated technical failure.
        SubscriptionParked = "subscription.parked",
        /// An operator let it go on.
        SubscriptionUnparked = "subscription.unparked",
        /// An operator decided about periods that went by unseen.
        SubscriptionReviewed = "subscription.reviewed",

        /// It was finalised and is owed; with nothing left to pay it is paid at once, which its status says.
        InvoiceOpened = "invoice.opened",
        /// Money or a credit note came in, and its status stays.
        InvoiceReduced = "invoice.reduced",
        /// Nothing is owed any more.
        InvoicePaid = "invoice.paid",
        /// A payment was taken back: that is owed again.
        InvoiceReopened = "invoice.reopened",
        /// It was withdrawn.
        InvoiceVoided = "invoice.voided",
        /// It was given up.
        InvoiceUncollectible = "invoice.uncollectible",

        /// The customer has to confirm it.
        PaymentRequiresAction = "payment.requires_action",
        /// It was accepted and settles later.
        PaymentPending = "payment.pending",
        /// The money moved.
        PaymentSucceeded = "payment.succeeded",
        /// It was refused.
        PaymentFailed = "payment.failed",
        /// It provably never took effect.
        PaymentNotExecuted = "payment.not_executed",
        /// It was withdrawn before it took effect.
        PaymentCancelled = "payment.cancelled",
        /// The money was taken back.
        PaymentReversed = "payment.reversed",
        /// A person has to look.
        PaymentNeedsReview = "payment.needs_review",
        /// A person has looked.
        PaymentReviewed = "payment.reviewed",

        /// A customer asked for it.
        RefundRequested = "refund.requested",
        /// The business said yes.
        RefundGranted = "refund.granted",
        /// The business said no.
        RefundDeclined = "refund.declined",
        /// It was accepted and settles later.
        RefundPending = "refund.pending",
        /// The money went back.
        RefundSucceeded = "refund.succeeded",
        /// It was refused.
        RefundFailed = "refund.failed",
        /// It provably never took effect.
        RefundNotExecuted = "refund.not_executed",
        /// It was withdrawn before it took effect.
        RefundCancelled = "refund.cancelled",
        /// A person has to look.
        RefundNeedsReview = "refund.needs_review",
        /// A person has looked, or decided what becomes of it.
        RefundReviewed = "refund.reviewed",

        /// It was issued.
        CreditNoteIssued = "credit_note.issued",
        /// A refund failed, and its amount went to the balance.
        CreditNoteResettled = "credit_note.resettled",

        /// A customer took a payment back.
        DisputeOpened = "dispute.opened",
        /// The business kept the money.
        DisputeWon = "dispute.won",
        /// The customer kept it.
        DisputeLost = "dispute.lost",

        /// A payment failed for the first time; the reason is its decline.
        DunningOpened = "dunning.opened",
        /// A step was taken; or put back, since its retry never left (`not_executed`).
        DunningAdvanced = "dunning.advanced",
        /// What it charges was refused otherwise than before, or is another payment method: its next step is another.
        DunningChanged = "dunning.changed",
        /// The provider is out of order: the case stands still.
        DunningFrozen = "dunning.frozen",
        /// It goes on.
        DunningThawed = "dunning.thawed",
        /// It is over; the reason says how: `recovered`, `exhausted` or `cancelled`.
        DunningClosed = "dunning.closed",

        /// It was created.
        CustomerCreated = "customer.created",
        /// Its details changed.
        CustomerUpdated = "customer.updated",
        /// A billing address was added or changed.
        CustomerAddressSaved = "customer.address_saved",
        /// A billing address was removed.
        CustomerAddressRemoved = "customer.address_removed",

        /// It was added.
        PaymentMethodAdded = "payment_method.added",
        /// It pays by default from now on.
        PaymentMethodDefault = "payment_method.default",
        /// It left the customer's list.
        PaymentMethodRemoved = "payment_method.removed",
        /// The provider has renewed it: another expiry, other digits.
        PaymentMethodUpdated = "payment_method.updated",
        /// The provider forgot it: nothing uses it any more.
        PaymentMethodDetached = "payment_method.detached",

        /// For an hour nothing here has been what it tells of: a person has to look.
        ProviderEventUnmatched = "provider_event.unmatched",
        /// A person has put it aside.
        ProviderEventDismissed = "provider_event.dismissed",

        /// A license key was issued.
        EntitlementKeyIssued = "entitlement.key_issued",
        /// A license key was revoked.
        EntitlementKeyRevoked = "entitlement.key_revoked",
        /// A device uses a license key.
        EntitlementKeyActivated = "entitlement.key_activated",
        /// A device gave a license key up.
        EntitlementKeyDeactivated = "entitlement.key_deactivated",

        /// None of its money moves; the reason says why.
        BusinessMoneyPaused = "business.money_paused",
        /// An operator let it move again.
        BusinessMoneyResumed = "business.money_resumed",
    }
}

impl EventKind {
    /// What it is about, and so which snapshot it carries.
    pub fn subject(self) -> Subject {
        let is_about = |subject: &&Subject| {
            self.as_str().strip_prefix(subject.as_str()).is_some_and(|rest| rest.starts_with('.'))
        };
        // A test holds that every word has its subject.
        Subject::ALL.iter().find(is_about).copied().unwrap_or(Subject::Customer)
    }
}

/// The event of an invoice whose status or amounts have changed; none for drafts, which nobody outside sees.
pub const fn of_invoice(from: InvoiceStatus, to: InvoiceStatus) -> Option<EventKind> {
    use InvoiceStatus::*;
    Some(match (from, to) {
        (_, Draft) => return None,
        (Draft, Open | Paid) => EventKind::InvoiceOpened,
        (Open, Open) | (Paid, Paid) | (Void, Void) | (Uncollectible, Uncollectible) => {
            EventKind::InvoiceReduced
        }
        (_, Open) => EventKind::InvoiceReopened,
        (_, Paid) => EventKind::InvoicePaid,
        (_, Void) => EventKind::InvoiceVoided,
        (_, Uncollectible) => EventKind::InvoiceUncollectible,
    })
}

/// The event of a charge or refund that comes to a state; none for those on the way to the provider.
pub const fn of_attempt(purpose: Purpose, to: AttemptState) -> Option<EventKind> {
    use AttemptState::*;
    use EventKind::*;
    let (charge, refund) = match to {
        Created | Submitted | Unknown => return None,
        RequiresAction => (PaymentRequiresAction, RefundPending),
        Pending => (PaymentPending, RefundPending),
        Succeeded => (PaymentSucceeded, RefundSucceeded),
        Failed => (PaymentFailed, RefundFailed),
        Error => (PaymentNotExecuted, RefundNotExecuted),
        Cancelled => (PaymentCancelled, RefundCancelled),
        Reversed => (PaymentReversed, RefundFailed),
    };
    Some(match purpose {
        Purpose::Charge => charge,
        Purpose::Refund => refund,
    })
}
