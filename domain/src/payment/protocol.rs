//! The charge protocol's rules for sending an attempt and for believing what is said about it.
//!
//! The provider's component is not trusted: what the host itself saw decides what is proven. When in doubt
//! an attempt is `unknown`, which blocks its invoice until the truth is found ([`super::resolve`]).

use super::state::{AttemptState, AttemptTrigger, may};
use crate::Instant;
use crate::money::Money;
use crate::provider::{CallError, Capabilities, Decline, Evidence, Outcome, Report};
use crate::words;
use chrono::TimeDelta;

words! {
    /// What a provider can promise about one effect per key.
    ProviderClass {
        /// Idempotency and lookup.
        A = "a",
        /// Idempotency only.
        B = "b",
        /// Lookup by reference only: never sent twice.
        C = "c",
        /// Neither: automatic charges only by the account's explicit consent.
        D = "d",
    }
}

/// The class that a provider's capabilities put it in.
pub fn class(caps: &Capabilities) -> ProviderClass {
    let by_reference = caps.lookup.as_ref().is_some_and(|lookup| lookup.by_reference);
    match (caps.idempotency.is_some(), by_reference) {
        (true, true) => ProviderClass::A,
        (true, false) => ProviderClass::B,
        (false, true) => ProviderClass::C,
        (false, false) => ProviderClass::D,
    }
}

/// Whether an account may be charged without a person asking for it.
pub fn may_charge_automatically(caps: &Capabilities, allow_unsafe_provider: bool) -> bool {
    allow_unsafe_provider || class(caps) != ProviderClass::D
}

/// The two limits that follow from an attempt's first submission, in wall time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Windows {
    /// Until then, excluded, the same key may be sent again: later the provider might take it for a new charge.
    pub resend_until: Instant,
    /// From then on a lookup that finds nothing means that there is nothing.
    pub lookup_final_after: Instant,
}

/// Fixed at the first submission and stored, so that a changed manifest cannot stretch them.
///
/// With a window W: resend for `min(0.9 W, W - 1 h)`, half of W if it is under four hours; without
/// idempotency never. A lookup is final when nothing of ours can be in flight or hidden by lag any more, at
/// least an hour (75 minutes for a provider without idempotency) after the last possible submission.
pub fn windows(caps: &Capabilities, first_submitted_at: Instant) -> Windows {
    let resend_s = caps.idempotency.as_ref().map_or(0, |idempotency| {
        let window = i64::try_from(idempotency.window_s).unwrap_or(YEAR_S).min(YEAR_S);
        if window >= 4 * HOUR_S { (window * 9 / 10).min(window - HOUR_S) } else { window / 2 }
    });
    let lag_s = caps.lookup.as_ref().map_or(0, |lookup| i64::from(lookup.lag_s));
    let least = if caps.idempotency.is_some() { HOUR_S } else { HOUR_S + 15 * 60 };
    let settled_s = (lag_s + i64::from(caps.max_in_flight_s)).max(least);
    let resend_until = first_submitted_at + TimeDelta::seconds(resend_s);
    Windows { resend_until, lookup_final_after: resend_until + TimeDelta::seconds(settled_s) }
}

const HOUR_S: i64 = 3_600;
/// No provider promises more, and no attempt stays open so long.
const YEAR_S: i64 = 365 * 24 * HOUR_S;

/// What decides about an attempt. Instants are wall time.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AttemptFacts {
    /// Where it stands.
    pub state: AttemptState,
    /// What made it.
    pub trigger: AttemptTrigger,
    /// What is paid still wants paying: the invoice is open (of a refund: its credit note is).
    pub document_open: bool,
    /// The subscription it belongs to, if any, has ended, and nothing is charged by itself for it any more.
    pub subscription_ended: bool,
    /// Submissions so far, the one under way included.
    pub submit_count: u32,
    /// Submissions of which it is not proven that they had no effect, the one under way included.
    pub unproven_submissions: u32,
    /// Limits from the first submission.
    pub windows: Option<Windows>,
    /// The provider's reference, once known.
    pub provider_ref: Option<String>,
    /// Checks made so far.
    pub check_count: u32,
    /// When to look next.
    pub next_check_at: Option<Instant>,
    /// Since when final lookups have found nothing, see [`super::resolve::after_not_found`].
    pub absent_since: Option<Instant>,
    /// When the customer's confirmation page stops working.
    pub action_expires_at: Option<Instant>,
    /// A person wants the provider to give it up.
    pub withdrawn: bool,
    /// A person was asked to look.
    pub in_review: bool,
}

