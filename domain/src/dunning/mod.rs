//! Dunning: retries, mails and escalation after a failed payment, as one list.

use crate::Instant;
use crate::words;
use chrono::TimeDelta;
use serde::{Deserialize, Serialize};

words! {
    /// What becomes of a subscription that stays unpaid.
    HoldOrFinal {
        /// It stops and can come back.
        Hold = "hold",
        /// Final: it stays on hold.
        StayOnHold = "stay_on_hold",
        /// Final: it is cancelled.
        Cancel = "cancel",
    }
}

impl HoldOrFinal {
    /// Closes the case.
    pub const fn is_final(self) -> bool {
        !matches!(self, Self::Hold)
    }
}

words! {
    /// What becomes of the invoice at the end of a case.
    UnpaidInvoice {
        /// It stays open and can be paid by hand.
        Leave = "leave",
        /// It is given up.
        Uncollectible = "uncollectible",
    }
}

/// A dunning policy. Its version is pinned when a case opens; a changed policy is a new version.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Policy {
    /// Grows with every change.
    pub version: u32,
    /// By rising offset.
    pub steps: Vec<Step>,
    /// What becomes of the invoice when the final step has failed.
    pub unpaid_invoice: UnpaidInvoice,
}

/// One step of a policy.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Step {
    /// Seconds after the first failure.
    pub offset_s: i64,
    /// Try to charge again.
    pub retry: bool,
    /// Name of the mail to send when the retry has failed, or at once where there is nothing to retry.
    pub mail: Option<String>,
    /// What follows when the retry fails, or at once where there is nothing to retry.
    pub on_failure: Option<HoldOrFinal>,
}

/// Why a policy is refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum PolicyError {
    /// No first step at offset 0, which tells the customer.
    #[error("the first step of a dunning policy has offset 0")]
    FirstStep,
    /// Offsets must rise.
    #[error("the offsets of a dunning policy must rise")]
    Order,
    /// Only the last step ends the case, and it must.
    #[error("the last step of a dunning policy, and no other, is final")]
    Final,
}

const DAY_S: i64 = 86_400;

impl Default for Policy {
    /// Five retries in three weeks, on hold after one.
    fn default() -> Self {
        use HoldOrFinal::*;
        let step = |days: i64, retry, mail: Option<&str>, on_failure| Step {
            offset_s: days * DAY_S,
            retry,
            mail: mail.map(str::to_owned),
            on_failure,
        };
        Self {
            version: 1,
            steps: vec![
                step(0, false, Some("payment_failed"), None),
                step(1, true, None, None),
                step(3, true, None, None),
                step(7, true, Some("on_hold"), Some(Hold)),
                step(14, true, Some("payment_reminder"), None),
                step(21, true, Some("final_notice"), Some(Cancel)),
            ],
            unpaid_invoice: UnpaidInvoice::Uncollectible,
        }
    }
}

impl Policy {
    /// Checks the order of the steps and that every case comes to an end.
    pub fn check(&self) -> Result<(), PolicyError> {
        if self.steps.first().is_none_or(|step| step.offset_s != 0) {
            return Err(PolicyError::FirstStep);
        }
        if self.steps.windows(2).any(|pair| pair[0].offset_s >= pair[1].offset_s) {
            return Err(PolicyError::Order);
        }
        let finals = self.steps.iter().map(|step| step.on_failure.is_some_and(HoldOrFinal::is_final));
        let only_last = finals.enumerate().all(|(i, is_final)| is_final == (i + 1 == self.steps.len()));
        if only_last { Ok(()) } else { Err(PolicyError::Final) }
    }

    /// The hardest consequence among the first `taken` steps: what holds now that a retry has failed.
    pub fn escalation(&self, taken: usize) -> Option<HoldOrFinal> {
        self.steps.iter().take(taken).filter_map(|step| step.on_failure).max()
    }
}

/// What decides about a case. Instants are billing time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CaseFacts {
    /// When the payment first failed.
    pub started_at: Instant,
    /// Steps taken so far; the next is `policy.steps[step]`.
    pub step: usize,
    /// The last decline may pass later with the same method, or there is a new method.
    pub retryable: bool,
    /// There is a payment method that can be charged.
    pub has_method: bool,
    /// An attempt on the invoice may yet take money.
    pub attempt_open: bool,
}

/// What a case needs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum DunningAction {
    /// Nothing before then.
    Wait(Instant),
    /// Nothing before the open attempt has ended: money may have moved.
    AwaitOutcome,
    /// Take a step, or several that have become due together.
    Take(Taken),
    /// All steps are taken: [`Policy::escalation`] of them all holds, and the case is over.
    Exhausted,
}

/// What to do in one look at a case.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Taken {
    /// The case's `step` from now on.
    pub step: usize,
    /// Try to charge again. If it fails, [`Policy::escalation`] says what follows.
    pub retry: bool,
    /// Name of the mail to send: at once without a retry, else only when the retry has failed.
    pub mail: Option<String>,
    /// What holds at once, since nothing is retried; may hold already.
    pub escalate: Option<HoldOrFinal>,
    /// When the next step is due.
    pub next_at: Option<Instant>,
}

/// What a case needs at `now`.
///
/// Steps advance by time, not by counted attempts, so a case without a payment method still reaches its end.
/// Steps that have become due together (the machine was off) are taken as one: one retry, the last mail, the
/// hardest consequence. A decline that will not pass, or no method, skips retries and keeps the rest.
pub fn next_step(policy: &Policy, case: &CaseFacts, now: Instant) -> DunningAction {
    if case.attempt_open {
        return DunningAction::AwaitOutcome;
    }
    let Some(first_at) = due_at(policy, case.started_at, case.step) else {
        return DunningAction::Exhausted;
    };
    if first_at > now {
        return DunningAction::Wait(first_at);
    }
    let due: Vec<&Step> = policy
        .steps
        .iter()
        .skip(case.step)
        .take_while(|step| case.started_at + TimeDelta::seconds(step.offset_s) <= now)
        .collect();
    let step = case.step + due.len();
    let retry = case.retryable && case.has_method && due.iter().any(|step| step.retry);
    DunningAction::Take(Taken {
        step,
        retry,
        mail: due.iter().rev().find_map(|step| step.mail.clone()),
        escalate: if retry { None } else { policy.escalation(step) },
        next_at: due_at(policy, case.started_at, step),
    })
}

/// When step number `step` of a case is due; nothing after the last.
pub fn due_at(policy: &Policy, started_at: Instant, step: usize) -> Option<Instant> {
    policy.steps.get(step).map(|step| started_at + TimeDelta::seconds(step.offset_s))
}
