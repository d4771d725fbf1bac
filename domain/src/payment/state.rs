//! States of a payment attempt: one try to charge or refund, sent once or several times under one key.

use crate::words;

words! {
    /// Where an attempt stands.
    AttemptState {
        /// Written down; nothing has been sent.
        Created = "created",
        /// A submission is under way, or its process died.
        Submitted = "submitted",
        /// May or may not have taken effect.
        Unknown = "unknown",
        /// The customer has to act in a browser.
        RequiresAction = "requires_action",
        /// Accepted; settles later.
        Pending = "pending",
        /// Money moved.
        Succeeded = "succeeded",
        /// Refused by the provider.
        Failed = "failed",
        /// Proven never to have taken effect.
        Error = "error",
        /// Cancelled before it took effect.
        Cancelled = "cancelled",
        /// The money was taken back (dispute).
        Reversed = "reversed",
    }
}

words! {
    /// What made an attempt.
    AttemptTrigger {
        /// A period was opened.
        Cycle = "cycle",
        /// A retry by policy.
        Dunning = "dunning",
        /// The customer pressed "pay".
        Customer = "customer",
        /// The customer chose another payment method.
        MethodUpdate = "method_update",
        /// An operator.
        Admin = "admin",
    }
}

words! {
    /// Where an outcome was learned.
    OutcomeSource {
        /// The answer to the first submission.
        Response = "response",
        /// The answer to a repeated submission.
        Resend = "resend",
        /// Asking what became of it.
        Lookup = "lookup",
        /// The provider told us.
        Webhook = "webhook",
        /// The provider's list of charges.
        Reconcile = "reconcile",
        /// A person decided.
        Operator = "operator",
        /// Nobody had to be asked: it was never sent.
        Unsent = "unsent",
    }
}

words! {
    /// What an attempt is for.
    Purpose {
        /// Take money.
        Charge = "charge",
        /// Give it back.
        Refund = "refund",
    }
}

/// Every change of state there is. A late truth is still a truth: success may follow any state but success
/// itself and its reversal.
pub const TRANSITIONS: &[(AttemptState, &[AttemptState])] = {
    use AttemptState::*;
    &[
        (Created, &[Submitted, RequiresAction, Pending, Succeeded, Failed, Error, Cancelled]),
        (Submitted, &[Unknown, RequiresAction, Pending, Succeeded, Failed, Error, Cancelled]),
        (Unknown, &[Submitted, RequiresAction, Pending, Succeeded, Failed, Error, Cancelled]),
        (RequiresAction, &[Pending, Succeeded, Failed, Error, Cancelled]),
        (Pending, &[RequiresAction, Succeeded, Failed, Error, Cancelled]),
        (Succeeded, &[Reversed]),
        (Failed, &[Succeeded]),
        (Error, &[Succeeded]),
        (Cancelled, &[Succeeded]),
        (Reversed, &[]),
    ]
};

/// Whether an attempt may go from one state to another.
pub fn may(from: AttemptState, to: AttemptState) -> bool {
    TRANSITIONS.iter().any(|(state, next)| *state == from && next.contains(&to))
}

impl AttemptState {
    /// May yet take money: blocks every other attempt on the same invoice.
    pub const fn is_open(self) -> bool {
        matches!(self, Self::Created | Self::Submitted | Self::Unknown | Self::RequiresAction | Self::Pending)
    }
}

impl AttemptTrigger {
    /// Nobody pressed a button: stops when the subscription is cancelled.
    pub const fn is_automatic(self) -> bool {
        matches!(self, Self::Cycle | Self::Dunning | Self::MethodUpdate)
    }
}