/// Whether an attempt may be submitted at `now`: for the first time while somebody still wants it, again
/// only under the same key while the provider remembers it. The holder of its lease asks this in the
/// transaction that counts the submission.
pub fn may_submit(attempt: &AttemptFacts, now: Instant) -> bool {
    match attempt.state {
        AttemptState::Created => is_wanted(attempt),
        AttemptState::Submitted | AttemptState::Unknown => {
            attempt.document_open && attempt.windows.is_some_and(|windows| now < windows.resend_until)
        }
        _ => false,
    }
}

/// The end of a subscription stops automatic attempts; a customer may still pay by hand.
pub(super) fn is_wanted(attempt: &AttemptFacts) -> bool {
    attempt.document_open && !(attempt.subscription_ended && attempt.trigger.is_automatic())
}

/// What to write down about an attempt.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Settlement {
    /// Nothing that was not known.
    Unchanged,
    /// Write this.
    Change(Change),
    /// Leave the state alone and ask a person: it looks as if money moved twice under one attempt.
    Review,
}

/// A change of an attempt.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Change {
    /// Its state from now on; may be the one it has.
    pub to: AttemptState,
    /// The provider's reference, where a usable one was given.
    pub provider_ref: Option<String>,
    /// What was taken, by the provider's word.
    pub taken: Option<Money>,
    /// Why it was refused.
    pub decline: Option<Decline>,
    /// What the customer has to do.
    pub action: Option<Action>,
    /// The provider's own status word, or what went wrong.
    pub raw_status: Option<String>,
    /// Something does not add up: ask a person, too.
    pub review: bool,
    /// Submissions that remain unproven.
    pub unproven_submissions: u32,
    /// The same key must not be sent again: set `resend_until` to the first submission.
    pub close_resend: bool,
}

/// A page of the provider on which the customer confirms.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Action {
    /// Where to send the browser.
    pub url: String,
    /// When the page stops working.
    pub expires_at: Option<Instant>,
}

impl Change {
    pub(super) fn to(state: AttemptState, attempt: &AttemptFacts) -> Self {
        Self {
            to: state,
            provider_ref: None,
            taken: None,
            decline: None,
            action: None,
            raw_status: None,
            review: false,
            unproven_submissions: attempt.unproven_submissions,
            close_resend: false,
        }
    }
}

/// The end of an attempt that never left the house: nobody wants it any more.
pub fn withdrawn(attempt: &AttemptFacts) -> Settlement {
    match attempt.state {
        AttemptState::Created => Settlement::Change(Change::to(AttemptState::Cancelled, attempt)),
        _ => Settlement::Unchanged,
    }
}

/// A bank took back, for its customer, what a charge had taken.
pub fn taken_back(attempt: &AttemptFacts) -> Settlement {
    if may(attempt.state, AttemptState::Reversed) {
        Settlement::Change(Change::to(AttemptState::Reversed, attempt))
    } else {
        Settlement::Unchanged
    }
}

/// Weighs the report of a submission (first or repeated) for which `asked` was to move.
pub fn settle(attempt: &AttemptFacts, report: &Report<Outcome>, asked: Money) -> Settlement {
    match &report.result {
        Ok(outcome) if is_credible(attempt, outcome, &report.evidence) => learn(attempt, outcome, asked),
        Ok(_) => doubt(attempt),
        Err(error) => failed_call(attempt, error, &report.evidence),
    }
}

/// Takes in an outcome that was learned otherwise: by lookup, webhook, reconciliation or from an operator.
///
/// Success counts from any state but success and reversal; refusals, errors and cancellations only while the
/// attempt is open. Another amount than asked for is recorded as success and sent to review.
pub fn learn(attempt: &AttemptFacts, outcome: &Outcome, asked: Money) -> Settlement {
    let change = outcome_change(attempt, outcome, asked);
    if matches!(change.to, AttemptState::Succeeded) && attempt.state == AttemptState::Succeeded {
        let other_charge = change.provider_ref.is_some() && change.provider_ref != attempt.provider_ref;
        return if other_charge && attempt.provider_ref.is_some() {
            Settlement::Review
        } else {
            Settlement::Unchanged
        };
    }
    let tells_more =
        change.action.is_some() || (change.provider_ref.is_some() && attempt.provider_ref.is_none());
    let allowed =
        may(attempt.state, change.to) || (change.to == attempt.state && change.to.is_open() && tells_more);
    if allowed { Settlement::Change(change) } else { Settlement::Unchanged }
}

