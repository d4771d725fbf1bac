//! Paying, being paid back, and what a business does to its invoices.

use crate::actions::Life;
use crate::shop::{Business, Held, method};
use chrono::TimeDelta;
use domain::invoice::credit_note::{CreditReason, Request, Settlement};
use domain::invoice::state::InvoiceStatus;
use domain::payment::state::{AttemptState, Purpose};
use engine::ids::InvoiceId;
use engine::store::attempts::Attempt;
use engine::store::events::Actor;
use engine::store::invoices::Invoice;
use engine::store::methods::PaymentMethod;
use engine::testing::press_pay;
use engine::usecase::credit::{CreditRequest, credit};
use engine::usecase::dispute::{Verdict, close_dispute, open_dispute};
use engine::usecase::one_off::{NewLine, invoice_now};
use engine::usecase::request_refund::{decide_request, request_refund};
use engine::usecase::resolve_refund::{Decision, resolve_refund};
use engine::usecase::{draft, pay, use_method, void, write_off};
use engine::{Result, store};

impl Life<'_> {
    fn invoices(&self, held: &Held, business: &Business) -> Result<Vec<Invoice>> {
        self.run.engine().db.read(|conn| store::invoices::list(conn, &business.id, &held.customer))
    }

    fn attempts(&self, held: &Held, business: &Business) -> Result<Vec<Attempt>> {
        self.run.engine().db.read(|conn| store::attempts::of_customer(conn, &business.id, &held.customer))
    }

    fn methods(&self, held: &Held, business: &Business) -> Result<Vec<PaymentMethod>> {
        self.run.engine().db.read(|conn| store::methods::active(conn, &business.id, &held.customer))
    }

    /// Somebody pays what is open, with any method.
    pub fn pay(&mut self, held: &Held, business: &Business) -> Result<()> {
        let payable =
            |invoice: &Invoice| matches!(invoice.status, InvoiceStatus::Open | InvoiceStatus::Uncollectible);
        let open: Vec<InvoiceId> =
            self.invoices(held, business)?.into_iter().filter(payable).map(|invoice| invoice.id).collect();
        let methods = self.methods(held, business)?;
        if open.is_empty() || methods.is_empty() {
            return Ok(());
        }
        let (invoice, method) = (self.random.pick(&open).clone(), self.random.pick(&methods).id.clone());
        press_pay(self.run.engine(), &business.id, &held.customer, &invoice, &method).map(drop)
    }

    /// Somebody comes back from the bank's page.
    pub fn confirm(&mut self, business: &Business) -> Result<()> {
        let (engine, tenant) = (self.run.engine().clone(), &business.id);
        let some_day = self.run.now() + TimeDelta::days(365);
        let mut asked: Vec<Attempt> = engine.db.read(|conn| {
            let open = store::attempts::to_check(conn, tenant, some_day, 1_000)?;
            open.iter().map(|id| store::attempts::get(conn, tenant, id)).collect()
        })?;
        asked.retain(|attempt| attempt.state == AttemptState::RequiresAction);
        if asked.is_empty() {
            return Ok(());
        }
        let (attempt, willing) = (self.random.pick(&asked), self.random.happens(800));
        self.run.provider.confirm(&attempt.idempotency_key, willing);
        pay::check_confirmation(&engine, tenant, &attempt.customer_id, &attempt.invoice_id)
    }

    /// Who is reminded finds another card, and pays with it at once or has it charged.
    pub fn come_back(&mut self, business: &Business) -> Result<()> {
        let (engine, tenant) = (self.run.engine().clone(), &business.id);
        let cases = engine.db.read(|conn| store::dunning::open(conn, tenant, false, None, 1_000))?;
        if cases.is_empty() {
            return Ok(());
        }
        let case = self.random.pick(&cases).clone();
        let (owner, n) = (&case.customer_id, *self.count);
        let card = method(&engine, business, self.random, owner, n);
        match &case.subscription_id {
            Some(sub) if self.random.happens(500) => {
                use_method::set_for_subscription(&engine, tenant, owner, sub, &card)
            }
            _ => press_pay(&engine, tenant, owner, &case.invoice_id, &card).map(drop),
        }
    }

    pub fn credit(&mut self, name: &str, held: &Held, business: &Business) -> Result<()> {
        let all = self.invoices(held, business)?;
        if all.is_empty() {
            return Ok(());
        }
        let invoice = self.random.pick(&all).clone();
        let what = match self.random.below(3) {
            0 => Request::Whole,
            _ => Request::Amount(
                1 + self.random.below(usize::try_from(invoice.total.max(1)).unwrap_or(1)) as i64,
            ),
        };
        let settlement = if name == "refund" { Settlement::Refund } else { Settlement::Balance };
        let request = CreditRequest {
            invoice: invoice.id,
            what,
            reason: CreditReason::Goodwill,
            comment: None,
            settlement,
        };
        credit(self.run.engine(), &business.id, request, Actor::Operator).map(drop)
    }

    pub fn choose_method(&mut self, name: &str, held: &Held, business: &Business) -> Result<()> {
        let (engine, tenant, all) = (self.run.engine(), &business.id, self.methods(held, business)?);
        match all.as_slice() {
            [] => Ok(()),
            [_] if name == "remove method" => Ok(()),
            _ if name == "remove method" => {
                use_method::remove(engine, tenant, &held.customer, &self.random.pick(&all).id)
            }
            _ if self.random.happens(300) => {
                use_method::follow_default(engine, tenant, &held.customer, &held.id)
            }
            _ => {
                let id = self.random.pick(&all).id.clone();
                use_method::set_for_subscription(engine, tenant, &held.customer, &held.id, &id)
            }
        }
    }

    /// A customer asks for money back, a person decides about that, or about a refund that has failed.
    pub fn refund(&mut self, name: &str, held: &Held, business: &Business) -> Result<()> {
        let (engine, tenant) = (self.run.engine().clone(), &business.id);
        match name {
            "ask for a refund" => {
                let all = self.invoices(held, business)?;
                let Some(paid) = all.iter().find(|invoice| invoice.paid_at.is_some()) else { return Ok(()) };
                request_refund(&engine, tenant, &held.customer, &paid.id, String::new()).map(drop)
            }
            "decide about a refund" => {
                let open = engine.db.read(|conn| store::refunds::open_requests(conn, tenant))?;
                let Some(wish) = open.first() else { return Ok(()) };
                decide_request(&engine, tenant, &wish.invoice_id, self.random.happens(500), Actor::Operator)
            }
            _ => self.failed_refund(held, business),
        }
    }

    pub fn invoice(&mut self, name: &str, held: &Held, business: &Business) -> Result<()> {
        let (engine, tenant) = (self.run.engine().clone(), &business.id);
        let line = NewLine::Written {
            description: "Workshop".to_owned(),
            quantity: 1 + self.random.below(3) as i64,
            unit_amount: 10 + self.random.below(9_000) as i64,
            tax_rate: None,
        };
        if name == "one-off" {
            return invoice_now(&engine, tenant, &held.customer, vec![line], Actor::Operator).map(drop);
        }
        if name == "draft" {
            let id = draft::draft(&engine, tenant, &held.customer, Some(7))?;
            draft::add_line(&engine, tenant, &id, line.clone())?;
            draft::add_line(&engine, tenant, &id, line)?;
            draft::remove_line(&engine, tenant, &id, 0)?;
            return if self.random.happens(200) {
                draft::discard(&engine, tenant, &id)
            } else {
                draft::finalise(&engine, tenant, &id, Actor::Operator).map(drop)
            };
        }
        let all = self.invoices(held, business)?;
        match all.as_slice() {
            [] => Ok(()),
            _ if name == "void" => void::void(&engine, tenant, &self.random.pick(&all).id, Actor::Operator),
            _ => write_off::write_off(&engine, tenant, &self.random.pick(&all).id, Actor::Operator),
        }
    }

    /// A bank takes a charge back, or has decided about one that it took back.
    pub fn dispute(&mut self, held: &Held, business: &Business) -> Result<()> {
        let attempts = self.attempts(held, business)?;
        let charge = |attempt: &&Attempt| attempt.purpose == Purpose::Charge;
        let reversed = attempts.iter().filter(charge).find(|attempt| attempt.state == AttemptState::Reversed);
        if let Some(attempt) = reversed {
            let verdict = *self.random.pick(&[Verdict::Won, Verdict::Lost]);
            return close_dispute(self.run.engine(), &business.id, &attempt.id, verdict, Actor::Provider);
        }
        let taken = attempts.iter().filter(charge).rfind(|attempt| attempt.state == AttemptState::Succeeded);
        match taken {
            Some(attempt) => {
                open_dispute(self.run.engine(), &business.id, &attempt.id, Actor::Provider).map(drop)
            }
            None => Ok(()),
        }
    }

    fn failed_refund(&mut self, held: &Held, business: &Business) -> Result<()> {
        let failed = |attempt: &Attempt| {
            attempt.purpose == Purpose::Refund
                && matches!(attempt.state, AttemptState::Failed | AttemptState::Error)
        };
        let Some(refund) = self.attempts(held, business)?.into_iter().find(failed) else { return Ok(()) };
        let decision = *self.random.pick(&[Decision::Retry, Decision::ToBalance]);
        resolve_refund(self.run.engine(), &business.id, &refund.id, decision, Actor::Operator)
    }
}
