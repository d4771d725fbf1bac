//! Asks for a document of an invoice and keeps what the worker rendered.

use crate::db::Conn;
use crate::error::Result;
use crate::ids::{DocumentId, InvoiceId, ReceiptId, TenantId};
use crate::job::Job;
use crate::scope::{Engine, Scope};
use crate::store;
use crate::store::credit_notes::CreditNote;
use crate::store::documents::{DocumentKind, DocumentOf, DocumentState};
use crate::store::receipts::Receipt;
use domain::invoice::state::InvoiceStatus;
use sha2::{Digest, Sha256};

/// Asks for a document; asking twice is the same document, rendered once.
pub(crate) fn request(
    tx: &mut Conn,
    scope: &Scope,
    invoice: &InvoiceId,
    kind: DocumentKind,
) -> Result<DocumentId> {
    ask(tx, scope, DocumentOf { invoice, kind, credit_note: None, receipt: None })
}

/// Asks for the document of a credit note.
pub(crate) fn request_credit_note(tx: &mut Conn, scope: &Scope, note: &CreditNote) -> Result<DocumentId> {
    let (invoice, credit_note) = (&note.invoice_id, Some(&note.id));
    ask(tx, scope, DocumentOf { invoice, kind: DocumentKind::CreditNote, credit_note, receipt: None })
}

/// Asks for the document of a receipt.
pub(crate) fn request_receipt(tx: &mut Conn, scope: &Scope, of: &Receipt) -> Result<DocumentId> {
    let (invoice, receipt) = (&of.invoice_id, Some(&of.id));
    ask(tx, scope, DocumentOf { invoice, kind: DocumentKind::Receipt, credit_note: None, receipt })
}

fn ask(tx: &mut Conn, scope: &Scope, of: DocumentOf) -> Result<DocumentId> {
    let id = store::documents::request(tx, scope.id(), of, scope.now.wall)?;
    if store::documents::get(tx, scope.id(), &id)?.state == DocumentState::Pending {
        let job = Job::RenderDocument { tenant_id: scope.id().clone(), document_id: id.clone() };
        store::jobs::enqueue(tx, &job, scope.now.wall, scope.now.wall)?;
    }
    Ok(id)
}

/// Asks for the document that a customer downloads now: with the note of its payment once it is paid.
pub fn request_for_download(
    engine: &Engine,
    tenant_id: &TenantId,
    invoice_id: &InvoiceId,
) -> Result<DocumentId> {
    let invoice_id = invoice_id.clone();
    engine.write(tenant_id, move |tx, scope| {
        let invoice = store::invoices::get(tx, scope.id(), &invoice_id)?;
        let paid = invoice.status == InvoiceStatus::Paid;
        request(tx, scope, &invoice.id, if paid { DocumentKind::InvoicePaid } else { DocumentKind::Invoice })
    })
}

/// Asks for the document of a receipt that a customer downloads now.
pub fn request_receipt_for_download(
    engine: &Engine,
    tenant_id: &TenantId,
    id: &ReceiptId,
) -> Result<DocumentId> {
    let id = id.clone();
    engine.write(tenant_id, move |tx, scope| {
        let receipt = store::receipts::get(tx, scope.id(), &id)?;
        request_receipt(tx, scope, &receipt)
    })
}

/// Keeps the bytes of a rendered document. What is kept already stays.
pub fn store_rendered(engine: &Engine, tenant_id: &TenantId, id: &DocumentId, bytes: Vec<u8>) -> Result<()> {
    let id = id.clone();
    engine.write(tenant_id, move |tx, scope| {
        let sha256 = data_encoding::HEXLOWER.encode(&Sha256::digest(&bytes));
        store::documents::finish(tx, scope.id(), &id, &bytes, &sha256, scope.now.wall)
    })
}
