//! Money, dates, percentages and country names, as each language writes them.
//!
//! All of `icu` stays in this module, because currencies live in its unstable part: the table test below
//! notices when an update would change what an invoice says.

use crate::TemplateError;
use crate::lang::Lang;
use chrono::{Datelike, NaiveDate, NaiveDateTime};
use domain::currency::Currency;
use domain::money::Money;
use icu::calendar::{Date, Gregorian};
use icu::collator::options::CollatorOptions;
use icu::collator::{Collator, CollatorBorrowed};
use icu::datetime::{FixedCalendarDateTimeFormatter, fieldsets};
use icu::decimal::DecimalFormatter;
use icu::decimal::input::Decimal;
use icu::experimental::dimension::currency::CurrencyType;
use icu::experimental::dimension::currency::formatter::CurrencyFormatter;
use icu::experimental::dimension::percent::formatter::PercentFormatter;
use icu::experimental::displaynames::multi::RegionDisplayNames;
use icu::list::ListFormatter;
use icu::list::options::ListFormatterOptions;
use icu::locale::Locale;
use icu::locale::subtags::Region;
use std::collections::HashMap;
use std::sync::{Arc, PoisonError, RwLock};

/// The formats of one language. Formatters are built once; those of currencies when first asked for.
pub struct Formats {
    locale: Locale,
    long: FixedCalendarDateTimeFormatter<Gregorian, fieldsets::YMD>,
    medium: FixedCalendarDateTimeFormatter<Gregorian, fieldsets::YMD>,
    month_year: FixedCalendarDateTimeFormatter<Gregorian, fieldsets::YM>,
    day_long: FixedCalendarDateTimeFormatter<Gregorian, fieldsets::MD>,
    day_medium: FixedCalendarDateTimeFormatter<Gregorian, fieldsets::MD>,
    list: ListFormatter,
    decimal: DecimalFormatter,
    percent: PercentFormatter<DecimalFormatter>,
    countries: RegionDisplayNames,
    collator: CollatorBorrowed<'static>,
    currencies: RwLock<HashMap<Currency, Arc<Amounts>>>,
}

/// How one currency is written.
enum Amounts {
    /// The language's own pattern and symbol.
    Symbol(Box<CurrencyFormatter<DecimalFormatter>>),
    /// `AFN 12.50`: the language's data would round to fewer digits than the currency has.
    Code,
}

impl Formats {
    /// Builds the formats of `lang`, always in the Gregorian calendar: cards, provider pages and accounts use it.
    pub fn new(lang: Lang) -> Result<Self, TemplateError> {
        let unknown = || TemplateError::Language(lang.code().to_owned());
        let missing = |_| unknown();
        let locale: Locale = lang.code().parse().map_err(|_| unknown())?;
        let ymd = |fields: fieldsets::YMD| {
            FixedCalendarDateTimeFormatter::try_new(locale.clone().into(), fields).map_err(|_| unknown())
        };
        let md = |fields: fieldsets::MD| {
            FixedCalendarDateTimeFormatter::try_new(locale.clone().into(), fields).map_err(|_| unknown())
        };
        Ok(Self {
            long: ymd(fieldsets::YMD::long())?,
            medium: ymd(fieldsets::YMD::medium())?,
            month_year: FixedCalendarDateTimeFormatter::try_new(locale.clone().into(), fieldsets::YM::long())
                .map_err(|_| unknown())?,
            day_long: md(fieldsets::MD::long())?,
            day_medium: md(fieldsets::MD::medium())?,
            list: ListFormatter::try_new_and(locale.clone().into(), ListFormatterOptions::default())
                .map_err(missing)?,
            decimal: DecimalFormatter::try_new(locale.clone().into(), Default::default()).map_err(missing)?,
            percent: PercentFormatter::try_new(locale.clone().into(), Default::default()).map_err(missing)?,
            countries: RegionDisplayNames::try_new(locale.clone().into(), Default::default())
                .map_err(missing)?,
            collator: Collator::try_new(locale.clone().into(), CollatorOptions::default())
                .map_err(missing)?,
            currencies: RwLock::default(),
            locale,
        })
    }

