//! "Why this amount?": every formula has words in every language, and they name the figures of its line.

use crate::fixtures::{bill, eur, shell, subscription};
use crate::renderer;
use domain::currency::Currency;
use domain::invoice::formula::{Formula, LineFormula};
use domain::money::Money;
use domain::subscription::change::prorate::{Granularity, Share};
use domain::usage::rating::{Rating, Tier};
use domain::usage::{Aggregation, Decimal};
use templates::page::{Bill, ContainedTax, Line, Section, SubscriptionState, Why};
use templates::{Lang, Renderer};

const DAY_S: i64 = 86_400;

fn decimal(text: &str) -> Decimal {
    text.parse().unwrap()
}

/// 10.00 for 30 days, of which 15 are left and 2.50 are taken off.
fn share(unit: Granularity) -> Share {
    let of = if unit == Granularity::Second { DAY_S } else { 1 };
    Share { full: 1_000, discount: 250, part: 15 * of, whole: 30 * of, unit, at_most: None }
}

/// A fiftieth of a cent each, half of that beyond 50 000; 1000 are included.
fn usage(aggregation: Aggregation) -> Formula {
    let tiers = vec![
        Tier { up_to: Some(decimal("50000")), unit_amount: decimal("0.02") },
        Tier { up_to: None, unit_amount: decimal("0.01") },
    ];
    let rating = Rating { included: decimal("1000"), tiers };
    Formula::Usage { aggregation, quantity: decimal("61000.5"), rating }
}

/// The next kind of step, until there is none: a new kind has to be put in.
fn after(step: Option<&Formula>) -> Option<Formula> {
    Some(match step {
        None => Formula::Full { quantity: 3, unit_amount: 1_000 },
        Some(Formula::Full { .. }) => Formula::ProratedCharge(share(Granularity::Second)),
        Some(Formula::ProratedCharge(charged)) if charged.unit == Granularity::Second => {
            Formula::ProratedCharge(share(Granularity::Day))
        }
        Some(Formula::ProratedCharge(_)) => {
            Formula::ProratedCredit(Share { at_most: Some(100), ..share(Granularity::Second) })
        }
        Some(Formula::ProratedCredit(given)) if given.unit == Granularity::Second => {
            Formula::ProratedCredit(share(Granularity::Day))
        }
        Some(Formula::ProratedCredit(_)) => usage(Aggregation::Sum),
        Some(Formula::Usage { aggregation, .. }) => {
            let next = Aggregation::ALL.iter().skip_while(|known| *known != aggregation).nth(1);
            next.map_or(Formula::PercentOff { of: 3_000, millionths: 125_000 }, |next| usage(*next))
        }
        Some(Formula::PercentOff { .. }) => Formula::AmountOff { amount: 500 },
        Some(Formula::AmountOff { .. }) => Formula::CarryForward { amount: 49 },
        Some(Formula::CarryForward { .. }) => Formula::Balance { amount: 300 },
        Some(Formula::Balance { .. }) => return None,
    })
}

fn every_step() -> Vec<Formula> {
    let mut steps: Vec<Formula> = Vec::new();
    while let Some(next) = after(steps.last()) {
        steps.push(next);
    }
    steps
}

fn explained(formula: Formula, contained: Option<ContainedTax>) -> Bill {
    let formula = LineFormula(vec![formula]);
    let why = Some(Why { formula, currency: eur(0).currency, contained });
    let line = Line { description: "A line".into(), period: None, amount: eur(1), why };
    Bill { lines: vec![line], ..bill() }
}

/// What the page says under a bill.
fn said(renderer: &Renderer, lang: Lang, bill: Bill) -> String {
    let mut page = subscription(SubscriptionState::Incomplete);
    page.next_invoice.as_mut().unwrap().bill = bill;
    let html = renderer.page(&shell(lang, Some(Section::Subscriptions)), &page).unwrap();
    let details = html.split("<details class=\"why\">").nth(1).unwrap_or_default();
    details.split("</details>").next().unwrap_or_default().replace("<bdi>", "").replace("</bdi>", "")
}

#[test]
fn every_step_of_a_formula_is_said_in_every_language_with_the_amount_it_comes_to() {
    let renderer = renderer();
    for lang in renderer.languages() {
        let formats = templates::fmt::Formats::new(lang).unwrap();
        for step in every_step() {
            let step_adds = step.recompute().unwrap();
            let amount = Money::new(step_adds.amount - step_adds.discount, eur(0).currency);
            let words = said(&renderer, lang, explained(step.clone(), None));
            assert!(words.contains(&formats.money(amount).unwrap()), "{lang} {step:?}: {words}");
            assert!(words.matches("<dd>").count() >= 2, "{lang} {step:?}, and the tax: {words}");
        }
    }
}

#[test]
fn the_words_are_those_of_the_arithmetic() {
    let renderer = renderer();
    let english = |step| said(&renderer, Lang::EN, explained(step, None));
    let share_said = english(Formula::ProratedCharge(share(Granularity::Second)));
    assert!(share_said.contains("The whole period: €10.00 less €2.50 discount = €7.50"), "{share_said}");
    assert!(share_said.contains("15 days of 30 days, at €7.50 for the whole: €3.75"), "{share_said}");
    let odd = Share { part: DAY_S + 3_661, ..share(Granularity::Second) };
    assert!(english(Formula::ProratedCharge(odd)).contains("1 day 1:01:01 hours of 30 days"));
    let used = english(usage(Aggregation::Sum));
    assert!(used.contains("61,000.5 used in all, 1,000 of it included: €11.00"), "{used}");
    assert!(used.contains("50,000 × €0.0002") && used.contains("10,000.5 × €0.0001"), "{used}");
    assert!(used.contains("On €49.00 before tax"), "{used}");
    let contained = ContainedTax { rate: "19".into(), gross: eur(1_190), tax: eur(190), net: eur(1_000) };
    let step = Formula::Full { quantity: 1, unit_amount: 1_190 };
    let inclusive = said(&renderer, Lang::EN, explained(step, Some(contained)));
    assert!(inclusive.contains("It contains 19% tax: €11.90 less €1.90 = €10.00"), "{inclusive}");
}

#[test]
fn a_line_without_its_inputs_is_not_explained() {
    let mut old = bill();
    old.lines.iter_mut().for_each(|line| line.why = None);
    assert_eq!(said(&renderer(), Lang::EN, old), "");
}

#[test]
fn unit_prices_keep_their_digits_in_every_language() {
    let yen: Currency = "JPY".parse().unwrap();
    for lang in Lang::all() {
        let formats = templates::fmt::Formats::new(lang).unwrap();
        let digits = |text: String| text.chars().filter(|c| c.is_numeric()).count();
        assert_eq!(digits(formats.unit_price("0.02", eur(0).currency).unwrap()), 5, "{lang}");
        assert_eq!(digits(formats.unit_price("1.5", eur(0).currency).unwrap()), 4, "{lang}");
        assert_eq!(digits(formats.unit_price("1250", eur(0).currency).unwrap()), 4, "{lang}");
        assert_eq!(digits(formats.unit_price("3.5", yen).unwrap()), 2, "{lang}");
    }
}
