use domain::currency::Currency;
use domain::money::{Money, MoneyError, allocate, round_div};
use proptest::prelude::*;

#[test]
fn halves_round_away_from_zero() {
    let rounded = [(5, 2), (-5, 2), (4, 3), (-4, 3), (0, 7), (7, 1)].map(|(n, d)| round_div(n, d).unwrap());
    assert_eq!(rounded, [3, -3, 1, -1, 0, 7]);
}

#[test]
fn what_does_not_fit_is_an_error() {
    assert_eq!(round_div(i128::from(i64::MAX) * 2, 1), Err(MoneyError::OutOfRange));
    let most = Money::new(i64::MAX, "EUR".parse().unwrap());
    assert_eq!(most.plus(most), Err(MoneyError::OutOfRange));
}

#[test]
fn amounts_print_with_the_digits_of_their_currency() {
    let printed = [("EUR", -1250), ("JPY", 1250), ("KWD", 5)]
        .map(|(code, minor)| Money::new(minor, code.parse::<Currency>().unwrap()).to_string());
    assert_eq!(printed, ["EUR -12.50", "JPY 1250", "KWD 0.005"]);
}

proptest! {
    #[test]
    fn allocation_loses_nothing(total in any::<i32>(), weights in prop::collection::vec(any::<i32>(), 1..12)) {
        let weights: Vec<i64> = weights.into_iter().map(i64::from).collect();
        let shares = allocate(i64::from(total), &weights);
        prop_assert_eq!(shares.iter().sum::<i64>(), i64::from(total));
        prop_assert!(shares.iter().all(|share| share.signum() * i64::from(total.signum()) >= 0));
    }

    #[test]
    fn rounding_is_off_by_half_at_most(n in any::<i64>(), d in 1..=i64::MAX) {
        let (n, d) = (i128::from(n), i128::from(d));
        let rounded = i128::from(round_div(n, d).unwrap());
        prop_assert!((rounded * d - n).abs() * 2 <= d);
    }
}
