//! Invoices, their lines and their numbers.

use crate::db::Conn;
use crate::db::schema::{invoice, invoice_line, number_series};
use crate::error::{Error, Result};
use crate::ids::{CustomerId, InvoiceId, LineId, PriceId, SeriesId, SubscriptionId, TenantId};
use chrono::NaiveDate;
use diesel::dsl::sql;
use diesel::prelude::*;
use diesel::sql_types::Bool;
use domain::Instant;
use domain::currency::Currency;
use domain::invoice::state::{BillingReason, InvoiceStatus, amount_due};
use domain::money::Money;
use domain::tax::TaxBehaviour;

/// An invoice. Amounts are minor units of its currency; once open it changes only in what is paid.
#[derive(Debug, Clone, Queryable, Selectable, Insertable, AsChangeset)]
#[diesel(table_name = invoice, treat_none_as_null = true)]
pub struct Invoice {
    /// Its id.
    pub id: InvoiceId,
    /// The business.
    #[diesel(skip_update)]
    pub tenant_id: TenantId,
    /// Who pays.
    #[diesel(skip_update)]
    pub customer_id: CustomerId,
    /// For which subscription.
    #[diesel(skip_update)]
    pub subscription_id: Option<SubscriptionId>,
    /// Series of its number.
    #[diesel(skip_update)]
    pub series_id: Option<SeriesId>,
    /// Position in the series, from 1.
    #[diesel(skip_update)]
    pub seq: Option<i64>,
    /// Number as printed; none while it is a draft.
    #[diesel(skip_update)]
    pub number: Option<String>,
    /// Where it stands.
    #[diesel(deserialize_as = String, serialize_as = String)]
    pub status: InvoiceStatus,
    /// Why it was written.
    #[diesel(deserialize_as = String, serialize_as = String, skip_update)]
    pub reason: BillingReason,
    /// Which period of the subscription it bills.
    #[diesel(skip_update)]
    pub period_index: Option<i64>,
    /// Start of that period, billing time.
    #[diesel(skip_update)]
    pub period_start: Option<Instant>,
    /// End of that period, billing time.
    #[diesel(skip_update)]
    pub period_end: Option<Instant>,
    /// Date printed, in the business's zone.
    #[diesel(skip_update)]
    pub issue_date: Option<NaiveDate>,
    /// When it is to be paid.
    #[diesel(skip_update)]
    pub due_at: Option<Instant>,
    /// Currency of all amounts.
    #[diesel(deserialize_as = String, serialize_as = String, skip_update)]
    pub currency: Currency,
    /// Lines before discount and exclusive tax.
    #[diesel(skip_update)]
    pub subtotal: i64,
    /// Taken off.
    #[diesel(skip_update)]
    pub discount: i64,
    /// Tax contained in the total.
    #[diesel(skip_update)]
    pub tax: i64,
    /// What the customer owes for it.
    #[diesel(skip_update)]
    pub total: i64,
    /// Paid from the customer's balance.
    pub credit_applied: i64,
    /// Paid by charges.
    pub amount_paid: i64,
    /// Taken back by credit notes.
    pub amount_credited: i64,
    /// What is paid, over all attempts.
    #[diesel(skip_update)]
    pub natural_ref: String,
    /// Seller as printed (JSON).
    #[diesel(skip_update)]
    pub seller: String,
    /// Buyer as printed (JSON).
    #[diesel(skip_update)]
    pub buyer: String,
    /// Language of the document.
    #[diesel(skip_update)]
    pub locale: String,
    /// When it was paid in full, billing time.
    pub paid_at: Option<Instant>,
    /// Billing time.
    #[diesel(skip_update)]
    pub created_at: Instant,
    /// Wall time.
    pub updated_at: Instant,
    /// Hash of the document before it in the series.
    #[diesel(skip_update)]
    pub prev_hash: Option<String>,
    /// Hash of what was finalised; see `domain::invoice::chain`.
    #[diesel(skip_update)]
    pub hash: Option<String>,
    /// Why this tax (JSON of `domain::tax`): facts and evidence.
    #[diesel(skip_update)]
    pub tax_decision: Option<String>,
    /// Left for the next invoice, being less than the provider charges.
    pub carried_forward: i64,
    /// Since when a charge of it is disputed.
    pub disputed_since: Option<Instant>,
}

impl Invoice {
    /// What is still to be paid; negative when too much was.
    pub fn due(&self) -> Result<Money> {
        let here = self.total.checked_sub(self.carried_forward).ok_or_else(|| Error::bug("out of range"))?;
        let minor = amount_due(here, self.credit_applied, self.amount_paid, self.amount_credited);
        Ok(Money::new(minor.map_err(Error::bug)?, self.currency))
    }

    /// The total with its currency.
    pub fn total(&self) -> Money {
        Money::new(self.total, self.currency)
    }
}

