use domain::currency::Currency;
use domain::discount::{Coupon, CouponError, Lasts, Off, Redemption, after_opening, discounts};
use domain::money::Money;
use proptest::prelude::*;

fn eur() -> Currency {
    "EUR".parse().unwrap()
}

fn percent(percent: u32) -> Coupon {
    Coupon { off: Off::Percent(percent * 10_000), lasts: Lasts::Forever }
}

fn amount(minor: i64) -> Coupon {
    Coupon { off: Off::Amount(Money::new(minor, eur())), lasts: Lasts::Forever }
}

#[test]
fn a_coupon_takes_its_share_off_every_line() {
    let table: [(&[Coupon], [i64; 3], [i64; 3]); 8] = [
        (&[percent(20)], [2000, 500, 0], [400, 100, 0]),
        (&[percent(100)], [2000, 501, 7], [2000, 501, 7]),
        (&[percent(50)], [1, 3, 5], [1, 2, 3]), // half away from zero, line by line
        (&[amount(500)], [2000, 500, 0], [400, 100, 0]), // in proportion
        (&[amount(100)], [100, 100, 100], [34, 33, 33]), // to the cent
        (&[amount(9_999)], [2000, 500, 0], [2000, 500, 0]), // never below zero
        (&[percent(50)], [2000, -300, 0], [1000, 0, 0]), // nothing off a credit
        (&[percent(50), amount(300)], [1000, 200, 0], [750, 150, 0]), // each takes from what is left
    ];
    for (coupons, amounts, expected) in table {
        assert_eq!(discounts(coupons, &amounts, eur()).unwrap(), expected, "{coupons:?} off {amounts:?}");
    }
}

#[test]
fn euros_off_are_nothing_off_a_price_in_yen() {
    assert_eq!(discounts(&[amount(500)], &[2000], "JPY".parse().unwrap()).unwrap(), [0]);
}

#[test]
fn what_does_nothing_or_too_much_is_no_coupon() {
    let check = |off, lasts| Coupon { off, lasts }.check();
    assert_eq!(check(Off::Percent(0), Lasts::Once), Err(CouponError::Percent));
    assert_eq!(check(Off::Percent(1_000_001), Lasts::Once), Err(CouponError::Percent));
    assert_eq!(check(Off::Amount(Money::zero(eur())), Lasts::Once), Err(CouponError::Amount));
    assert_eq!(check(Off::Percent(1), Lasts::Periods(0)), Err(CouponError::Periods));
    assert_eq!(check(Off::Percent(1_000_000), Lasts::Periods(1)), Ok(()));
}

/// For each of five periods in turn: does the coupon hold for it, asked before and while it runs?
fn periods(lasts: Lasts) -> String {
    let mut redemption = Some(Redemption { coupon: Coupon { lasts, ..percent(20) }, periods_used: 0 });
    let mut held = String::new();
    for _ in 0..5 {
        let before = redemption.and_then(|redemption| redemption.in_next_period());
        redemption = redemption.and_then(Redemption::after_next_period);
        assert_eq!(redemption.and_then(|redemption| redemption.in_running_period()), before);
        held.push(if before.is_some() { '+' } else { '.' });
    }
    held
}

#[test]
fn a_coupon_lasts_once_or_some_periods_or_for_ever() {
    assert_eq!(periods(Lasts::Once), "+....");
    assert_eq!(periods(Lasts::Periods(3)), "+++..");
    assert_eq!(periods(Lasts::Forever), "+++++");
}

#[test]
fn a_coupon_that_came_within_a_period_waits_for_the_next() {
    let fresh = Redemption { coupon: percent(20), periods_used: 0 };
    assert_eq!(fresh.in_running_period(), None);
    assert_eq!(fresh.in_next_period(), Some(percent(20)));
}

#[test]
fn only_a_period_off_which_it_takes_something_counts() {
    let once =
        |coupon: Coupon| Redemption { coupon: Coupon { lasts: Lasts::Once, ..coupon }, periods_used: 0 };
    let used = |redemptions: &[Redemption], amounts: &[i64]| -> Vec<Option<u32>> {
        let after = after_opening(redemptions, amounts, eur()).unwrap();
        after.into_iter().map(|left| left.map(|left| left.periods_used)).collect()
    };
    assert_eq!(used(&[once(percent(20))], &[1000]), [Some(1)]);
    assert_eq!(used(&[once(percent(20))], &[]), [Some(0)], "all is billed by usage");
    assert_eq!(
        used(&[once(percent(100)), once(amount(300))], &[1000]),
        [Some(1), Some(0)],
        "nothing is left"
    );
    let over = Redemption { periods_used: 1, ..once(percent(20)) };
    assert_eq!(used(&[over, once(amount(300))], &[1000]), [None, Some(1)]);
    assert_eq!(used(&[over.given_back()], &[1000]), [Some(1)], "its period was taken back");
}

proptest! {
    #[test]
    fn a_discount_is_never_negative_and_never_more_than_its_line(
        amounts in prop::collection::vec(-5_000..5_000_i64, 0..6), rate in 0..1_000_000_u32, off in 1..12_000_i64,
    ) {
        for coupons in [vec![Coupon { off: Off::Percent(rate), ..percent(1) }, amount(off)], vec![amount(off)]] {
            let taken = discounts(&coupons, &amounts, eur()).unwrap();
            for (line, taken) in amounts.iter().zip(&taken) {
                prop_assert!(0 <= *taken && *taken <= (*line).max(0));
            }
        }
        let open: i64 = amounts.iter().map(|line| (*line).max(0)).sum();
        let taken: i64 = discounts(&[amount(off)], &amounts, eur()).unwrap().iter().sum();
        prop_assert_eq!(taken, off.min(open), "an amount is taken whole, or all there is");
    }
}
