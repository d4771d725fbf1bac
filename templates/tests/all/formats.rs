//! How each language writes money and days. A change here changes documents: look twice before accepting it.

use crate::fixtures::day;
use crate::lang;
use domain::money::Money;
use templates::Lang;
use templates::fmt::Formats;

fn money(code: &str, minor: i64, currency: &str) -> String {
    Formats::new(lang(code)).unwrap().money(Money::new(minor, currency.parse().unwrap())).unwrap()
}

#[test]
fn amounts_have_the_digits_of_their_currency() {
    assert_eq!(money("en", 123_456, "EUR"), "€1,234.56");
    assert_eq!(money("en", 1234, "JPY"), "¥1,234");
    assert_eq!(money("en", 1_234_567, "KWD"), "KWD\u{a0}1,234.567");
    assert_eq!(money("de", 123_456, "EUR"), "1.234,56\u{a0}€");
    assert_eq!(money("de", -5, "EUR"), "-0,05\u{a0}€");
}

#[test]
fn no_currency_loses_a_digit() {
    // CLDR shows afghani and Iraqi dinar without decimals; an invoice must not.
    assert_eq!(money("en", 1250, "AFN"), "AFN\u{a0}12.50");
    assert_eq!(money("de", 12_345, "IQD"), "IQD\u{a0}12,345");
}

#[test]
fn every_language_writes_every_usual_currency() {
    for lang in Lang::all() {
        let formats = Formats::new(lang).unwrap();
        for (currency, minor, digits) in
            [("EUR", 123_456, 6), ("USD", 5, 3), ("JPY", 120, 3), ("KWD", 1_000, 4)]
        {
            let text = formats.money(Money::new(minor, currency.parse().unwrap())).unwrap();
            let shown = text.chars().filter(|c| c.is_numeric()).count();
            assert_eq!(shown, digits, "{lang} {currency}: {text}");
        }
    }
}

#[test]
fn days_are_written_out_or_short() {
    let (english, german) = (Formats::new(lang("en")).unwrap(), Formats::new(lang("de")).unwrap());
    let date = day(2026, 12, 4);
    assert_eq!(
        (english.date(date), english.date_short(date)),
        ("December 4, 2026".into(), "Dec 4, 2026".into())
    );
    assert_eq!(
        (german.date(date), german.date_short(date)),
        ("4. Dezember 2026".into(), "04.12.2026".into())
    );
    assert_eq!(
        (english.month_year(date), german.month_year(date)),
        ("December 2026".into(), "Dezember 2026".into())
    );
}

#[test]
fn thai_years_are_gregorian() {
    let thai = Formats::new(lang("th")).unwrap();
    assert!(thai.date(day(2026, 12, 14)).contains("2026"), "{}", thai.date(day(2026, 12, 14)));
    assert!(thai.month_year(day(2028, 8, 1)).contains("2028"));
}

#[test]
fn a_period_says_the_year_once() {
    let english = Formats::new(lang("en")).unwrap();
    let ends = |from, to, short| english.period(from, to, short);
    let (from, to, later) = (day(2026, 11, 14), day(2026, 12, 13), day(2027, 1, 13));
    assert_eq!(ends(from, to, false), ("November 14".into(), "December 13, 2026".into()));
    assert_eq!(ends(from, to, true), ("Nov 14".into(), "Dec 13".into()));
    assert_eq!(ends(from, later, false), ("November 14, 2026".into(), "January 13, 2027".into()));
}

#[test]
fn rates_and_countries_speak_the_language() {
    let german = Formats::new(lang("de")).unwrap();
    assert_eq!(german.percent("19.00"), "19\u{a0}%");
    assert_eq!(german.percent("7.7"), "7,7\u{a0}%");
    assert_eq!(german.percent("reverse charge"), "reverse charge");
    assert_eq!(german.country("AT"), "Österreich");
    let countries = german.countries();
    let position = |code: &str| countries.iter().position(|c| c[0] == code).unwrap();
    assert!(position("AT") < position("PL"), "Ö sorts as O");
    assert!(countries.iter().all(|c| c[0] != c[1]), "a country without a name");
}
