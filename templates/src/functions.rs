//! What templates can call: messages, formats, asset URLs.
//!
//! Functions and filters learn the language from the variable `lang`; a component that uses one declares
//! `@lang`. Forgetting it is an error, never a page in the wrong language.

use crate::assets::Assets;
use crate::i18n::Catalogues;
use crate::lang::Lang;
use crate::page::{IntervalUnit, Method, Period, Price, Why};
use chrono::NaiveDate;
use domain::money::Money;
use fluent_bundle::FluentArgs;
use serde::Deserialize as _;
use std::fmt::Write as _;
use std::sync::Arc;
use tera::{Error, Kwargs, State, Tera, TeraResult, Value};

/// Registers everything on `tera`.
pub(crate) fn register(tera: &mut Tera, words: &Arc<Catalogues>, assets: &Arc<Assets>) {
    register_messages(tera, words);
    register_formats(tera, words);

    let known = assets.clone();
    tera.register_function("asset", move |args: Kwargs, _: &State| -> TeraResult<String> {
        let name: &str = args.must_get("name")?;
        known.url(name).map(str::to_owned).ok_or_else(|| Error::message(format!("no static file {name}")))
    });
    tera.register_filter("initials", |name: &str, _: Kwargs, _: &State| initials(name));
    tera.register_filter("mark", |method: Value, _: Kwargs, _: &State| -> TeraResult<String> {
        Ok(to_method(&method)?.mark().to_owned())
    });
    tera.register_filter("pad", |text: &str, args: Kwargs, _: &State| -> TeraResult<String> {
        let width: usize = args.must_get("width")?;
        Ok(format!("{text:width$}"))
    });
    tera.register_filter("two_digits", |number: u8, _: Kwargs, _: &State| format!("{number:02}"));
    tera.register_filter("query", |text: &str, _: Kwargs, _: &State| query_encoded(text));
}

fn register_messages(tera: &mut Tera, words: &Arc<Catalogues>) {
    let catalogues = words.clone();
    tera.register_function("t", move |args: Kwargs, state: &State| -> TeraResult<String> {
        message(&catalogues, &args, state, |text| text.to_owned())
    });
    tera.register_function("rich", Rich(words.clone()));
    let catalogues = words.clone();
    tera.register_function("has_message", move |args: Kwargs, state: &State| -> TeraResult<bool> {
        Ok(catalogues.has(lang(state)?, args.must_get("key")?))
    });
}

