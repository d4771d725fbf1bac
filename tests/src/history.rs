//! What Portico has written down, for what a story cannot see from outside.

use crate::people::Customer;
use crate::world::World;
use domain::event::EventKind;
use domain::payment::state::Purpose;
use engine::ids::{InvoiceId, SubscriptionId};
use engine::store;
use engine::store::attempts::Attempt;
use engine::store::credit_notes::CreditNote;
use engine::store::events::Event;
use engine::store::invoices::Invoice;
use engine::store::methods::PaymentMethod;
use engine::store::subscriptions::Subscription;

impl World {
    /// A customer's invoices, oldest first.
    pub fn invoices(&self, of: &Customer) -> Vec<Invoice> {
        let mut all = self.engine.db.read(|conn| store::invoices::list(conn, &of.tenant, &of.id)).unwrap();
        all.sort_by(|a, b| a.id.cmp(&b.id));
        all
    }

    /// The invoice written last.
    ///
    /// # Panics
    /// When there is none.
    pub fn newest_invoice(&self, of: &Customer) -> Invoice {
        self.invoices(of).pop().expect("an invoice")
    }

    /// A customer's attempts to pay, oldest first.
    pub fn attempts(&self, of: &Customer) -> Vec<Attempt> {
        self.engine.db.read(|conn| store::attempts::of_customer(conn, &of.tenant, &of.id)).unwrap()
    }

    /// The refunds among them.
    pub fn refunds(&self, of: &Customer) -> Vec<Attempt> {
        self.attempts(of).into_iter().filter(|attempt| attempt.purpose == Purpose::Refund).collect()
    }

    /// The credit notes of an invoice of `acme`, oldest first.
    pub fn credit_notes(&self, of: &InvoiceId) -> Vec<CreditNote> {
        self.engine.db.read(|conn| store::credit_notes::of_invoice(conn, &self.acme, of)).unwrap()
    }

    /// A customer's balance in euro cents.
    pub fn balance(&self, of: &Customer) -> i64 {
        let euro = "EUR".parse().unwrap();
        self.engine.db.read(|conn| store::ledger::balance(conn, &of.tenant, &of.id, euro)).unwrap()
    }

    /// A subscription of `acme`.
    pub fn subscription(&self, id: &SubscriptionId) -> Subscription {
        self.engine.db.read(|conn| store::subscriptions::get(conn, &self.acme, id)).unwrap()
    }

    /// The word for a subscription's state.
    pub fn status(&self, id: &SubscriptionId) -> String {
        self.subscription(id).status.to_string()
    }

    /// A customer's payment methods that are listed.
    pub fn methods(&self, of: &Customer) -> Vec<PaymentMethod> {
        self.engine.db.read(|conn| store::methods::active(conn, &of.tenant, &of.id)).unwrap()
    }

    /// What happened to a subject of `acme`, in order.
    pub fn history(&self, subject: &str) -> Vec<Event> {
        self.engine.db.read(|conn| store::events::of(conn, &self.acme, subject)).unwrap()
    }

    /// The kinds of what happened to a subject of `acme`, in order.
    pub fn events(&self, subject: &str) -> Vec<EventKind> {
        self.history(subject).into_iter().map(|event| event.kind).collect()
    }

    /// Events of one kind about an invoice.
    pub fn count_events(&self, invoice: &InvoiceId, kind: EventKind) -> usize {
        self.events(invoice.as_str()).iter().filter(|found| **found == kind).count()
    }
}
