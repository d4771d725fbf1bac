//! From the rows of an invoice, credit note or receipt to the document that is printed.

use crate::env::Env;
use domain::invoice::assemble::TaxGroup;
use domain::payment::state::AttemptState;
use domain::tax::TaxRate;
use domain::tax::decide::{TaxEvidence, Treatment};
use engine::db::Conn;
use engine::ids::{CreditNoteId, InvoiceId, ReceiptId};
use engine::store;
use engine::store::attempts::Attempt;
use engine::store::credit_notes::CreditNoteLine;
use engine::store::documents::{Document, DocumentKind};
use engine::store::invoices::{Invoice, InvoiceLine};
use engine::usecase::bill::{Party, tax_groups};
use engine::{Error, Result, Scope};
use templates::invoice::{
    self, Buyer, CreditNoteDocument, CreditedLine, InvoiceDocument, InvoicePayment, ReceiptDocument, Seller,
};
use templates::page::{Method, Period};
use templates::{Lang, theme};

/// What is printed.
pub enum Printed {
    /// An invoice.
    Invoice(Box<InvoiceDocument>),
    /// A credit note.
    CreditNote(Box<CreditNoteDocument>),
    /// A receipt.
    Receipt(Box<ReceiptDocument>),
}

/// Reads what a document prints. Seller and buyer are the frozen copies.
pub fn load(conn: &mut Conn, scope: &Scope, document: &Document) -> Result<Printed> {
    let invoice = store::invoices::get(conn, scope.id(), &document.invoice_id)?;
    if let Some(note) = &document.credit_note_id {
        return Ok(Printed::CreditNote(Box::new(of_credit_note(conn, scope, &invoice, note)?)));
    }
    if let Some(receipt) = &document.receipt_id {
        return Ok(Printed::Receipt(Box::new(of_receipt(conn, scope, &invoice, receipt)?)));
    }
    let payment = match document.kind {
        DocumentKind::InvoicePaid => payment(conn, scope, &invoice)?,
        DocumentKind::Invoice | DocumentKind::CreditNote | DocumentKind::Receipt => None,
    };
    Ok(Printed::Invoice(Box::new(of_invoice(conn, scope, &invoice, payment)?)))
}

fn of_invoice(
    conn: &mut Conn,
    scope: &Scope,
    invoice: &Invoice,
    payment: Option<InvoicePayment>,
) -> Result<InvoiceDocument> {
    let lines = store::invoices::lines(conn, scope.id(), &invoice.id)?;
    let seller: Party = serde_json::from_str(&invoice.seller).map_err(Error::bug)?;
    let buyer: Party = serde_json::from_str(&invoice.buyer).map_err(Error::bug)?;
    let paid = if payment.is_some() { invoice.amount_paid } else { 0 };
    Ok(InvoiceDocument {
        lang: Lang::parse(&invoice.locale).unwrap_or(Lang::EN),
        brand: scope.tenant.name.clone(),
        color: theme::parse(&scope.settings.theme.accent.to_string()).unwrap_or(theme::DEFAULT),
        number: invoice.number.clone().unwrap_or_default(),
        issued_on: invoice.issue_date.unwrap_or(scope.date_of(invoice.created_at)),
        due_on: invoice.due_at.map(|at| scope.date_of(at)),
        service: period(scope, invoice.period_start, invoice.period_end),
        seller: Seller {
            name: seller.name,
            address: seller.address,
            country: seller.country,
            vat_id: seller.vat_id,
            registration: seller.registration,
            email: seller.email,
            website: seller.website,
        },
        buyer: Buyer {
            name: buyer.name,
            company: buyer.company.unwrap_or_default(),
            address: buyer.address,
            country: buyer.country,
            vat_id: buyer.vat_id,
        },
        currency: invoice.currency,
        behaviour: lines.first().map_or(domain::tax::TaxBehaviour::Exclusive, |line| line.tax_behaviour),
        taxes: tax_groups(&lines).into_iter().filter(|group| group.rate.0 > 0).collect(),
        lines: lines.iter().map(|line| print(scope, line)).collect(),
        subtotal: invoice.subtotal,
        discount: invoice.discount,
        total: invoice.total,
        credit_applied: invoice.credit_applied,
        amount_paid: paid,
        amount_due: invoice.total - invoice.credit_applied - paid,
        payment,
        reverse_charge: is_reverse_charge(invoice)?,
        notes: Vec::new(),
    })
}

/// Whether the recipient owes the tax: as it was decided when the invoice was opened.
fn is_reverse_charge(invoice: &Invoice) -> Result<bool> {
    let evidence = invoice.tax_decision.as_deref().map(serde_json::from_str::<TaxEvidence>);
    let evidence = evidence.transpose().map_err(Error::bug)?;
    Ok(evidence.is_some_and(|evidence| evidence.decision.treatment == Treatment::ReverseCharge))
}

