//! The words of "Why this amount?", from the domain's formulas.

use crate::TemplateError;
use crate::fmt::Formats;
use crate::i18n::{Arg, Catalogues};
use crate::lang::Lang;
use crate::page::{ContainedTax, Why};
use domain::invoice::formula::{Arg as Figure, Explanation};
use domain::tax::TaxRate;

const DAY_S: i64 = 86_400;

impl Catalogues {
    /// A sentence for each step that leads to a line's amount.
    pub(crate) fn why(&self, lang: Lang, why: &Why) -> Result<Vec<String>, TemplateError> {
        let steps =
            why.formula.explain(why.currency).map_err(|error| TemplateError::Template(error.to_string()))?;
        let mut sentences = steps.iter().map(|step| self.step(lang, step)).collect::<Result<Vec<_>, _>>()?;
        if let Some(tax) = &why.contained {
            sentences.push(self.contained(lang, tax)?);
        }
        Ok(sentences)
    }

    fn step(&self, lang: Lang, step: &Explanation) -> Result<String, TemplateError> {
        let formats = self.formats(lang)?;
        let written =
            |(name, figure): &(&'static str, Figure)| Ok((*name, self.figure(lang, formats, figure)?));
        let args = step.args.iter().map(written).collect::<Result<Vec<_>, TemplateError>>()?;
        self.message(lang, step.key, &args)
    }

    fn contained(&self, lang: Lang, tax: &ContainedTax) -> Result<String, TemplateError> {
        let rate = self.formats(lang)?.percent(&tax.rate);
        let args = [
            ("percent", Arg::Text(rate)),
            ("gross", Arg::Money(tax.gross)),
            ("tax", Arg::Money(tax.tax)),
            ("net", Arg::Money(tax.net)),
        ];
        self.message(lang, "why-contained-tax", &args)
    }

    fn figure(&self, lang: Lang, formats: &Formats, figure: &Figure) -> Result<Arg, TemplateError> {
        Ok(match figure {
            Figure::Money(money) => Arg::Money(*money),
            Figure::UnitPrice(price, currency) => {
                Arg::Text(formats.unit_price(&price.to_string(), *currency)?)
            }
            Figure::Number(count) => Arg::Count(*count),
            Figure::Seconds(seconds) => Arg::Text(self.duration(lang, *seconds)?),
            Figure::Quantity(quantity) => Arg::Text(formats.decimal(&quantity.to_string())),
            Figure::Percent(millionths) => Arg::Text(formats.percent(&TaxRate(*millionths).to_string())),
        })
    }

    /// A stretch of time: days, and the rest as hours, minutes and seconds where there is one.
    fn duration(&self, lang: Lang, seconds: i64) -> Result<String, TemplateError> {
        let (days, rest) = (seconds / DAY_S, seconds % DAY_S);
        if rest == 0 {
            return self.message(lang, "duration-days", &[("days", Arg::Count(days))]);
        }
        let clock = format!("{}:{:02}:{:02}", rest / 3_600, rest / 60 % 60, rest % 60);
        let args = [("days", Arg::Count(days)), ("clock", Arg::Text(clock))];
        self.message(lang, "duration-days-clock", &args)
    }
}