    /// An amount with the currency's own digits: `€58.31`, `58,31 €`, `¥1,200`.
    pub fn money(&self, money: Money) -> Result<String, TemplateError> {
        let mut amount = Decimal::from(money.minor);
        amount.multiply_pow10(-i16::from(money.currency.exponent()));
        Ok(match &*self.amounts(money.currency)? {
            Amounts::Symbol(formatter) => formatter.format_fixed_decimal(&amount).to_string(),
            Amounts::Code => format!("{}\u{a0}{}", money.currency, self.decimal.format(&amount)),
        })
    }

    /// The price of one unit in minor units with digits after the point: `0.02` of a cent is `€0.0002`.
    pub fn unit_price(&self, minor: &str, currency: Currency) -> Result<String, TemplateError> {
        let unknown = |_| TemplateError::Currency(currency.to_string());
        let mut price: Decimal = minor.parse().map_err(unknown)?;
        price.multiply_pow10(-i16::from(currency.exponent()));
        price.trim_end();
        price.pad_end(-i16::from(currency.exponent()));
        let zero = self.money(Money::new(0, currency))?;
        // Amounts are rounded to the currency's digits; prices of a unit are not.
        let digits = zero.find(char::is_numeric).zip(zero.rfind(char::is_numeric));
        let (from, last) = digits.ok_or_else(|| TemplateError::Currency(currency.to_string()))?;
        let to = last + zero[last..].chars().next().map_or(0, char::len_utf8);
        Ok(format!("{}{}{}", &zero[..from], self.decimal.format(&price), &zero[to..]))
    }

    /// A number with digits after the point, given as text: `1,200.5`. Text that is no number stays as it is.
    pub fn decimal(&self, number: &str) -> String {
        match number.parse::<Decimal>() {
            Ok(number) => self.decimal.format(&number).to_string(),
            Err(_) => number.to_owned(),
        }
    }

    /// A count: `1,200`.
    pub fn number(&self, count: i64) -> String {
        self.decimal.format(&Decimal::from(count)).to_string()
    }

    /// A day written out, for sentences: `December 14, 2026`.
    pub fn date(&self, date: NaiveDate) -> String {
        gregorian(date).map_or_else(|| date.to_string(), |date| self.long.format(&date).to_string())
    }

    /// A day, short, for tables: `Dec 14, 2026`.
    pub fn date_short(&self, date: NaiveDate) -> String {
        gregorian(date).map_or_else(|| date.to_string(), |date| self.medium.format(&date).to_string())
    }

    /// The two ends of a span of days. Where both share a year it is said once, `November 14`, `December 13,
    /// 2026`; the short form, `Nov 14`, `Dec 13`, leaves it to the date next to it.
    pub fn period(&self, from: NaiveDate, to: NaiveDate, short: bool) -> (String, String) {
        let year_comes_last = !matches!(self.locale.id.language.as_str(), "ja" | "ko" | "zh");
        let shared = gregorian(from).zip(gregorian(to)).filter(|_| from.year() == to.year());
        match (shared, short) {
            (Some((from, to)), true) => {
                (self.day_medium.format(&from).to_string(), self.day_medium.format(&to).to_string())
            }
            (Some((from, _)), false) if year_comes_last => {
                (self.day_long.format(&from).to_string(), self.date(to))
            }
            (_, true) => (self.date_short(from), self.date_short(to)),
            (_, false) => (self.date(from), self.date(to)),
        }
    }

    /// Names in a row: `A, B, and C`.
    pub fn list(&self, names: &[String]) -> String {
        self.list.format(names.iter()).to_string()
    }

    /// A month: `August 2028`.
    pub fn month_year(&self, date: NaiveDate) -> String {
        gregorian(date).map_or_else(|| date.to_string(), |date| self.month_year.format(&date).to_string())
    }

    /// A day with the time on a 24-hour clock: `Nov 14, 2026, 09:02`.
    pub fn date_time(&self, at: NaiveDateTime) -> String {
        format!("{}, {}", self.date_short(at.date()), at.format("%H:%M"))
    }

