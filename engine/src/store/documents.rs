//! Rendered documents. Written once, never changed.

use crate::both;
use crate::db::Conn;
use crate::db::schema::document;
use crate::error::Result;
use crate::ids::{DocumentId, InvoiceId, TenantId};
use diesel::prelude::*;
use domain::Instant;
use domain::words;

words! {
    /// Which document of an invoice.
    DocumentKind {
        /// The invoice as it was opened.
        Invoice = "invoice",
        /// The same invoice with the note of its payment.
        InvoicePaid = "invoice_paid",
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
    /// Which document of it.
    #[diesel(deserialize_as = String)]
    pub kind: DocumentKind,
    /// Whether it has been rendered.
    #[diesel(deserialize_as = String)]
    pub state: DocumentState,
    /// Hex SHA-256 of its bytes.
    pub sha256: Option<String>,
}

/// One document.
pub fn get(conn: &mut Conn, tenant_id: &TenantId, id: &DocumentId) -> Result<Document> {
    Ok(document::table
        .filter(document::tenant_id.eq(tenant_id).and(document::id.eq(id)))
        .select(Document::as_select())
        .first(conn)?)
}

/// An invoice's documents, in the order they were asked for.
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
        .first(conn)?)
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

/// Asks for a document and answers with its id; asking twice, even at once, is the same document.
pub fn request(
    conn: &mut Conn,
    tenant_id: &TenantId,
    of: &InvoiceId,
    kind: DocumentKind,
    now: Instant,
) -> Result<DocumentId> {
    if let Some(found) = of_invoice(conn, tenant_id, of)?.into_iter().find(|d| d.kind == kind) {
        return Ok(found.id);
    }
    let id = DocumentId::mint();
    let row = (
        document::id.eq(&id),
        document::tenant_id.eq(tenant_id),
        document::invoice_id.eq(of),
        document::kind.eq(kind.as_str()),
        document::state.eq(DocumentState::Pending.as_str()),
        document::created_at.eq(now),
    );
    both!(conn, |c| diesel::insert_into(document::table).values(row).on_conflict_do_nothing().execute(c))?;
    let kept = document::table
        .filter(document::tenant_id.eq(tenant_id).and(document::invoice_id.eq(of)))
        .filter(document::kind.eq(kind.as_str()))
        .select(document::id);
    Ok(kept.first(conn)?)
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
