//! The mails that tell what became of an order, a wish or a bill.

use super::compose::Writer;
use domain::subscription::due::INCOMPLETE_HOURS;
use engine::db::Conn;
use engine::store;
use engine::store::invoices::Invoice;
use engine::{Error, Result};
use templates::email::{self, Due, Email};

impl Writer<'_> {
    pub(super) fn first_payment_failed(&self, conn: &mut Conn) -> Result<Email> {
        self.write(&email::FirstPaymentFailed {
            product: self.product(),
            amount: self.amount()?,
            refused: self.refused(conn)?,
            kept_hours: INCOMPLETE_HOURS,
            pay_url: self.url.clone(),
        })
    }

    pub(super) fn invoice_issued(&self, conn: &mut Conn) -> Result<Email> {
        let invoice = self.invoice(conn)?;
        let by = self.date()?;
        self.write(&email::InvoiceIssued {
            total: invoice.total(),
            number: invoice.number.unwrap_or_default(),
            product: self.product(),
            due: self.facts.amount.map(|amount| Due { amount, by }),
            url: self.url.clone(),
        })
    }

    pub(super) fn refund_declined(&self, conn: &mut Conn) -> Result<Email> {
        let invoice = self.invoice(conn)?.number.unwrap_or_default();
        self.write(&email::RefundDeclined { invoice, portal_url: self.url.clone() })
    }

    fn invoice(&self, conn: &mut Conn) -> Result<Invoice> {
        let id = self.facts.invoice_id.as_ref().ok_or_else(|| Error::bug("a mail without its invoice"))?;
        store::invoices::get(conn, self.scope.id(), id)
    }
}
