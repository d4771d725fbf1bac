//! The words of one document: messages and formats in its language.

use super::InvoicePayment;
use super::view::{Fact, Sum};
use crate::page::{Method, Period};
use crate::{Arg, Lang, Renderer, TemplateError};
use chrono::NaiveDate;
use domain::money::Money;
use domain::tax::TaxRate;

/// What a document needs of the catalogues.
pub(super) struct Words<'a> {
    pub(super) renderer: &'a Renderer,
    pub(super) lang: Lang,
}

impl Words<'_> {
    /// A message without values.
    pub(super) fn label(&self, id: &str) -> Result<String, TemplateError> {
        self.say(id, &[])
    }

    /// A message with its values.
    pub(super) fn say(&self, id: &str, args: &[(&str, Arg)]) -> Result<String, TemplateError> {
        self.renderer.message(self.lang, id, args)
    }

    /// An amount: `€58.31`.
    pub(super) fn money(&self, amount: Money) -> Result<String, TemplateError> {
        self.renderer.words().formats(self.lang)?.money(amount)
    }

    /// A day, written out.
    pub(super) fn date(&self, date: NaiveDate) -> Result<String, TemplateError> {
        Ok(self.renderer.words().formats(self.lang)?.date(date))
    }

    /// A span of days: `Nov 1, 2026 to Nov 30, 2026`.
    pub(super) fn period(&self, period: &Period) -> Result<String, TemplateError> {
        let formats = self.renderer.words().formats(self.lang)?;
        let day = |day| Arg::Text(formats.date_short(day));
        self.say("period", &[("from", day(period.from)), ("to", day(period.to))])
    }

    /// `19%`.
    pub(super) fn percent(&self, rate: TaxRate) -> Result<String, TemplateError> {
        Ok(self.renderer.words().formats(self.lang)?.percent(&rate.to_string()))
    }

    /// The name of a country.
    pub(super) fn country(&self, code: &str) -> Result<String, TemplateError> {
        Ok(self.renderer.words().formats(self.lang)?.country(code))
    }

    /// `Visa •••• 4242`.
    pub(super) fn method(&self, method: &Method) -> Result<String, TemplateError> {
        self.renderer.words().method_label(self.lang, method)
    }

    /// A count.
    pub(super) fn number(&self, count: i64) -> Result<String, TemplateError> {
        Ok(self.renderer.words().formats(self.lang)?.number(count))
    }

    /// `Paid on November 21, 2026 with Visa •••• 4242. Thank you.`
    pub(super) fn paid(&self, payment: &InvoicePayment) -> Result<String, TemplateError> {
        let date = ("date", Arg::Date(payment.on));
        match &payment.method {
            Some(method) => self.say("document-paid-with", &[date, ("method", Arg::Method(method.clone()))]),
            None => self.say("document-paid-on", &[date]),
        }
    }

    /// A fact on the first sheet, `width` per cent wide.
    pub(super) fn fact(&self, id: &str, value: String, width: u8) -> Result<Fact, TemplateError> {
        Ok(Fact { label: self.label(id)?, value, width, every_sheet: false })
    }

    /// A row of the totals.
    pub(super) fn sum(&self, id: &str, amount: Money) -> Result<Sum, TemplateError> {
        Ok(Sum { label: self.label(id)?, amount: self.money(amount)?, strong: false })
    }
}

impl Fact {
    /// Repeated at the head of every sheet.
    pub(super) fn on_every_sheet(self) -> Self {
        Self { every_sheet: true, ..self }
    }
}

impl Sum {
    /// Bold, under a line.
    pub(super) fn strong(self) -> Self {
        Self { strong: true, ..self }
    }
}
