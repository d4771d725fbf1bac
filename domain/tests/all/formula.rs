use domain::currency::Currency;
use domain::invoice::formula::{Arg, Explanation, Formula, LineFormula, Recomputed};
use domain::money::Money;
use domain::subscription::change::prorate::{Granularity, Share};
use domain::usage::rating::{Rating, Tier};
use domain::usage::{Aggregation, Decimal};
use proptest::prelude::*;

const DAY: i64 = 86_400;

fn eur() -> Currency {
    "EUR".parse().unwrap()
}

fn share(full: i64, part: i64, whole: i64) -> Share {
    Share { full, discount: 0, part, whole, unit: Granularity::Second, at_most: None }
}

fn line(steps: Vec<Formula>) -> LineFormula {
    LineFormula(steps)
}

fn amounts(formula: &LineFormula) -> (i64, i64) {
    let Recomputed { amount, discount } = formula.recompute().unwrap();
    (amount, discount)
}

fn decimal(text: &str) -> Decimal {
    text.parse().unwrap()
}

/// 1000 included, then 2 cents each up to 5000, then 1.5 cents.
fn calls(quantity: &str) -> Formula {
    let tier =
        |up_to: Option<&str>, unit: &str| Tier { up_to: up_to.map(decimal), unit_amount: decimal(unit) };
    Formula::Usage {
        aggregation: Aggregation::Sum,
        quantity: decimal(quantity),
        rating: Rating { included: decimal("1000"), tiers: vec![tier(Some("5000"), "2"), tier(None, "1.5")] },
    }
}

#[test]
fn every_kind_of_line_comes_out_as_it_was_billed() {
    let full = Formula::Full { quantity: 3, unit_amount: 1000 };
    let table = [
        (vec![full.clone()], (3000, 0)),
        (vec![full.clone(), Formula::PercentOff { of: 3000, millionths: 125_000 }], (3000, 375)),
        (vec![full, Formula::AmountOff { amount: 500 }], (3000, 500)),
        // 500 -> 2000 after one of thirty days: credit 483, charge 1933, net 1450.
        (vec![Formula::ProratedCredit(share(500, 29 * DAY, 30 * DAY))], (-483, 0)),
        (vec![Formula::ProratedCharge(share(2000, 29 * DAY, 30 * DAY))], (1933, 0)),
        // Half a discounted period: 1000 - 250 over half the time.
        (
            vec![Formula::ProratedCharge(Share { discount: 250, ..share(1000, 15 * DAY, 30 * DAY) })],
            (500, 125),
        ),
        (vec![Formula::ProratedCredit(Share { at_most: Some(100), ..share(500, 29, 30) })], (-100, 0)),
        // 5000 at 2 and 1001 at 1.5: 11 501.5.
        (vec![calls("7001")], (11_502, 0)),
        (vec![Formula::CarryForward { amount: 49 }], (49, 0)),
        (vec![Formula::Balance { amount: 300 }], (-300, 0)),
    ];
    for (steps, expected) in table {
        let formula = line(steps);
        assert_eq!(amounts(&formula), expected, "{formula:?}");
    }
}

#[test]
fn a_prorated_amount_explains_itself_with_its_seconds() {
    let explained =
        line(vec![Formula::ProratedCharge(share(2000, 2_505_600, 2_592_000))]).explain(eur()).unwrap();
    let money = |minor| Arg::Money(Money::new(minor, eur()));
    assert_eq!(explained.len(), 1);
    assert_eq!(explained[0].key, "why-prorated-charge-seconds");
    assert_eq!(
        explained[0].args,
        [
            ("full", money(2000)),
            ("part", Arg::Seconds(2_505_600)),
            ("whole", Arg::Seconds(2_592_000)),
            ("amount", money(1933)),
        ]
    );
}

#[test]
fn a_discount_and_what_earlier_credits_have_left_are_steps_of_their_own() {
    let said = |formula| {
        let explained = line(vec![formula]).explain(eur()).unwrap();
        let last = |step: &Explanation| step.args.last().copied().unwrap().1;
        explained.iter().map(|step| (step.key, last(step))).collect::<Vec<_>>()
    };
    let money = |minor| Arg::Money(Money::new(minor, eur()));
    let by_the_day = Share { unit: Granularity::Day, ..share(1000, 15, 30) };
    assert_eq!(
        said(Formula::ProratedCharge(Share { discount: 250, ..by_the_day })),
        [("why-share-discount", money(750)), ("why-prorated-charge-days", money(375))]
    );
    assert_eq!(
        said(Formula::ProratedCredit(Share { at_most: Some(100), ..by_the_day })),
        [("why-prorated-credit-days", money(-500)), ("why-share-capped", money(-100))]
    );
}

#[test]
fn usage_explains_its_tiers() {
    let explained = line(vec![calls("7001")]).explain(eur()).unwrap();
    let keys: Vec<_> = explained.iter().map(|part| part.key).collect();
    assert_eq!(keys, ["why-usage-sum", "why-usage-tier", "why-usage-tier"]);
    assert_eq!(explained[2].args[0], ("quantity", Arg::Quantity(decimal("1001"))));
}

#[test]
fn what_does_not_fit_is_an_error_and_no_panic() {
    for steps in [
        vec![Formula::Full { quantity: 2, unit_amount: i64::MAX }],
        vec![Formula::Balance { amount: i64::MIN }],
        vec![Formula::CarryForward { amount: i64::MAX }, Formula::CarryForward { amount: 1 }],
    ] {
        assert!(line(steps).recompute().is_err());
    }
}

proptest! {
    /// A charge for the rest of a period and what was not charged make the whole, to one minor unit.
    #[test]
    fn parts_make_the_whole(full in 0..10_000_000_i64, part in 0..2_592_000_i64) {
        let whole = 2_592_000;
        let (rest, _) = amounts(&line(vec![Formula::ProratedCharge(share(full, part, whole))]));
        let (used, _) = amounts(&line(vec![Formula::ProratedCharge(share(full, whole - part, whole))]));
        prop_assert!((rest + used - full).abs() <= 1);
    }
}
