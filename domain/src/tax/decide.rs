//! Which rate a customer pays, and the evidence that stays with the invoice.
//!
//! The facts of an invoice's day are stored with it by value. What VIES says later, or an address that changes,
//! touches documents to come and none that exist.

use super::TaxRate;
use super::vat_id::{VatId, is_member_state};
use super::vies::{VatCheck, VatStatus};
use crate::Instant;
use crate::words;
use serde::{Deserialize, Serialize};

words! {
    /// What makes a VAT id good enough for reverse charge, by setting.
    VatPolicy {
        /// Its shape, unless VIES has said that it does not know it.
        Format = "format",
        /// VIES has said that it knows it.
        Vies = "vies",
    }
}

words! {
    /// Why a customer pays this rate.
    Treatment {
        /// The customer is exempt from tax.
        Exempt = "exempt",
        /// The customer has a rate of their own.
        CustomerRate = "customer_rate",
        /// The recipient owes the tax (Directive 2006/112/EC, Art. 196).
        ReverseCharge = "reverse_charge",
        /// The rate of the place.
        Local = "local",
        /// No rate is set.
        None = "none",
    }
}

/// What decides about tax. Countries are ISO 3166-1 alpha-2, upper case.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TaxFacts {
    /// Where the seller is.
    pub seller_country: String,
    /// Where the buyer is, by the address on the invoice.
    pub buyer_country: Option<String>,
    /// The customer is exempt from tax.
    pub exempt: bool,
    /// A rate of the customer's own.
    pub customer_rate: Option<TaxRate>,
    /// The buyer's VAT id, as it stands on the invoice.
    pub vat_id: Option<String>,
    /// What is known of it.
    pub vat_check: Option<VatCheck>,
    /// What makes it good enough.
    pub policy: VatPolicy,
    /// The rate that holds where nothing else does.
    pub local_rate: Option<TaxRate>,
}

/// The rate, and why.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct TaxDecision {
    /// Why.
    pub treatment: Treatment,
    /// The rate.
    pub rate: TaxRate,
}

impl TaxDecision {
    /// The rate of something that has a rate of its own, such as books and food have: it stands in place of the local
    /// rate, and of no other. Who is exempt, has a rate of their own or owes the tax themselves, does so here, too.
    pub fn rate_of(&self, own: Option<TaxRate>) -> TaxRate {
        match self.treatment {
            Treatment::Local | Treatment::None => own.unwrap_or(self.rate),
            Treatment::Exempt | Treatment::CustomerRate | Treatment::ReverseCharge => self.rate,
        }
    }
}

/// Decides: exemption, then the customer's own rate, then reverse charge, then the local rate, then none.
/// What has a rate of its own: see [`TaxDecision::rate_of`].
pub fn decide(facts: &TaxFacts) -> TaxDecision {
    let (treatment, rate) = if facts.exempt {
        (Treatment::Exempt, TaxRate::ZERO)
    } else if let Some(rate) = facts.customer_rate {
        (Treatment::CustomerRate, rate)
    } else if is_reverse_charge(facts) {
        (Treatment::ReverseCharge, TaxRate::ZERO)
    } else if let Some(rate) = facts.local_rate {
        (Treatment::Local, rate)
    } else {
        (Treatment::None, TaxRate::ZERO)
    };
    TaxDecision { treatment, rate }
}

/// Seller and buyer in two member states, and a good VAT id of the buyer's state.
fn is_reverse_charge(facts: &TaxFacts) -> bool {
    let Some(buyer) = facts.buyer_country.as_deref() else { return false };
    let across =
        is_member_state(&facts.seller_country) && is_member_state(buyer) && buyer != facts.seller_country;
    let vat_id = facts.vat_id.as_deref().and_then(|text| text.parse::<VatId>().ok());
    across && vat_id.is_some_and(|id| id.country() == buyer && is_good(facts, &id))
}

fn is_good(facts: &TaxFacts, vat_id: &VatId) -> bool {
    let status = status_of(facts, vat_id);
    match facts.policy {
        VatPolicy::Format => status != VatStatus::Invalid,
        VatPolicy::Vies => status == VatStatus::Valid,
    }
}

/// An answer about another id than the buyer's present one says nothing.
fn status_of(facts: &TaxFacts, vat_id: &VatId) -> VatStatus {
    let check = facts.vat_check.as_ref().filter(|check| check.vat_id == *vat_id);
    check.map_or(VatStatus::Unchecked, |check| check.status)
}

/// Stored with an invoice: what was decided, when, and from which facts.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TaxEvidence {
    /// Billing time.
    pub decided_at: Instant,
    /// The facts of that moment.
    pub facts: TaxFacts,
    /// What VIES had said of the VAT id by then: `unavailable` where it could not say when last asked.
    pub vies: VatStatus,
    /// What was decided.
    pub decision: TaxDecision,
}

impl TaxEvidence {
    /// Decides and keeps the reasons.
    pub fn of(facts: TaxFacts, now: Instant) -> Self {
        let decision = decide(&facts);
        Self { decided_at: now, vies: vies_word(&facts), facts, decision }
    }

    /// The stored facts lead to the stored decision: what `portico verify` asks of every invoice.
    pub fn holds(&self) -> bool {
        self.decision == decide(&self.facts) && self.vies == vies_word(&self.facts)
    }
}

fn vies_word(facts: &TaxFacts) -> VatStatus {
    match &facts.vat_check {
        None => VatStatus::Unchecked,
        Some(check) if check.unavailable => VatStatus::Unavailable,
        Some(check) => check.status,
    }
}
