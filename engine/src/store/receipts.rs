//! Receipts: numbered when a charge has paid an invoice, and never changed.

use crate::db::Conn;
use crate::db::schema::receipt;
use crate::error::Result;
use crate::ids::{AttemptId, CustomerId, InvoiceId, ReceiptId, SeriesId, TenantId};
use chrono::NaiveDate;
use diesel::prelude::*;
use domain::Instant;
use domain::currency::Currency;

/// A receipt.
#[derive(Debug, Clone, Queryable, Selectable, Insertable)]
#[diesel(table_name = receipt)]
pub struct Receipt {
    /// Its id.
    pub id: ReceiptId,
    /// The business.
    pub tenant_id: TenantId,
    /// Who paid.
    pub customer_id: CustomerId,
    /// What was paid.
    pub invoice_id: InvoiceId,
    /// The charge.
    pub payment_attempt_id: AttemptId,
    /// Series of its number.
    pub series_id: SeriesId,
    /// Position in the series, from 1.
    pub seq: i64,
    /// Number as printed.
    pub number: String,
    /// Date printed, in the business's zone.
    pub issue_date: NaiveDate,
    /// Currency of the amount.
    #[diesel(deserialize_as = String, serialize_as = String)]
    pub currency: Currency,
    /// What the charge took, in minor units.
    pub amount: i64,
    /// Seller as printed (JSON).
    pub seller: String,
    /// Buyer as printed (JSON).
    pub buyer: String,
    /// Language of the document.
    pub locale: String,
    /// Hash of the document before it in the series.
    pub prev_hash: Option<String>,
    /// Its own; see `domain::invoice::chain`.
    pub hash: String,
    /// Billing time.
    pub created_at: Instant,
}

/// One receipt.
pub fn get(conn: &mut Conn, tenant_id: &TenantId, id: &ReceiptId) -> Result<Receipt> {
    Ok(receipt::table
        .filter(receipt::tenant_id.eq(tenant_id).and(receipt::id.eq(id)))
        .select(Receipt::as_select())
        .get_result(conn)?)
}

/// A customer's receipt.
pub fn of_customer(
    conn: &mut Conn,
    tenant_id: &TenantId,
    owner: &CustomerId,
    id: &ReceiptId,
) -> Result<Receipt> {
    Ok(receipt::table
        .filter(receipt::tenant_id.eq(tenant_id).and(receipt::id.eq(id)))
        .filter(receipt::customer_id.eq(owner))
        .select(Receipt::as_select())
        .first(conn)?)
}

/// The receipts of an invoice, oldest first.
pub fn of_invoice(conn: &mut Conn, tenant_id: &TenantId, of: &InvoiceId) -> Result<Vec<Receipt>> {
    Ok(receipt::table
        .filter(receipt::tenant_id.eq(tenant_id).and(receipt::invoice_id.eq(of)))
        .order(receipt::id)
        .select(Receipt::as_select())
        .load(conn)?)
}

/// Adds a receipt.
pub fn insert(conn: &mut Conn, row: &Receipt) -> Result<()> {
    diesel::insert_into(receipt::table).values(row.clone()).execute(conn)?;
    Ok(())
}
