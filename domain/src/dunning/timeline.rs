//! What a policy does when, for people to read before they switch it on.

use super::{DunningMail, HoldOrFinal, Policy, UnpaidInvoice};
use serde::{Deserialize, Serialize};

/// One line of a policy's timeline.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Entry {
    /// Seconds after the first failure, before hours and outages move it.
    pub offset_s: i64,
    /// What happens then, in this order, as long as the invoice is unpaid.
    pub actions: Vec<Action>,
}

/// What happens at a step.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Action {
    /// The subscription is past due: the first failure.
    PastDue,
    /// The charge is tried again.
    Retry,
    /// A mail goes out; after a retry only if that fails.
    Mail(DunningMail),
    /// What becomes of the subscription; after a retry only if that fails.
    Subscription(HoldOrFinal),
    /// What becomes of the invoice at the end.
    Invoice(UnpaidInvoice),
}

/// What `policy` does, step by step.
pub fn timeline(policy: &Policy) -> Vec<Entry> {
    let entry = |(i, step): (usize, &super::Step)| {
        let ends = step.on_failure.is_some_and(HoldOrFinal::is_final);
        let actions = [
            (i == 0).then_some(Action::PastDue),
            step.retry.then_some(Action::Retry),
            step.mail_kind().map(Action::Mail),
            step.on_failure.map(Action::Subscription),
            ends.then_some(Action::Invoice(policy.unpaid_invoice)),
        ];
        Entry { offset_s: step.offset_s, actions: actions.into_iter().flatten().collect() }
    };
    policy.steps.iter().enumerate().map(entry).collect()
}
