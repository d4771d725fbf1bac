//! What is known of a VAT id: the answers of VIES, and when to ask again.
//!
//! Asking is the engine's; here stands what an answer changes. A service that is down changes nothing that was
//! known, and blocks no invoice.

use super::vat_id::VatId;
use crate::Instant;
use crate::words;
use chrono::TimeDelta;
use serde::{Deserialize, Serialize};

words! {
    /// What is known of a VAT id beyond its shape.
    VatStatus {
        /// Nobody has asked.
        Unchecked = "unchecked",
        /// VIES knows it.
        Valid = "valid",
        /// VIES does not know it.
        Invalid = "invalid",
        /// Asked, and never answered.
        Unavailable = "unavailable",
    }
}

/// An answer of VIES.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ViesAnswer {
    /// It knows the id.
    Valid(Confirmation),
    /// It does not.
    Invalid,
    /// It, or the member state behind it, cannot say now.
    Unavailable,
}

/// What VIES tells with a valid id. Any of it may be withheld by the member state.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Confirmation {
    /// The consultation number: proof that we asked.
    pub consultation: Option<String>,
    /// Who the id was given to.
    pub name: Option<String>,
    /// Where they are.
    pub address: Option<String>,
}

/// What is known of a customer's VAT id.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct VatCheck {
    /// The id that was asked about.
    pub vat_id: VatId,
    /// The last definite answer; `unavailable` if there never was one.
    pub status: VatStatus,
    /// When it was given, wall time.
    pub answered_at: Option<Instant>,
    /// What came with it.
    pub confirmation: Option<Confirmation>,
    /// The last time somebody asked, wall time.
    pub asked_at: Instant,
    /// The service was unavailable then.
    pub unavailable: bool,
}

/// Days until a definite answer is asked for again.
const FRESH_DAYS: i64 = 30;
/// Hours until a service that was unavailable is asked again.
const RETRY_HOURS: i64 = 6;

impl VatCheck {
    /// What is known after an answer about `vat_id` that came at `now`. An earlier definite answer about the same
    /// id outlives a service that is down.
    pub fn learn(earlier: Option<Self>, vat_id: VatId, answer: ViesAnswer, now: Instant) -> Self {
        let (status, confirmation) = match answer {
            ViesAnswer::Valid(confirmation) => (VatStatus::Valid, Some(confirmation)),
            ViesAnswer::Invalid => (VatStatus::Invalid, None),
            ViesAnswer::Unavailable => {
                return match earlier.filter(|check| check.vat_id == vat_id) {
                    Some(check) => Self { asked_at: now, unavailable: true, ..check },
                    None => Self::unanswered(vat_id, now),
                };
            }
        };
        let answered_at = Some(now);
        Self { vat_id, status, answered_at, confirmation, asked_at: now, unavailable: false }
    }

    fn unanswered(vat_id: VatId, now: Instant) -> Self {
        Self {
            vat_id,
            status: VatStatus::Unavailable,
            answered_at: None,
            confirmation: None,
            asked_at: now,
            unavailable: true,
        }
    }

    /// When to ask again.
    pub fn ask_again_at(&self) -> Instant {
        let wait = if self.unavailable { TimeDelta::hours(RETRY_HOURS) } else { TimeDelta::days(FRESH_DAYS) };
        self.asked_at + wait
    }
}
