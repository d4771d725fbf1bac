//! What customers and operators do in between, at random.

use crate::ledger::Ledger;
use crate::random::Random;
use crate::shop::{Business, Held, method};
use chrono::TimeDelta;
use domain::invoice::credit_note::{CreditReason, Request, Settlement};
use domain::invoice::state::InvoiceStatus;
use domain::payment::state::{AttemptState, Purpose};
use domain::subscription::cancel::CancelTiming;
use engine::ids::{InvoiceId, PriceId};
use engine::rehearsal::Rehearsal;
use engine::store::attempts::Attempt;
use engine::store::events::Actor;
use engine::store::invoices::Invoice;
use engine::testing::press_pay;
use engine::usecase::cancel::{CancelRequest, cancel};
use engine::usecase::change::{self, Wish};
use engine::usecase::confirm_review::{Missed, confirm_review};
use engine::usecase::credit::{CreditRequest, credit};
use engine::usecase::dispute::{Verdict, close_dispute, open_dispute};
use engine::usecase::one_off::{NewLine, invoice_now};
use engine::usecase::resolve_refund::{Decision, resolve_refund};
use engine::usecase::usage::{NewUsage, record};
use engine::usecase::{coupon, pause, resume, trial, uncancel, use_method, void, write_off};
use engine::{Engine, Error, Result, store};
use std::collections::BTreeMap;

/// What was tried, by name and by how it went.
pub type Tally = BTreeMap<(&'static str, String), usize>;

/// Somebody does something about one of the subscriptions.
pub struct Life<'a> {
    pub run: &'a mut Rehearsal<Ledger>,
    pub businesses: &'a [Business],
    pub random: &'a mut Random,
    pub tally: &'a mut Tally,
    pub count: &'a mut usize,
}

/// What is done, and how often beside the others.
const ACTIONS: [(&str, usize); 19] = [
    ("change plan", 14),
    ("change quantity", 10),
    ("add-ons", 8),
    ("undo", 4),
    ("cancel", 4),
    ("cancel now", 1),
    ("uncancel", 6),
    ("pause", 4),
    ("resume", 6),
    ("pay", 14),
    ("confirm", 10),
    ("new method", 10),
    ("remove method", 4),
    ("own method", 6),
    ("refund", 8),
    ("credit", 4),
    ("usage", 30),
    ("coupon", 4),
    ("operator", 10),
];

