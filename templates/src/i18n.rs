//! Messages: Fluent catalogues, one set a language, and the values they may speak about.

use crate::files::Files;
use crate::fmt::Formats;
use crate::lang::Lang;
use crate::{TemplateError, page};
use chrono::NaiveDate;
use domain::money::Money;
use fluent_bundle::concurrent::FluentBundle;
use fluent_bundle::{FluentArgs, FluentResource, FluentValue};
use std::collections::BTreeMap;

/// A value inside a message. Money and dates are formatted for the language before Fluent sees them.
#[derive(Debug, Clone)]
pub enum Arg {
    /// A name, an address or other text.
    Text(String),
    /// Names in a row.
    List(Vec<String>),
    /// A number that chooses a plural form.
    Count(i64),
    /// An amount.
    Money(Money),
    /// A day, written out.
    Date(NaiveDate),
    /// A payment method, by its short label.
    Method(page::Method),
}

/// The catalogues of every language, with the formats that go with them.
pub(crate) struct Catalogues {
    languages: BTreeMap<Lang, Catalogue>,
}

struct Catalogue {
    bundle: FluentBundle<FluentResource>,
    formats: Formats,
    files: usize,
}

impl Catalogues {
    /// Reads `locales/{lang}/*.ftl` of every language that has any.
    pub(crate) fn load(files: &Files) -> Result<Self, TemplateError> {
        let mut languages = BTreeMap::new();
        for lang in Lang::all() {
            let names: Vec<_> =
                Files::below(&format!("locales/{lang}")).filter(|n| n.ends_with(".ftl")).collect();
            if !names.is_empty() {
                languages.insert(lang, Catalogue::load(files, lang, &names)?);
            }
        }
        Ok(Self { languages })
    }

    /// The languages of pages and mails, in the order of the language list: those with every file of English.
    pub(crate) fn languages(&self) -> impl Iterator<Item = Lang> {
        let english = self.languages.get(&Lang::EN).map_or(0, |english| english.files);
        self.languages.iter().filter(move |(_, c)| c.files == english).map(|(lang, _)| *lang)
    }

    /// The languages of documents, which are more.
    pub(crate) fn document_languages(&self) -> impl Iterator<Item = Lang> {
        self.languages.keys().copied()
    }

    /// The formats of `lang`, or English ones where it has no catalogue.
    pub(crate) fn formats(&self, lang: Lang) -> Result<&Formats, TemplateError> {
        let catalogue = self.languages.get(&lang).or_else(|| self.languages.get(&Lang::EN));
        catalogue.map(|c| &c.formats).ok_or_else(|| TemplateError::Language(lang.code().to_owned()))
    }

    /// Whether `lang` (or English) has the message.
    pub(crate) fn has(&self, lang: Lang, id: &str) -> bool {
        [lang, Lang::EN].iter().filter_map(|l| self.languages.get(l)).any(|c| c.bundle.has_message(id))
    }

    /// A message with its values filled in. A message or value that is missing is an error, not a page that
    /// prints a key.
    pub(crate) fn message(
        &self,
        lang: Lang,
        id: &str,
        args: &[(&str, Arg)],
    ) -> Result<String, TemplateError> {
        let formats = self.formats(lang)?;
        let mut values = FluentArgs::new();
        for (name, arg) in args {
            values.set((*name).to_owned(), self.value(lang, formats, arg)?);
        }
        self.format(lang, id, &values)
    }

    /// The short label of a payment method: `Visa •••• 4242`, `PayPal`, `SEPA Direct Debit •••• 3000`.
    pub(crate) fn method_label(&self, lang: Lang, method: &page::Method) -> Result<String, TemplateError> {
        let name = match method.known_brand() {
            Some(brand) => brand.to_owned(),
            None => {
                let id = format!("method-{}", method.kind);
                let id = if self.has(lang, &id) { id } else { "method-other".to_owned() };
                self.message(lang, &id, &[])?
            }
        };
        Ok(if method.last4.is_empty() { name } else { format!("{name} ••••\u{a0}{}", method.last4) })
    }

    /// A price with its interval: `€49.00 per month`, `€49.00 every 3 months`.
    pub(crate) fn price(&self, lang: Lang, price: &page::Price) -> Result<String, TemplateError> {
        let id = match price.unit {
            page::IntervalUnit::Day => "price-day",
            page::IntervalUnit::Week => "price-week",
            page::IntervalUnit::Month => "price-month",
            page::IntervalUnit::Year => "price-year",
        };
        let args = [("amount", Arg::Money(price.amount)), ("count", Arg::Count(i64::from(price.count)))];
        self.message(lang, id, &args)
    }

    /// A span of days: `November 14 to December 13, 2026`.
    pub(crate) fn period(
        &self,
        lang: Lang,
        period: &page::Period,
        short: bool,
    ) -> Result<String, TemplateError> {
        let (from, to) = self.formats(lang)?.period(period.from, period.to, short);
        self.message(lang, "period", &[("from", Arg::Text(from)), ("to", Arg::Text(to))])
    }

    fn value(&self, lang: Lang, formats: &Formats, arg: &Arg) -> Result<FluentValue<'static>, TemplateError> {
        Ok(match arg {
            Arg::Text(text) => FluentValue::from(text.clone()),
            Arg::List(names) => FluentValue::from(formats.list(names)),
            Arg::Count(count) => FluentValue::from(*count),
            Arg::Money(money) => FluentValue::from(formats.money(*money)?),
            Arg::Date(date) => FluentValue::from(formats.date(*date)),
            Arg::Method(method) => FluentValue::from(self.method_label(lang, method)?),
        })
    }

    /// A message with values that are ready for Fluent.
    pub(crate) fn format(
        &self,
        lang: Lang,
        id: &str,
        args: &FluentArgs<'_>,
    ) -> Result<String, TemplateError> {
        let found = [lang, Lang::EN].iter().filter_map(|l| self.languages.get(l)).find_map(|catalogue| {
            catalogue.bundle.get_message(id)?.value().map(|pattern| (&catalogue.bundle, pattern))
        });
        let (bundle, pattern) = found.ok_or_else(|| TemplateError::MissingMessage(id.to_owned()))?;
        let mut errors = Vec::new();
        let text = bundle.format_pattern(pattern, Some(args), &mut errors).into_owned();
        match errors.first() {
            None => Ok(text),
            Some(error) => Err(TemplateError::Message { id: id.to_owned(), error: error.to_string() }),
        }
    }
}

impl Catalogue {
    fn load(files: &Files, lang: Lang, names: &[&str]) -> Result<Self, TemplateError> {
        let tag = lang.code().parse().map_err(|_| TemplateError::Language(lang.code().to_owned()))?;
        let mut bundle = FluentBundle::new_concurrent(vec![tag]);
        // Isolation marks keep "Visa 4242" whole inside Arabic and Hebrew; elsewhere they would only be noise.
        bundle.set_use_isolating(lang.dir() == "rtl");
        for name in names {
            let broken = |error: String| TemplateError::File { name: (*name).to_owned(), error };
            let resource = FluentResource::try_new(files.text(name)?)
                .map_err(|(_, errors)| broken(errors.first().map(ToString::to_string).unwrap_or_default()))?;
            bundle
                .add_resource(resource)
                .map_err(|errors| broken(errors.first().map(ToString::to_string).unwrap_or_default()))?;
        }
        Ok(Self { bundle, formats: Formats::new(lang)?, files: names.len() })
    }
}