    /// A rate given in percent as text: `19` is `19%`. Text that is no number stays as it is.
    pub fn percent(&self, rate: &str) -> String {
        match rate.parse::<Decimal>() {
            Ok(mut rate) => {
                rate.trim_end();
                self.percent.format(&rate).to_string()
            }
            Err(_) => rate.to_owned(),
        }
    }

    /// A country's name by its two-letter code; an unknown code stays as it is.
    pub fn country(&self, code: &str) -> String {
        let name = code.parse::<Region>().ok().and_then(|region| self.countries.of(region));
        name.unwrap_or(code).to_owned()
    }

    /// Every country an address can be in, as code and name, ordered by name.
    pub fn countries(&self) -> Vec<Vec<String>> {
        let mut countries: Vec<_> =
            COUNTRIES.split_whitespace().map(|code| vec![code.to_owned(), self.country(code)]).collect();
        countries.sort_by(|a, b| self.collator.compare(&a[1], &b[1]));
        countries
    }

    fn amounts(&self, currency: Currency) -> Result<Arc<Amounts>, TemplateError> {
        if let Some(known) = self.currencies.read().unwrap_or_else(PoisonError::into_inner).get(&currency) {
            return Ok(known.clone());
        }
        let amounts = Arc::new(self.build_amounts(currency)?);
        self.currencies.write().unwrap_or_else(PoisonError::into_inner).insert(currency, amounts.clone());
        Ok(amounts)
    }

    fn build_amounts(&self, currency: Currency) -> Result<Amounts, TemplateError> {
        let missing = || TemplateError::Currency(currency.to_string());
        let code = currency.code().to_ascii_lowercase();
        let kind = icu::locale::extensions::unicode::Value::try_from_str(&code)
            .ok()
            .and_then(|value| CurrencyType::try_from(value).ok())
            .ok_or_else(missing)?;
        let symbol = CurrencyFormatter::try_new_symbol((&self.locale).into(), kind, Default::default())
            .map_err(|_| missing())?;
        let zero = symbol.format_fixed_decimal(&Decimal::from(0)).to_string();
        let digits = zero.chars().filter(|c| c.is_numeric()).count();
        if digits == usize::from(currency.exponent()) + 1 {
            return Ok(Amounts::Symbol(Box::new(symbol)));
        }
        Ok(Amounts::Code)
    }
}

/// The same day for `icu`; `None` only outside of its years.
fn gregorian(date: NaiveDate) -> Option<Date<Gregorian>> {
    let (month, day) = (u8::try_from(date.month()).ok()?, u8::try_from(date.day()).ok()?);
    Date::try_new_gregorian(date.year(), month, day).ok()
}

/// The countries an address can be in: ISO 3166-1 codes.
pub const COUNTRIES: &str = "AD AE AF AG AI AL AM AO AR AS AT AU AW AX AZ BA BB BD BE BF BG BH BI BJ BL BM BN BO BQ \
    BR BS BT BW BY BZ CA CC CD CF CG CH CI CK CL CM CN CO CR CU CV CW CX CY CZ DE DJ DK DM DO DZ EC EE EG ER ES ET FI \
    FJ FK FM FO FR GA GB GD GE GF GG GH GI GL GM GN GP GQ GR GT GU GW GY HK HN HR HT HU ID IE IL IM IN IQ IR IS IT JE \
    JM JO JP KE KG KH KI KM KN KP KR KW KY KZ LA LB LC LI LK LR LS LT LU LV LY MA MC MD ME MF MG MH MK ML MM MN MO MP \
    MQ MR MS MT MU MV MW MX MY MZ NA NC NE NF NG NI NL NO NP NR NU NZ OM PA PE PF PG PH PK PL PM PR PS PT PW PY QA RE \
    RO RS RU RW SA SB SC SD SE SG SH SI SK SL SM SN SO SR SS ST SV SX SY SZ TC TD TG TH TJ TL TM TN TO TR TT TV TW TZ \
    UA UG US UY UZ VA VC VE VG VI VN VU WF WS YE YT ZA ZM ZW";
