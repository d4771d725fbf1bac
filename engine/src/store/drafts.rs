//! Drafts of invoices. Rows of their own, so that nothing that looks at invoices meets one that is none yet.

use crate::db::Conn;
use crate::db::schema::invoice_draft;
use crate::error::Result;
use crate::ids::{CustomerId, InvoiceId, TenantId};
use diesel::prelude::*;
use domain::Instant;
use domain::currency::Currency;

/// An invoice before it is one.
#[derive(Debug, Clone, Queryable, Selectable, Insertable, AsChangeset)]
#[diesel(table_name = invoice_draft, treat_none_as_null = true)]
pub struct InvoiceDraft {
    /// Its id, and that of the invoice that it becomes.
    pub id: InvoiceId,
    /// The business.
    #[diesel(skip_update)]
    pub tenant_id: TenantId,
    /// Who is to pay.
    #[diesel(skip_update)]
    pub customer_id: CustomerId,
    /// Currency of all amounts.
    #[diesel(deserialize_as = String, serialize_as = String, skip_update)]
    pub currency: Currency,
    /// Days until it is due; the business's when not given.
    pub due_days: Option<i32>,
    /// What it is over (JSON of the use case's lines).
    pub lines: String,
    /// Billing time.
    #[diesel(skip_update)]
    pub created_at: Instant,
    /// Wall time.
    pub updated_at: Instant,
}

/// One draft.
pub fn get(conn: &mut Conn, tenant_id: &TenantId, id: &InvoiceId) -> Result<InvoiceDraft> {
    Ok(invoice_draft::table
        .filter(invoice_draft::tenant_id.eq(tenant_id).and(invoice_draft::id.eq(id)))
        .select(InvoiceDraft::as_select())
        .get_result(conn)?)
}

/// A customer's drafts, oldest first.
pub fn of_customer(conn: &mut Conn, tenant_id: &TenantId, owner: &CustomerId) -> Result<Vec<InvoiceDraft>> {
    Ok(invoice_draft::table
        .filter(invoice_draft::tenant_id.eq(tenant_id).and(invoice_draft::customer_id.eq(owner)))
        .order(invoice_draft::id)
        .select(InvoiceDraft::as_select())
        .load(conn)?)
}

/// Adds a draft.
pub fn insert(conn: &mut Conn, row: &InvoiceDraft) -> Result<()> {
    diesel::insert_into(invoice_draft::table).values(row.clone()).execute(conn)?;
    Ok(())
}

/// Saves a draft.
pub fn update(conn: &mut Conn, tenant_id: &TenantId, row: &InvoiceDraft) -> Result<()> {
    let this = invoice_draft::table
        .filter(invoice_draft::tenant_id.eq(tenant_id).and(invoice_draft::id.eq(&row.id)));
    diesel::update(this).set(row.clone()).execute(conn)?;
    Ok(())
}

/// Removes a draft.
pub fn delete(conn: &mut Conn, tenant_id: &TenantId, id: &InvoiceId) -> Result<()> {
    let this =
        invoice_draft::table.filter(invoice_draft::tenant_id.eq(tenant_id).and(invoice_draft::id.eq(id)));
    diesel::delete(this).execute(conn)?;
    Ok(())
}
