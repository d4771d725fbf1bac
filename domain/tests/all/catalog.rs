use domain::catalog::{Membership, ProductKind, QuantityBounds, QuantityError, YearlyCost};
use domain::period::Interval;
use domain::period::IntervalUnit::{Day, Month, Week, Year};
use proptest::prelude::*;
use std::cmp::Ordering::{self, Equal, Greater, Less};

fn compare(one: (i64, Interval), other: (i64, Interval)) -> Ordering {
    YearlyCost::new(one.0, one.1).cmp(&YearlyCost::new(other.0, other.1))
}

#[test]
fn prices_are_compared_per_year_of_365_2425_days() {
    let (daily, weekly) = (Interval::new(Day, 1), Interval::new(Week, 1));
    let (monthly, yearly) = (Interval::new(Month, 1), Interval::new(Year, 1));
    let table = [
        ((10_000, monthly), (20_000, yearly), Greater), // a hundred a month is more than two hundred a year
        ((1_000, monthly), (12_000, yearly), Equal),
        ((999, monthly), (12_000, yearly), Less),
        ((3_000, Interval::new(Month, 3)), (1_000, monthly), Equal),
        ((700, weekly), (100, daily), Equal),
        ((365, yearly), (1, daily), Less),
        ((366, yearly), (1, daily), Greater),
        ((100, Interval::new(Day, 0)), (100, daily), Equal),
        ((0, yearly), (0, daily), Equal),
    ];
    for (one, other, expected) in table {
        assert_eq!(compare(one, other), expected, "{one:?} {other:?}");
        assert_eq!(compare(other, one), expected.reverse(), "{other:?} {one:?}");
    }
}

#[test]
fn quantities_stay_in_their_bounds() {
    let seats = QuantityBounds { min: 3, max: Some(50) };
    assert_eq!(seats.check(2), Err(QuantityError::TooFew { quantity: 2, min: 3 }));
    assert_eq!((seats.check(3), seats.check(50)), (Ok(()), Ok(())));
    assert_eq!(seats.check(51), Err(QuantityError::TooMany { quantity: 51, max: 50 }));
    assert_eq!(QuantityBounds::default().check(1_000_000), Ok(()));
}

#[test]
fn nobody_buys_nothing_or_less() {
    let careless = QuantityBounds { min: -5, max: None };
    for quantity in [0, -1] {
        assert_eq!(careless.check(quantity), Err(QuantityError::TooFew { quantity, min: 1 }));
    }
}

#[test]
fn plans_of_a_collection_are_offered_by_rank() {
    let member = |collection: &str, rank| Membership { collection: collection.into(), rank };
    let mut plans = [member("plans", 30), member("plans", 10), member("plans", 20)];
    plans.sort();
    assert_eq!(plans.clone().map(|plan| plan.rank), [10, 20, 30]);
    assert!(plans[0].is_beside(&plans[2]));
    assert!(!plans[0].is_beside(&member("hosting", 10)));
}

#[test]
fn things_sold_once_make_no_subscription_and_usage_is_paid_afterwards() {
    let kinds = ProductKind::ALL.iter().map(|kind| (kind.recurs(), kind.is_paid_in_advance()));
    assert_eq!(kinds.collect::<Vec<_>>(), [(true, true), (true, false), (false, true)]);
}

proptest! {
    #[test]
    fn the_order_of_prices_is_that_of_their_exact_ratios(
        minor in prop::array::uniform3(0..2_000_000_i64), counts in prop::array::uniform3(1..48_u32),
        units in prop::array::uniform3(prop::sample::select(vec![Day, Week, Month, Year])),
    ) {
        let [a, b, c] = [0, 1, 2].map(|i| YearlyCost::new(minor[i], Interval::new(units[i], counts[i])));
        prop_assert_eq!(a.cmp(&b), b.cmp(&a).reverse());
        prop_assert!(!(a <= b && b <= c) || a <= c);
    }

    #[test]
    fn no_amount_is_too_large_to_compare(minor in any::<[i64; 2]>(), counts in any::<[u32; 2]>()) {
        let [a, b] = [0, 1].map(|i| YearlyCost::new(minor[i], Interval::new(Year, counts[i])));
        prop_assert_eq!(a.cmp(&b), b.cmp(&a).reverse());
    }
}
