//! Dunning cases: what happens, by when, to an invoice whose charge failed.

use crate::db::Conn;
use crate::db::schema::{dunning_case, invoice, payment_attempt};
use crate::error::Result;
use crate::ids::{CustomerId, DunningId, InvoiceId, SubscriptionId, TenantId};
use diesel::dsl::{exists, not};
use diesel::prelude::*;
use domain::Instant;
use domain::invoice::state::InvoiceStatus;
use domain::payment::state::Purpose;

/// A dunning case. Times are billing time.
#[derive(Debug, Clone, Queryable, Selectable, Insertable, AsChangeset)]
#[diesel(table_name = dunning_case, treat_none_as_null = true)]
pub struct DunningCase {
    /// Its id.
    pub id: DunningId,
    /// The business.
    #[diesel(skip_update)]
    pub tenant_id: TenantId,
    /// Who owes.
    #[diesel(skip_update)]
    pub customer_id: CustomerId,
    /// What is owed.
    #[diesel(skip_update)]
    pub invoice_id: InvoiceId,
    /// The subscription that goes on hold; none of an invoice for something else.
    pub subscription_id: Option<SubscriptionId>,
    /// The policy with its hours (JSON of `Pinned`) as it stood when the case was opened.
    pub policy: String,
    /// Number of the next step.
    pub step: i32,
    /// When the first charge failed, or what is no subscription's was overdue.
    pub started_at: Instant,
    /// When it has to be looked at next; nothing while it is frozen.
    pub next_at: Option<Instant>,
    /// How it ended: `recovered`, `exhausted` or `cancelled`.
    pub outcome: Option<String>,
    /// When it ended.
    pub closed_at: Option<Instant>,
    /// Which policy that is.
    pub policy_version: Option<String>,
    /// Since when it waits for the provider to answer again.
    pub frozen_since: Option<Instant>,
    /// Microseconds that its steps have been put off by that.
    pub frozen_us: i64,
    /// How the last charge by itself was refused: a word of `DeclineKind`; nothing once another method was chosen.
    pub decline: Option<String>,
    /// The first of the steps that were taken together last. A retry that never left goes back to it.
    pub taken_from: i32,
}

/// A case.
pub fn get(conn: &mut Conn, tenant_id: &TenantId, id: &DunningId) -> Result<DunningCase> {
    let found =
        dunning_case::table.filter(dunning_case::tenant_id.eq(tenant_id).and(dunning_case::id.eq(id)));
    Ok(found.select(DunningCase::as_select()).get_result(conn)?)
}

/// The open case of an invoice, if any.
pub fn open_of(conn: &mut Conn, tenant_id: &TenantId, of: &InvoiceId) -> Result<Option<DunningCase>> {
    Ok(dunning_case::table
        .filter(dunning_case::tenant_id.eq(tenant_id).and(dunning_case::invoice_id.eq(of)))
        .filter(dunning_case::outcome.is_null())
        .select(DunningCase::as_select())
        .get_result(conn)
        .optional()?)
}

/// The case of an invoice, open or closed.
pub fn of_invoice(conn: &mut Conn, tenant_id: &TenantId, of: &InvoiceId) -> Result<Option<DunningCase>> {
    Ok(dunning_case::table
        .filter(dunning_case::tenant_id.eq(tenant_id).and(dunning_case::invoice_id.eq(of)))
        .select(DunningCase::as_select())
        .get_result(conn)
        .optional()?)
}

/// Open cases of a customer.
pub fn open_of_customer(conn: &mut Conn, tenant_id: &TenantId, of: &CustomerId) -> Result<Vec<DunningCase>> {
    Ok(dunning_case::table
        .filter(dunning_case::tenant_id.eq(tenant_id).and(dunning_case::customer_id.eq(of)))
        .filter(dunning_case::outcome.is_null())
        .order(dunning_case::id)
        .select(DunningCase::as_select())
        .load(conn)?)
}

/// Open cases, oldest first, from the one after `after` on; only those that are frozen, if so asked.
pub fn open(
    conn: &mut Conn,
    tenant_id: &TenantId,
    only_frozen: bool,
    after: Option<&DunningId>,
    limit: i64,
) -> Result<Vec<DunningCase>> {
    let mut cases = dunning_case::table
        .filter(dunning_case::tenant_id.eq(tenant_id).and(dunning_case::outcome.is_null()))
        .into_boxed();
    if only_frozen {
        cases = cases.filter(dunning_case::frozen_since.is_not_null());
    }
    if let Some(after) = after {
        cases = cases.filter(dunning_case::id.gt(after));
    }
    Ok(cases.order(dunning_case::id).limit(limit).select(DunningCase::as_select()).load(conn)?)
}

/// Invoices whose next step is due by `now` (billing time).
pub fn due(conn: &mut Conn, tenant_id: &TenantId, now: Instant, limit: i64) -> Result<Vec<InvoiceId>> {
    Ok(dunning_case::table
        .filter(dunning_case::tenant_id.eq(tenant_id).and(dunning_case::next_at.le(now)))
        .filter(dunning_case::outcome.is_null())
        .order(dunning_case::next_at)
        .limit(limit)
        .select(dunning_case::invoice_id)
        .load(conn)?)
}

/// The next moment at which any case has a step.
pub fn next_due(conn: &mut Conn, tenant_id: &TenantId) -> Result<Option<Instant>> {
    Ok(dunning_case::table
        .filter(dunning_case::tenant_id.eq(tenant_id).and(dunning_case::outcome.is_null()))
        .select(diesel::dsl::min(dunning_case::next_at))
        .get_result(conn)?)
}

/// Open invoices for no subscription that nobody chases or is paying, the earliest due date first; only those due after
/// `after`, where that is given.
pub fn unchased(
    conn: &mut Conn,
    tenant_id: &TenantId,
    after: Option<Instant>,
    limit: i64,
) -> Result<Vec<(InvoiceId, Instant)>> {
    let chased = dunning_case::table.filter(dunning_case::invoice_id.eq(invoice::id));
    let moving = payment_attempt::table
        .filter(payment_attempt::tenant_id.eq(invoice::tenant_id))
        .filter(payment_attempt::invoice_id.eq(invoice::id))
        .filter(payment_attempt::purpose.eq(Purpose::Charge.as_str()))
        .filter(payment_attempt::settled_at.is_null());
    let mut unchased = invoice::table
        .filter(invoice::tenant_id.eq(tenant_id).and(invoice::status.eq(InvoiceStatus::Open.as_str())))
        .filter(invoice::subscription_id.is_null().and(invoice::due_at.is_not_null()))
        .filter(invoice::disputed_since.is_null())
        .filter(not(exists(chased)).and(not(exists(moving))))
        .into_boxed();
    if let Some(after) = after {
        unchased = unchased.filter(invoice::due_at.gt(after));
    }
    Ok(unchased
        .order((invoice::due_at, invoice::id))
        .limit(limit)
        .select((invoice::id, invoice::due_at.assume_not_null()))
        .load(conn)?)
}

/// Opens a case.
pub fn insert(conn: &mut Conn, row: &DunningCase) -> Result<()> {
    diesel::insert_into(dunning_case::table).values(row.clone()).execute(conn)?;
    Ok(())
}

/// Saves a case.
pub fn update(conn: &mut Conn, tenant_id: &TenantId, row: &DunningCase) -> Result<()> {
    let this =
        dunning_case::table.filter(dunning_case::tenant_id.eq(tenant_id).and(dunning_case::id.eq(&row.id)));
    diesel::update(this).set(row.clone()).execute(conn)?;
    Ok(())
}
