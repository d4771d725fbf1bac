//! Cancelling and undoing it.

use super::due::SubscriptionFacts;
use super::state::SubscriptionStatus;
use crate::Instant;
use crate::words;

words! {
    /// When a cancellation takes effect.
    CancelTiming {
        /// When the period that was paid for is over.
        AtPeriodEnd = "period_end",
        /// At once.
        Now = "now",
    }
}

words! {
    /// What cancelling a trial does, by setting.
    TrialCancellation {
        /// The trial ends at once and cannot be taken up again.
        Immediate = "immediate",
        /// The trial runs to its end and is not charged; can be undone until then.
        TrialEnd = "trial_end",
    }
}

words! {
    /// Why a customer leaves; the values Stripe and the reference portals share.
    CancelReason {
        /// Too expensive.
        TooExpensive = "too_expensive",
        /// Missing features.
        MissingFeatures = "missing_features",
        /// Switched to another service.
        SwitchedService = "switched_service",
        /// Not using it enough.
        Unused = "unused",
        /// Poor customer service.
        CustomerService = "customer_service",
        /// Low quality.
        LowQuality = "low_quality",
        /// Too complex.
        TooComplex = "too_complex",
        /// Something else.
        Other = "other",
    }
}

/// What a cancellation comes to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CancelDecision {
    /// It ends at once.
    EndNow,
    /// It will end then; until then it can be undone.
    EndAt(Instant),
    /// It was going to end then anyway: nothing changes.
    Already(Instant),
}

/// Why a subscription cannot be cancelled.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum CancelRefusal {
    /// It has ended.
    #[error("the subscription has already ended")]
    Ended,
}

/// Decides about a customer's cancellation.
///
/// A trial follows the setting, whatever timing was asked for. A contract runs to its end, whatever timing was asked
/// for: the subscription ends with the first period that reaches it. Else, without a running period that was paid
/// for (on hold, past due, paused, waiting for the first payment, or the period is just over), it ends now.
pub fn decide_cancel(
    sub: &SubscriptionFacts,
    timing: CancelTiming,
    trial: TrialCancellation,
    now: Instant,
) -> Result<CancelDecision, CancelRefusal> {
    use SubscriptionStatus::*;
    let contract = rest_of_contract(sub, now);
    let end = match sub.status {
        Cancelled | Expired => return Err(CancelRefusal::Ended),
        Active | PastDue | OnHold | Paused | Error if contract.is_some() => contract.map(|rest| rest.end),
        Incomplete | PastDue | OnHold | Paused => None,
        Trialing => match trial {
            TrialCancellation::Immediate => None,
            TrialCancellation::TrialEnd => Some(sub.trial_end.unwrap_or(sub.current_period_end)),
        },
        Active | Error => match timing {
            CancelTiming::Now => None,
            CancelTiming::AtPeriodEnd => Some(sub.current_period_end),
        },
    };
    Ok(match (end, sub.cancel_at) {
        (Some(end), _) if end <= now => CancelDecision::EndNow,
        (Some(end), Some(at)) if at <= end => CancelDecision::Already(at),
        (Some(end), _) => CancelDecision::EndAt(end),
        (None, _) => CancelDecision::EndNow,
    })
}

/// What is left of a contract.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ContractRest {
    /// The end of the first period that reaches the contract's end, billing time.
    pub end: Instant,
    /// Periods that begin before that.
    pub periods: u32,
}

/// What is left of a subscription's contract, while its end lies ahead. None binds a trial, or what has not begun.
pub fn rest_of_contract(sub: &SubscriptionFacts, now: Instant) -> Option<ContractRest> {
    use SubscriptionStatus::*;
    let until = sub.contract_until.filter(|until| *until > now)?;
    if matches!(sub.status, Incomplete | Trialing | Cancelled | Expired) {
        return None;
    }
    if until <= sub.current_period_end {
        return Some(ContractRest { end: sub.current_period_end, periods: 0 });
    }
    let index = sub.schedule.index_at(until);
    let last = sub.schedule.period(index);
    let (end, ahead) = if last.start == until { (until, index - 1) } else { (last.end, index) };
    Some(ContractRest { end, periods: u32::try_from(ahead - sub.period_index).unwrap_or(0) })
}

/// Decides about a cancellation by the business, on a date of its choice: neither settings for trials nor contracts
/// bind it. A date that has come means now.
pub fn decide_cancel_on(
    sub: &SubscriptionFacts,
    date: Instant,
    now: Instant,
) -> Result<CancelDecision, CancelRefusal> {
    if !sub.status.is_live() {
        return Err(CancelRefusal::Ended);
    }
    Ok(match sub.cancel_at {
        _ if date <= now => CancelDecision::EndNow,
        Some(at) if at == date => CancelDecision::Already(at),
        _ => CancelDecision::EndAt(date),
    })
}

/// What undoing a cancellation comes to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum UncancelDecision {
    /// It goes on as before.
    Continue,
    /// It goes on, and the next payment needs a method: ask for one.
    ContinueAndAskForMethod,
}

/// Why a cancellation cannot be undone.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum UncancelRefusal {
    /// None is scheduled.
    #[error("no cancellation is scheduled")]
    NotScheduled,
    /// It has taken effect, or its moment has come.
    #[error("the subscription has ended")]
    Ended,
    /// Only the business may undo it.
    #[error("only the business can revoke this cancellation")]
    Locked,
}

/// Decides about the wish to undo a scheduled cancellation, whoever scheduled it: possible until the moment it takes
/// effect. One that the business has locked only the business undoes.
pub fn decide_uncancel(
    sub: &SubscriptionFacts,
    by_the_business: bool,
    now: Instant,
) -> Result<UncancelDecision, UncancelRefusal> {
    if !sub.status.is_live() {
        return Err(UncancelRefusal::Ended);
    }
    match sub.cancel_at {
        None => Err(UncancelRefusal::NotScheduled),
        Some(at) if at <= now => Err(UncancelRefusal::Ended),
        Some(_) if sub.cancel_locked && !by_the_business => Err(UncancelRefusal::Locked),
        Some(_) if sub.has_method => Ok(UncancelDecision::Continue),
        Some(_) => Ok(UncancelDecision::ContinueAndAskForMethod),
    }
}
