//! Rendered documents. Written once, never changed.

use crate::both;
use crate::db::Conn;
use crate::db::schema::document;
use crate::error::{Error, Result};
use crate::ids::{CreditNoteId, DocumentId, InvoiceId, ReceiptId, TenantId};
use diesel::prelude::*;
use domain::Instant;
use domain::words;

words! {
    /// Which document about an invoice.
    DocumentKind {
        /// The invoice as it was opened.
        Invoice = "invoice",
        /// The same invoice with the note of its payment.
        InvoicePaid = "invoice_paid",
        /// A credit note that takes it back, wholly or in part.
        CreditNote = "credit_note",
        /// That a charge has paid it.
        Receipt = "receipt",
    }
}

words! {
    /// Whether it has been rendered.
    DocumentState {
        /// Waits for the worker.
        Pending = "pending",
        /// Its bytes are stored.
        Ready = "ready",
    }
}

/// A document without its bytes.
#[derive(Debug, Clone, Queryable, Selectable)]
#[diesel(table_name = document)]
pub struct Document {
    /// Its id.
    pub id: DocumentId,
    /// The business.
    pub tenant_id: TenantId,
    /// The invoice.
    pub invoice_id: InvoiceId,
    /// The credit note, if it is of one.
    pub credit_note_id: Option<CreditNoteId>,
    /// Which document of it.
    #[diesel(deserialize_as = String)]
    pub kind: DocumentKind,
    /// Whether it has been rendered.
    #[diesel(deserialize_as = String)]
    pub state: DocumentState,
    /// Hex SHA-256 of its bytes.
    pub sha256: Option<String>,
    /// The receipt, if it is of one.
    pub receipt_id: Option<ReceiptId>,
}

/// One document.
pub fn get(conn: &mut Conn, tenant_id: &TenantId, id: &DocumentId) -> Result<Document> {
    Ok(document::table
        .filter(document::tenant_id.eq(tenant_id).and(document::id.eq(id)))
        .select(Document::as_select())
        .get_result(conn)?)
}

/// An invoice's documents and those of its credit notes and receipts, in the order they were asked for.
pub fn of_invoice(conn: &mut Conn, tenant_id: &TenantId, of: &InvoiceId) -> Result<Vec<Document>> {
    Ok(document::table
        .filter(document::tenant_id.eq(tenant_id).and(document::invoice_id.eq(of)))
        .order(document::id)
        .select(Document::as_select())
        .load(conn)?)
}

/// The bytes of a rendered document, if it is ready.
pub fn bytes(conn: &mut Conn, tenant_id: &TenantId, id: &DocumentId) -> Result<Option<Vec<u8>>> {
    Ok(document::table
        .filter(document::tenant_id.eq(tenant_id).and(document::id.eq(id)))
        .select(document::bytes)
        .get_result(conn)?)
}

/// Documents that wait for the worker, oldest first.
pub fn pending(conn: &mut Conn, tenant_id: &TenantId, limit: i64) -> Result<Vec<DocumentId>> {
    Ok(document::table
        .filter(document::tenant_id.eq(tenant_id).and(document::state.eq(DocumentState::Pending.as_str())))
        .order(document::created_at)
        .limit(limit)
        .select(document::id)
        .load(conn)?)
}

/// What a document is of.
#[derive(Debug, Clone, Copy)]
pub struct DocumentOf<'a> {
    /// The invoice.
    pub invoice: &'a InvoiceId,
    /// Which document of it.
    pub kind: DocumentKind,
    /// The credit note; of that kind only.
    pub credit_note: Option<&'a CreditNoteId>,
    /// The receipt; of that kind only.
    pub receipt: Option<&'a ReceiptId>,
}

/// Asks for a document and answers with its id; asking twice, even at once, is the same document.
pub fn request(conn: &mut Conn, tenant_id: &TenantId, of: DocumentOf, now: Instant) -> Result<DocumentId> {
    if let Some(found) = find(conn, tenant_id, of)? {
        return Ok(found.id);
    }
    let row = (
        document::id.eq(DocumentId::mint()),
        document::tenant_id.eq(tenant_id),
        document::invoice_id.eq(of.invoice),
        document::credit_note_id.eq(of.credit_note),
        document::receipt_id.eq(of.receipt),
        document::kind.eq(of.kind.as_str()),
        document::state.eq(DocumentState::Pending.as_str()),
        document::created_at.eq(now),
    );
    both!(conn, |c| diesel::insert_into(document::table).values(row).on_conflict_do_nothing().execute(c))?;
    find(conn, tenant_id, of)?.map(|found| found.id).ok_or(Error::NotFound)
}

fn find(conn: &mut Conn, tenant_id: &TenantId, of: DocumentOf) -> Result<Option<Document>> {
    let is_it = |found: &Document| {
        let about = (found.credit_note_id.as_ref(), found.receipt_id.as_ref());
        found.kind == of.kind && about == (of.credit_note, of.receipt)
    };
    Ok(of_invoice(conn, tenant_id, of.invoice)?.into_iter().find(is_it))
}

/// Stores what was rendered. A document that is ready already stays as it is.
pub fn finish(
    conn: &mut Conn,
    tenant_id: &TenantId,
    id: &DocumentId,
    bytes: &[u8],
    sha256: &str,
    now: Instant,
) -> Result<()> {
    let this = document::table
        .filter(document::tenant_id.eq(tenant_id).and(document::id.eq(id)))
        .filter(document::state.eq(DocumentState::Pending.as_str()));
    diesel::update(this)
        .set((
            document::state.eq(DocumentState::Ready.as_str()),
            document::bytes.eq(bytes),
            document::sha256.eq(sha256),
            document::ready_at.eq(now),
        ))
        .execute(conn)?;
    Ok(())
}