/// A line of an invoice.
#[derive(Debug, Clone, Queryable, Selectable, Insertable)]
#[diesel(table_name = invoice_line)]
pub struct InvoiceLine {
    /// Its id.
    pub id: LineId,
    /// The business.
    pub tenant_id: TenantId,
    /// The invoice.
    pub invoice_id: InvoiceId,
    /// From 0.
    pub position: i32,
    /// The price it follows.
    pub price_id: Option<PriceId>,
    /// As printed.
    pub description: String,
    /// How many.
    pub quantity: i64,
    /// For one.
    pub unit_amount: i64,
    /// quantity x unit amount.
    pub amount: i64,
    /// Taken off.
    pub discount: i64,
    /// Millionths.
    pub tax_rate: i64,
    /// Whether the amount contains the tax.
    #[diesel(deserialize_as = String, serialize_as = String)]
    pub tax_behaviour: TaxBehaviour,
    /// Without tax.
    pub net: i64,
    /// The tax.
    pub tax: i64,
    /// Start of the service, billing time.
    pub service_start: Option<Instant>,
    /// End of the service, billing time.
    pub service_end: Option<Instant>,
    /// "Why this amount?" (JSON of `domain::invoice::formula`).
    pub formula: Option<String>,
    /// The billed line that this one gives back a part of.
    pub reverses_line_id: Option<LineId>,
}

/// One invoice, whoever's.
pub fn get(conn: &mut Conn, tenant_id: &TenantId, id: &InvoiceId) -> Result<Invoice> {
    Ok(invoice::table
        .filter(invoice::tenant_id.eq(tenant_id).and(invoice::id.eq(id)))
        .select(Invoice::as_select())
        .get_result(conn)?)
}

/// The invoice with this number.
pub fn by_number(conn: &mut Conn, tenant_id: &TenantId, number: &str) -> Result<Invoice> {
    Ok(invoice::table
        .filter(invoice::tenant_id.eq(tenant_id).and(invoice::number.eq(number)))
        .select(Invoice::as_select())
        .get_result(conn)?)
}

/// One invoice of a customer.
pub fn of_customer(
    conn: &mut Conn,
    tenant_id: &TenantId,
    owner: &CustomerId,
    id: &InvoiceId,
) -> Result<Invoice> {
    let found = get(conn, tenant_id, id)?;
    if &found.customer_id == owner { Ok(found) } else { Err(Error::NotFound) }
}

/// A customer's invoices, newest first.
pub fn list(conn: &mut Conn, tenant_id: &TenantId, owner: &CustomerId) -> Result<Vec<Invoice>> {
    Ok(invoice::table
        .filter(invoice::tenant_id.eq(tenant_id).and(invoice::customer_id.eq(owner)))
        .order((invoice::created_at.desc(), invoice::id.desc()))
        .select(Invoice::as_select())
        .load(conn)?)
}

/// A subscription's open invoices, oldest first.
pub fn open_of(conn: &mut Conn, tenant_id: &TenantId, of: &SubscriptionId) -> Result<Vec<Invoice>> {
    Ok(invoice::table
        .filter(invoice::tenant_id.eq(tenant_id).and(invoice::subscription_id.eq(of)))
        // Not bound: as there is an index of open invoices, SQLite would plan anew for each word.
        .filter(sql::<Bool>("invoice.status = 'open'"))
        // Ids grow with time, and the index of a subscription's open invoices ends with them.
        .order(invoice::id)
        .select(Invoice::as_select())
        .load(conn)?)
}

/// A customer's open invoices in a currency, oldest first.
pub fn open_of_customer(
    conn: &mut Conn,
    tenant_id: &TenantId,
    owner: &CustomerId,
    currency: Currency,
) -> Result<Vec<Invoice>> {
    Ok(invoice::table
        .filter(invoice::tenant_id.eq(tenant_id).and(invoice::customer_id.eq(owner)))
        .filter(invoice::status.eq(InvoiceStatus::Open.as_str()).and(invoice::currency.eq(currency.code())))
        .order((invoice::created_at, invoice::id))
        .select(Invoice::as_select())
        .load(conn)?)
}

/// A subscription's oldest invoice that can still be paid, one that was given up included.
pub fn oldest_unpaid_of(
    conn: &mut Conn,
    tenant_id: &TenantId,
    of: &SubscriptionId,
) -> Result<Option<Invoice>> {
    let payable = [InvoiceStatus::Open.as_str(), InvoiceStatus::Uncollectible.as_str()];
    Ok(invoice::table
        .filter(invoice::tenant_id.eq(tenant_id).and(invoice::subscription_id.eq(of)))
        .filter(invoice::status.eq_any(payable))
        .order((invoice::created_at, invoice::id))
        .select(Invoice::as_select())
        .first(conn)
        .optional()?)
}

