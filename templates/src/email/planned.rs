//! Mails sent at a planned moment: before something is charged, and after a customer has left.

use super::compose::{Composed, simple, text};
use super::letter::{Link, Say};
use super::{Mail, NextCharge};
use crate::i18n::Arg;
use crate::page::Method;
use chrono::NaiveDate;
use domain::discount::{Coupon, Lasts, Off};
use domain::reminder::WinBackMail;
use domain::tax::TaxRate;

/// A trial ends soon.
#[derive(Debug, Clone)]
pub struct TrialEnding {
    /// Product name.
    pub product: String,
    /// The first payment, on the day the trial ends.
    pub first: NextCharge,
    /// What will be charged, or what happens without.
    pub method: Result<Method, WithoutMethod>,
    /// Link to the subscription.
    pub portal_url: String,
}

/// What becomes of a trial that ends without a payment method.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum WithoutMethod {
    /// It goes on hold.
    OnHold,
    /// It ends.
    Ends,
    /// An invoice is sent.
    Invoice,
}

/// A long period is paid again soon.
#[derive(Debug, Clone)]
pub struct RenewalUpcoming {
    /// Product name.
    pub product: String,
    /// The renewal.
    pub renewal: NextCharge,
    /// What will be charged; absent asks for a payment method.
    pub method: Option<Method>,
    /// Link to the subscription.
    pub portal_url: String,
}

/// A card expires before it is charged again.
#[derive(Debug, Clone)]
pub struct CardExpiring {
    /// Product name.
    pub product: String,
    /// The card.
    pub method: Method,
    /// Its last day.
    pub expires_on: NaiveDate,
    /// The first payment after that.
    pub charged_on: NaiveDate,
    /// Link to choosing another.
    pub portal_url: String,
}

/// A word to a customer who has left, and who agreed to such mails.
#[derive(Debug, Clone)]
pub struct WinBack {
    /// Which.
    pub kind: WinBackMail,
    /// Product name.
    pub product: String,
    /// The day it ended.
    pub ended_on: NaiveDate,
    /// What is offered, if anything is.
    pub offer: Option<Offer>,
    /// Link to the portal.
    pub portal_url: String,
    /// Link that ends such mails.
    pub unsubscribe_url: String,
}

/// A coupon that is offered.
#[derive(Debug, Clone)]
pub struct Offer {
    /// What is typed.
    pub code: String,
    /// What it takes off.
    pub terms: Coupon,
}

impl Mail for TrialEnding {
    fn letter(&self, say: &Say<'_>) -> Composed {
        let mut args = vec![
            ("product", text(&self.product)),
            ("date", Arg::Date(self.first.on)),
            ("amount", Arg::Money(self.first.amount)),
        ];
        let (next, button) = match &self.method {
            Ok(method) => {
                args.push(("method", Arg::Method(method.clone())));
                ("email-trial-ending-method", "email-button-manage")
            }
            Err(WithoutMethod::OnHold) => ("email-trial-ending-hold", "email-button-add-method"),
            Err(WithoutMethod::Ends) => ("email-trial-ending-end", "email-button-add-method"),
            Err(WithoutMethod::Invoice) => ("email-trial-ending-invoice", "email-button-add-method"),
        };
        let mut letter = simple(say, "trial-ending", &args, button, &self.portal_url)?;
        letter.paragraphs.push(say.text(next, &args)?);
        Ok(letter)
    }
}

impl Mail for RenewalUpcoming {
    fn letter(&self, say: &Say<'_>) -> Composed {
        let mut args = vec![
            ("product", text(&self.product)),
            ("date", Arg::Date(self.renewal.on)),
            ("amount", Arg::Money(self.renewal.amount)),
        ];
        let (next, button) = match &self.method {
            Some(method) => {
                args.push(("method", Arg::Method(method.clone())));
                ("email-renewal-upcoming-method", "email-button-manage")
            }
            None => ("email-renewal-upcoming-no-method", "email-button-add-method"),
        };
        let mut letter = simple(say, "renewal-upcoming", &args, button, &self.portal_url)?;
        letter.paragraphs.push(say.text(next, &args)?);
        Ok(letter)
    }
}

impl Mail for CardExpiring {
    fn letter(&self, say: &Say<'_>) -> Composed {
        let args = [
            ("product", text(&self.product)),
            ("method", Arg::Method(self.method.clone())),
            ("expires", Arg::Date(self.expires_on)),
            ("date", Arg::Date(self.charged_on)),
        ];
        simple(say, "card-expiring", &args, "email-button-replace", &self.portal_url)
    }
}

impl Mail for WinBack {
    fn letter(&self, say: &Say<'_>) -> Composed {
        let args = [("product", text(&self.product)), ("date", Arg::Date(self.ended_on))];
        let name = match self.kind {
            WinBackMail::Offer => "win-back-offer",
            WinBackMail::Survey => "win-back-survey",
            WinBackMail::Help => "win-back-help",
            WinBackMail::Apology => "win-back-apology",
        };
        let mut letter = simple(say, name, &args, "email-button-portal", &self.portal_url)?;
        if let Some(Offer { code, terms }) = &self.offer {
            let off = match terms.off {
                Off::Percent(millionths) => say.percent(&TaxRate(millionths).to_string())?,
                Off::Amount(amount) => say.money(amount)?,
            };
            let (payments, count) = match terms.lasts {
                Lasts::Once => ("email-win-back-offer-periods", 1),
                Lasts::Periods(count) => ("email-win-back-offer-periods", i64::from(count)),
                Lasts::Forever => ("email-win-back-offer-forever", 0),
            };
            let terms = [("code", text(code)), ("off", text(&off)), ("count", Arg::Count(count))];
            letter.paragraphs.push(say.text(payments, &terms)?);
        }
        let label = say.text("email-unsubscribe", &[])?;
        letter.links.push(Link { label, url: self.unsubscribe_url.clone() });
        letter.small = vec![say.text("email-why-marketing", &[])?];
        Ok(letter)
    }
}
