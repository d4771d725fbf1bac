//! Which policies are refused, and why.

use super::{DAY_S, HoldOrFinal, HoursError, Pinned, Policy, Step};

/// Retries that card networks put up with within [`CARD_NETWORK_DAYS`], before they fine a merchant.
pub const CARD_NETWORK_RETRIES: usize = 15;
/// Days over which they count.
pub const CARD_NETWORK_DAYS: i64 = 30;

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
    /// Not a mail of dunning.
    #[error("a step of a dunning policy sends payment_failed, payment_reminder, on_hold or final_notice")]
    Mail,
    /// Retries follow each other too fast.
    #[error("retries must be a day apart")]
    RetryGap,
    /// More retries than card networks allow.
    #[error("a dunning policy makes at most {CARD_NETWORK_RETRIES} retries within {CARD_NETWORK_DAYS} days")]
    Retries,
    /// Hours that allow nothing, or say something twice.
    #[error(transparent)]
    Hours(#[from] HoursError),
}

impl Pinned {
    /// Checks the policy and its hours.
    pub fn check(&self) -> Result<(), PolicyError> {
        self.hours.check()?;
        self.policy.check()
    }
}

impl Policy {
    /// Checks the order of the steps, that every case comes to an end, and that the retries stay within what card
    /// networks allow.
    pub fn check(&self) -> Result<(), PolicyError> {
        if self.steps.first().is_none_or(|step| step.offset_s != 0) {
            return Err(PolicyError::FirstStep);
        }
        if self.steps.windows(2).any(|pair| pair[0].offset_s >= pair[1].offset_s) {
            return Err(PolicyError::Order);
        }
        let finals = self.steps.iter().map(|step| step.on_failure.is_some_and(HoldOrFinal::is_final));
        let only_last = finals.enumerate().all(|(i, is_final)| is_final == (i + 1 == self.steps.len()));
        if !only_last {
            return Err(PolicyError::Final);
        }
        if self.steps.iter().any(|step| step.mail.is_some() && step.mail_kind().is_none()) {
            return Err(PolicyError::Mail);
        }
        check_retries(&self.steps)
    }
}

fn check_retries(steps: &[Step]) -> Result<(), PolicyError> {
    let retries: Vec<i64> = steps.iter().filter(|step| step.retry).map(|step| step.offset_s).collect();
    if retries.windows(2).any(|pair| pair[1] - pair[0] < DAY_S) {
        return Err(PolicyError::RetryGap);
    }
    let crowded = retries
        .windows(CARD_NETWORK_RETRIES + 1)
        .any(|run| run[CARD_NETWORK_RETRIES] - run[0] < CARD_NETWORK_DAYS * DAY_S);
    if crowded { Err(PolicyError::Retries) } else { Ok(()) }
}
