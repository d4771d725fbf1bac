//! PayPal's objects, as far as they are read.

use crate::amount::Amount;
use serde::Deserialize;

/// An order: what is asked for, and the payments made for it.
#[derive(Debug, Deserialize)]
pub struct Order {
    pub id: String,
    pub status: String,
    #[serde(default)]
    pub purchase_units: Vec<PurchaseUnit>,
}

/// A part of an order; Portico's orders have one.
#[derive(Debug, Deserialize)]
pub struct PurchaseUnit {
    #[serde(default)]
    pub payments: Payments,
}

/// What was taken and given back.
#[derive(Debug, Default, Deserialize)]
pub struct Payments {
    #[serde(default)]
    pub captures: Vec<Capture>,
    #[serde(default)]
    pub refunds: Vec<Refund>,
}

/// Money taken.
#[derive(Debug, Deserialize)]
pub struct Capture {
    pub id: String,
    pub status: String,
    pub amount: Amount,
    pub status_details: Option<StatusDetails>,
    pub processor_response: Option<ProcessorResponse>,
    pub supplementary_data: Option<SupplementaryData>,
}

/// Why a payment is not complete.
#[derive(Debug, Deserialize)]
pub struct StatusDetails {
    pub reason: Option<String>,
}

/// What a card's bank said.
#[derive(Debug, Deserialize)]
pub struct ProcessorResponse {
    pub response_code: Option<String>,
}

/// What else belongs to a payment.
#[derive(Debug, Deserialize)]
pub struct SupplementaryData {
    pub related_ids: Option<RelatedIds>,
}

/// Ids of what else belongs to a payment.
#[derive(Debug, Deserialize)]
pub struct RelatedIds {
    pub order_id: Option<String>,
}

/// Money given back.
#[derive(Debug, Deserialize)]
pub struct Refund {
    pub id: String,
    pub status: String,
    pub amount: Amount,
    pub invoice_id: Option<String>,
    pub status_details: Option<StatusDetails>,
}

/// A wallet being saved.
#[derive(Debug, Deserialize)]
pub struct SetupToken {
    pub id: String,
    pub status: String,
    #[serde(default)]
    pub links: Vec<Link>,
}

/// A saved wallet.
#[derive(Debug, Deserialize)]
pub struct PaymentToken {
    pub id: String,
    pub customer: Option<Customer>,
    pub payment_source: Option<PaymentSource>,
}

/// A customer as PayPal knows them.
#[derive(Debug, Deserialize)]
pub struct Customer {
    pub id: Option<String>,
}

/// What is saved.
#[derive(Debug, Deserialize)]
pub struct PaymentSource {
    pub paypal: Option<Wallet>,
}

/// A PayPal account.
#[derive(Debug, Deserialize)]
pub struct Wallet {
    pub account_id: Option<String>,
    pub payer_id: Option<String>,
}

/// A link to a page or to another object.
#[derive(Debug, Deserialize)]
pub struct Link {
    pub rel: String,
    pub href: String,
}

/// A page of the transaction search.
#[derive(Debug, Deserialize)]
pub struct Transactions {
    #[serde(default)]
    pub transaction_details: Vec<Transaction>,
    /// On every page, the empty one included: without it, this is no answer to a search.
    pub total_pages: u32,
}

/// An entry of the transaction search.
#[derive(Debug, Deserialize)]
pub struct Transaction {
    pub transaction_info: TransactionInfo,
}

/// What moved.
#[derive(Debug, Deserialize)]
pub struct TransactionInfo {
    pub transaction_id: String,
    #[serde(default)]
    pub transaction_event_code: String,
    #[serde(default)]
    pub transaction_status: String,
    pub transaction_amount: Option<Amount>,
    pub transaction_initiation_date: Option<String>,
    pub invoice_id: Option<String>,
    pub custom_field: Option<String>,
}
