//! PayPal's captures and refunds in the words of the contract.

use crate::amount::Amount;
use crate::api::declined;
use crate::decline;
use crate::objects::{Capture, Refund, TransactionInfo};
use plugin_sdk::types::{CallError, DeclineKind, Outcome, Settled};

fn moved(id: String, amount: &Amount, raw_status: String) -> Result<Outcome, CallError> {
    match amount.moved() {
        Some(amount) => Ok(Outcome::Succeeded(Settled { provider_ref: id, amount, raw_status })),
        None => Err(CallError::Unknown(format!("{id} moved an amount that cannot be read"))),
    }
}

impl Capture {
    /// What became of it. Money that was given back later had been taken.
    pub fn outcome(self) -> Result<Outcome, CallError> {
        match self.status.as_str() {
            "COMPLETED" | "PARTIALLY_REFUNDED" | "REFUNDED" => moved(self.id, &self.amount, self.status),
            "PENDING" => Ok(Outcome::Pending(self.id)),
            "DECLINED" | "FAILED" => {
                let code = self.processor_response.and_then(|response| response.response_code);
                let kind = code.as_deref().map_or(DeclineKind::Soft, decline::processor);
                let reason = self.status_details.and_then(|details| details.reason);
                Ok(declined(kind, &code.or(reason).unwrap_or(self.status), Some(self.id)))
            }
            status => Err(CallError::Unknown(format!("{} has the status {status}", self.id))),
        }
    }
}

impl Refund {
    /// What became of it.
    pub fn outcome(self) -> Result<Outcome, CallError> {
        match self.status.as_str() {
            "COMPLETED" => moved(self.id, &self.amount, self.status),
            "PENDING" => Ok(Outcome::Pending(self.id)),
            "CANCELLED" => Ok(Outcome::Cancelled(Some(self.id))),
            "FAILED" => {
                let reason = self.status_details.and_then(|details| details.reason);
                Ok(declined(DeclineKind::Hard, &reason.unwrap_or(self.status), Some(self.id)))
            }
            status => Err(CallError::Unknown(format!("{} has the status {status}", self.id))),
        }
    }
}

impl TransactionInfo {
    /// What became of it, as far as the search tells.
    pub fn outcome(self) -> Option<Outcome> {
        match self.transaction_status.as_str() {
            // `V` is money that moved and went back later.
            "S" | "V" => moved(self.transaction_id, &self.transaction_amount?, self.transaction_status).ok(),
            "P" => Some(Outcome::Pending(self.transaction_id)),
            "D" => Some(declined(DeclineKind::Soft, "DENIED", Some(self.transaction_id))),
            _ => None,
        }
    }
}
