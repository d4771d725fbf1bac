//! Refunds and disputes: what can be given back, who may ask for it, and what follows when a bank takes it.

use super::state::AttemptState;
use crate::Instant;
use crate::money::MoneyError;
use crate::subscription::state::SubscriptionStatus;
use crate::words;
use chrono::TimeDelta;
use serde::{Deserialize, Serialize};

/// A charge that succeeded, in minor units of its currency.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ChargeFacts {
    /// What the provider took.
    pub taken: i64,
    /// Refunds of it that succeeded or may yet succeed.
    pub refunds: i64,
    /// What banks have taken back or hold; a dispute that was won counts no more.
    pub disputed: i64,
}

/// What can still be given back of a charge.
pub fn refundable(charge: &ChargeFacts) -> i64 {
    let gone = i128::from(charge.refunds) + i128::from(charge.disputed);
    // Between nothing and what was taken, so it fits.
    i64::try_from((i128::from(charge.taken) - gone).max(0)).unwrap_or(0).min(charge.taken.max(0))
}

/// Why a refund is refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum RefundRefusal {
    /// A charge of the invoice may yet take money: first it has to be known what it took.
    #[error("a payment of this invoice is still being checked")]
    ChargeOpen,
    /// More than can be given back, or not an amount.
    #[error("no more than {refundable} can be refunded")]
    MoreThanRefundable {
        /// Minor units.
        refundable: i64,
    },
    /// The amounts do not fit.
    #[error(transparent)]
    Money(#[from] MoneyError),
}

/// Refunds `amount` from an invoice's charges, the latest first: answers with the position of a charge and the
/// part that is refunded from it. `charges` are in the order they were made; `charge_open` says that an attempt
/// on the invoice may yet take money.
pub fn plan_refunds(
    charges: &[ChargeFacts],
    amount: i64,
    charge_open: bool,
) -> Result<Vec<(usize, i64)>, RefundRefusal> {
    if charge_open {
        return Err(RefundRefusal::ChargeOpen);
    }
    let all: i128 = charges.iter().map(|charge| i128::from(refundable(charge))).sum();
    let all = i64::try_from(all).map_err(|_| MoneyError::OutOfRange)?;
    if amount <= 0 || amount > all {
        return Err(RefundRefusal::MoreThanRefundable { refundable: all });
    }
    let mut left = amount;
    let mut plan = Vec::new();
    for (position, charge) in charges.iter().enumerate().rev() {
        let part = left.min(refundable(charge));
        if part > 0 {
            plan.push((position, part));
            left -= part;
        }
    }
    Ok(plan)
}

/// Whether customers may take money back themselves. In a settings file: `"off"`, `"request"` or
/// `{ within_days = 14 }`.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum SelfService {
    /// They may not.
    #[default]
    Off,
    /// They may, for so many days from the charge on.
    WithinDays(u32),
    /// They may ask, and a person decides.
    Request,
}

/// The business's rules for refunds that customers start.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RefundPolicy {
    /// Whether and how.
    #[serde(default)]
    pub self_service: SelfService,
    /// The subscription ends with the refund.
    #[serde(default)]
    pub cancels: bool,
}

/// What decides about a customer's own refund.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SelfServiceFacts {
    /// When the charge succeeded, billing time.
    pub charged_at: Instant,
    /// No later charge of this subscription has succeeded.
    pub is_latest_charge: bool,
    /// A refund was started or asked for in the period that the charge paid.
    pub asked_in_period: bool,
    /// A charge of the invoice may yet take money.
    pub charge_open: bool,
    /// What can be given back of the charge.
    pub refundable: i64,
}

/// What a customer is offered.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Offer {
    /// The money back, at once.
    Refund {
        /// All that can be given back.
        amount: i64,
        /// The subscription ends with it.
        cancels: bool,
    },
    /// To ask for it.
    Request,
}

/// Why a customer is offered nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum NoOffer {
    /// By policy.
    #[error("refunds are not offered here")]
    Off,
    /// A later charge was made.
    #[error("only the latest payment can be refunded here")]
    NotLatest,
    /// The days are over.
    #[error("the time for a refund is over")]
    TooLate,
    /// Once per period.
    #[error("a refund was already asked for in this period")]
    AlreadyAsked,
    /// A payment is being checked.
    #[error("a payment of this invoice is still being checked")]
    ChargeOpen,
    /// Nothing is left to give back, or a bank holds it.
    #[error("nothing can be refunded")]
    Nothing,
}

