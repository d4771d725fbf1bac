//! Credit notes and their lines. Like invoices they are numbered when written and never changed.

use crate::db::Conn;
use crate::db::schema::{credit_note, credit_note_line};
use crate::error::{Error, Result};
use crate::ids::{CreditLineId, CreditNoteId, CustomerId, InvoiceId, LineId, SeriesId, TenantId};
use chrono::NaiveDate;
use diesel::prelude::*;
use domain::Instant;
use domain::currency::Currency;
use domain::invoice::credit_note::Split;
use domain::money::Money;

/// A credit note. Amounts are minor units of its currency, and positive: they are given back.
#[derive(Debug, Clone, Queryable, Selectable, Insertable)]
#[diesel(table_name = credit_note)]
pub struct CreditNote {
    /// Its id.
    pub id: CreditNoteId,
    /// The business.
    pub tenant_id: TenantId,
    /// Who gets it.
    pub customer_id: CustomerId,
    /// The invoice that it takes back, wholly or in part.
    pub invoice_id: InvoiceId,
    /// Series of its number.
    pub series_id: SeriesId,
    /// Position in the series, from 1.
    pub seq: i64,
    /// Number as printed.
    pub number: String,
    /// Why: a word of `domain::invoice::credit_note`.
    pub reason: String,
    /// Why, in a person's words.
    pub comment: Option<String>,
    /// Date printed, in the business's zone.
    pub issue_date: NaiveDate,
    /// Currency of all amounts.
    #[diesel(deserialize_as = String, serialize_as = String)]
    pub currency: Currency,
    /// Without tax.
    pub net: i64,
    /// Tax.
    pub tax: i64,
    /// What it is worth.
    pub total: i64,
    /// Of that: taken off what was unpaid.
    pub to_offset: i64,
    /// Of that: given to the customer's balance.
    pub to_balance: i64,
    /// Of that: paid back.
    pub to_refund: i64,
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

impl CreditNote {
    /// What it is worth, with its currency.
    pub fn total(&self) -> Money {
        Money::new(self.total, self.currency)
    }

    /// Where its money goes.
    pub fn split(&self) -> Split {
        Split { offset: self.to_offset, balance: self.to_balance, refund: self.to_refund }
    }
}

/// A line of a credit note: what is given back of a line of the invoice.
#[derive(Debug, Clone, Queryable, Selectable, Insertable)]
#[diesel(table_name = credit_note_line)]
pub struct CreditNoteLine {
    /// Its id.
    pub id: CreditLineId,
    /// The business.
    pub tenant_id: TenantId,
    /// The credit note.
    pub credit_note_id: CreditNoteId,
    /// The line of the invoice.
    pub invoice_line_id: LineId,
    /// From 0.
    pub position: i32,
    /// As printed.
    pub description: String,
    /// Millionths.
    pub tax_rate: i64,
    /// Without tax.
    pub net: i64,
    /// The tax.
    pub tax: i64,
}

/// One credit note, whoever's.
pub fn get(conn: &mut Conn, tenant_id: &TenantId, id: &CreditNoteId) -> Result<CreditNote> {
    Ok(credit_note::table
        .filter(credit_note::tenant_id.eq(tenant_id).and(credit_note::id.eq(id)))
        .select(CreditNote::as_select())
        .get_result(conn)?)
}

/// One credit note of a customer.
pub fn of_customer(
    conn: &mut Conn,
    tenant_id: &TenantId,
    owner: &CustomerId,
    id: &CreditNoteId,
) -> Result<CreditNote> {
    let found = get(conn, tenant_id, id)?;
    if &found.customer_id == owner { Ok(found) } else { Err(Error::NotFound) }
}

/// The credit notes of an invoice, oldest first.
pub fn of_invoice(conn: &mut Conn, tenant_id: &TenantId, of: &InvoiceId) -> Result<Vec<CreditNote>> {
    Ok(credit_note::table
        .filter(credit_note::tenant_id.eq(tenant_id).and(credit_note::invoice_id.eq(of)))
        .order(credit_note::id)
        .select(CreditNote::as_select())
        .load(conn)?)
}

/// A credit note's lines in order.
pub fn lines(conn: &mut Conn, tenant_id: &TenantId, of: &CreditNoteId) -> Result<Vec<CreditNoteLine>> {
    Ok(credit_note_line::table
        .filter(credit_note_line::tenant_id.eq(tenant_id).and(credit_note_line::credit_note_id.eq(of)))
        .order(credit_note_line::position)
        .select(CreditNoteLine::as_select())
        .load(conn)?)
}

/// The lines of all credit notes of an invoice.
pub fn lines_of_invoice(
    conn: &mut Conn,
    tenant_id: &TenantId,
    of: &InvoiceId,
) -> Result<Vec<CreditNoteLine>> {
    let notes = credit_note::table
        .filter(credit_note::tenant_id.eq(tenant_id).and(credit_note::invoice_id.eq(of)))
        .select(credit_note::id);
    Ok(credit_note_line::table
        .filter(credit_note_line::tenant_id.eq(tenant_id))
        .filter(credit_note_line::credit_note_id.eq_any(notes))
        .order(credit_note_line::id)
        .select(CreditNoteLine::as_select())
        .load(conn)?)
}

/// Adds a credit note with its lines.
pub fn insert(conn: &mut Conn, row: &CreditNote, lines: &[CreditNoteLine]) -> Result<()> {
    diesel::insert_into(credit_note::table).values(row.clone()).execute(conn)?;
    for line in lines {
        diesel::insert_into(credit_note_line::table).values(line.clone()).execute(conn)?;
    }
    Ok(())
}