fn of_receipt(conn: &mut Conn, scope: &Scope, invoice: &Invoice, id: &ReceiptId) -> Result<ReceiptDocument> {
    let receipt = store::receipts::get(conn, scope.id(), id)?;
    let charge = store::attempts::get(conn, scope.id(), &receipt.payment_attempt_id)?;
    // Charges to come are no part of it.
    let paid: i64 = store::receipts::of_invoice(conn, scope.id(), &invoice.id)?
        .iter()
        .filter(|other| other.seq <= receipt.seq || other.series_id != receipt.series_id)
        .map(|other| other.amount)
        .sum();
    let document = of_invoice(conn, scope, invoice, None)?;
    Ok(ReceiptDocument {
        invoice: InvoiceDocument {
            amount_paid: paid,
            amount_due: (document.amount_due - paid).max(0),
            ..document
        },
        number: receipt.number,
        payment: InvoicePayment {
            on: scope.date_of(receipt.created_at),
            method: Some(method(conn, scope, &charge.payment_method_id)?),
        },
        amount: receipt.amount,
    })
}

fn of_credit_note(
    conn: &mut Conn,
    scope: &Scope,
    invoice: &Invoice,
    id: &CreditNoteId,
) -> Result<CreditNoteDocument> {
    let note = store::credit_notes::get(conn, scope.id(), id)?;
    let lines = store::credit_notes::lines(conn, scope.id(), id)?;
    let amends = of_invoice(conn, scope, invoice, None)?;
    Ok(CreditNoteDocument {
        taxes: taxes_of_note(&lines, &amends),
        number: note.number,
        issued_on: note.issue_date,
        reason: note.reason.parse().map_err(Error::bug)?,
        comment: note.comment,
        lines: lines.iter().map(credited).collect(),
        total: note.total,
        to_refund: note.to_refund,
        refund_method: refund_method(conn, scope, &invoice.id, id)?,
        to_balance: note.to_balance,
        to_offset: note.to_offset,
        invoice: amends,
    })
}

/// What a credit note takes back per rate; nothing where its invoice states no tax.
fn taxes_of_note(lines: &[CreditNoteLine], amends: &InvoiceDocument) -> Vec<TaxGroup> {
    let mut groups: Vec<TaxGroup> = amends.taxes.clone();
    for group in &mut groups {
        let of_rate = || lines.iter().filter(|line| rate(line.tax_rate) == group.rate);
        group.taxable = of_rate().map(|line| line.net).sum();
        group.tax = of_rate().map(|line| line.tax).sum();
    }
    groups.retain(|group| group.taxable != 0 || group.tax != 0);
    groups
}

fn credited(line: &CreditNoteLine) -> CreditedLine {
    CreditedLine {
        description: line.description.clone(),
        period: None,
        tax_rate: rate(line.tax_rate),
        net: line.net,
        tax: line.tax,
    }
}

/// What the money of a credit note goes back to, where it is one method.
pub fn refund_method(
    conn: &mut Conn,
    scope: &Scope,
    of: &InvoiceId,
    note: &CreditNoteId,
) -> Result<Option<Method>> {
    let all = store::attempts::refunds_of_invoice(conn, scope.id(), of)?;
    let refunds: Vec<&Attempt> = all.iter().filter(|a| a.credit_note_id.as_ref() == Some(note)).collect();
    match refunds.as_slice() {
        [only] => method(conn, scope, &only.payment_method_id).map(Some),
        _ => Ok(None),
    }
}

fn rate(millionths: i64) -> TaxRate {
    TaxRate(u32::try_from(millionths).unwrap_or(0))
}

/// The PDF of a document.
pub fn render(env: &Env, printed: &Printed) -> Result<Vec<u8>> {
    let (html, number) = match printed {
        Printed::Invoice(facts) => (invoice::invoice_html(&env.renderer, facts), &facts.number),
        Printed::CreditNote(facts) => (invoice::credit_note_html(&env.renderer, facts), &facts.number),
        Printed::Receipt(facts) => (invoice::receipt_html(&env.renderer, facts), &facts.number),
    };
    env.pdf.render(&html.map_err(Error::bug)?, number).map_err(Error::bug)
}

fn payment(conn: &mut Conn, scope: &Scope, invoice: &Invoice) -> Result<Option<InvoicePayment>> {
    let Some(paid_at) = invoice.paid_at else {
        return Ok(None);
    };
    let attempts = store::attempts::of_invoice(conn, scope.id(), &invoice.id)?;
    let method = match attempts.iter().rev().find(|attempt| attempt.state == AttemptState::Succeeded) {
        Some(attempt) => Some(method(conn, scope, &attempt.payment_method_id)?),
        None => None,
    };
    Ok(Some(InvoicePayment { on: scope.date_of(paid_at), method }))
}

/// A payment method as people know it.
pub fn method(conn: &mut Conn, scope: &Scope, id: &engine::ids::MethodId) -> Result<Method> {
    let row = store::methods::get(conn, scope.id(), id)?;
    Ok(Method { kind: row.kind, brand: row.brand, last4: row.last4 })
}

/// Days of service.
pub fn period(scope: &Scope, start: Option<domain::Instant>, end: Option<domain::Instant>) -> Option<Period> {
    start.zip(end).map(|(start, end)| Period::before(scope.date_of(start), scope.date_of(end)))
}

fn print(scope: &Scope, line: &InvoiceLine) -> invoice::InvoiceLine {
    invoice::InvoiceLine {
        description: line.description.clone(),
        period: period(scope, line.service_start, line.service_end),
        quantity: line.quantity,
        unit_amount: line.unit_amount,
        amount: line.amount,
        tax_rate: rate(line.tax_rate),
    }
}
