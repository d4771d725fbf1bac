//! What a case needs, at any moment that somebody looks.

use super::{DunningMail, HoldOrFinal, Pinned, Step, UnpaidInvoice};
use crate::Instant;
use crate::provider::DeclineKind;
use chrono::TimeDelta;
use chrono_tz::Tz;
use std::ops::Range;

/// The clock of a case. It stands still while the provider is out of order, so that an outage costs no customer a
/// retry or a subscription: every later step moves by the length of the outage. Billing time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CaseClock {
    /// When the payment first failed.
    pub started_at: Instant,
    /// Since when the provider's circuit is open.
    pub frozen_since: Option<Instant>,
    /// How long it stood still before.
    pub frozen: TimeDelta,
}

impl CaseClock {
    /// A clock that begins to run.
    pub const fn starting(started_at: Instant) -> Self {
        Self { started_at, frozen_since: None, frozen: TimeDelta::zero() }
    }

    /// Stops it. Stopping it again changes nothing.
    pub fn freeze(self, now: Instant) -> Self {
        let since = self.frozen_since.unwrap_or(now).max(self.started_at);
        Self { frozen_since: Some(since), ..self }
    }

    /// Lets it run again.
    pub fn thaw(self, now: Instant) -> Self {
        let stood = self.frozen_since.map_or(TimeDelta::zero(), |since| (now - since).max(TimeDelta::zero()));
        Self { frozen_since: None, frozen: self.frozen + stood, ..self }
    }
}

/// What decides about a case.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Case {
    /// Its clock.
    pub clock: CaseClock,
    /// Zone in which its hours are read: the subscription's billing zone.
    pub zone: Tz,
    /// Steps taken so far; the next is `policy.steps[step]`.
    pub step: usize,
    /// How the last automatic charge was refused; nothing once another method has been chosen since.
    pub decline: Option<DeclineKind>,
    /// There is a payment method that can be charged.
    pub has_method: bool,
    /// An attempt on the invoice may yet take money.
    pub attempt_open: bool,
}

/// What a case needs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Decision {
    /// Nothing before then.
    Wait(Instant),
    /// Nothing before the open attempt has ended: money may have moved.
    AwaitOutcome,
    /// Nothing before the provider works again.
    Frozen,
    /// Take a step, or several that have become due together.
    Act(Act),
    /// All steps are taken: this holds, and the case is over.
    Exhausted(Option<Consequence>),
}

/// What to do in one look at a case.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Act {
    /// The case's `step` from now on.
    pub step: usize,
    /// Try to charge again, and send no mail yet: [`after_refusal`] says what follows if that fails.
    pub retry: bool,
    /// The mail to send now.
    pub mail: Option<DunningMail>,
    /// What holds now; may hold already.
    pub consequence: Option<Consequence>,
    /// When the next step is due.
    pub next_at: Option<Instant>,
}

/// What becomes of subscription and invoice.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Consequence {
    /// Of the subscription, where the invoice belongs to one.
    pub subscription: HoldOrFinal,
    /// Of the invoice: set when the case is over.
    pub invoice: Option<UnpaidInvoice>,
}

impl Pinned {
    /// When step number `step` is due, as far as its clock can tell; nothing after the last. The first step tells
    /// the customer and so knows no hours.
    pub fn due_at(&self, clock: &CaseClock, zone: Tz, step: usize) -> Option<Instant> {
        let offset = self.policy.steps.get(step)?.offset_s;
        let at = clock.started_at + TimeDelta::seconds(offset) + clock.frozen;
        Some(if step == 0 { at } else { self.hours.next_allowed(zone, at) })
    }

    /// What an invoice and its subscription come to, once the first `taken` steps have not brought the money.
    pub fn consequence(&self, taken: usize) -> Option<Consequence> {
        self.policy.escalation(taken).map(|subscription| Consequence {
            subscription,
            invoice: subscription.is_final().then_some(self.policy.unpaid_invoice),
        })
    }
}

/// What a case needs at `now` (billing time).
///
/// Steps advance by time, not by counted attempts, so a case without a payment method still reaches its end.
/// Steps that have become due together (the machine was off, hours moved them) are taken as one: one retry, the
/// last mail (a final notice before any other), the hardest consequence. A decline that will not pass, or no method, skips retries and keeps the
/// rest.
pub fn decide(pinned: &Pinned, case: &Case, now: Instant) -> Decision {
    if case.attempt_open {
        return Decision::AwaitOutcome;
    }
    if case.clock.frozen_since.is_some() {
        return Decision::Frozen;
    }
    let due_at = |step| pinned.due_at(&case.clock, case.zone, step);
    let Some(first_at) = due_at(case.step) else {
        return Decision::Exhausted(pinned.consequence(case.step));
    };
    if first_at > now {
        return Decision::Wait(first_at);
    }
    let step = (case.step..).find(|next| due_at(*next).is_none_or(|at| at > now)).unwrap_or(case.step);
    let due = &pinned.policy.steps[case.step..step];
    let retry = may_retry(case) && due.iter().any(|step| step.retry);
    let mail = mail_of(due);
    Decision::Act(Act {
        step,
        retry,
        mail: mail.filter(|_| !retry),
        consequence: if retry { None } else { pinned.consequence(step) },
        next_at: due_at(step),
    })
}

/// What follows when the retry of these steps, which were taken together, was refused, or its confirmation never came.
pub fn after_refusal(pinned: &Pinned, taken: Range<usize>) -> (Option<DunningMail>, Option<Consequence>) {
    let consequence = pinned.consequence(taken.end);
    (pinned.policy.steps.get(taken).and_then(mail_of), consequence)
}

/// The mail of steps that are taken together. The latest says what those before it would have said, but a last word is
/// said in any case.
fn mail_of(taken: &[Step]) -> Option<DunningMail> {
    let mut mails = taken.iter().filter_map(Step::mail_kind).rev();
    mails.clone().find(|mail| *mail == DunningMail::FinalNotice).or_else(|| mails.next())
}

fn may_retry(case: &Case) -> bool {
    case.has_method && case.decline.is_none_or(DeclineKind::retryable)
}