fn outcome_change(attempt: &AttemptFacts, outcome: &Outcome, asked: Money) -> Change {
    match outcome {
        Outcome::Succeeded(settled) => {
            let provider_ref = usable_ref(&settled.provider_ref);
            Change {
                review: settled.amount != asked || provider_ref.is_none(),
                provider_ref,
                taken: Some(settled.amount),
                raw_status: Some(settled.raw_status.clone()),
                ..Change::to(AttemptState::Succeeded, attempt)
            }
        }
        Outcome::Pending { provider_ref } => {
            Change { provider_ref: usable_ref(provider_ref), ..Change::to(AttemptState::Pending, attempt) }
        }
        Outcome::RequiresAction { provider_ref, url, expires_at } => Change {
            provider_ref: usable_ref(provider_ref),
            action: Some(Action { url: url.clone(), expires_at: *expires_at }),
            ..Change::to(AttemptState::RequiresAction, attempt)
        },
        Outcome::Declined(decline) => Change {
            provider_ref: decline.provider_ref.as_deref().and_then(usable_ref),
            decline: Some(decline.clone()),
            ..Change::to(AttemptState::Failed, attempt)
        },
        Outcome::Cancelled { provider_ref } => Change {
            provider_ref: provider_ref.as_deref().and_then(usable_ref),
            ..Change::to(AttemptState::Cancelled, attempt)
        },
    }
}

/// Provider references are stored and printed: 1 to 255 printable ASCII characters.
fn usable_ref(text: &str) -> Option<String> {
    let fits = (1..=255).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_graphic() || b == b' ');
    fits.then(|| text.to_owned())
}

/// Whether what the host saw allows for the outcome that the component reports.
fn is_credible(attempt: &AttemptFacts, outcome: &Outcome, seen: &Evidence) -> bool {
    let earlier_may_have_effect = attempt.unproven_submissions > 1;
    let asked_somebody = !seen.exchanges.is_empty();
    match outcome {
        // Money does not move by itself: this submission sent something, or it asked about an earlier one.
        Outcome::Succeeded(_) => seen.bytes_out > 0 || (earlier_may_have_effect && asked_somebody),
        // "No effect" needs somebody's word: the last request was answered, or nothing was ever sent.
        Outcome::Declined(_) | Outcome::Cancelled { .. } => match seen.exchanges.last() {
            Some(exchange) => exchange.status.is_some(),
            None => seen.bytes_out == 0 && !earlier_may_have_effect,
        },
        Outcome::Pending { .. } | Outcome::RequiresAction { .. } => true,
    }
}

/// The component contradicts what the host saw: the truth must be looked up, and a person told.
fn doubt(attempt: &AttemptFacts) -> Settlement {
    let change = Change { review: true, ..Change::to(AttemptState::Unknown, attempt) };
    keep_or_write(attempt, change)
}

fn failed_call(attempt: &AttemptFacts, error: &CallError, seen: &Evidence) -> Settlement {
    let conflict = matches!(error, CallError::IdempotencyConflict(_));
    let mut change =
        Change { raw_status: Some(error.to_string()), ..Change::to(AttemptState::Unknown, attempt) };
    if conflict {
        // The key is taken, so something was executed under it, perhaps before a restore.
        change.close_resend = true;
    } else if proves_unexecuted(error, seen) {
        change.unproven_submissions = attempt.unproven_submissions.saturating_sub(1);
        if change.unproven_submissions == 0 {
            change.to = AttemptState::Error;
        }
    }
    keep_or_write(attempt, change)
}

/// This one submission had no effect: nothing left the machine, or the provider refused it, by the
/// component's word and by the status that the host saw.
fn proves_unexecuted(error: &CallError, seen: &Evidence) -> bool {
    use CallError::*;
    let claims = matches!(error, NotExecuted(_) | RateLimited(_) | Misconfigured(_) | Unsupported);
    seen.bytes_out == 0 || (claims && seen.refused)
}

/// A failed call says something only about an attempt of which nothing better is known.
fn keep_or_write(attempt: &AttemptFacts, change: Change) -> Settlement {
    match attempt.state {
        AttemptState::Submitted | AttemptState::Unknown => Settlement::Change(change),
        _ => Settlement::Unchanged,
    }
}
