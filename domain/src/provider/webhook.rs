//! Webhooks: what arrives, and what a provider makes of it.

use super::{Listed, NewMethod};
use crate::Instant;
use crate::money::Money;
use crate::words;
use serde::{Deserialize, Serialize};

/// A webhook as it arrived.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Delivery {
    /// Names in lower case, and values.
    pub headers: Vec<(String, String)>,
    /// To the byte.
    pub body: Vec<u8>,
    /// When it arrived, wall time.
    pub received_at: Instant,
}

/// Something that happened at the provider.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Event {
    /// The provider's id of it; the same event delivered twice is handled once.
    pub id: String,
    /// What it says.
    pub change: Change,
}

/// What an event says. References are a component's word: they may name objects of the account that the delivery was
/// for, and of no other.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Change {
    /// This became of a charge or refund; the delivery is signed.
    Settled(Listed),
    /// Something became of the charge with this reference; to be looked up.
    Refetch(String),
    /// Money that had moved went back.
    Reversed(Reversal),
    /// The setup with this reference moved on; to be asked about.
    Setup(String),
    /// The provider updated a payment method.
    MethodUpdated(NewMethod),
    /// The payment method with this reference is gone.
    MethodRemoved(String),
    /// Known, and of no interest.
    Ignored,
}

words! {
    /// What kind of thing an event says.
    ChangeKind {
        /// Something became of a charge or refund.
        Settled = "settled",
        /// Something became of a charge, and the provider has to be asked what.
        Refetch = "refetch",
        /// Money went back.
        Reversed = "reversed",
        /// A setup moved on.
        Setup = "setup",
        /// A payment method has other details.
        MethodUpdated = "method_updated",
        /// A payment method is gone.
        MethodRemoved = "method_removed",
        /// Of no interest.
        Ignored = "ignored",
    }
}

impl ChangeKind {
    /// Whether money moved, by the provider's word.
    pub const fn is_about_money(self) -> bool {
        matches!(self, Self::Settled | Self::Refetch | Self::Reversed)
    }
}

impl Change {
    /// What kind of thing it says.
    pub const fn kind(&self) -> ChangeKind {
        match self {
            Self::Settled(_) => ChangeKind::Settled,
            Self::Refetch(_) => ChangeKind::Refetch,
            Self::Reversed(_) => ChangeKind::Reversed,
            Self::Setup(_) => ChangeKind::Setup,
            Self::MethodUpdated(_) => ChangeKind::MethodUpdated,
            Self::MethodRemoved(_) => ChangeKind::MethodRemoved,
            Self::Ignored => ChangeKind::Ignored,
        }
    }

    /// The provider's reference of what it tells of: of a reversal, what took the money back.
    pub fn object_ref(&self) -> &str {
        match self {
            Self::Settled(listed) => &listed.provider_ref,
            Self::Reversed(reversal) => &reversal.provider_ref,
            Self::MethodUpdated(method) => &method.method_ref,
            Self::Refetch(id) | Self::Setup(id) | Self::MethodRemoved(id) => id,
            Self::Ignored => "",
        }
    }
}

/// Money that went back: a dispute, a bank's return, a refund made elsewhere.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reversal {
    /// The provider's reference of the charge.
    pub charge_ref: String,
    /// The provider's reference of what took it back.
    pub provider_ref: String,
    /// How much, positive.
    pub amount: Money,
    /// The provider's reason, for people.
    pub reason: String,
}

/// Why a delivery is not believed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, thiserror::Error)]
pub enum WebhookError {
    /// The signature is missing or wrong.
    #[error("the signature is missing or wrong")]
    BadSignature,
    /// Signed, but too long ago.
    #[error("signed too long ago")]
    Stale,
    /// Not a delivery of this provider.
    #[error("not a delivery of this provider")]
    Malformed,
    /// This provider sends no webhooks.
    #[error("this provider sends no webhooks")]
    Unsupported,
    /// The component could not answer: the delivery may be good, and should come again.
    #[error("the component failed: {0}")]
    Failed(String),
}
