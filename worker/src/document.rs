//! From an invoice's rows to the document that is printed.

use crate::env::Env;
use domain::payment::state::AttemptState;
use engine::db::Conn;
use engine::store;
use engine::store::documents::{Document, DocumentKind};
use engine::store::invoices::{Invoice, InvoiceLine};
use engine::usecase::bill::{Party, tax_groups};
use engine::{Error, Result, Scope};
use templates::invoice::{self, Buyer, InvoiceDocument, InvoicePayment, Seller};
use templates::page::{Method, Period};
use templates::{Lang, theme};

/// Reads what an invoice prints. Seller and buyer are the frozen copies.
pub fn load(conn: &mut Conn, scope: &Scope, document: &Document) -> Result<InvoiceDocument> {
    let invoice = store::invoices::get(conn, scope.id(), &document.invoice_id)?;
    let lines = store::invoices::lines(conn, scope.id(), &invoice.id)?;
    let payment = match document.kind {
        DocumentKind::Invoice => None,
        DocumentKind::InvoicePaid => payment(conn, scope, &invoice)?,
    };
    let seller: Party = serde_json::from_str(&invoice.seller).map_err(Error::bug)?;
    let buyer: Party = serde_json::from_str(&invoice.buyer).map_err(Error::bug)?;
    let paid = if payment.is_some() { invoice.amount_paid } else { 0 };
    Ok(InvoiceDocument {
        lang: Lang::parse(&invoice.locale)
            .or_else(|| Lang::parse("en"))
            .ok_or_else(|| Error::bug("no English"))?,
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
        reverse_charge: false,
        notes: Vec::new(),
    })
}

/// The PDF of an invoice.
pub fn render(env: &Env, facts: &InvoiceDocument) -> Result<Vec<u8>> {
    let html = invoice::invoice_html(&env.renderer, facts).map_err(Error::bug)?;
    env.pdf.render(&html, &facts.number).map_err(Error::bug)
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

/// Days of service: both ends are days on which it is provided.
pub fn period(scope: &Scope, start: Option<domain::Instant>, end: Option<domain::Instant>) -> Option<Period> {
    let (start, end) = start.zip(end)?;
    let from = scope.date_of(start);
    Some(Period { from, to: scope.date_of(end).pred_opt()?.max(from) })
}

fn print(scope: &Scope, line: &InvoiceLine) -> invoice::InvoiceLine {
    invoice::InvoiceLine {
        description: line.description.clone(),
        period: period(scope, line.service_start, line.service_end),
        quantity: line.quantity,
        unit_amount: line.unit_amount,
        amount: line.amount,
        tax_rate: domain::tax::TaxRate(u32::try_from(line.tax_rate).unwrap_or(0)),
    }
}
