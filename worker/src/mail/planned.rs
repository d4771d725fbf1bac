//! The mails that are sent at a planned moment. What they announce is computed when they are sent, by what will charge it.

use super::compose::Writer;
use chrono::Datelike;
use domain::reminder::WinBackMail;
use engine::db::Conn;
use engine::settings::words::TrialEndWithoutMethod;
use engine::store;
use engine::store::mails::Mail;
use engine::usecase::{bill, unsubscribe};
use engine::{Error, Result};
use templates::email::{self, Email, NextCharge, Offer, WithoutMethod};
use templates::page::Method;

impl Writer<'_> {
    pub(super) fn trial_ending(&self, conn: &mut Conn) -> Result<Email> {
        let without = match self.scope.settings.billing.trial_end_without_method {
            TrialEndWithoutMethod::OnHold => WithoutMethod::OnHold,
            TrialEndWithoutMethod::Cancel => WithoutMethod::Ends,
            TrialEndWithoutMethod::Invoice => WithoutMethod::Invoice,
        };
        self.write(&email::TrialEnding {
            product: self.product(),
            first: self.announced(conn)?,
            method: self.method_if_any(conn)?.ok_or(without),
            portal_url: self.url.clone(),
        })
    }

    pub(super) fn renewal_upcoming(&self, conn: &mut Conn) -> Result<Email> {
        self.write(&email::RenewalUpcoming {
            product: self.product(),
            renewal: self.announced(conn)?,
            method: self.method_if_any(conn)?,
            portal_url: self.url.clone(),
        })
    }

    pub(super) fn card_expiring(&self, conn: &mut Conn) -> Result<Email> {
        let id = self.facts.method_id.as_ref().ok_or_else(|| Error::bug("a card's mail without its card"))?;
        let card = store::methods::get(conn, self.scope.id(), id)?;
        let month = card.exp_year.zip(card.exp_month.and_then(|month| u32::try_from(month).ok()));
        let first = month.and_then(|(year, month)| chrono::NaiveDate::from_ymd_opt(year, month, 1));
        let last = first.and_then(|day| day.with_day(u32::from(day.num_days_in_month())));
        self.write(&email::CardExpiring {
            product: self.product(),
            method: self.method(conn)?,
            expires_on: last.ok_or_else(|| Error::bug("a card that does not expire"))?,
            charged_on: self.date()?,
            portal_url: self.url.clone(),
        })
    }

    pub(super) fn win_back(&self, conn: &mut Conn, row: &Mail, kind: WinBackMail) -> Result<Email> {
        let to = row.customer_id.as_ref().ok_or_else(|| Error::bug("a mail without its customer"))?;
        self.write(&email::WinBack {
            kind,
            product: self.product(),
            ended_on: self.date()?,
            offer: self.offer(conn)?,
            portal_url: self.url.clone(),
            unsubscribe_url: unsubscribe::link(self.scope, to),
        })
    }

    /// What the end of the period or the trial charges; of a trial, as soon as there is a method.
    fn announced(&self, conn: &mut Conn) -> Result<NextCharge> {
        let id = self.facts.subscription_id.as_ref().ok_or_else(|| Error::bug("a reminder of nothing"))?;
        let sub = store::subscriptions::get(conn, self.scope.id(), id)?;
        let amount = bill::next_charge(conn, self.scope, &sub)?;
        Ok(NextCharge { amount, on: self.scope.date_of(sub.current_period_end) })
    }

    fn method_if_any(&self, conn: &mut Conn) -> Result<Option<Method>> {
        self.facts.method_id.as_ref().map(|_| self.method(conn)).transpose()
    }

    fn offer(&self, conn: &mut Conn) -> Result<Option<Offer>> {
        let Some(code) = &self.facts.coupon else { return Ok(None) };
        let coupon = store::discounts::coupon_by_code(conn, self.scope.id(), code)?;
        let terms =
            coupon.map(|coupon| serde_json::from_str(&coupon.terms)).transpose().map_err(Error::bug)?;
        Ok(terms.map(|terms| Offer { code: code.clone(), terms }))
    }
}
