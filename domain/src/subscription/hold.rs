//! Coming back from hold.

use super::due::SubscriptionFacts;
use super::state::SubscriptionStatus;
use crate::Instant;
use crate::period::{Anchor, Period, Schedule};
use crate::words;

words! {
    /// Why a subscription is on hold.
    HoldReason {
        /// Payment was chased in vain.
        PaymentFailed = "payment_failed",
        /// Its trial ended without a payment method; nothing is owed.
        TrialNoMethod = "trial_no_method",
        /// The customer took a payment back.
        Disputed = "disputed",
    }
}

words! {
    /// What is billed when the period that was not paid for is over, by setting.
    Lapsed {
        /// Nothing of it: its invoice is taken back and a new period starts now. The default.
        Restart = "restart",
        /// It is paid first, and at most one further period follows.
        Arrears = "arrears",
    }
}

words! {
    /// How a payment stands that should bring a subscription back.
    PaymentStanding {
        /// The money is there.
        Succeeded = "succeeded",
        /// It is on its way (bank debits).
        Pending = "pending",
        /// It was refused.
        Failed = "failed",
    }
}

/// An open invoice of a subscription.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct OpenInvoice {
    /// End of the period that it bills; none where it bills no period.
    pub period_end: Option<Instant>,
}

/// What decides about coming back, beside the subscription itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HoldFacts {
    /// Why it is on hold.
    pub reason: HoldReason,
    /// Its open invoices, oldest first, and that of its last period even if it was given up.
    pub open_invoices: Vec<OpenInvoice>,
    /// An attempt on one of them may yet take money.
    pub attempt_open: bool,
}

/// What coming back takes. Invoices are given by their place in [`HoldFacts::open_invoices`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Reactivation {
    /// Charge these open invoices as they are; no other is written. When all are paid it goes on in its period.
    Charge(Vec<usize>),
    /// Nothing is owed and the period that was paid for still runs: it goes on at once.
    GoOn,
    /// Begin a new period now, with a new invoice that is charged together with `charge`.
    NewPeriod {
        /// Stale invoices to take back in full by credit note.
        credit: Vec<usize>,
        /// Other open invoices, charged as they are.
        charge: Vec<usize>,
        /// Index of the new period.
        period_index: i64,
        /// How periods are counted from then on.
        schedule: Schedule,
        /// The new period.
        period: Period,
    },
    /// Charge these invoices; once they are paid, open this one period, which runs now. Periods between are never
    /// billed.
    Arrears {
        /// All open invoices.
        charge: Vec<usize>,
        /// Index of the period to open then, by the unchanged schedule.
        then_open: i64,
    },
}

/// Why a subscription cannot come back now.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum ReactivationRefusal {
    /// It is not on hold.
    #[error("the subscription is not on hold")]
    NotOnHold,
    /// There is nothing to charge.
    #[error("the subscription needs a payment method")]
    NoMethod,
    /// A second payment must not meet the first.
    #[error("a payment of this subscription is being checked")]
    AttemptOpen,
    /// Its scheduled end has come.
    #[error("the subscription is going to end")]
    Ending,
}

/// Decides what it takes to bring a subscription back at `now`, once its customer has confirmed a method.
///
/// While the unpaid period runs, the open invoices are charged as they are. When it is over, `lapsed` decides
/// between a new start and the arrears.
pub fn decide_reactivation(
    sub: &SubscriptionFacts,
    hold: &HoldFacts,
    lapsed: Lapsed,
    now: Instant,
) -> Result<Reactivation, ReactivationRefusal> {
    if sub.status != SubscriptionStatus::OnHold {
        return Err(ReactivationRefusal::NotOnHold);
    }
    if sub.cancel_at.is_some_and(|at| at <= now) {
        return Err(ReactivationRefusal::Ending);
    }
    if hold.attempt_open {
        return Err(ReactivationRefusal::AttemptOpen);
    }
    if !sub.has_method {
        return Err(ReactivationRefusal::NoMethod);
    }
    let all: Vec<usize> = (0..hold.open_invoices.len()).collect();
    Ok(match (hold.reason, lapsed) {
        (HoldReason::TrialNoMethod, _) => first_period(sub, all, now),
        _ if now < sub.current_period_end && all.is_empty() => Reactivation::GoOn,
        _ if now < sub.current_period_end => Reactivation::Charge(all),
        // Without a stale invoice there are no arrears either. What was paid and taken back was served.
        (HoldReason::Disputed, _) | (_, Lapsed::Arrears) if !all.is_empty() => {
            let then_open = sub.schedule.index_at(now).max(sub.period_index + 1);
            Reactivation::Arrears { charge: all, then_open }
        }
        _ => restart(sub, hold, now),
    })
}