/// The invoice of one period of a subscription, if it was written and not voided.
pub fn of_period(
    conn: &mut Conn,
    tenant_id: &TenantId,
    of: &SubscriptionId,
    period_index: i64,
) -> Result<Option<Invoice>> {
    Ok(invoice::table
        .filter(invoice::tenant_id.eq(tenant_id).and(invoice::subscription_id.eq(of)))
        .filter(invoice::period_index.eq(period_index))
        .filter(invoice::status.ne(InvoiceStatus::Void.as_str()))
        .select(Invoice::as_select())
        .get_result(conn)
        .optional()?)
}

/// An invoice's lines in order.
pub fn lines(conn: &mut Conn, tenant_id: &TenantId, of: &InvoiceId) -> Result<Vec<InvoiceLine>> {
    Ok(invoice_line::table
        .filter(invoice_line::tenant_id.eq(tenant_id).and(invoice_line::invoice_id.eq(of)))
        .order(invoice_line::position)
        .select(InvoiceLine::as_select())
        .load(conn)?)
}

/// The lines of many invoices, for lists.
pub fn lines_of_all(conn: &mut Conn, tenant_id: &TenantId, of: &[InvoiceId]) -> Result<Vec<InvoiceLine>> {
    Ok(invoice_line::table
        .filter(invoice_line::tenant_id.eq(tenant_id).and(invoice_line::invoice_id.eq_any(of)))
        .order((invoice_line::invoice_id, invoice_line::position))
        .select(InvoiceLine::as_select())
        .load(conn)?)
}

/// Adds an invoice with its lines.
pub fn insert(conn: &mut Conn, row: &Invoice, lines: &[InvoiceLine]) -> Result<()> {
    diesel::insert_into(invoice::table).values(row.clone()).execute(conn)?;
    for line in lines {
        diesel::insert_into(invoice_line::table).values(line.clone()).execute(conn)?;
    }
    Ok(())
}

/// Saves an invoice.
pub fn update(conn: &mut Conn, tenant_id: &TenantId, row: &Invoice) -> Result<()> {
    diesel::update(invoice::table.filter(invoice::tenant_id.eq(tenant_id).and(invoice::id.eq(&row.id))))
        .set(row.clone())
        .execute(conn)?;
    Ok(())
}

/// A place in a series.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Place {
    /// The series.
    pub series: SeriesId,
    /// Position in it, from 1.
    pub seq: i64,
    /// Hash of the document before it.
    pub last_hash: Option<String>,
}

/// Holds all series of a kind until the caller's transaction ends, and answers with the date of the last document, in
/// whatever series that was. Who waits for them finds that date as it is then.
pub fn hold_series(conn: &mut Conn, tenant_id: &TenantId, kind: &str) -> Result<Option<NaiveDate>> {
    crate::db::dialect::lock(conn, tenant_id.as_str(), &format!("series:{kind}"))?;
    Ok(number_series::table
        .filter(number_series::tenant_id.eq(tenant_id).and(number_series::kind.eq(kind)))
        .select(diesel::dsl::max(number_series::last_issue_date))
        .get_result(conn)?)
}

/// Takes the next number of a series, which begins with 1. The caller holds the series ([`hold_series`]); its
/// transaction gives the number back when it rolls back: no gaps.
pub fn take_number(
    conn: &mut Conn,
    tenant_id: &TenantId,
    kind: &str,
    scope_key: &str,
    issue_date: NaiveDate,
) -> Result<Place> {
    use number_series as series;
    let mine = series::table.filter(
        series::tenant_id.eq(tenant_id).and(series::kind.eq(kind)).and(series::scope_key.eq(scope_key)),
    );
    let found: Option<(SeriesId, i64, Option<String>)> =
        mine.select((series::id, series::next_seq, series::last_hash)).get_result(conn).optional()?;
    let Some((id, seq, last_hash)) = found else {
        let id = SeriesId::mint();
        diesel::insert_into(series::table)
            .values((
                series::id.eq(&id),
                series::tenant_id.eq(tenant_id),
                series::kind.eq(kind),
                series::scope_key.eq(scope_key),
                series::next_seq.eq(2),
                series::last_issue_date.eq(issue_date),
            ))
            .execute(conn)?;
        return Ok(Place { series: id, seq: 1, last_hash: None });
    };
    diesel::update(series::table.filter(series::id.eq(&id).and(series::tenant_id.eq(tenant_id))))
        .set((series::next_seq.eq(seq + 1), series::last_issue_date.eq(issue_date)))
        .execute(conn)?;
    Ok(Place { series: id, seq, last_hash })
}

/// Notes the hash of a series' last document.
pub fn set_head(conn: &mut Conn, tenant_id: &TenantId, of: &SeriesId, hash: &str) -> Result<()> {
    use number_series as series;
    diesel::update(series::table.filter(series::id.eq(of).and(series::tenant_id.eq(tenant_id))))
        .set(series::last_hash.eq(hash))
        .execute(conn)?;
    Ok(())
}
