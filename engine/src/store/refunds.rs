//! Money that goes back: wishes of customers, and disputes. The refunds themselves are payment attempts.

use crate::db::Conn;
use crate::db::schema::{dispute, refund_request};
use crate::error::Result;
use crate::ids::{AttemptId, CustomerId, DisputeId, InvoiceId, RefundRequestId, TenantId};
use diesel::prelude::*;
use domain::Instant;
use domain::currency::Currency;
use domain::payment::refund::DisputeState;
use domain::words;

words! {
    /// Where a wish stands.
    RequestState {
        /// A person decides.
        Open = "open",
        /// The money goes back.
        Granted = "granted",
        /// It stays.
        Declined = "declined",
    }
}

/// A customer's wish to have money back.
#[derive(Debug, Clone, Queryable, Selectable, Insertable, AsChangeset)]
#[diesel(table_name = refund_request, treat_none_as_null = true)]
pub struct RefundRequest {
    /// Its id.
    pub id: RefundRequestId,
    /// The business.
    #[diesel(skip_update)]
    pub tenant_id: TenantId,
    /// Whose.
    #[diesel(skip_update)]
    pub customer_id: CustomerId,
    /// What was paid.
    #[diesel(skip_update)]
    pub invoice_id: InvoiceId,
    /// In the customer's words.
    pub comment: String,
    /// Where it stands.
    #[diesel(deserialize_as = String, serialize_as = String)]
    pub state: RequestState,
    /// When it was decided, billing time.
    pub decided_at: Option<Instant>,
    /// Billing time.
    #[diesel(skip_update)]
    pub created_at: Instant,
}

/// A charge that the customer's bank has taken back.
#[derive(Debug, Clone, Queryable, Selectable, Insertable, AsChangeset)]
#[diesel(table_name = dispute, treat_none_as_null = true)]
pub struct Dispute {
    /// Its id.
    pub id: DisputeId,
    /// The business.
    #[diesel(skip_update)]
    pub tenant_id: TenantId,
    /// Which charge.
    #[diesel(skip_update)]
    pub attempt_id: AttemptId,
    /// Minor units.
    pub amount: i64,
    /// Currency of the amount.
    #[diesel(deserialize_as = String, serialize_as = String)]
    pub currency: Currency,
    /// Where it stands.
    #[diesel(deserialize_as = String, serialize_as = String)]
    pub state: DisputeState,
    /// Billing time.
    pub opened_at: Instant,
    /// Billing time.
    pub closed_at: Option<Instant>,
}

/// The undecided wish about an invoice, if any.
pub fn open_request(
    conn: &mut Conn,
    tenant_id: &TenantId,
    about: &InvoiceId,
) -> Result<Option<RefundRequest>> {
    Ok(refund_request::table
        .filter(refund_request::tenant_id.eq(tenant_id).and(refund_request::invoice_id.eq(about)))
        .filter(refund_request::state.eq(RequestState::Open.as_str()))
        .select(RefundRequest::as_select())
        .get_result(conn)
        .optional()?)
}

/// The undecided wishes of a business, oldest first.
pub fn open_requests(conn: &mut Conn, tenant_id: &TenantId) -> Result<Vec<RefundRequest>> {
    Ok(refund_request::table
        .filter(refund_request::tenant_id.eq(tenant_id))
        .filter(refund_request::state.eq(RequestState::Open.as_str()))
        .order(refund_request::id)
        .select(RefundRequest::as_select())
        .load(conn)?)
}

/// Whether anybody has ever wished for the money of an invoice.
pub fn any_request(conn: &mut Conn, tenant_id: &TenantId, about: &InvoiceId) -> Result<bool> {
    let found = refund_request::table
        .filter(refund_request::tenant_id.eq(tenant_id).and(refund_request::invoice_id.eq(about)));
    Ok(found.count().get_result::<i64>(conn)? > 0)
}

/// Adds a wish. A second undecided one about an invoice is a conflict.
pub fn insert_request(conn: &mut Conn, row: &RefundRequest) -> Result<()> {
    diesel::insert_into(refund_request::table).values(row.clone()).execute(conn)?;
    Ok(())
}

/// Saves a wish.
pub fn update_request(conn: &mut Conn, tenant_id: &TenantId, row: &RefundRequest) -> Result<()> {
    let this = refund_request::table
        .filter(refund_request::tenant_id.eq(tenant_id).and(refund_request::id.eq(&row.id)));
    diesel::update(this).set(row.clone()).execute(conn)?;
    Ok(())
}

/// The dispute of a charge, if there was one.
pub fn dispute_of(conn: &mut Conn, tenant_id: &TenantId, of: &AttemptId) -> Result<Option<Dispute>> {
    Ok(dispute::table
        .filter(dispute::tenant_id.eq(tenant_id).and(dispute::attempt_id.eq(of)))
        .select(Dispute::as_select())
        .get_result(conn)
        .optional()?)
}

/// Adds a dispute. A second one of a charge is a conflict.
pub fn insert_dispute(conn: &mut Conn, row: &Dispute) -> Result<()> {
    diesel::insert_into(dispute::table).values(row.clone()).execute(conn)?;
    Ok(())
}

/// Saves a dispute.
pub fn update_dispute(conn: &mut Conn, tenant_id: &TenantId, row: &Dispute) -> Result<()> {
    let this = dispute::table.filter(dispute::tenant_id.eq(tenant_id).and(dispute::id.eq(&row.id)));
    diesel::update(this).set(row.clone()).execute(conn)?;
    Ok(())
}