impl Life<'_> {
    /// One action. A refusal is an answer; anything else is a mistake of ours.
    pub fn act(&mut self, held: &Held) -> std::result::Result<(), String> {
        let name = *self.random.weighted(&ACTIONS);
        *self.count += 1;
        let done = self.attempt(name, held);
        let word = match &done {
            Ok(()) => "done".to_owned(),
            Err(Error::Refused { code, .. }) => (*code).to_owned(),
            // The same coupon twice.
            Err(Error::Conflict(what)) if name == "coupon" => (*what).to_owned(),
            Err(error) => format!("FAILED {error}"),
        };
        *self.tally.entry((name, word)).or_default() += 1;
        match done {
            Ok(()) | Err(Error::Refused { .. }) => Ok(()),
            Err(Error::Conflict(_)) if name == "coupon" => Ok(()),
            Err(error) => Err(format!("{} {name} {}: {error}", self.run.now(), held.id)),
        }
    }

    fn engine(&self) -> Engine {
        self.run.engine().clone()
    }

    fn attempt(&mut self, name: &str, held: &Held) -> Result<()> {
        let (engine, business) = (self.engine(), self.businesses[held.business].clone());
        let tenant = &business.id;
        let owner = Actor::Customer(held.customer.to_string());
        match name {
            "change plan" | "change quantity" | "add-ons" => self.change(name, held, &business),
            "undo" => change::undo(&engine, tenant, &owner, &held.id),
            "cancel" | "cancel now" => {
                let timing = if name == "cancel" { CancelTiming::AtPeriodEnd } else { CancelTiming::Now };
                let request =
                    CancelRequest { subscription: held.id.clone(), timing, reason: None, comment: None };
                cancel(&engine, tenant, &held.customer, request).map(drop)
            }
            "uncancel" => {
                let actor = Actor::Customer(held.customer.to_string());
                uncancel::uncancel(&engine, tenant, &actor, &held.id).map(drop)
            }
            "pause" => {
                let until = self
                    .random
                    .happens(600)
                    .then(|| self.run.now() + TimeDelta::days(5 + self.random.below(90) as i64));
                pause::pause(&engine, tenant, &held.id, until, &owner).map(drop)
            }
            "resume" => resume::resume(&engine, tenant, &held.id, &owner).map(drop),
            "pay" => self.pay(held, &business),
            "confirm" => self.confirm(held, &business),
            "new method" => {
                let n = *self.count;
                method(&engine, &business, self.random, &held.customer, n);
                Ok(())
            }
            "remove method" => {
                let all = self.methods(held, &business)?;
                if all.len() < 2 {
                    return Ok(());
                }
                use_method::remove(&engine, tenant, &held.customer, &self.random.pick(&all).id)
            }
            "own method" => match self.methods(held, &business)?.as_slice() {
                [] => Ok(()),
                _ if self.random.happens(300) => {
                    use_method::follow_default(&engine, tenant, &held.customer, &held.id)
                }
                all => {
                    let id = self.random.pick(all).id.clone();
                    use_method::set_for_subscription(&engine, tenant, &held.customer, &held.id, &id)
                }
            },
            "refund" | "credit" => self.credit(name, held, &business),
            "usage" => self.usage(held, &business),
            "coupon" => {
                let code = *self.random.pick(&["TWENTY", "THIRD", "FREE"]);
                coupon::redeem(&engine, tenant, &held.id, code, &owner).map(drop)
            }
            _ => self.operator(held, &business),
        }
    }

    fn change(&mut self, name: &str, held: &Held, business: &Business) -> Result<()> {
        let (engine, owner) = (self.engine(), Actor::Customer(held.customer.to_string()));
        let price = |code: &str| -> Result<PriceId> {
            let found = engine.db.read(|conn| store::catalog::price_by_code(conn, &business.id, code))?;
            found.map(|price| price.id).ok_or(Error::NotFound)
        };
        let wish = match name {
            "change plan" => Wish {
                price: Some(price(self.random.pick(&business.plans[held.collection]).as_str())?),
                ..Wish::default()
            },
            "change quantity" => Wish { quantity: Some(1 + self.random.below(12) as i64), ..Wish::default() },
            _ => {
                let addon = price(&business.addons[held.collection])?;
                let count = self.random.below(4) as i64;
                Wish {
                    addons: Some((count > 0).then_some((addon, count)).into_iter().collect()),
                    ..Wish::default()
                }
            }
        };
        let quoted = change::quote(&engine, &business.id, &owner, &held.id, &wish)?;
        if self.random.happens(900) {
            change::confirm(&engine, &business.id, &owner, &quoted.ticket)?;
        }
        Ok(())
    }

    fn invoices(&self, held: &Held, business: &Business) -> Result<Vec<Invoice>> {
        self.run.engine().db.read(|conn| store::invoices::list(conn, &business.id, &held.customer))
    }

    fn attempts(&self, held: &Held, business: &Business) -> Result<Vec<Attempt>> {
        self.run.engine().db.read(|conn| store::attempts::of_customer(conn, &business.id, &held.customer))
    }

    fn methods(&self, held: &Held, business: &Business) -> Result<Vec<store::methods::PaymentMethod>> {
        self.run.engine().db.read(|conn| store::methods::active(conn, &business.id, &held.customer))
    }

    /// Somebody pays what is open, with any method.
    fn pay(&mut self, held: &Held, business: &Business) -> Result<()> {
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
    fn confirm(&mut self, held: &Held, business: &Business) -> Result<()> {
        let asked = |attempt: &Attempt| attempt.state == AttemptState::RequiresAction;
        for attempt in self.attempts(held, business)?.into_iter().filter(asked) {
            let willing = self.random.happens(800);
            self.run.provider.confirm(&attempt.idempotency_key, willing);
            let engine = self.run.engine();
            pay::check_confirmation(engine, &business.id, &held.customer, &attempt.invoice_id)?;
        }
        Ok(())
    }

    fn credit(&mut self, name: &str, held: &Held, business: &Business) -> Result<()> {
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

    fn usage(&mut self, held: &Held, business: &Business) -> Result<()> {
        for _ in 0..=self.random.below(4) {
            let meter = *self.random.pick(&["calls", "peak", "seats"]);
            let late = TimeDelta::hours(self.random.below(60) as i64);
            let new = NewUsage {
                subscription: held.id.clone(),
                meter: meter.to_owned(),
                key: format!("{}-{}", held.id, self.random.below(1_000_000)),
                value: format!("{}", 1 + self.random.below(30)),
                at: Some(self.run.now() - late),
            };
            record(self.run.engine(), &business.id, new)?;
        }
        Ok(())
    }

    /// What only the business itself does.
    fn operator(&mut self, held: &Held, business: &Business) -> Result<()> {
        let (engine, tenant) = (self.engine(), &business.id);
        let invoices = self.invoices(held, business)?;
        match self.random.below(8) {
            0 => trial::extend(&engine, tenant, &held.id, self.run.now() + TimeDelta::days(20)),
            1 => trial::end(&engine, tenant, &held.id),
            2 => {
                let line = NewLine::Written {
                    description: "Workshop".to_owned(),
                    quantity: 1 + self.random.below(3) as i64,
                    unit_amount: 10 + self.random.below(9_000) as i64,
                    tax_rate: None,
                };
                invoice_now(&engine, tenant, &held.customer, vec![line], Actor::Operator).map(drop)
            }
            3 if !invoices.is_empty() => {
                void::void(&engine, tenant, &self.random.pick(&invoices).id, Actor::Operator)
            }
            4 if !invoices.is_empty() && self.random.happens(300) => {
                write_off::write_off(&engine, tenant, &self.random.pick(&invoices).id, Actor::Operator)
            }
            5 => {
                confirm_review(&engine, tenant, &held.id, *self.random.pick(&[Missed::Bill, Missed::Forgive]))
            }
            6 => self.dispute(held, business),
            _ => self.failed_refund(held, business),
        }
    }

    /// A bank takes a charge back, or has decided about one that it took back.
    fn dispute(&mut self, held: &Held, business: &Business) -> Result<()> {
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