/// What a customer is offered at `now` (billing time).
pub fn offer(policy: &RefundPolicy, facts: &SelfServiceFacts, now: Instant) -> Result<Offer, NoOffer> {
    if policy.self_service == SelfService::Off {
        return Err(NoOffer::Off);
    }
    if !facts.is_latest_charge {
        return Err(NoOffer::NotLatest);
    }
    if facts.asked_in_period {
        return Err(NoOffer::AlreadyAsked);
    }
    if facts.charge_open {
        return Err(NoOffer::ChargeOpen);
    }
    if facts.refundable <= 0 {
        return Err(NoOffer::Nothing);
    }
    match policy.self_service {
        SelfService::Off => Err(NoOffer::Off),
        SelfService::Request => Ok(Offer::Request),
        SelfService::WithinDays(days) if now > facts.charged_at + TimeDelta::days(i64::from(days)) => {
            Err(NoOffer::TooLate)
        }
        SelfService::WithinDays(_) => Ok(Offer::Refund { amount: facts.refundable, cancels: policy.cancels }),
    }
}

/// What a refund's attempt comes to for the credit note that promised it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RefundProgress {
    /// Not known yet.
    Wait,
    /// The customer has the money.
    PaidBack,
    /// It will not succeed: a person decides whether the balance takes it. Nothing is tried again by itself.
    AskAPerson,
    /// It will not succeed, and a person has said: into the balance.
    ToBalance,
}

/// Where a refund stands. The credit note holds whatever happens; only where its money goes may change.
pub fn progress(state: AttemptState, balance_confirmed: bool) -> RefundProgress {
    match state {
        state if state.is_open() => RefundProgress::Wait,
        AttemptState::Succeeded => RefundProgress::PaidBack,
        _ if balance_confirmed => RefundProgress::ToBalance,
        _ => RefundProgress::AskAPerson,
    }
}

/// What a refund that succeeded comes to, after what was decided about it before.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Success {
    /// The customer has the money, as was promised.
    AsPromised,
    /// The balance had been given it: it goes out of the balance again, and a person is told.
    OutOfBalance,
    /// It was sent again before: a person has to see whether the money went back twice.
    MaybeTwice,
}

/// Takes in that a refund succeeded that had come to nothing before, as far as anybody knew.
pub const fn succeeded(in_balance: bool, sent_again: bool) -> Success {
    match (in_balance, sent_again) {
        (true, _) => Success::OutOfBalance,
        (false, true) => Success::MaybeTwice,
        (false, false) => Success::AsPromised,
    }
}

/// What becomes of a refund when the bank takes its charge back: what goes back twice is lost.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AtDispute {
    /// It has ended.
    Nothing,
    /// It was not sent yet, and is not any more.
    Withdraw,
    /// It may take effect: a person has to look.
    AskAPerson,
}

/// Decides about a refund of a charge that is disputed.
pub const fn at_dispute(refund: AttemptState) -> AtDispute {
    match refund {
        AttemptState::Created => AtDispute::Withdraw,
        open if open.is_open() => AtDispute::AskAPerson,
        _ => AtDispute::Nothing,
    }
}

words! {
    /// Where a dispute stands.
    DisputeState {
        /// The bank has taken the money and has not decided.
        Open = "open",
        /// The bank has given the money back.
        Won = "won",
        /// The money is gone.
        Lost = "lost",
    }
}

words! {
    /// What a dispute does to the subscription, by setting.
    DisputePolicy {
        /// It goes on hold until the invoice is paid.
        Hold = "hold",
        /// It is cancelled.
        Cancel = "cancel",
        /// It goes on.
        Nothing = "nothing",
    }
}

/// What a subscription does when a payment of it is disputed: nothing, where it has ended or does not run.
pub fn on_dispute(policy: DisputePolicy, status: SubscriptionStatus) -> DisputePolicy {
    use SubscriptionStatus::{Active, Error, PastDue, Trialing};
    match policy {
        DisputePolicy::Hold if matches!(status, Active | PastDue | Trialing | Error) => DisputePolicy::Hold,
        DisputePolicy::Cancel if status.is_live() => DisputePolicy::Cancel,
        _ => DisputePolicy::Nothing,
    }
}

words! {
    /// What becomes of money that came for what its subscription never gave, by setting.
    LateMoney {
        /// It goes back to where it came from.
        Refund = "refund",
        /// It goes into the customer's balance.
        Balance = "balance",
        /// It stays, and a person decides.
        Keep = "keep",
    }
}
