use domain::money::Money;
use domain::payment::reversal::{Reverse, weigh};
use domain::payment::state::AttemptState::{self, Reversed, Succeeded};

fn money(minor: i64, currency: &str) -> Money {
    Money::new(minor, currency.parse().unwrap())
}

fn euro(minor: i64) -> Money {
    money(minor, "EUR")
}

#[test]
fn only_all_that_was_left_is_taken_back_without_a_person() {
    assert_eq!(weigh(Succeeded, euro(1190), euro(1190), false), Reverse::TakeBack);
    for claimed in [euro(1189), euro(1191), euro(0), money(1190, "USD")] {
        assert_eq!(weigh(Succeeded, euro(1190), claimed, false), Reverse::AskAPerson, "{claimed:?}");
    }
    assert_eq!(weigh(Succeeded, euro(0), euro(0), false), Reverse::AskAPerson);
}

#[test]
fn it_waits_for_the_charge_and_for_a_refund_that_may_be_the_same_money() {
    assert_eq!(weigh(Succeeded, euro(1190), euro(1190), true), Reverse::Wait);
    assert_eq!(weigh(Reversed, euro(1190), euro(1190), true), Reverse::Known);
    for state in AttemptState::ALL.iter().filter(|state| !matches!(state, Succeeded | Reversed)) {
        assert_eq!(weigh(*state, euro(1190), euro(1190), false), Reverse::Wait, "{state}");
    }
}