/// The period that the trial was meant to lead to, counted from now; no invoice was ever written for it.
fn first_period(sub: &SubscriptionFacts, charge: Vec<usize>, now: Instant) -> Reactivation {
    let schedule = Schedule { anchor: Anchor::at(now, sub.schedule.anchor.zone), ..sub.schedule };
    let period_index = schedule.anchor_index;
    let period = Period { start: now, ..schedule.period(period_index) };
    Reactivation::NewPeriod { credit: Vec::new(), charge, period_index, schedule, period }
}

fn restart(sub: &SubscriptionFacts, hold: &HoldFacts, now: Instant) -> Reactivation {
    let is_stale = |i: &usize| hold.open_invoices[*i].period_end.is_some_and(|end| end <= now);
    let (credit, charge) = (0..hold.open_invoices.len()).partition(is_stale);
    let (schedule, period) = sub.restarted(sub.schedule.interval, now);
    Reactivation::NewPeriod { credit, charge, period_index: schedule.anchor_index, schedule, period }
}

/// How it came that nothing is owed on an invoice any more.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Means {
    /// A charge paid it.
    Charge,
    /// The customer's balance paid it.
    Balance,
    /// The business let it go: withdrew, credited or gave it up, or won back what a bank had taken.
    Business,
}

impl Means {
    /// Whether the customer's money paid it. Nothing else begins a subscription.
    pub const fn is_money(self) -> bool {
        matches!(self, Self::Charge | Self::Balance)
    }
}

/// A payment that came to something while a subscription is on hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PaymentNews {
    /// The invoice belongs to this subscription.
    pub of_this_subscription: bool,
    /// How the payment stands.
    pub standing: PaymentStanding,
    /// By what.
    pub means: Means,
    /// The period that was not paid for is over: coming back begins another, which is charged.
    pub lapsed: bool,
    /// What the subscription still owes without this invoice, in minor units.
    pub other_dues: i64,
}

/// What a payment does to a subscription on hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AfterPayment {
    /// Active again. Two mails: the receipt, and that it is back; with an optimistic return only the second, the
    /// receipt follows the money.
    Reactivate {
        /// The money has yet to come; a refusal starts dunning anew.
        optimistic: bool,
    },
    /// It stays on hold.
    Stay {
        /// "Your payment is being processed."
        processing: bool,
    },
}

/// Decides what a payment does. One of another invoice never brings a subscription back, nor does one that leaves
/// something owed. After a refusal the method is kept and another can be tried. Where coming back costs a new period,
/// only a charge brings it: nobody is charged for what the business or the balance did.
pub fn after_payment(news: &PaymentNews, reactivate_on_pending: bool) -> AfterPayment {
    let charges_nobody = news.means == Means::Charge || !news.lapsed;
    let settles = news.of_this_subscription && news.other_dues <= 0 && charges_nobody;
    match news.standing {
        PaymentStanding::Succeeded if settles => AfterPayment::Reactivate { optimistic: false },
        PaymentStanding::Pending if settles && reactivate_on_pending => {
            AfterPayment::Reactivate { optimistic: true }
        }
        PaymentStanding::Pending => AfterPayment::Stay { processing: news.of_this_subscription },
        PaymentStanding::Succeeded | PaymentStanding::Failed => AfterPayment::Stay { processing: false },
    }
}