fn register_formats(tera: &mut Tera, words: &Arc<Catalogues>) {
    let catalogues = words.clone();
    tera.register_filter("money", move |value: Value, _: Kwargs, state: &State| -> TeraResult<String> {
        let formats = catalogues.formats(lang(state)?).map_err(Error::message)?;
        formats.money(to_money(&value)?).map_err(Error::message)
    });
    let catalogues = words.clone();
    tera.register_filter("percent", move |rate: &str, _: Kwargs, state: &State| -> TeraResult<String> {
        Ok(catalogues.formats(lang(state)?).map_err(Error::message)?.percent(rate))
    });
    let catalogues = words.clone();
    tera.register_filter("country", move |code: &str, _: Kwargs, state: &State| -> TeraResult<String> {
        Ok(catalogues.formats(lang(state)?).map_err(Error::message)?.country(code))
    });
    let catalogues = words.clone();
    tera.register_filter("method", move |value: Value, _: Kwargs, state: &State| -> TeraResult<String> {
        catalogues.method_label(lang(state)?, &to_method(&value)?).map_err(Error::message)
    });
    let catalogues = words.clone();
    tera.register_filter("why", move |value: Value, _: Kwargs, state: &State| -> TeraResult<Vec<String>> {
        let why = Why::deserialize(&value).map_err(|error| Error::message(error.to_string()))?;
        catalogues.why(lang(state)?, &why).map_err(Error::message)
    });
    let catalogues = words.clone();
    tera.register_filter("price", move |value: Value, _: Kwargs, state: &State| -> TeraResult<String> {
        catalogues.price(lang(state)?, &to_price(&value)?).map_err(Error::message)
    });
    for (name, short) in [("period", false), ("period_short", true)] {
        let catalogues = words.clone();
        tera.register_filter(name, move |value: Value, _: Kwargs, state: &State| -> TeraResult<String> {
            catalogues.period(lang(state)?, &to_period(&value)?, short).map_err(Error::message)
        });
    }
    let catalogues = words.clone();
    tera.register_filter("list", move |names: Vec<String>, _: Kwargs, state: &State| -> TeraResult<String> {
        Ok(catalogues.formats(lang(state)?).map_err(Error::message)?.list(&names))
    });
    let catalogues = words.clone();
    tera.register_filter("date_time", move |at: &str, _: Kwargs, state: &State| -> TeraResult<String> {
        let at = at.parse().map_err(|_| Error::message(format!("{at:?} is not a date with time")))?;
        Ok(catalogues.formats(lang(state)?).map_err(Error::message)?.date_time(at))
    });
    type Format = fn(&crate::fmt::Formats, NaiveDate) -> String;
    let dates: [(&'static str, Format); 3] = [
        ("date", |formats, date| formats.date(date)),
        ("date_short", |formats, date| formats.date_short(date)),
        ("month_year", |formats, date| formats.month_year(date)),
    ];
    for (name, format) in dates {
        let catalogues = words.clone();
        tera.register_filter(name, move |date: &str, _: Kwargs, state: &State| -> TeraResult<String> {
            let date = date.parse().map_err(|_| Error::message(format!("{date:?} is not a date")))?;
            Ok(format(catalogues.formats(lang(state)?).map_err(Error::message)?, date))
        });
    }
    let catalogues = words.clone();
    tera.register_function("countries", move |_: Kwargs, state: &State| -> TeraResult<Vec<Vec<String>>> {
        Ok(catalogues.formats(lang(state)?).map_err(Error::message)?.countries())
    });
}

/// `rich(key=..)`: a message that may hold `<strong>`, `<bdi>` and one `<a>` (its target is the argument
/// `href`). Everything else in it, the arguments above all, is escaped.
struct Rich(Arc<Catalogues>);

impl tera::Function<TeraResult<String>> for Rich {
    fn call(&self, args: Kwargs, state: &State) -> TeraResult<String> {
        let text = message(&self.0, &args, state, escaped)?;
        let href = args.get::<&str>("href")?.map(escaped).unwrap_or_default();
        Ok(text.replace("<a>", &format!("<a href=\"{href}\">")))
    }

    fn is_safe(&self) -> bool {
        true
    }
}

/// The message `key` with the other arguments filled in, each text passed through `prepare`.
fn message(
    words: &Catalogues,
    args: &Kwargs,
    state: &State,
    prepare: impl Fn(&str) -> String,
) -> TeraResult<String> {
    let key: &str = args.must_get("key")?;
    let mut values = FluentArgs::new();
    for (name, value) in args.iter() {
        let Some(name) = name.as_str().filter(|name| !matches!(*name, "key" | "href")) else {
            continue;
        };
        if let Some(count) = value.as_i64() {
            values.set(name.to_owned(), count);
        } else if let Some(text) = value.as_str() {
            values.set(name.to_owned(), prepare(text));
        } else {
            return Err(Error::message(format!("{key}: the argument {name} is neither text nor a number")));
        }
    }
    words.format(lang(state)?, key, &values).map_err(Error::message)
}

fn lang(state: &State) -> TeraResult<Lang> {
    let code: Option<String> = state.get("lang")?;
    code.and_then(|code| Lang::parse(&code))
        .ok_or_else(|| Error::message("`lang` is not known here: declare @lang"))
}

fn to_money(value: &Value) -> TeraResult<Money> {
    let part = |name| value.get_from_path(name);
    let minor = part("minor").and_then(Value::as_i64);
    let currency = part("currency").and_then(Value::as_str).and_then(|code| code.parse().ok());
    match (minor, currency) {
        (Some(minor), Some(currency)) => Ok(Money::new(minor, currency)),
        _ => Err(Error::message("this is no amount of money")),
    }
}

fn to_price(value: &Value) -> TeraResult<Price> {
    let unit = match value.get_from_path("unit").and_then(Value::as_str) {
        Some("day") => IntervalUnit::Day,
        Some("week") => IntervalUnit::Week,
        Some("month") => IntervalUnit::Month,
        Some("year") => IntervalUnit::Year,
        _ => return Err(Error::message("this is no price")),
    };
    let count =
        value.get_from_path("count").and_then(Value::as_u64).and_then(|count| u32::try_from(count).ok());
    let amount =
        to_money(value.get_from_path("amount").ok_or_else(|| Error::message("a price without amount"))?)?;
    Ok(Price { amount, unit, count: count.ok_or_else(|| Error::message("a price without count"))? })
}

fn to_period(value: &Value) -> TeraResult<Period> {
    let day = |name| {
        let day = value.get_from_path(name).and_then(Value::as_str).and_then(|day| day.parse().ok());
        day.ok_or_else(|| Error::message("this is no period"))
    };
    Ok(Period { from: day("from")?, to: day("to")? })
}

fn to_method(value: &Value) -> TeraResult<Method> {
    let part = |name| value.get_from_path(name).and_then(Value::as_str).map(str::to_owned);
    match (part("kind"), part("brand"), part("last4")) {
        (Some(kind), Some(brand), Some(last4)) => Ok(Method { kind, brand, last4 }),
        _ => Err(Error::message("this is no payment method")),
    }
}

/// Two letters for a tile: of the first two words, or the first two of a single word.
fn initials(name: &str) -> String {
    let mut words = name.split_whitespace();
    let (first, second) = (words.next().unwrap_or_default(), words.next());
    let letters: String = match second {
        Some(second) => first.chars().take(1).chain(second.chars().take(1)).collect(),
        None => first.chars().take(2).collect(),
    };
    letters.to_uppercase()
}

fn escaped(text: &str) -> String {
    let mut safe = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => safe.push_str("&amp;"),
            '<' => safe.push_str("&lt;"),
            '>' => safe.push_str("&gt;"),
            '"' => safe.push_str("&quot;"),
            '\'' => safe.push_str("&#x27;"),
            _ => safe.push(c),
        }
    }
    safe
}

/// Percent-encoded for a query value.
fn query_encoded(text: &str) -> String {
    let mut safe = String::with_capacity(text.len());
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.' | b'~' | b'/') {
            safe.push(char::from(byte));
        } else {
            let _ = write!(safe, "%{byte:02X}");
        }
    }
    safe
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn initials_come_from_two_words_or_two_letters() {
        assert_eq!(initials("Fieldnote Team"), "FT");
        assert_eq!(initials("archive"), "AR");
        assert_eq!(initials("Über mich"), "ÜM");
        assert_eq!(initials(""), "");
    }

    #[test]
    fn query_values_survive_a_url() {
        assert_eq!(query_encoded("/billing?status=paid&x=ä"), "/billing%3Fstatus%3Dpaid%26x%3D%C3%A4");
    }
}
