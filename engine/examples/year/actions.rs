//! What customers and operators do in between, at random: subscribing is in `shop`, money in `money`, the rest in `keep`.

use crate::ledger::Ledger;
use crate::random::Random;
use crate::refusals;
use crate::shop::{Business, Held, method};
use chrono::TimeDelta;
use domain::Instant;
use domain::subscription::cancel::{CancelReason, CancelTiming};
use engine::ids::PriceId;
use engine::rehearsal::Rehearsal;
use engine::store::events::Actor;
use engine::usecase::cancel::{CancelRequest, cancel};
use engine::usecase::cancel_on::{cancel_on, set_contract};
use engine::usecase::change::{self, Wish};
use engine::usecase::confirm_review::{Missed, confirm_review};
use engine::usecase::usage::{NewUsage, record};
use engine::usecase::{coupon, pause, resume, trial, uncancel};
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
const ACTIONS: [(&str, usize); 36] = [
    ("change plan", 14),
    ("change quantity", 10),
    ("add-ons", 8),
    ("undo", 4),
    ("cancel", 5),
    ("cancel now", 2),
    ("end on a date", 1),
    ("contract", 1),
    ("uncancel", 6),
    ("pause", 4),
    ("resume", 6),
    ("pay", 14),
    ("confirm", 10),
    ("come back", 5),
    ("new method", 10),
    ("remove method", 4),
    ("own method", 6),
    ("refund", 8),
    ("credit", 4),
    ("ask for a refund", 6),
    ("decide about a refund", 4),
    ("failed refund", 4),
    ("dispute", 2),
    ("one-off", 2),
    ("draft", 3),
    ("void", 2),
    ("write off", 1),
    ("usage", 30),
    ("coupon", 4),
    ("extend a trial", 6),
    ("end a trial", 2),
    ("review", 3),
    ("license", 12),
    ("profile", 3),
    ("unsubscribe", 1),
    ("address", 4),
];

impl Life<'_> {
    /// One action. A refusal that is known is an answer; anything else is a mistake of ours.
    pub fn act(&mut self, held: &Held) -> std::result::Result<(), String> {
        let name = *self.random.weighted(&ACTIONS);
        self.perform(name, held)
    }

    /// As [`Life::act`], something certain.
    pub fn perform(&mut self, name: &'static str, held: &Held) -> std::result::Result<(), String> {
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
            Ok(()) => Ok(()),
            Err(Error::Refused { code, .. }) if refusals::is_known(code) => Ok(()),
            Err(Error::Conflict(_)) if name == "coupon" => Ok(()),
            Err(error) => Err(format!("{} {name} {}: {error}", self.run.now(), held.id)),
        }
    }

    fn engine(&self) -> Engine {
        self.run.engine().clone()
    }

    /// A moment some days from now.
    fn in_days(&mut self, from: i64, most: usize) -> Instant {
        self.run.now() + TimeDelta::days(from + self.random.below(most) as i64)
    }

    fn attempt(&mut self, name: &str, held: &Held) -> Result<()> {
        let business = self.businesses[held.business].clone();
        match name {
            "change plan" | "change quantity" | "add-ons" => self.change(name, held, &business),
            "usage" => self.usage(held, &business),
            "pay" => self.pay(held, &business),
            "confirm" => self.confirm(&business),
            "come back" => self.come_back(&business),
            "new method" => {
                let n = *self.count;
                method(&self.engine(), &business, self.random, &held.customer, n);
                Ok(())
            }
            "remove method" | "own method" => self.choose_method(name, held, &business),
            "refund" | "credit" => self.credit(name, held, &business),
            "ask for a refund" | "decide about a refund" | "failed refund" => {
                self.refund(name, held, &business)
            }
            "dispute" => self.dispute(held, &business),
            "one-off" | "draft" | "void" | "write off" => self.invoice(name, held, &business),
            "license" => self.license(held, &business),
            "profile" | "unsubscribe" | "address" => self.customer(name, held, &business),
            _ => self.lifecycle(name, held, &business),
        }
    }

    /// What ends, stops, lengthens or cheapens a subscription, and undoes that.
    fn lifecycle(&mut self, name: &str, held: &Held, business: &Business) -> Result<()> {
        let (engine, tenant, now) = (self.engine(), &business.id, self.run.now());
        let owner = Actor::Customer(held.customer.to_string());
        match name {
            "undo" => change::undo(&engine, tenant, &owner, &held.id),
            "cancel" | "cancel now" => {
                let timing = if name == "cancel" { CancelTiming::AtPeriodEnd } else { CancelTiming::Now };
                let reason = self.random.happens(800).then(|| *self.random.pick(CancelReason::ALL));
                let request = CancelRequest {
                    subscription: held.id.clone(),
                    timing,
                    reason,
                    comment: None,
                    shown: None,
                };
                cancel(&engine, tenant, &held.customer, request).map(drop)
            }
            "end on a date" => {
                cancel_on(&engine, tenant, &held.id, self.in_days(1, 60), self.random.happens(500)).map(drop)
            }
            "contract" => set_contract(&engine, tenant, &held.id, Some(self.in_days(30, 200))).map(drop),
            "uncancel" => uncancel::uncancel(&engine, tenant, &owner, &held.id).map(drop),
            "pause" => {
                let until = self.random.happens(600).then(|| self.in_days(5, 90));
                pause::pause(&engine, tenant, &held.id, until, &owner).map(drop)
            }
            "resume" => resume::resume(&engine, tenant, &held.id, &owner).map(drop),
            "coupon" => {
                let code = *self.random.pick(&["TWENTY", "THIRD", "FREE"]);
                coupon::redeem(&engine, tenant, &held.id, code, &owner).map(drop)
            }
            "extend a trial" => trial::extend(&engine, tenant, &held.id, now + TimeDelta::days(20)),
            "end a trial" => trial::end(&engine, tenant, &held.id),
            _ => {
                confirm_review(&engine, tenant, &held.id, *self.random.pick(&[Missed::Bill, Missed::Forgive]))
            }
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
}
